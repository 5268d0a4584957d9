// Command rotate moves projects from one bucket name to another, many projects
// at once. Each export bucket with the old name gets a twin, a bucket with the
// new name and the same role; then the old bucket is deleted. It can be run
// again until nothing is left to do.
//
//	rotate [-workers N] OLD-NAME NEW-NAME PROJECT-ID...
//
// Credentials come from the variables that the Atlas CLI and Terraform use. An old bucket
// that a cluster still exports to is kept: change the cluster's auto export policy and run
// the command again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "rotate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("rotate", flag.ContinueOnError)
	workers := flags.Int("workers", 4, "work on `N` projects at once")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() < 3 || *workers < 1 {
		return errors.New("usage: rotate [-workers N] OLD-NAME NEW-NAME PROJECT-ID...")
	}
	// One client for all goroutines: they share its token, connections and retry budget.
	c, err := client.FromEnv(client.WithUserAgent("rotate"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	r := &rotation{client: c, from: flags.Arg(0), to: flags.Arg(1)}
	projects := flags.Args()[2:]
	reports, failures := make([]string, len(projects)), make([]error, len(projects))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(*workers, len(projects)) {
		all.Go(func() {
			for i := range next {
				reports[i], failures[i] = r.project(ctx, projects[i])
			}
		})
	}
	for i := range projects {
		next <- i
	}
	close(next)
	all.Wait()
	for _, report := range reports {
		fmt.Fprint(out, report)
	}
	return errors.Join(failures...)
}

// rotation is the change to make in every project.
type rotation struct {
	client   *client.Client
	from, to string
}

// project rotates the buckets of one project, and returns a line for each.
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
	for _, b := range old {
		line, err := r.bucket(ctx, project, b)
		if err != nil {
			return report, fmt.Errorf("project %s, bucket %s: %w", project, b.ID, err)
		}
		report += line
	}
	return report, nil
}

// bucket adds the twin of a bucket and deletes the bucket.
func (r *rotation) bucket(ctx context.Context, project string, old *client.ExportBucket) (string, error) {
	target, ok := renamed(old.Target, r.to)
	if !ok {
		return fmt.Sprintf("%s %s kept: a bucket on %s cannot be renamed\n", project, old.ID, old.CloudProvider()), nil
	}
	twin, _, err := r.client.Ensure(ctx, project, target)
	if err != nil {
		return "", err
	}
	err = r.client.Delete(ctx, project, old.ID)
	switch {
	case errors.Is(err, client.ErrBucketInUse):
		return fmt.Sprintf("%s %s kept: a cluster exports to it; its replacement is %s\n", project, old.ID, twin.ID), nil
	case err != nil && !errors.Is(err, client.ErrBucketNotFound):
		return "", err
	}
	return fmt.Sprintf("%s %s became %s\n", project, old.ID, twin.ID), nil
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
