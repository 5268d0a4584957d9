//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestInterruptedReads checks that an interrupt immediately ends a verb that reads a named
// pipe without a writer. Only verbs that must shut down get more time.
func TestInterruptedReads(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	srv := fakeatlas.New(t)
	spec := filepath.Join("..", "..", "openapi", "v2-2024-05-30.yaml")
	for name, args := range map[string][]string{
		"drift, upstream":         {"drift", "--upstream", "PIPE"},
		"drift, baseline":         {"drift", "--upstream", spec, "--baseline", "PIPE"},
		"drift, accepted changes": {"drift", "--upstream", spec, "--accept", "PIPE"},
		"verify, recording":       {"verify", "PIPE"},
		"verify, specification":   {"verify", "--spec", "PIPE", spec},
		"verify, corrections":     {"verify", "--corrections", "PIPE", spec},
		"trim, upstream":          {"trim", "--upstream", "PIPE", "--operations", "all"},
		"trim, recipe":            {"trim", "--upstream", spec, "--select", "PIPE"},
		"generate, specification": {"generate", "--package", "p", "--spec", "PIPE", "--output", "-"},
		"generate, overlay":       {"generate", "--package", "p", "--overlay", "PIPE", "--output", "-"},
		"serve, state":            {"serve", "--state", "PIPE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			for i := range args {
				if args[i] == "PIPE" {
					args[i] = pipe
				}
			}
			cmd := command(t, srv, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the verb opens the pipe
			if err != nil {
				t.Fatal(err)
			}
			defer writer.Close()
			begin := time.Now()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if took, code := time.Since(begin), cmd.ProcessState.ExitCode(); code != exitInterrupted || took >= grace {
				t.Errorf("exit code %d after %v", code, took)
			}
		})
	}
}
