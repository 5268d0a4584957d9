package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestRetryWaits checks the waits between attempts, in fake time.
func TestRetryWaits(t *testing.T) {
	policy := client.RetryPolicy{} // the default
	tests := []struct {
		name      string
		fault     func() fakeatlas.Fault
		policy    client.RetryPolicy
		least     time.Duration
		most      time.Duration
		succeeded bool
	}{
		{"Retry-After in seconds", func() fakeatlas.Fault { return fakeatlas.RateLimited(7 * time.Second).Times(3) }, policy, 21 * time.Second, 21 * time.Second, true},
		{"Retry-After beyond the cap", func() fakeatlas.Fault { return fakeatlas.RateLimited(time.Hour).Times(1) }, policy, time.Minute, time.Minute, true},
		{"Retry-After beyond the policy's own cap", func() fakeatlas.Fault { return fakeatlas.RateLimited(time.Hour).Times(1) }, client.RetryPolicy{MaxDelay: time.Second}, time.Second, time.Second, true},
		{"429 without headers", func() fakeatlas.Fault { return fakeatlas.RateLimited(0).Times(3) }, policy, 0, 70 * time.Second, true},
		{"503", func() fakeatlas.Fault { return fakeatlas.Status(503).Times(3) }, policy, 0, 3500 * time.Millisecond, true},
		{"503 for ever", func() fakeatlas.Fault { return fakeatlas.Status(503) }, policy, 0, 3500 * time.Millisecond, false},
		{"503 for ever, many attempts", func() fakeatlas.Fault { return fakeatlas.Status(503) }, client.RetryPolicy{MaxAttempts: 8, MaxDelay: time.Second}, 0, 6500 * time.Millisecond, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
				c := keyed(t, srv, client.WithHTTPClient(hc), client.WithRetryPolicy(test.policy))
				began := time.Now()
				_, err := c.Get(t.Context(), project, bucket)
				if took := time.Since(began); took < test.least || took > test.most {
					t.Errorf("took %s, want %s to %s", took, test.least, test.most)
				}
				if (err == nil) != test.succeeded {
					t.Errorf("got %v, want success: %t", err, test.succeeded)
				}
			}, fakeatlas.Inject(test.fault()))
		})
	}
}

// TestJitterIsFull measures the waits of many calls. They must be spread over the whole
// range rather than gather at its end. After 429 the range is larger.
func TestJitterIsFull(t *testing.T) {
	for _, test := range []struct {
		name   string
		fault  fakeatlas.Fault
		policy client.RetryPolicy
		most   time.Duration
	}{
		{"503", fakeatlas.Status(503), client.RetryPolicy{}, 500 * time.Millisecond},
		{"429", fakeatlas.RateLimited(0), client.RetryPolicy{}, 10 * time.Second},
		{"429 with a base delay", fakeatlas.RateLimited(0), client.RetryPolicy{BaseDelay: time.Second}, 20 * time.Second},
		{"429 with its own delay", fakeatlas.RateLimited(0), client.RetryPolicy{RateLimitDelay: time.Second}, time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
				test.policy.MaxAttempts, test.policy.Budget = 2, -1
				c := keyed(t, srv, client.WithHTTPClient(hc), client.WithRetryPolicy(test.policy))
				low, high := 0, 0
				for range 150 {
					began := time.Now()
					_, _ = c.Get(t.Context(), project, bucket)
					switch took := time.Since(began); {
					case took > test.most:
						t.Errorf("waited %s, want at most %s", took, test.most)
					case took < test.most/4:
						low++
					case took > test.most*3/4:
						high++
					}
				}
				if low < 10 || high < 10 {
					t.Errorf("of 150 waits %d were in the lowest quarter and %d in the highest, want about 37 each", low, high)
				}
			}, fakeatlas.Inject(test.fault))
		})
	}
}

// TestWaitsDouble measures calls of four attempts. The three waits are at most 0.5, 1 and 2
// s.
func TestWaitsDouble(t *testing.T) {
	inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
		c := keyed(t, srv, client.WithHTTPClient(hc), client.WithRetryPolicy(client.RetryPolicy{Budget: -1}))
		var longest time.Duration
		for range 400 {
			began := time.Now()
			_, _ = c.Get(t.Context(), project, bucket)
			longest = max(longest, time.Since(began))
		}
		if longest < 2500*time.Millisecond || longest > 3500*time.Millisecond {
			t.Errorf("the longest of 400 calls waited %s, want about 3.5s", longest)
		}
	}, fakeatlas.Inject(fakeatlas.Status(503)))
}

