package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	os.Exit(mainCode())
}

// grace is the time that an interrupted verb has to shut down: to revoke a token, to
// finish a recording, to complete the last requests to a fake. Each of these takes at
// most 5 s.
const grace = 6 * time.Second

// mainCode is main with the exit code as its result, so that tests can run the
// command in their own process.
func mainCode() int {
	// A second signal ends the process at once: stop restores the default of signals.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, os.Args[1:], &interruptible{file: os.Stdin, done: ctx.Done()}, os.Stdout, os.Stderr)
	}()
	select {
	case c := <-code:
		return c
	case <-ctx.Done():
	}
	select {
	case c := <-code:
		return c
	case <-time.After(grace): // the verb is in a call that cannot be canceled, such as a read of a pipe
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
