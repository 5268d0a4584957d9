package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	os.Exit(mainCode())
}

// grace is the time that an interrupted verb has to shut down after it called needsGrace: to
// revoke a token, to finish a recording, to complete the last requests to a fake. Each of
// these takes at most 5 s.
const grace = 6 * time.Second

// noGrace is the time that any other interrupted verb has: it may be opening or reading a
// named pipe, which cannot be canceled.
const noGrace = 500 * time.Millisecond

type graceKey struct{}

// needsGrace makes an interrupt wait until the verb has shut down, for at most grace.
func needsGrace(ctx context.Context) {
	if needed, ok := ctx.Value(graceKey{}).(*atomic.Bool); ok {
		needed.Store(true)
	}
}

// mainCode is main, except that it returns the exit code, so that tests can run the command in
// their own process.
func mainCode() int {
	// A second signal ends the process immediately: stop restores the default of signals.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	var graceNeeded atomic.Bool
	ctx = context.WithValue(ctx, graceKey{}, &graceNeeded)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, os.Args[1:], &interruptible{file: os.Stdin, done: ctx.Done()}, os.Stdout, os.Stderr)
	}()
	select {
	case c := <-code:
		return c
	case <-ctx.Done():
	}
	wait := noGrace
	if graceNeeded.Load() {
		wait = grace
	}
	select {
	case c := <-code:
		return c
	case <-time.After(wait):
		fmt.Fprintln(os.Stderr, "exportbuckets: interrupted")
		return exitInterrupted
	}
}

// interruptible is a file whose reads return when done is closed. The goroutine of the
// pending read remains until the process ends.
type interruptible struct {
	file *os.File
	done <-chan struct{}
}

var errInterrupted = errors.New("interrupted")

func (r *interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	results := make(chan result, 1)
	buf := make([]byte, len(p))
	go func() {
		n, err := r.file.Read(buf)
		results <- result{n, err}
	}()
	select {
	case got := <-results:
		return copy(p, buf[:got.n]), got.err
	case <-r.done:
		return 0, errInterrupted
	}
}
