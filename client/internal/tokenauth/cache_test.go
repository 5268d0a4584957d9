package tokenauth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"
)

// source issues token1, token2, and so on. Each takes a second to issue and is valid for an
// hour.
type source struct {
	mu          sync.Mutex
	issued      int
	fail        error
	same        bool
	life        time.Duration
	invalidated []string
}

func (s *source) Token(ctx context.Context) (*oauth2.Token, error) {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued++
	if s.fail != nil {
		return nil, s.fail
	}
	n := s.issued
	if s.same {
		n = 1
	}
	life := s.life
	if life == 0 {
		life = time.Hour
	}
	return &oauth2.Token{AccessToken: fmt.Sprint("token", n), Expiry: time.Now().Add(life)}, nil
}

func (s *source) Invalidate(refused *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invalidated = append(s.invalidated, refused.AccessToken)
}

func wantToken(t *testing.T, c *Cache, want string) {
	t.Helper()
	got, err := c.Token(t.Context())
	if err != nil || got.AccessToken != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
}

// pass lets faked time pass.
func pass(d time.Duration) { <-time.After(d) }

// concurrently runs f n times at once and waits.
func concurrently(n int, f func()) {
	var all sync.WaitGroup
	for range n {
		all.Go(f)
	}
	all.Wait()
}

func TestOneTokenForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{}
		c := NewCache(src, func(string) {})
		began := time.Now()
		concurrently(50, func() { wantToken(t, c, "token1") })
		if src.issued != 1 || time.Since(began) != time.Second {
			t.Errorf("50 calls got %d issued tokens in %s, want 1 in 1s", src.issued, time.Since(began))
		}
	})
}

// TestRenewal checks that one call renews a token before it expires, while the other calls
// use the old token.
func TestRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{}
		c := NewCache(src, func(string) {})
		wantToken(t, c, "token1")
		pass(time.Hour - renewBefore - 1)
		wantToken(t, c, "token1")
		pass(1)
		var renewing sync.WaitGroup
		renewing.Go(func() { wantToken(t, c, "token2") })
		synctest.Wait()
		began := time.Now()
		concurrently(20, func() { wantToken(t, c, "token1") })
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the other calls waited %s for the renewal, want 0", waited)
		}
		renewing.Wait()
		wantToken(t, c, "token2")
		if src.issued != 2 {
			t.Errorf("%d tokens issued, want 2", src.issued)
		}
	})
}

// TestRenewalFails checks that the old token is used as long as it is valid, and not
// longer.
func TestRenewalFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{}
		c := NewCache(src, func(string) {})
		wantToken(t, c, "token1")
		src.fail = errors.New("no")
		pass(time.Hour - renewBefore)
		wantToken(t, c, "token1")
		pass(renewBefore - minRemaining)
		if _, err := c.Token(t.Context()); err == nil {
			t.Error("an expiring token was returned")
		}
	})
}

func TestShortLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(&source{life: 2 * time.Second}, func(string) {})
		wantToken(t, c, "token1")
		pass(1700 * time.Millisecond)
		wantToken(t, c, "token1")
		pass(200 * time.Millisecond) // 0.1 s left: neither fresh nor safe to send
		wantToken(t, c, "token2")
	})
}

// TestSharedFailure checks that calls that wait for a fetch share its failure, but not the
// end of the fetching call's own context.
func TestSharedFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{fail: errors.New("invalid_client")}
		c := NewCache(src, func(string) {})
		concurrently(50, func() {
			if _, err := c.Token(t.Context()); !errors.Is(err, src.fail) {
				t.Errorf("got %v, want the source's failure", err)
			}
		})
		if src.issued != 1 {
			t.Errorf("%d fetches, want 1", src.issued)
		}
		src.fail = nil
		ctx, cancel := context.WithCancel(t.Context())
		var first sync.WaitGroup
		first.Go(func() {
			if _, err := c.Token(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want the canceled context", err)
			}
		})
		synctest.Wait()
		var rest sync.WaitGroup
		for range 10 {
			rest.Go(func() { wantToken(t, c, "token2") })
		}
		synctest.Wait()
		cancel()
		first.Wait()
		rest.Wait()
	})
}

func TestWaitEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(&source{}, func(string) {})
		var first sync.WaitGroup
		first.Go(func() { wantToken(t, c, "token1") })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := c.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		first.Wait()
	})
}

// TestReplace checks that many calls whose token was refused get one new token.
func TestReplace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &source{}
		c := NewCache(src, func(string) {})
		refused, _ := c.Token(t.Context())
		concurrently(50, func() {
			got, err := c.Replace(t.Context(), refused)
			if err != nil || got.AccessToken != "token2" {
				t.Errorf("got %v, %v, want token2", got, err)
			}
		})
		if src.issued != 2 || fmt.Sprint(src.invalidated) != "[token1]" {
			t.Errorf("issued %d, invalidated %v, want 2 and [token1]", src.issued, src.invalidated)
		}
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(&source{}, func(string) {})
		wantToken(t, c, "token1")
		for _, want := range []string{"token1", ""} {
			tok, err := c.Close(t.Context())
			if got := tok; err != nil || (got == nil) != (want == "") {
				t.Errorf("Close returned %v, %v, want %q", got, err, want)
			}
		}
		if _, err := c.Token(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
}

func TestNoToken(t *testing.T) {
	for _, tok := range []*oauth2.Token{nil, {}} {
		c := NewCache(fixed{tok}, func(string) {})
		if _, err := c.Token(t.Context()); err == nil {
			t.Errorf("%v was accepted as a token", tok)
		}
	}
}

type fixed struct{ tok *oauth2.Token }

func (f fixed) Token(context.Context) (*oauth2.Token, error) { return f.tok, nil }

// TestLimiter checks the limits of 10 requests per minute and 100 per hour.
func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := fixed{&oauth2.Token{AccessToken: "t"}}
		l := &Limiter{Source: src}
		began := time.Now()
		var granted []time.Duration
		for time.Since(began) < 2*time.Hour {
			_, err := l.Token(t.Context())
			if err == nil {
				granted = append(granted, time.Since(began))
				continue
			}
			var limit *LimitError
			if !errors.As(err, &limit) || limit.RetryAfter <= 0 {
				t.Fatalf("got %v, want a LimitError with a wait", err)
			}
			pass(limit.RetryAfter)
		}
		for i, at := range granted {
			if i >= 10 && at-granted[i-10] < time.Minute {
				t.Errorf("request %d came %s after the tenth request before it", i, at-granted[i-10])
			}
			if i >= 100 && at-granted[i-100] < time.Hour {
				t.Errorf("request %d came %s after the hundredth request before it", i, at-granted[i-100])
			}
		}
		if len(granted) != 200 {
			t.Errorf("%d requests in two hours, want 200", len(granted))
		}
	})
}
