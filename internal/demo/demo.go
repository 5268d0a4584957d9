package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
	"text/tabwriter"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// buckets is the number of buckets at the start: three pages, the last of which is not
// full.
const buckets = 1203

// Options configure a demo. The zero value keeps no files.
type Options struct {
	// Keep is a folder for the recording; "" uses a temporary one that is removed.
	Keep string
}

// Run runs the demo and writes the results to out. It returns an error if a step fails or
// has an unexpected result.
func Run(ctx context.Context, out io.Writer, opts Options) (err error) {
	dir := opts.Keep
	if dir == "" {
		if dir, err = os.MkdirTemp("", "exportbuckets-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	atlas, err := fakeatlas.Start(fakeatlas.Buckets(buckets, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, atlas.Close()) }()
	fmt.Fprintf(out, "A fake Atlas listens at %s, with %d export buckets in project %s.\n\n", atlas.URL, buckets, atlas.ProjectID)

	file, steps, err := record(ctx, atlas, dir)
	if err != nil {
		return err
	}
	writeSteps(out, steps)
	writeRequests(out, atlas.Requests())
	if opts.Keep != "" {
		fmt.Fprintf(out, "The recording stays in %s.\n", file)
	}
	return verifyRecording(out, file)
}

// record makes the calls and returns the cassette to which they were recorded.
func record(ctx context.Context, atlas *fakeatlas.Server, dir string) (file string, steps []step, err error) {
	recorder, err := contracttest.NewRecorder(dir, contracttest.RecorderOptions{
		Name: "demo", Secrets: []string{atlas.PrivateKey, atlas.ClientSecret},
	})
	if err != nil {
		return "", nil, err
	}
	steps, err = makeCalls(ctx, atlas, recorder.Middleware)
	if err := errors.Join(err, recorder.Close()); err != nil {
		return "", nil, err
	}
	return recorder.Files()[0], steps, nil
}

func writeSteps(out io.Writer, steps []step) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CALLER\tCALL\tRESULT")
	for _, s := range steps {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.as, s.call, s.result)
	}
	_ = table.Flush()
}

// writeRequests counts the requests to the server, including those for authentication.
func writeRequests(out io.Writer, requests []fakeatlas.Request) {
	challenges, tokens := 0, 0
	for _, r := range requests {
		switch {
		case r.Operation == fakeatlas.OpToken || r.Operation == fakeatlas.OpRevoke:
			tokens++
		case r.Auth == fakeatlas.AuthNone:
			challenges++
		}
	}
	fmt.Fprintf(out, "\nThe server saw %d requests: %d for the calls, %d for a Digest challenge, %d to get and revoke a token.\n",
		len(requests), len(requests)-challenges-tokens, challenges, tokens)
}

// verifyRecording verifies the recording, and then a falsified copy of it.
func verifyRecording(out io.Writer, file string) error {
	cassette, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	honest, err := contracttest.Verify(folder(cassette), contracttest.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nVerified: %d recorded exchanges conform to the contract of 2024-05-30, %d violate it.\n"+
		"They cover %.0f %% of the contract: responses, union branches, fields and enum values.\n",
		honest.Summary.Checked, honest.Summary.Errors, honest.Coverage.Percent)
	if !honest.Holds() {
		return fmt.Errorf("the recording violates the contract: %s", honest.Findings[0].Message)
	}
	altered, err := contracttest.Verify(folder(replaceID(cassette)), contracttest.Options{})
	if err != nil {
		return err
	}
	if altered.Holds() {
		return errors.New("verification accepted a falsified recording")
	}
	f := altered.Findings[0]
	fmt.Fprintf(out, "\nThe same recording with one id falsified: %d finding.\n  %s, entry %d, %s: expected %s, got %s\n",
		len(altered.Findings), filepath.Base(file), f.Recording.Entry, f.Pointer, f.Expected, f.Actual)
	return nil
}

func folder(cassette []byte) fs.FS {
	return fstest.MapFS{"demo.yaml": &fstest.MapFile{Data: cassette}}
}

// replaceID replaces the last id in a response by one that Atlas never returns.
func replaceID(cassette []byte) []byte {
	const field = `"_id":"`
	at := bytes.LastIndex(cassette, []byte(field))
	if at < 0 {
		return cassette
	}
	out := bytes.Clone(cassette)
	copy(out[at+len(field):], strings.Repeat("Z", 4))
	return out
}
