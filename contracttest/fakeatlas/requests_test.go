package fakeatlas_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestWaitForCondition checks that Wait returns when the condition becomes true, here with the
// second request.
func TestWaitForCondition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := bearer(t, srv)
		done := make(chan error, 1)
		two := func(requests []fakeatlas.Request) bool { return len(requests) >= 2 }
		go func() { done <- srv.Wait(t.Context(), two) }()
		for n := 1; n <= 2; n++ {
			c.ask("GET", "", "")
			synctest.Wait()
			if ended := len(done) > 0; ended != (n == 2) {
				t.Errorf("after %d requests the wait has ended: %t", n, ended)
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		err := srv.Wait(ctx, func([]fakeatlas.Request) bool { return false })
		if err == nil || err.Error() != "fakeatlas: still waiting after 2 requests: enough" {
			t.Error(err)
		}
	})
}

// TestRequestAddress checks the caller's address, with and without a port.
func TestRequestAddress(t *testing.T) {
	for remote, want := range map[string]string{"192.0.2.7:50123": "192.0.2.7", "[2001:db8::1]:50123": "2001:db8::1", "pipe": "pipe"} {
		if got := (fakeatlas.Request{Remote: remote}).Address(); got != want {
			t.Errorf("%s: got %s, want %s", remote, got, want)
		}
	}
}

// TestDeleteKeepsTheOthers checks that a deletion leaves the other buckets unchanged.
func TestDeleteKeepsTheOthers(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	before := srv.Buckets(srv.ProjectID)
	if got := bearer(t, srv).ask("DELETE", before[1].ID, ""); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	after := srv.Buckets(srv.ProjectID)
	if len(after) != 2 || after[0] != before[0] || after[1] != before[2] {
		t.Errorf("the buckets are %+v, want the first and the third of %+v", after, before)
	}
}

// TestCloseWithARequestInProgress checks that Close waits 5 s for a request whose body is still
// being sent, and then closes the connection.
func TestCloseWithARequestInProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := bearer(t, srv)
		body, rest := io.Pipe()
		failed := make(chan error, 1)
		go func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+c.path(""), body)
			if err == nil {
				var res *http.Response
				if res, err = c.http.Do(req); err == nil {
					err = res.Body.Close()
				}
			}
			failed <- err
		}()
		synctest.Wait()
		began := time.Now()
		if err := srv.Close(); err != nil || time.Since(began) != 5*time.Second {
			t.Errorf("closed with %v after %s, want no error after 5s", err, time.Since(began))
		}
		_ = rest.Close()
		if err := <-failed; err == nil {
			t.Error("the request in progress succeeded")
		}
	})
}

// TestUnknownRequestsAreBounded checks that a test reports at most 20 requests that no rule
// allows.
func TestUnknownRequestsAreBounded(t *testing.T) {
	var r recorder
	c := newCaller(t, fakeatlas.New(&r))
	for range 21 {
		c.ask("GET", "/api/atlas/v2/users", "")
	}
	if r.end(); len(r.errs) != 20 {
		t.Errorf("%d errors, want 20", len(r.errs))
	}
}