// TestRetryAfterDate checks the date form of the header, with and without a leading zero in
// the day.
func TestRetryAfterDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, layout := range []string{http.TimeFormat, "Mon, 2 Jan 2006 15:04:05 GMT"} {
			requests := 0
			at := time.Now().UTC().Add(9 * time.Second).Truncate(time.Second)
			hc := &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
				w := httptest.NewRecorder()
				if requests++; requests == 1 {
					w.Header().Set("Retry-After", at.Format(layout))
					write(w, http.StatusTooManyRequests, "{}")
				} else {
					write(w, http.StatusOK, oneBucket)
				}
				return w.Result(), nil
			})}
			c := newClient(t, client.AccessToken("token"), client.DefaultBaseURL, client.WithHTTPClient(hc))
			if _, err := c.Get(t.Context(), project, bucket); err != nil {
				t.Error(err)
			}
			if now := time.Now(); now.Before(at) || now.Sub(at) > time.Second {
				t.Errorf("tried again at %s, want %s", now, at)
			}
		}
	})
}

// TestDeadlineBoundsRetries checks that the last result is returned immediately if the wait
// would last until the context's deadline or longer.
func TestDeadlineBoundsRetries(t *testing.T) {
	const asked = 30 * time.Second
	for deadline, attempts := range map[time.Duration]int{10 * time.Second: 1, asked: 1, asked + time.Nanosecond: 2} {
		inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
			c := newClient(t, client.AccessToken(accessToken(t, srv)), srv.URL, client.WithHTTPClient(hc))
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			began := time.Now()
			_, err := c.Get(ctx, project, bucket)
			took, want := time.Since(began), time.Duration(attempts-1)*asked
			var e *client.Error
			if !errors.As(err, &e) || !errors.Is(err, client.ErrRateLimited) || e.RetryAfter != asked || e.Attempts != attempts || took != want {
				t.Errorf("deadline after %s: got %v after %s, want the 429 after %d attempts and %s", deadline, err, took, attempts, want)
			}
		}, fakeatlas.Inject(fakeatlas.RateLimited(asked)))
	}
}

// TestCanceledWait checks that the end of the context ends a wait, whatever failed before it,
// and that the error also has the last response or failure.
func TestCanceledWait(t *testing.T) {
	tests := []struct {
		name   string
		fault  fakeatlas.Fault
		status int
		is     error
	}{
		{"429", fakeatlas.RateLimited(30 * time.Second).On(fakeatlas.OpGet), http.StatusTooManyRequests, client.ErrRateLimited},
		{"a closed connection", fakeatlas.Reset().On(fakeatlas.OpGet), 0, io.EOF},
		{"an incomplete body", fakeatlas.CutBody(-1).On(fakeatlas.OpGet), http.StatusOK, io.ErrUnexpectedEOF},
		{"429 for the token", fakeatlas.RateLimited(30 * time.Second).On(fakeatlas.OpToken), http.StatusTooManyRequests, client.ErrRateLimited},
		{"503 for the token", fakeatlas.Status(503).On(fakeatlas.OpToken), http.StatusServiceUnavailable, client.ErrServer},
		{"no connection for the token", fakeatlas.Reset().On(fakeatlas.OpToken), 0, io.EOF},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
				ctx, cancel := context.WithCancel(t.Context())
				policy := client.RetryPolicy{BaseDelay: time.Hour, MaxDelay: time.Hour, ShouldRetry: func(a client.Attempt) bool {
					time.AfterFunc(0, cancel)
					return a.Retry
				}}
				c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, client.WithHTTPClient(hc), client.WithRetryPolicy(policy))
				_, err := c.Get(ctx, project, bucket)
				var e *client.Error
				if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || e.StatusCode != test.status || e.Attempts != 1 {
					t.Errorf("got %v, want the cancellation with the status %d", err, test.status)
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("%v does not match %v", err, test.is)
				}
			}, fakeatlas.Inject(test.fault))
		})
	}
}
