// Command rotate moves projects from one bucket name to another, many projects
// at once. Each export bucket with the old name gets a twin, a bucket with the
// new name and the same role; then the old bucket is deleted. Buckets that are
// duplicates of each other share one twin. It can be run again until nothing is
// left to do. Without -apply it only prints the plan.
//
//	rotate [-apply] [-workers N] OLD-NAME NEW-NAME PROJECT-ID...
//
// Credentials come from the variables that the Atlas CLI and Terraform use. An old bucket
// that a cluster still exports to is kept: change the cluster's auto export policy and run
// the command again.
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
	"sync"
	"syscall"

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
		fmt.Fprintln(os.Stderr, "rotate:", err)
		os.Exit(1)
	}
}

// errUsage is the error for wrong arguments. The reason is already printed.
var errUsage = errors.New("wrong arguments")

const usage = "usage: rotate [-apply] [-workers N] OLD-NAME NEW-NAME PROJECT-ID..."

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("rotate", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), usage)
		flags.PrintDefaults()
	}
	apply := flags.Bool("apply", false, "change the projects; without it the plan is printed")
	workers := flags.Int("workers", 4, "work on `N` projects at once")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	// With equal names, each bucket would be its own twin, and would be deleted.
	if flags.NArg() < 3 || *workers < 1 || flags.Arg(0) == flags.Arg(1) {
		flags.Usage()
		return errUsage
	}
	// One client for all goroutines: they share its token, connections and retry budget.
	c, err := client.FromEnv(client.WithUserAgent("rotate"))
	if err != nil {
		return err
	}
	// If Close fails, the token stays valid until it expires, which is not worth an alarm.
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	r := &rotation{client: c, from: flags.Arg(0), to: flags.Arg(1), apply: *apply}
	// A project that is named twice must not be changed by two workers at once.
	projects := slices.Compact(slices.Sorted(slices.Values(flags.Args()[2:])))
	return r.all(ctx, projects, min(*workers, len(projects)), out)
}

// rotation is the change to make in every project.
type rotation struct {
	client   *client.Client
	from, to string
	apply    bool
}

// all rotates the buckets of the projects, and prints a line for each bucket, in the order of
// the projects. After an interruption it starts with no other project.
func (r *rotation) all(ctx context.Context, projects []string, workers int, out io.Writer) error {
	reports, failures := make([]string, len(projects)), make([]error, len(projects))
	next := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range next {
				reports[i], failures[i] = r.project(ctx, projects[i])
			}
		})
	}
	started := 0
	for ; started < len(projects) && ctx.Err() == nil; started++ {
		next <- started
	}
	close(next)
	all.Wait()
	for _, report := range reports {
		fmt.Fprint(out, report)
	}
	if started < len(projects) {
		failures = append(failures, fmt.Errorf("%w before %d of %d projects", context.Cause(ctx), len(projects)-started, len(projects)))
	}
	return errors.Join(failures...)
}

// project rotates the buckets of one project, and returns a line for each that it handled.
func (r *rotation) project(ctx context.Context, project string) (report string, err error) {
	var old []*client.ExportBucket
	for b, err := range r.client.List(ctx, project, nil) {
		if err != nil {
			return "", fmt.Errorf("project %s: %w", project, err)
		}
		if b.BucketName() == r.from {
			old = append(old, b)
		}
	}
	var failed []error
	for i, b := range old {
		if ctx.Err() != nil {
			failed = append(failed, fmt.Errorf("project %s: %w before %d of %d buckets", project, context.Cause(ctx), len(old)-i, len(old)))
			break
		}
		outcome, err := r.bucket(ctx, project, b)
		if err != nil {
			failed = append(failed, fmt.Errorf("project %s, bucket %s: %w", project, b.ID, err))
			continue
		}
		report += fmt.Sprintf("%s %s %s\n", project, b.ID, outcome)
	}
	return report, errors.Join(failed...)
}

// bucket adds the twin of a bucket, deletes the bucket, and returns what happened to it.
func (r *rotation) bucket(ctx context.Context, project string, old *client.ExportBucket) (string, error) {
	target, ok := renamed(old.Target, r.to)
	switch {
	case !ok:
		return fmt.Sprintf("kept: a bucket on %s cannot be renamed", old.CloudProvider()), nil
	case !r.apply:
		return "would be replaced by a bucket with the name " + r.to, nil
	}
	twin, _, err := r.client.Ensure(ctx, project, target)
	if err != nil {
		return "", err
	}
	err = r.client.Delete(ctx, project, old.ID)
	switch {
	case errors.Is(err, client.ErrBucketInUse):
		return "kept: a cluster exports to it; its replacement is " + twin.ID, nil
	case err != nil && !errors.Is(err, client.ErrBucketNotFound):
		return "", err
	}
	return "became " + twin.ID, nil
}

// renamed returns a target with another bucket name. Azure targets are not
// renamed, because the URL contains the name too. Neither are targets of
// unknown providers.
func renamed(target client.Target, name string) (client.Target, bool) {
	switch t := target.(type) {
	case client.AWS:
		t.BucketName = name
		return t, true
	case client.GCP:
		t.BucketName = name
		return t, true
	case client.Azure, client.Unknown:
	}
	return nil, false
}
