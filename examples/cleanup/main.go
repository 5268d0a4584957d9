// Command cleanup deletes export buckets whose name begins with a prefix and
// that were added before a time. It is meant to run as a nightly job. Without
// -delete it only lists them.
//
//	cleanup [-delete] [-older-than DURATION] -prefix PREFIX PROJECT-ID...
//
// Credentials come from the variables that the Atlas CLI and Terraform use. A bucket that a
// cluster still exports to is kept and reported. The objects stored in a bucket are not
// deleted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cleanup:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	job := cleanup{out: out}
	flags := flag.NewFlagSet("cleanup", flag.ContinueOnError)
	flags.StringVar(&job.prefix, "prefix", "", "delete buckets whose name begins with `PREFIX`")
	flags.BoolVar(&job.delete, "delete", false, "delete the buckets; without it they are only listed")
	age := flags.Duration("older-than", 30*24*time.Hour, "delete buckets that were added this long ago")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if job.prefix == "" || flags.NArg() == 0 {
		return errors.New("usage: cleanup [-delete] [-older-than DURATION] -prefix PREFIX PROJECT-ID...")
	}
	job.before = time.Now().Add(-*age)
	if job.client, err = client.FromEnv(client.WithUserAgent("nightly-cleanup")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, job.client.Close(context.WithoutCancel(ctx))) }()
	for _, project := range flags.Args() {
		err = errors.Join(err, job.project(ctx, project))
	}
	return err
}

// cleanup is one run of the job.
type cleanup struct {
	client *client.Client
	prefix string
	before time.Time
	delete bool
	out    io.Writer
}

// project deletes the old buckets of one project. It collects the buckets first, because
// deleting some while they are listed would move the others to earlier pages.
func (j *cleanup) project(ctx context.Context, project string) error {
	var old []*client.ExportBucket
	for b, err := range j.client.List(ctx, project, nil) {
		if err != nil {
			return fmt.Errorf("project %s: %w", project, err)
		}
		if strings.HasPrefix(b.BucketName(), j.prefix) && b.CreatedAt().Before(j.before) {
			old = append(old, b)
		}
	}
	var failed []error
	for _, b := range old {
		failed = append(failed, j.bucket(ctx, project, b))
	}
	return errors.Join(failed...)
}

// bucket deletes one bucket, and prints what happened to it.
func (j *cleanup) bucket(ctx context.Context, project string, b *client.ExportBucket) error {
	outcome := "would be deleted"
	if j.delete {
		err := j.client.Delete(ctx, project, b.ID)
		switch {
		case errors.Is(err, client.ErrBucketInUse):
			outcome = "kept: a cluster exports to it"
		case errors.Is(err, client.ErrBucketNotFound): // already deleted by someone else
			outcome = "already deleted"
		case err != nil:
			return err
		default:
			outcome = "deleted"
		}
	}
	fmt.Fprintf(j.out, "%s %s %s of %s: %s\n", project, b.ID, b.BucketName(), b.CreatedAt().Format(time.DateOnly), outcome)
	return nil
}
