//go:build unix

// Command measure runs a command several times and states the shortest wall time
// and the largest peak memory: measure NAME RUNS CODES COMMAND [ARG…]. CODES are the
// exit codes that the command may have, separated by commas. What it prints is
// dropped, its standard error shown where it fails.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) < 4 {
		return errors.New("usage: measure NAME RUNS CODES COMMAND [ARG…]")
	}
	runs, err := strconv.Atoi(args[1])
	if err != nil || runs < 1 {
		return fmt.Errorf("RUNS is %q, want a number from 1 on", args[1])
	}
	var best time.Duration
	var peak int64
	for range runs {
		wall, memory, err := once(strings.Split(args[2], ","), args[3:])
		if err != nil {
			return err
		}
		if best == 0 || wall < best {
			best = wall
		}
		peak = max(peak, memory)
	}
	fmt.Printf("%-24s %8.2f s %8.0f MB   (best of %d)\n", args[0], best.Seconds(), float64(peak)/1e6, runs)
	return nil
}

// once gives the wall time and the peak memory in bytes.
func once(codes, command []string) (time.Duration, int64, error) {
	cmd := exec.Command(command[0], command[1:]...) //nolint:gosec,noctx // running what it is told, to its end, is the purpose
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if cmd.ProcessState == nil {
		return 0, 0, err
	}
	if !slices.Contains(codes, strconv.Itoa(cmd.ProcessState.ExitCode())) {
		return 0, 0, fmt.Errorf("%s: %w\n%s", command[0], err, stderr.Bytes())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return wall, 0, nil
	}
	unit := int64(1024) // Linux and the BSDs tell kilobytes
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return wall, int64(usage.Maxrss) * unit, nil //nolint:unconvert // it is an int32 on some systems
}
