package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// hanging returns a client with a transport that never responds.
func hanging(t *testing.T, opts ...client.Option) *client.Client {
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	})}
	return newClient(t, client.AccessToken("token"), client.DefaultBaseURL, append(opts, client.WithHTTPClient(hc))...)
}

// TestCallTimeout checks that the option limits the attempts of one call only, and that the
// error names the option.
func TestCallTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		opts []client.CallOption
		want time.Duration
		text string
	}{
		"the client's": {nil, time.Minute, "WithTimeout"},
		"the call's":   {[]client.CallOption{client.CallTimeout(time.Second)}, time.Second, "CallTimeout"},
		"a longer one": {[]client.CallOption{client.CallTimeout(time.Second), nil, client.CallTimeout(time.Hour)}, time.Hour, "CallTimeout"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := hanging(t, once)
				began := time.Now()
				_, err := c.Get(t.Context(), project, bucket, test.opts...)
				if took := time.Since(began); took != test.want || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), test.text) {
					t.Errorf("after %s: %v, want %s and %s", took, err, test.want, test.text)
				}
			})
		})
	}
}

// TestNoCallTimeout checks that without a timeout only the context limits a call.
func TestNoCallTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
		defer cancel()
		began := time.Now()
		if _, err := hanging(t).Get(ctx, project, bucket, client.CallTimeout(0)); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 24*time.Hour {
			t.Errorf("after %s: %v, want the end of the context", time.Since(began), err)
		}
	})
}

// TestCallRetryPolicy checks that CallRetryPolicy replaces the policy of one call, for every
// method of the client.
func TestCallRetryPolicy(t *testing.T) {
	var n counter
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		n.next()
		w.WriteHeader(http.StatusServiceUnavailable)
	}, promptly)
	never := client.CallRetryPolicy(client.RetryPolicy{MaxAttempts: 1})
	calls := map[string]func() error{
		"Get":      func() error { _, err := c.Get(t.Context(), project, bucket, never); return err },
		"ListPage": func() error { _, err := c.ListPage(t.Context(), project, nil, never); return err },
		"Update": func() error {
			_, err := c.Update(t.Context(), project, bucket, client.Update{RequirePrivateNetworking: client.Ptr(true)}, never)
			return err
		},
		"Create": func() error { _, err := c.Create(t.Context(), project, onAWS, never); return err },
		"Delete": func() error { return c.Delete(t.Context(), project, bucket, never) },
		"Ensure": func() error { _, _, err := c.Ensure(t.Context(), project, onAWS, never); return err },
		"List": func() error {
			for _, err := range c.List(t.Context(), project, nil, never) {
				return err
			}
			return nil
		},
	}
	for name, call := range calls {
		before := n.count()
		if err := call(); !errors.Is(err, client.ErrServer) || n.count()-before != 1 {
			t.Errorf("%s: %d requests and %v, want 1 and 503", name, n.count()-before, err)
		}
	}
	if _, err := c.Get(t.Context(), project, bucket); err == nil || n.count() != len(calls)+4 {
		t.Errorf("the next call does not use the client's policy: %d requests", n.count()-len(calls))
	}
}

// TestShouldRetry checks that the caller decides which failures are retried, among those
// that are safe to retry.
func TestShouldRetry(t *testing.T) {
	always := func(client.Attempt) bool { return true }
	tests := []struct {
		name     string
		fail     http.HandlerFunc
		should   func(client.Attempt) bool
		get      int // requests
		create   int
		byItself bool
	}{
		{"500, always", respond(500, plainJSON, "{}"), always, 3, 1, false},
		{"400, always", respond(400, plainJSON, "{}"), always, 3, 3, false},
		{"404, always", respond(404, plainJSON, "{}"), always, 3, 3, false},
		{"429, always", respond(429, plainJSON, "{}"), always, 3, 3, true},
		{"503, never", respond(503, plainJSON, "{}"), func(client.Attempt) bool { return false }, 1, 1, true},
		{"503, once", respond(503, plainJSON, "{}"), func(a client.Attempt) bool { return a.Number == 1 }, 2, 1, true},
		{"503, as the client", respond(503, plainJSON, "{}"), func(a client.Attempt) bool { return a.Retry }, 3, 1, true},
		{"closed, always", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, always, 3, 1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var n counter
			var asked []client.Attempt
			policy := client.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Microsecond, RateLimitDelay: time.Microsecond, ShouldRetry: func(a client.Attempt) bool {
				asked = append(asked, a)
				return test.should(a)
			}}
			c := clientOf(t, func(w http.ResponseWriter, r *http.Request) { n.next(); test.fail(w, r) }, client.WithRetryPolicy(policy))
			if _, err := c.Get(t.Context(), project, bucket); err == nil || n.count() != test.get {
				t.Errorf("Get: %d requests and %v, want %d", n.count(), err, test.get)
			}
			for i, a := range asked {
				if a.Method != http.MethodGet || !strings.HasSuffix(a.Path, bucket) || a.Number != i+1 || (a.StatusCode == 0) == (a.Err == nil) || a.Retry != test.byItself {
					t.Errorf("ShouldRetry was called with %+v", a)
				}
			}
			before := n.count()
			if _, err := c.Create(t.Context(), project, onAWS); err == nil || n.count()-before != test.create {
				t.Errorf("Create: %d requests and %v, want %d", n.count()-before, err, test.create)
			}
		})
	}
}

// TestListResumes resumes a failed list at the page that failed, which fails once more. Every
// bucket must be listed once.
func TestListResumes(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(25), fakeatlas.Inject(fakeatlas.Status(500).On(fakeatlas.OpList).Page(3).Times(2)))
	c := keyed(t, srv)
	seen := map[string]int{}
	opts := &client.ListOptions{ItemsPerPage: 10}
	failures := 0
	for opts != nil {
		resume := opts
		opts = nil
		for b, err := range c.List(t.Context(), srv.ProjectID, resume) {
			var broken *client.ListError
			if errors.As(err, &broken) && errors.Is(err, client.ErrServer) && strings.HasSuffix(err.Error(), "(page 3 of the list)") {
				failures++
				opts = &broken.Resume
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			seen[b.ID]++
		}
	}
	if failures != 2 || len(seen) != 25 {
		t.Errorf("%d buckets after %d failures, want 25 after 2", len(seen), failures)
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
}

// TestListNotResumable checks that a list that has nothing to resume from does not end with a
// ListError.
func TestListNotResumable(t *testing.T) {
	c := clientOf(t, respond(403, plainJSON, "{}"))
	for name, test := range map[string]struct {
		project string
		options client.ListOptions
		want    error
	}{
		"the first page":       {project, client.ListOptions{}, client.ErrForbidden},
		"an invalid project":   {"x", client.ListOptions{PageNum: 2}, client.ErrInvalidArgument},
		"an invalid page size": {project, client.ListOptions{PageNum: 2, ItemsPerPage: 501}, client.ErrInvalidArgument},
		"an invalid page":      {project, client.ListOptions{PageNum: -1}, client.ErrInvalidArgument},
	} {
		_, err := collect(t.Context(), c, test.project, &test.options)
		var broken *client.ListError
		if errors.As(err, &broken) || !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}
