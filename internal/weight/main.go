// Command weight measures what importing the client costs a program: bytes of its
// stripped binary, and CPU seconds of its first compilation. It
// compares with the same program on bare net/http and encoding/json; each is compiled
// with its own empty build cache, standard library included. It fails over the limits.
//
//	go run ./internal/weight
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Limits of what importing the client may add.
const (
	maxBytes   = 900_000
	maxCompile = 5 * time.Second
)

// weight is the cost of one program.
type weight struct {
	bytes   int64
	compile time.Duration
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "weight:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	bare, err := measureImportCost(ctx, "bare")
	if err != nil {
		return err
	}
	light, err := measureImportCost(ctx, "light")
	if err != nil {
		return err
	}
	added := weight{light.bytes - bare.bytes, light.compile - bare.compile}
	fmt.Printf("%-12s %16s %16s\n", "", "stripped binary", "cold compile")
	row := func(name string, w weight) {
		fmt.Printf("%-12s %13.2f MB %12.1f s CPU\n", name, float64(w.bytes)/1e6, w.compile.Seconds())
	}
	row("net/http", bare)
	row("client", light)
	row("added", added)
	row("allowed", weight{maxBytes, maxCompile})
	if added.bytes > maxBytes || added.compile > maxCompile {
		return errors.New("importing the client costs more than allowed")
	}
	return nil
}

// measureImportCost compiles a program of this folder and returns its cost.
func measureImportCost(ctx context.Context, program string) (weight, error) {
	folder, err := os.MkdirTemp("", "weight-")
	if err != nil {
		return weight{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary := filepath.Join(folder, program)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./internal/weight/"+program)
	build.Env = append(os.Environ(), "GOCACHE="+filepath.Join(folder, "cache"), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return weight{}, fmt.Errorf("building %s: %w\n%s", program, err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return weight{}, err
	}
	state := build.ProcessState // with the compilers that it ran
	return weight{info.Size(), state.UserTime() + state.SystemTime()}, nil
}
