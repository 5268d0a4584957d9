package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/gotool"
)

// npmBefore bounds the versions of the packages that the pinned npm packages depend
// on, so that a release of one of them does not change a run.
const npmBefore = "2026-11-20"

// needs lists the programs that a part installs before it runs.
type needs struct {
	// Apt maps a command to the Debian package that has it. The package is installed if
	// the command is missing.
	Apt map[string]string `json:"apt,omitempty"`
	// Npm lists packages as NAME@VERSION. They are installed below PEERS_WORK.
	Npm []string `json:"npm,omitempty"`
	// Go lists modules as PATH@VERSION. They are downloaded to the module cache.
	Go []string `json:"go,omitempty"`
}

// install installs the missing programs. The npm packages are installed in the folder work.
func (n needs) install(ctx context.Context, work string) error {
	if err := n.installApt(ctx); err != nil {
		return err
	}
	for _, module := range n.Go {
		if err := command(ctx, gotool.Name(), "mod", "download", module); err != nil {
			return err
		}
	}
	return n.installNpm(ctx, work)
}

func (n needs) installApt(ctx context.Context) error {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(n.Apt)) {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, n.Apt[name])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("not installed: %s; as root: apt-get install %[1]s", strings.Join(missing, " "))
	}
	if err := command(ctx, "apt-get", "update", "-qq"); err != nil {
		return err
	}
	return command(ctx, "apt-get", append([]string{"install", "-y", "-qq", "--no-install-recommends"}, missing...)...)
}

// installNpm installs the packages, unless the last run installed the same ones.
func (n needs) installNpm(ctx context.Context, work string) error {
	if len(n.Npm) == 0 {
		return nil
	}
	want := strings.Join(n.Npm, "\n") + "\nbefore " + npmBefore + "\n"
	mark := filepath.Join(work, "node_modules", ".peers")
	if got, err := os.ReadFile(mark); err == nil && string(got) == want {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(work, "node_modules")); err != nil {
		return err
	}
	args := []string{"install", "--silent", "--no-audit", "--no-fund", "--no-save", "--before", npmBefore, "--prefix", work}
	if err := command(ctx, "npm", append(args, n.Npm...)...); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(want), 0o644)
}

// command runs a program and returns its output as an error if it fails.
func command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err), errors.New(string(out)))
	}
	return nil
}
