package recording_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// result contains everything that a reading returned.
type result struct {
	exchanges []*recording.Exchange
	errs      []*recording.ReadError
	summary   recording.Summary
}

func readAll(t testing.TB, in recording.Input) result {
	t.Helper()
	var got result
	r := recording.NewReader(in, recording.Options{Workers: 3})
	for x, err := range r.Exchanges(context.Background()) {
		var re *recording.ReadError
		switch {
		case err == nil:
			got.exchanges = append(got.exchanges, x)
		case errors.As(err, &re):
			got.errs = append(got.errs, re)
		default:
			t.Fatalf("an error that is not a *ReadError: %v", err)
		}
	}
	got.summary = r.Summary()
	return got
}

// readText reads content as a file that the user named.
func readText(t testing.TB, content string) result {
	t.Helper()
	return readAll(t, recording.InFS(files("rec", content), "rec"))
}

// readOne is readText for content that must contain exactly one exchange.
func readOne(t testing.TB, content string) *recording.Exchange {
	t.Helper()
	got := readText(t, content)
	if len(got.errs) > 0 || len(got.exchanges) != 1 {
		t.Fatalf("got %d exchanges and the errors %v, want one exchange", len(got.exchanges), got.errs)
	}
	return got.exchanges[0]
}

// files is a file system; its arguments are alternately names and contents.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func zipped(content string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(content))
	_ = z.Close()
	return b.String()
}
