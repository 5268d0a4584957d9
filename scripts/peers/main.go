// Command peers runs other projects' tools on this module, and compares their results with
// pinned ones. Each part is a folder next to this file with a pins.json; README.md
// describes how to write one.
//
//	make peers                          # every part, then docs/peers.md
//	make peers PART=digest              # one part
//	make peers PART="-update digest"
//
// It exits with 1 if a result differs from its pins, or if a run with a deliberate defect
// passes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const (
	partsDir = "scripts/peers"
	workDir  = "bin/peers"
	pageFile = "docs/peers.md"
)

// options are the flags of a run.
type options struct {
	update   bool // rewrite the pins instead of comparing with them
	selfTest bool // also run each part with deliberate defects
}

func main() {
	var opts options
	flag.BoolVar(&opts.update, "update", false, "rewrite the counts and versions in pins.json; new failures get an empty reason to fill in")
	flag.BoolVar(&opts.selfTest, "self-test", true, "also run each part with deliberate defects, and fail if such a run passes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, opts, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// run runs the named parts, or all of them, and writes the page.
func run(ctx context.Context, opts options, names []string) error {
	all, err := loadParts(partsDir)
	if err != nil {
		return err
	}
	chosen, err := choose(all, names)
	if err != nil {
		return err
	}
	runner, err := newRunner(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range chosen {
		fmt.Printf("\n== peers: %s: %s\n", p.Name, p.Title)
		start := time.Now()
		err := runner.check(ctx, p, opts)
		fmt.Printf("== peers: %s: %s, %s\n", p.Name, verdict(err), time.Since(start).Round(time.Second))
		if err != nil {
			fmt.Println(err)
			failed = append(failed, fmt.Errorf("part %s failed", p.Name))
		}
	}
	page, err := renderPage(all)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	return errors.Join(append(failed, os.WriteFile(pageFile, page, 0o644))...)
}

func verdict(err error) string {
	if err != nil {
		return "FAILED"
	}
	return "as pinned"
}

// choose returns the parts with the given names, or all parts without names.
func choose(all []*part, names []string) ([]*part, error) {
	if len(names) == 0 {
		return all, nil
	}
	byName := make(map[string]*part)
	for _, p := range all {
		byName[p.Name] = p
	}
	var chosen []*part
	for _, name := range names {
		p, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("no part named %q: %s has no pins.json", name, filepath.Join(partsDir, name))
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}
