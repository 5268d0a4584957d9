package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/gotool"
	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// runner runs parts with the command that this tree builds.
type runner struct {
	root string // the repository
	exe  string // the command exportbuckets
}

// newRunner builds the command.
func newRunner(ctx context.Context) (*runner, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	// Debian installs servers in folders that are only on root's PATH.
	if err := os.Setenv("PATH", os.Getenv("PATH")+":/usr/local/sbin:/usr/sbin:/sbin"); err != nil {
		return nil, err
	}
	exe := filepath.Join(root, workDir, "exportbuckets")
	return &runner{root, exe}, command(ctx, gotool.Name(), "build", "-o", exe, "./cmd/exportbuckets")
}

// check runs a part normally, and then with each deliberate defect.
func (r *runner) check(ctx context.Context, p *part, opts options) error {
	if err := p.Needs.install(ctx, r.workOf(p)); err != nil {
		return err
	}
	mode := "PEERS_BREAK="
	if opts.update {
		mode = "PEERS_UPDATE=1"
	}
	res, err := r.runPart(ctx, p, mode)
	if err != nil {
		return err
	}
	if opts.update {
		p.take(res)
		if err := p.save(); err != nil {
			return err
		}
	}
	if diffs := p.compare(res); len(diffs) > 0 {
		const shown = 30
		return fmt.Errorf("%d differences from %s, first:\n  %s", len(diffs), p.file,
			strings.Join(diffs[:min(shown, len(diffs))], "\n  "))
	}
	if !opts.selfTest {
		return nil
	}
	for _, b := range p.Breaks {
		if err := r.selfTest(ctx, p, b); err != nil {
			return fmt.Errorf("self-test %s (%s): %w", b.Name, b.What, err)
		}
	}
	return nil
}

// selfTest runs a part with a deliberate defect and returns an error unless it fails as
// expected.
func (r *runner) selfTest(ctx context.Context, p *part, b breakage) error {
	res, err := r.runPart(ctx, p, "PEERS_BREAK="+b.Name)
	if err != nil {
		return err
	}
	diffs := p.compare(res)
	if err := b.compare(diffs); err != nil {
		return err
	}
	fmt.Printf("   self-test: %s: fails with %d differences, first: %s\n", b.What, len(diffs), firstWith(diffs, b.Fails[0]))
	return nil
}

// compare returns an error unless each expected text is in a difference.
func (b breakage) compare(diffs []string) error {
	for _, text := range b.Fails {
		if firstWith(diffs, text) == "" {
			return fmt.Errorf("the run must show %q; it shows %d differences, first %q", text, len(diffs), diffs[:min(5, len(diffs))])
		}
	}
	return nil
}

// firstWith returns the first line of the first text that contains part.
func firstWith(texts []string, part string) string {
	for _, text := range texts {
		if strings.Contains(text, part) {
			line, _, _ := strings.Cut(text, "\n")
			return line
		}
	}
	return ""
}

// runPart runs a part's command with one more variable, NAME=VALUE, in its environment, and
// returns its result.
func (r *runner) runPart(ctx context.Context, p *part, mode string) (*result.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(p.Minutes)*time.Minute)
	defer cancel()
	work := r.workOf(p)
	out := filepath.Join(work, "result.json")
	if err := os.RemoveAll(out); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, err
	}
	run, err := r.commandOf(ctx, p)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, run[0], run[1:]...)
	cmd.Env = append(os.Environ(), "PEERS_WORK="+work, "PEERS_OUT="+out, "EXPORTBUCKETS="+r.exe, mode)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	endGroup := ownGroup(cmd)
	err = cmd.Run()
	endGroup()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", strings.Join(p.Run, " "), err), ctx.Err())
	}
	res := new(result.Result)
	return res, readJSON(out, res)
}

// commandOf returns the command of a part. If the part is a Go program, it builds the
// program, because the program is in another module than the root, where it must be
// started.
func (r *runner) commandOf(ctx context.Context, p *part) ([]string, error) {
	if p.Run[0] != "go" {
		return p.Run, nil
	}
	program := filepath.Join(r.workOf(p), "part")
	return []string{program}, command(ctx, gotool.Name(), "build", "-C", "scripts", "-o", program, p.Run[1])
}

// ownGroup puts a command into its own process group. The function that it returns ends all
// remaining processes of the group, so that no server is left running.
func ownGroup(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error {
		if cmd.Process == nil {
			return nil
		}
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	cmd.Cancel = kill
	cmd.WaitDelay = 5 * time.Second
	return func() { _ = kill() }
}

// workOf returns the folder that a part may write to.
func (r *runner) workOf(p *part) string { return filepath.Join(r.root, workDir, p.Name) }
