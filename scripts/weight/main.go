// Command weight measures what importing the client costs a program: bytes of its stripped
// binary, and CPU seconds of its first compilation. It compares with the same program that
// uses only net/http and encoding/json. It fails if a limit is exceeded.
//
// The bare program is compiled first, with an empty build cache, and then the program with
// the client, with the cache as it is then. The standard library takes ten times as long as
// the client, so the difference of two complete compilations would be mostly noise. For the
// same reason, the CPU time is the lowest of several builds: other work on the machine adds
// to it.
//
//	make weight
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

// Limits of the cost of importing the client.
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
	folder, err := os.MkdirTemp("", "weight-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	cache := filepath.Join(folder, "cache")
	cold, err := build(ctx, cache, "bare")
	if err != nil {
		return err
	}
	bare, err := cheapest(ctx, cache, "bare") // the link only
	if err != nil {
		return err
	}
	light, err := cheapest(ctx, cache, "light")
	if err != nil {
		return err
	}
	added := weight{light.bytes - bare.bytes, light.compile - bare.compile}
	report(cold, added)
	if added.bytes > maxBytes || added.compile > maxCompile {
		return errors.New("importing the client costs more than allowed")
	}
	return nil
}

// report prints the cost of the bare program, and the additional cost of the client.
func report(bare, added weight) {
	fmt.Printf("%-12s %16s %16s\n", "", "stripped binary", "cold compile")
	row := func(name string, w weight) {
		fmt.Printf("%-12s %13.2f MB %12.1f s CPU\n", name, float64(w.bytes)/1e6, w.compile.Seconds())
	}
	row("net/http", bare)
	row("client", weight{bare.bytes + added.bytes, bare.compile + added.compile})
	row("added", added)
	row("allowed", weight{maxBytes, maxCompile})
}

// runs is the number of builds of a program, from which the lowest CPU time is taken.
const runs = 3

// cheapest builds a program several times, each with a copy of a build cache.
func cheapest(ctx context.Context, cache, program string) (weight, error) {
	var least weight
	for n := range runs {
		copied := cache + "-copy"
		if err := os.CopyFS(copied, os.DirFS(cache)); err != nil {
			return weight{}, err
		}
		w, err := build(ctx, copied, program)
		if err = errors.Join(err, os.RemoveAll(copied)); err != nil {
			return weight{}, err
		}
		if n == 0 || w.compile < least.compile {
			least = w
		}
	}
	return least, nil
}

// build compiles and links a program of this folder with a build cache.
func build(ctx context.Context, cache, program string) (weight, error) {
	binary := filepath.Join(cache, program)
	cmd := exec.CommandContext(ctx, "go", "build", "-C", "scripts", "-trimpath", "-ldflags=-s -w", "-o", binary, "./weight/"+program)
	cmd.Env = append(os.Environ(), "GOCACHE="+cache, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return weight{}, fmt.Errorf("building %s: %w\n%s", program, err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return weight{}, err
	}
	state := cmd.ProcessState // including the compilers that it ran
	return weight{info.Size(), state.UserTime() + state.SystemTime()}, nil
}
