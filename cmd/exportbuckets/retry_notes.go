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

// longWait is the total wait of one call above which a line on standard error reports it.
const longWait = time.Second

// retryNotes is the log handler that reports waits: the client logs a retry at level info
// (client.WithLogger). On a terminal the progress shows each wait. Without a terminal,
// notes gets one line when the waits exceed longWait for the first time.
type retryNotes struct {
	progress *progress // nil without a terminal
	notes    io.Writer
	redact   func(string) string // removes secrets from a text

	mu     sync.Mutex
	waited time.Duration
	noted  bool
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
	if h.noted || h.waited <= longWait {
		return nil
	}
	h.noted = true
	_, err := fmt.Fprintln(h.notes, "note:", text)
	return err
}

// retryReason returns the reason of a retry and the wait before it.
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
		return detailText(strings.TrimPrefix(cause, "exportbuckets: ")), wait
	}
	return "the connection failed", wait
}
