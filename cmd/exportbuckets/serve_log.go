package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// maxPendingLog bounds the log lines that wait to be written, in bytes.
	maxPendingLog = 1 << 20
	// maxPendingLines bounds their number.
	maxPendingLines = 8192
	// logGrace is the longest time that close waits for the reader of the log.
	logGrace = time.Second
)

// lossyLog writes log lines in a separate goroutine, so that logging never waits for the
// reader. A line that arrives while too many wait to be written is dropped. A line in its
// place reports how many were dropped. It is safe for concurrent use.
type lossyLog struct {
	out   io.Writer
	lines chan logLine
	done  chan struct{} // closed when the writing goroutine has ended

	mu      sync.Mutex
	pending int // bytes in lines, and in the lines being written
	dropped int // number of lines dropped since the last accepted one
	closed  bool
}

// logLine is a line, and the number of lines that were dropped before it.
type logLine struct {
	text    []byte
	dropped int
}

// newLossyLog starts a log. The caller must call close.
func newLossyLog(out io.Writer) *lossyLog {
	l := &lossyLog{out: out, lines: make(chan logLine, maxPendingLines), done: make(chan struct{})}
	go l.run()
	return l
}

// Write accepts one line or drops it. It never blocks and never fails.
func (l *lossyLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.pending+len(line) > maxPendingLog {
		l.dropped++
		return len(line), nil
	}
	select {
	case l.lines <- logLine{text: bytes.Clone(line), dropped: l.dropped}:
		l.pending += len(line)
		l.dropped = 0
	default:
		l.dropped++
	}
	return len(line), nil
}

// run writes the accepted lines. Lines that cannot be written are lost, because there is
// nowhere else to report them.
func (l *lossyLog) run() {
	defer close(l.done)
	for line := range l.lines {
		l.report(line.dropped)
		_, _ = l.out.Write(line.text)
		l.mu.Lock()
		l.pending -= len(line.text)
		l.mu.Unlock()
	}
	l.mu.Lock()
	dropped := l.dropped
	l.mu.Unlock()
	l.report(dropped)
}

func (l *lossyLog) report(dropped int) {
	if dropped > 0 {
		fmt.Fprintf(l.out, "dropped=%d msg=\"log lines that were not read in time\"\n", dropped)
	}
}

// close ends the log. It waits until all accepted lines are written, but no longer than
// logGrace: a stuck reader blocks the goroutine, not the caller.
func (l *lossyLog) close() {
	l.mu.Lock()
	l.closed = true
	close(l.lines)
	l.mu.Unlock()
	select {
	case <-l.done:
	case <-time.After(logGrace):
	}
}

// requestLogger returns a logger with a line for each request. Its handler quotes control
// characters.
func requestLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.LevelKey || a.Key == slog.MessageKey || a.Value.String() == "" {
				return slog.Attr{} // omitted
			}
			return a
		},
	}))
}
