package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/gotool"
)

// programs are the two commands that are compared.
type programs struct {
	oasdiff string
	drift   string
	broken  string // the defect of a self-test, or ""
}

// dataDir returns the folder of oasdiff's test data in the module cache.
func dataDir(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, gotool.Name(), "mod", "download", "-json", module).Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w\n%s", module, err, out)
	}
	var download struct{ Dir string }
	if err := json.Unmarshal(out, &download); err != nil {
		return "", err
	}
	return filepath.Join(download.Dir, "data"), nil
}

// install builds oasdiff into the part's work folder.
func install(ctx context.Context) (programs, error) {
	p := programs{drift: os.Getenv("EXPORTBUCKETS"), broken: os.Getenv("PEERS_BREAK")}
	work := os.Getenv("PEERS_WORK")
	if p.drift == "" || work == "" {
		return p, errors.New("EXPORTBUCKETS or PEERS_WORK is not set; run this through make peers")
	}
	path, version, _ := strings.Cut(module, "@")
	p.oasdiff = filepath.Join(work, "oasdiff-"+version)
	if _, err := os.Stat(p.oasdiff); err == nil {
		return p, nil
	}
	// oasdiff needs a newer Go version than this module.
	cmd := exec.CommandContext(ctx, gotool.Name(), "install", module)
	cmd.Env = append(os.Environ(), "GOBIN="+work, "GOTOOLCHAIN=auto", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return p, fmt.Errorf("go install %s: %w\n%s", module, err, out)
	}
	return p, os.Rename(filepath.Join(work, filepath.Base(path)), p.oasdiff)
}

// levels are oasdiff's levels of a change. A pair without a change has the level none.
var levels = []string{"none", "INFO", "WARN", "ERR"}

// askOasdiff returns the highest level in oasdiff's changelog, or refused.
func (p programs) askOasdiff(ctx context.Context, old, revised string) (string, error) {
	out, err := ask(ctx, p.oasdiff, "changelog", "--format", "json", old, revised)
	if err != nil || out.verdict != "" {
		return out.verdict, err
	}
	if out.code != 0 {
		return refused, nil
	}
	var changes []struct{ Level int }
	if len(strings.TrimSpace(string(out.stdout))) > 0 {
		if err := json.Unmarshal(out.stdout, &changes); err != nil {
			return "", fmt.Errorf("oasdiff changelog %s: %w", old, err)
		}
	}
	highest := 0
	for _, c := range changes {
		highest = max(highest, c.Level)
	}
	if highest >= len(levels) {
		return "", fmt.Errorf("oasdiff changelog %s: unknown level %d", old, highest)
	}
	return levels[highest], nil
}

// asOf is the day with which drift compares sunset dates, so that a verdict does not change
// with the clock.
const asOf = "2026-11-27"

// askDrift returns the verdict of exportbuckets drift, or refused, crashed or hung.
func (p programs) askDrift(ctx context.Context, old, revised string) (string, error) {
	if p.broken == "blind" {
		revised = old
	}
	out, err := ask(ctx, p.drift, "drift", "--operations", "all", "--baseline", old, "--upstream", revised,
		"--as-of", asOf, "--format", "json")
	if err != nil || out.verdict != "" {
		return out.verdict, err
	}
	switch out.code {
	case 0, 1, 3:
	case 2:
		return refused, nil
	default:
		return crashed, nil
	}
	var report struct{ Verdict string }
	if err := json.Unmarshal(out.stdout, &report); err != nil {
		return "", fmt.Errorf("drift --baseline %s: %w", old, err)
	}
	if p.broken == "milder" && report.Verdict == "breaking" {
		return "tolerate", nil
	}
	return report.Verdict, nil
}

// output is the output of a program. verdict is set if the program crashed or hung, because
// its output is then meaningless.
type output struct {
	verdict string
	code    int
	stdout  []byte
}

// ask runs a program, for at most limit.
func ask(ctx context.Context, name string, args ...string) (output, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return output{}, ctx.Err()
	case limited.Err() != nil:
		return output{verdict: hung}, nil
	case errors.As(err, &exit) && (exit.ExitCode() < 0 || strings.Contains(stderr.String(), "goroutine ")):
		return output{verdict: crashed}, nil
	case err != nil && exit == nil:
		return output{}, err
	}
	return output{code: cmd.ProcessState.ExitCode(), stdout: stdout}, nil
}
