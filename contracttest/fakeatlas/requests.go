package fakeatlas

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Request describes a request that arrived, for tests.
type Request struct {
	Time      time.Time
	Operation Operation
	Method    string
	Path      string // unescaped, as it was sent
	Query     string // without the question mark
	Header    http.Header
	Body      []byte // the first 64 KiB
	Remote    string // address and port of the caller

	Auth    AuthMethod
	Account string // the public key or client id in its credentials
	Refusal string // why the credentials were refused; empty if they were accepted
	Version string // v1.0 or a date; empty if no version was negotiated
	Status  int    // of the response; 0 if there is none yet
	Fault   string // the faults that applied to the request; empty for none
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

// Forget clears the list of [Server.Requests] and resets the counts of [Server.WaitFor].
func (s *Server) Forget() { s.journal.forget() }

// Wait returns as soon as the condition is true for the requests that have arrived, without
// polling. If the context ends first, it returns an error with the number of requests that
// had arrived. The condition is evaluated on a copy of all requests after each change; to
// wait for a number of requests, [Server.WaitFor] is cheaper.
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

// WaitFor returns as soon as n requests for an operation have been handled, counted from
// the start or the last [Server.Forget]. It costs one comparison per request. If the
// context ends first, it returns an error as [Server.Wait] does.
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
