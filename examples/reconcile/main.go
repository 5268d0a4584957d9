// Command reconcile compares the export buckets of a project with a file, and
// can change the project to match the file: it adds missing buckets, and with
// -prune deletes buckets that the file does not have. Without -apply it only
// prints the plan.
//
//	reconcile [-apply] [-prune] PROJECT-ID FILE
//
// The file is a JSON array of targets as the API writes them: see buckets.json. Credentials
// come from the variables that the Atlas CLI and Terraform use.
//
// It exits with 0 if everything succeeded, 1 if something failed or it was interrupted, and
// 2 for wrong arguments.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
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
		fmt.Fprintln(os.Stderr, "reconcile:", err)
		os.Exit(1)
	}
}

// errUsage is the error for wrong arguments. The reason is already printed.
var errUsage = errors.New("wrong arguments")

const usage = "usage: reconcile [-apply] [-prune] PROJECT-ID FILE"

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("reconcile", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), usage)
		flags.PrintDefaults()
	}
	apply := flags.Bool("apply", false, "change the project; without it the plan is printed")
	prune := flags.Bool("prune", false, "delete buckets that the file does not have")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if flags.NArg() != 2 {
		flags.Usage()
		return errUsage
	}
	project := flags.Arg(0)
	desired, err := readTargets(flags.Arg(1))
	if err != nil {
		return err
	}
	c, err := client.FromEnv(client.WithUserAgent("reconcile"))
	if err != nil {
		return err
	}
	// If Close fails, the token stays valid until it expires, which is not worth an alarm.
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	p, err := makePlan(ctx, c, project, desired)
	if err != nil {
		return err
	}
	if !*prune {
		p.remove = nil
	}
	p.print(out)
	if *apply {
		return p.apply(ctx, c, project, out)
	}
	return nil
}

// readTargets reads a file of targets, and reports which one is wrong.
func readTargets(file string) ([]client.Target, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if list == nil {
		return nil, fmt.Errorf("%s: it contains null; it must contain an array, [] for no buckets", file)
	}
	targets := make([]client.Target, len(list))
	for i, text := range list {
		if targets[i], err = client.ParseTarget(text); err != nil {
			return nil, fmt.Errorf("%s: target %d: %w", file, i+1, err)
		}
	}
	return targets, nil
}

// plan is the difference between the file and the project.
type plan struct {
	add    []client.Target
	remove []*client.ExportBucket
}

// makePlan matches each bucket of the project with one target of the file.
// Atlas allows duplicates: of several buckets with the same target, one is
// kept. A bucket that moves to another page during the listing may be listed
// twice; it must not count as its own duplicate.
func makePlan(ctx context.Context, c *client.Client, project string, desired []client.Target) (*plan, error) {
	p := &plan{}
	present, seen := make([]bool, len(desired)), map[string]bool{}
buckets:
	for b, err := range c.List(ctx, project, nil) {
		if err != nil {
			return nil, err
		}
		if seen[b.ID] {
			continue
		}
		seen[b.ID] = true
		for i, target := range desired {
			if !present[i] && b.HasTarget(target) {
				present[i] = true
				continue buckets
			}
		}
		p.remove = append(p.remove, b)
	}
	for i, target := range desired {
		if !present[i] {
			p.add = append(p.add, target)
		}
	}
	return p, nil
}

func (p *plan) print(out io.Writer) {
	for _, target := range p.add {
		fmt.Fprintf(out, "+ %s\n", describe(target))
	}
	for _, b := range p.remove {
		fmt.Fprintf(out, "- %s %s\n", b.ID, describe(b.Target))
	}
	fmt.Fprintf(out, "%d to add, %d to delete\n", len(p.add), len(p.remove))
}

// apply carries out the plan, and prints each change that is made. It adds
// before it deletes, and deletes nothing if an addition failed. A Create with
// an unknown outcome is not repeated: the next run sees whether Atlas executed
// it.
func (p *plan) apply(ctx context.Context, c *client.Client, project string, out io.Writer) error {
	for i, target := range p.add {
		b, err := c.Create(ctx, project, target)
		if err != nil {
			return fmt.Errorf("adding %s, with %d more to add and %d to delete: %w", describe(target), len(p.add)-i-1, len(p.remove), err)
		}
		fmt.Fprintf(out, "added %s %s\n", b.ID, describe(target))
	}
	var failed []error
	for i, b := range p.remove {
		if ctx.Err() != nil {
			return errors.Join(append(failed, fmt.Errorf("%w with %d buckets to delete", context.Cause(ctx), len(p.remove)-i))...)
		}
		err := c.Delete(ctx, project, b.ID)
		if err != nil && !errors.Is(err, client.ErrBucketNotFound) {
			failed = append(failed, fmt.Errorf("bucket %s: %w", b.ID, err))
			continue
		}
		fmt.Fprintf(out, "deleted %s\n", b.ID)
	}
	return errors.Join(failed...)
}

func describe(target client.Target) string {
	switch t := target.(type) {
	case client.AWS:
		return "s3://" + t.BucketName
	case client.Azure:
		return t.ServiceURL
	case client.GCP:
		return "gs://" + t.BucketName
	case client.Unknown:
		return t.Raw
	}
	return ""
}
