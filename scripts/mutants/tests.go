//go:build unix

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// first is the time for the fastest tests of a change. The other tests run if these
	// detect nothing.
	first = time.Second
	// memory bounds the address space of a changed program, in KiB.
	memory = 8 << 20
)

// testFunc is a test, an example or a fuzz target with its seeds.
type testFunc struct {
	name     string
	duration time.Duration
	reached  []byte // 1 at the index of each change that it reaches
}

// session runs the compiled tests of one package.
type session struct {
	target  *target
	folder  string // for temporary files
	binary  string
	flags   []string // that every run of the tests gets
	workers int
}

// test returns the chosen changes that no test detects.
func (t *target) test(workers int, slow bool) ([]*mutant, error) {
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	start := time.Now()
	binary, err := t.build(folder)
	if err != nil {
		return nil, err
	}
	t.mutants = slices.DeleteFunc(t.mutants, func(m *mutant) bool { return m.broken })
	s := &session{target: t, folder: folder, binary: binary, workers: workers}
	if !slow {
		s.flags = []string{"-test.short"}
	}
	// A property test that fails must not write the failing case to the source folder.
	if noFiles := "-rapid.nofailfile"; s.command(context.Background(), nil, "-test.run", "^$", noFiles).Run() == nil {
		s.flags = append(s.flags, noFiles)
	}
	built := time.Since(start)
	if err := s.findReached(); err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%s: %d of %d changes compile; built in %.0f s, reached in %.0f s\n", t.folder, len(t.mutants), len(t.all), built.Seconds(), (time.Since(start) - built).Seconds())
	return s.survivors()
}

// findReached runs each test by itself without a change.
func (s *session) findReached() error {
	output, err := s.command(context.Background(), nil, "-test.list", ".").Output()
	if err != nil {
		return fmt.Errorf("-test.list: %w", err)
	}
	var tests []*testFunc
	for _, name := range strings.Fields(string(output)) {
		if !strings.HasPrefix(name, "Benchmark") {
			tests = append(tests, &testFunc{name: name})
		}
	}
	var group errgroup.Group
	group.SetLimit(s.workers)
	for _, f := range tests {
		group.Go(func() error { return s.findReachedBy(f) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	slices.SortFunc(tests, func(a, b *testFunc) int { return cmp.Compare(a.duration, b.duration) })
	for _, m := range s.target.mutants {
		for _, f := range tests {
			if f.reached[m.index] != 0 {
				m.tests = append(m.tests, f)
			}
		}
	}
	return nil
}

func (s *session) findReachedBy(f *testFunc) error {
	mapped := filepath.Join(s.folder, f.name+".reached")
	if err := os.WriteFile(mapped, make([]byte, len(s.target.all)), 0o600); err != nil {
		return err
	}
	start := time.Now()
	output, err := s.command(context.Background(), []string{"MUTANTS_REACHED=" + mapped}, "-test.run", pattern(f), "-test.timeout", "5m").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s fails without a change: %w\n%s", f.name, err, output)
	}
	f.duration = time.Since(start)
	f.reached, err = os.ReadFile(mapped) //nolint:gosec // it was written above
	return err
}

// survivors runs the tests that reach each chosen change.
func (s *session) survivors() ([]*mutant, error) {
	undetected := make([]bool, len(s.target.mutants))
	var done atomic.Int32
	var group errgroup.Group
	group.SetLimit(s.workers)
	for i, m := range s.target.mutants {
		group.Go(func() error {
			undetected[i] = !s.detected(m)
			if n := done.Add(1); n%100 == 0 {
				fmt.Fprintf(os.Stderr, "%s: tested %d of %d changes\n", s.target.folder, n, len(undetected))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var survivors []*mutant
	for i, m := range s.target.mutants {
		if undetected[i] {
			survivors = append(survivors, m)
		}
	}
	return survivors, nil
}

// detected reports whether a test fails with the change.
func (s *session) detected(m *mutant) bool {
	fast, total := 0, time.Duration(0)
	for fast < len(m.tests) && total < first {
		total += m.tests[fast].duration
		fast++
	}
	return s.fails(m, m.tests[:fast]) || s.fails(m, m.tests[fast:])
}

func (s *session) fails(m *mutant, tests []*testFunc) bool {
	if len(tests) == 0 {
		return false
	}
	limit := 10 * time.Second
	for _, f := range tests {
		limit += 4 * f.duration
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	temporary, err := os.MkdirTemp(s.folder, "run")
	if err != nil {
		return false
	}
	defer os.RemoveAll(temporary)
	environment := []string{"MUTANT=" + strconv.Itoa(m.index), "TMPDIR=" + temporary}
	return s.command(ctx, environment, "-test.failfast", "-test.run", pattern(tests...)).Run() != nil
}

// pattern matches the names of the tests.
func pattern(tests ...*testFunc) string {
	names := make([]string, len(tests))
	for i, f := range tests {
		names[i] = regexp.QuoteMeta(f.name)
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

// command returns the compiled tests as a command. A changed program may start processes,
// allocate without limit or never stop: all its processes end with ctx.
func (s *session) command(ctx context.Context, environment []string, args ...string) *exec.Cmd {
	shell := []string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$0" "$@"`, memory), s.binary}
	cmd := exec.CommandContext(ctx, "sh", slices.Concat(shell, args, s.flags)...) //nolint:gosec // compiled from this module
	cmd.Dir = s.target.folder
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdin = new(bytes.Reader)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}
