// Command cleanup deletes export buckets whose name begins with a prefix and
// that were added before a time. It is meant to run as a nightly job. Without
// -delete it only lists them.
//
//	cleanup [-delete] [-older-than DURATION] -prefix PREFIX PROJECT-ID...
//
// Credentials come from the variables that the Atlas CLI and Terraform use. A bucket that a
// cluster still exports to is kept and reported. The objects stored in a bucket are not
// deleted.
//
// It exits with 0 if everything succeeded, 1 if something failed or it was interrupted, and
// 2 for wrong arguments.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "cleanup:", err)
		os.Exit(1)
	}
}

// errUsage is the error for wrong arguments. The reason is already printed.
var errUsage = errors.New("wrong arguments")

const usage = "usage: cleanup [-delete] [-older-than DURATION] -prefix PREFIX PROJECT-ID..."

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	job := cleanup{out: out}
	flags := flag.NewFlagSet("cleanup", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&job.prefix, "prefix", "", "delete buckets whose name begins with `PREFIX`")
	flags.BoolVar(&job.delete, "delete", false, "delete the buckets; without it they are only listed")
	age := flags.Duration("older-than", 30*24*time.Hour, "delete buckets that were added this long ago")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if job.prefix == "" || flags.NArg() == 0 || *age < 0 {
		flags.Usage()
		return errUsage
	}
	job.before = time.Now().Add(-*age)
	if job.client, err = client.FromEnv(client.WithUserAgent("nightly-cleanup")); err != nil {
		return err
	}
	// If Close fails, the token stays valid until it expires, which is not worth an alarm.
	defer func() { _ = job.client.Close(context.WithoutCancel(ctx)) }()
	for _, project := range slices.Compact(slices.Sorted(slices.Values(flags.Args()))) {
		if ctx.Err() != nil {
			return errors.Join(err, context.Cause(ctx))
		}
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
	failed := 0
	for i, b := range old {
		if ctx.Err() != nil {
			return fmt.Errorf("project %s: %w before %d of %d buckets", project, context.Cause(ctx), len(old)-i, len(old))
		}
		if !j.bucket(ctx, project, b) {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("project %s: %d of %d buckets failed", project, failed, len(old))
	}
	return nil
}

// bucket deletes one bucket, prints what happened to it, and reports whether it succeeded.
func (j *cleanup) bucket(ctx context.Context, project string, b *client.ExportBucket) bool {
	outcome, succeeded := "would be deleted", true
	if j.delete {
		err := j.client.Delete(ctx, project, b.ID)
		switch {
		case errors.Is(err, client.ErrBucketInUse):
			outcome = "kept: a cluster exports to it"
		case errors.Is(err, client.ErrBucketNotFound): // already deleted by someone else
			outcome = "already deleted"
		case err != nil:
			outcome, succeeded = "failed: "+err.Error(), false
		default:
			outcome = "deleted"
		}
	}
	fmt.Fprintf(j.out, "%s %s %s of %s: %s\n", project, b.ID, b.BucketName(), b.CreatedAt().Format(time.DateOnly), outcome)
	return succeeded
}
