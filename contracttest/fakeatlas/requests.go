package fakeatlas

import (
	"context"
	"fmt"
	"net"
	"net/http"
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
	Status  int    // of the response; 0 while there is none yet, or never will be
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

// Requests returns copies of the requests that arrived so far, oldest first, including
// those that are still being handled. The newest 10,000 are kept, or as many as
// [KeepRequests] sets.
func (s *Server) Requests() []Request { return s.journal.requests() }

// Forget empties what [Server.Requests] returns, and starts the counts of
// [Server.WaitFor] anew.
func (s *Server) Forget() { s.journal.forget() }

// Wait returns as soon as the condition is true of the requests that arrived so far,
// without polling. If the context ends first, it returns an error that names how many
// requests had arrived. The condition is evaluated on a copy of all requests after
// each change; to wait for a number of requests, [Server.WaitFor] is cheaper.
func (s *Server) Wait(ctx context.Context, condition func([]Request) bool) error {
	for {
		requests, changed := s.journal.watch()
		if condition(requests) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.stillWaiting(ctx)
		}
	}
}

// WaitFor returns as soon as n requests for an operation have been handled, counted
// from the start or the last [Server.Forget]. It costs the fake next to nothing per
// request. If the context ends first, it returns an error as [Server.Wait] does.
func (s *Server) WaitFor(ctx context.Context, op Operation, n int) error {
	done, stop := s.journal.await(op, n)
	defer stop()
	select {
	case <-done:
		return nil
	default: // handled requests count even if the context has ended
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return s.stillWaiting(ctx)
	}
}

func (s *Server) stillWaiting(ctx context.Context) error {
	return fmt.Errorf("fakeatlas: still waiting after %d requests: %w", s.journal.total(), context.Cause(ctx))
}
