package fakeatlas

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is one request that arrived, as a test looks at it.
type Request struct {
	Time      time.Time
	Operation Operation
	Method    string
	Path      string // as it was sent
	Query     string // without the question mark
	Header    http.Header
	Body      []byte // the first 64 KiB
	Remote    string // address and port of the caller

	Auth    AuthMethod
	Account string // the public key or client id that it named
	Refusal string // why the credentials were not taken; empty if they were
	Version string // v1.0 or a date; empty if none was agreed on
	Status  int    // of the answer; 0 while there is none yet, or never will be
	Fault   string // what was done to it on purpose; empty for nothing
}

// Address is the caller's address without the port.
func (r Request) Address() string {
	host, _, err := net.SplitHostPort(r.Remote)
	if err != nil {
		return r.Remote
	}
	return host
}

const (
	// keepRequests is how many requests are remembered unless told otherwise.
	keepRequests = 10_000
	// keepBody is how much of a body is remembered.
	keepBody = 64 << 10
)

// journal remembers what arrived, the newest keep of them.
type journal struct {
	keep int

	mu      sync.Mutex
	entries []*Request
	changed chan struct{} // closed at the next change
}

func newJournal(keep int) *journal {
	return &journal{keep: keep, changed: make(chan struct{})}
}

// update changes the journal under its lock and wakes those who wait.
func (j *journal) update(change func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change()
	close(j.changed)
	j.changed = make(chan struct{})
}

// arrive remembers a request before it is answered. Twice as many as wanted pile
// up before the older half goes.
func (j *journal) arrive(r *Request) {
	j.update(func() {
		if j.entries = append(j.entries, r); len(j.entries) > 2*j.keep {
			j.entries = slices.Clone(j.newest())
		}
	})
}

// newest is what is wanted. The caller holds the lock.
func (j *journal) newest() []*Request {
	return j.entries[max(0, len(j.entries)-j.keep):]
}

// snapshot copies what is remembered, and returns the channel that tells of the
// next change.
func (j *journal) snapshot() ([]Request, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Request, min(len(j.entries), j.keep))
	for i, r := range j.newest() {
		out[i] = *r
		out[i].Header = r.Header.Clone()
		out[i].Body = slices.Clone(r.Body)
	}
	return out, j.changed
}

// Requests returns what arrived so far, oldest first, those that are still being
// answered included. The newest 10,000 are kept.
func (s *Server) Requests() []Request {
	requests, _ := s.journal.snapshot()
	return requests
}

// Forget empties what [Server.Requests] returns.
func (s *Server) Forget() {
	s.journal.update(func() { s.journal.entries = nil })
}

// Wait returns as soon as the condition holds for what arrived so far, without
// polling. If the context ends first, it returns an error that says how many
// requests had arrived.
func (s *Server) Wait(ctx context.Context, condition func([]Request) bool) error {
	for {
		requests, changed := s.journal.snapshot()
		if condition(requests) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("fakeatlas: still waiting after %d requests: %w", len(requests), context.Cause(ctx))
		}
	}
}

// WaitFor returns as soon as n requests for an operation have been answered.
func (s *Server) WaitFor(ctx context.Context, op Operation, n int) error {
	return s.Wait(ctx, func(requests []Request) bool {
		answered := 0
		for _, r := range requests {
			if r.Operation == op && r.Status != 0 {
				answered++
			}
		}
		return answered >= n
	})
}
