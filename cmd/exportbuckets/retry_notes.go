package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// longWait is how long a call may wait before standard error says so.
const longWait = time.Second

// retryNotes is the handler of the client's log that reports waits: the client logs a
// retry at level info (client.WithLogger). On a terminal the progress shows each wait;
// elsewhere the first time that the waits exceed longWait is one line in notes.
type retryNotes struct {
	progress *progress // nil without a terminal
	notes    io.Writer
	redact   func(string) string // keeps secrets out of a text

	mu     sync.Mutex
	waited time.Duration
	said   bool
}

// Enabled implements [slog.Handler].
func (*retryNotes) Enabled(_ context.Context, level slog.Level) bool { return level == slog.LevelInfo }

// WithAttrs implements [slog.Handler].
func (h *retryNotes) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup implements [slog.Handler].
func (h *retryNotes) WithGroup(string) slog.Handler { return h }

// Handle implements [slog.Handler].
func (h *retryNotes) Handle(_ context.Context, r slog.Record) error {
	reason, wait := retryReason(r)
	text := fmt.Sprintf("%s; trying again in %s", h.redact(reason), wait.Round(100*time.Millisecond))
	if h.progress != nil {
		h.progress.say(text)
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waited += wait
	if h.said || h.waited <= longWait {
		return nil
	}
	h.said = true
	_, err := fmt.Fprintln(h.notes, "note:", text)
	return err
}

// retryReason returns why the client tries again, and after what time.
func retryReason(r slog.Record) (reason string, wait time.Duration) {
	status, cause := int64(0), ""
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "wait":
			wait = a.Value.Duration()
		case "status":
			status = a.Value.Int64()
		case "error":
			cause = a.Value.String()
		}
		return true
	})
	switch {
	case status != 0:
		return strings.TrimSpace(fmt.Sprintf("Atlas responded %d %s", status, http.StatusText(int(status)))), wait
	case cause != "":
		return short(strings.TrimPrefix(cause, "exportbuckets: ")), wait
	}
	return "the connection failed", wait
}
