//go:build unix

// Command measure runs a command several times and prints the shortest wall and processor
// times and the largest peak memory: measure NAME RUNS CODES COMMAND [ARG…]. CODES are the
// exit codes that the command may have, separated by commas. The command's output is
// discarded, and its standard error is shown if it fails.
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
		return fmt.Errorf("RUNS is %q, want a number of at least 1", args[1])
	}
	var best usage
	for i := range runs {
		u, err := once(strings.Split(args[2], ","), args[3:])
		if err != nil {
			return err
		}
		if i == 0 {
			best = u
		}
		best = usage{min(best.wall, u.wall), min(best.processor, u.processor), max(best.memory, u.memory)}
	}
	fmt.Printf("%-24s %8.2f s %8.2f s processor %8.0f MB   (best of %d)\n", args[0], best.wall.Seconds(), best.processor.Seconds(), float64(best.memory)/1e6, runs)
	return nil
}

// usage is the resource usage of one run. processor is user and system time, memory the
// peak in bytes.
type usage struct {
	wall, processor time.Duration
	memory          int64
}

// once runs the command.
func once(codes, command []string) (usage, error) {
	cmd := exec.Command(command[0], command[1:]...) //nolint:gosec,noctx // the purpose is to run the given command to its end
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(start)}
	if cmd.ProcessState == nil {
		return u, err
	}
	u.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if !slices.Contains(codes, strconv.Itoa(cmd.ProcessState.ExitCode())) {
		return u, fmt.Errorf("%s: %w\n%s", command[0], err, stderr.Bytes())
	}
	kernel, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return u, nil
	}
	unit := int64(1024) // Linux and the BSDs report kilobytes
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	u.memory = int64(kernel.Maxrss) * unit //nolint:unconvert // it is an int32 on some systems
	return u, nil
}
