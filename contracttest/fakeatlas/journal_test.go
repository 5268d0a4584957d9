package fakeatlas

import (
	"context"
	"errors"
	"testing"
)

// A fake that runs for days remembers at most the configured number of requests.
func TestJournalIsBounded(t *testing.T) {
	for _, keep := range []int{0, 1, 7} {
		j := newJournal(keep)
		for n := range 1000 {
			j.arrive(Request{Remote: string(rune(n))})
			if len(j.entries) > keep {
				t.Fatalf("%d requests in memory with a limit of %d", len(j.entries), keep)
			}
		}
		requests := j.requests()
		if len(requests) != keep || keep > 0 && requests[keep-1].Remote != string(rune(999)) {
			t.Errorf("%d requests shown, want the newest %d", len(requests), keep)
		}
	}
}

// The journal keeps 64 KiB of a body, and does not keep the rest in memory.
func TestJournalKeepsTheBeginningOfABody(t *testing.T) {
	body := make([]byte, 1<<20)
	for _, tt := range []struct{ keep, size, want int }{
		{1, 1 << 20, maxKeptBody}, {1, 10, 10}, {1, 0, 0}, {0, 1 << 20, 0},
	} {
		kept := newJournal(tt.keep).keptBody(body[:tt.size])
		if len(kept) != tt.want || cap(kept) > max(tt.want, 64) {
			t.Errorf("of %d bytes %d are kept, in a slice of %d; want %d", tt.size, len(kept), cap(kept), tt.want)
		}
	}
}

// A goroutine in WaitFor does not make requests more expensive, however many requests are
// remembered.
func TestWaitForCostsNothingPerRequest(t *testing.T) {
	cost := func(waiting bool) float64 {
		j := newJournal(10_000)
		for range 10_000 {
			j.arrive(Request{})
		}
		if waiting {
			_, stop := j.await(OpList, 1<<30)
			defer stop()
		}
		return testing.AllocsPerRun(1000, func() { j.finish(j.arrive(Request{}), Request{Operation: OpList, Status: 200}) })
	}
	if idle, waiting := cost(false), cost(true); waiting > idle {
		t.Errorf("%v allocations for a request with one waiter, %v without", waiting, idle)
	}
}

// WaitFor counts handled requests of one operation, even those that are no longer
// remembered, and leaves no waiter behind.
func TestWaitForCounts(t *testing.T) {
	s := &Server{journal: newJournal(1)}
	handle := func(op Operation, status int) {
		s.journal.finish(s.journal.arrive(Request{}), Request{Operation: op, Status: status})
	}
	handle(OpList, 200)
	handle(OpGet, 200)
	handle(OpList, 0) // a connection that was reset
	over, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if err := s.WaitFor(over, OpList, 1); err != nil {
		t.Errorf("requests handled before: %v", err)
	}
	if err := s.WaitFor(over, OpList, 2); err == nil || err.Error() != "fakeatlas: still waiting after 3 requests: enough" {
		t.Errorf("a second handled list: %v", err)
	}
	if n := len(s.journal.counts); n != 0 {
		t.Errorf("%d waiters are left", n)
	}
	done := make(chan error, 1)
	go func() { done <- s.WaitFor(t.Context(), OpList, 2) }()
	handle(OpList, 503)
	if err := <-done; err != nil {
		t.Error(err)
	}
	s.Forget()
	if err := s.WaitFor(over, OpList, 1); err == nil {
		t.Error("Forget did not reset the count")
	}
}
