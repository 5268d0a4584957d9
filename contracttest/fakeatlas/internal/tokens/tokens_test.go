package tokens_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/tokens"
)

func newIssuer(now *time.Time, limits tokens.Limits) *tokens.Issuer {
	return tokens.New(func() time.Time { return *now }, limits)
}

// TestDefaultLimits checks that a zero limit means Atlas's value, and that others are kept.
func TestDefaultLimits(t *testing.T) {
	now := time.Now()
	own := tokens.Limits{Life: time.Minute, PerMinute: 1, Active: 2}
	for limits, want := range map[tokens.Limits]tokens.Limits{
		{}:  {Life: time.Hour, PerMinute: 10, Active: 100},
		own: own,
	} {
		if got := newIssuer(&now, limits).Limits(); got != want {
			t.Errorf("%+v: got %+v, want %+v", limits, got, want)
		}
	}
}

func TestTokenExpires(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{})
	token, err := i.Issue("client", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour - 1)
	if owner, ok := i.Owner(token); !ok || owner != "client" {
		t.Errorf("before it expires: %q, %t", owner, ok)
	}
	now = now.Add(1)
	if _, ok := i.Owner(token); ok {
		t.Error("the token is still valid after an hour")
	}
}

func TestRevoke(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{})
	token, err := i.Issue("client", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	i.Revoke("other", token)
	if _, ok := i.Owner(token); !ok {
		t.Error("another account could revoke it")
	}
	i.Revoke("client", token)
	if _, ok := i.Owner(token); ok {
		t.Error("the token is still valid after its owner revoked it")
	}
}

// Ten requests per minute are allowed for an address and a client, counted over a sliding
// window.
func TestRequestLimit(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{})
	for n := range 10 {
		if err := i.Count("192.0.2.1", "client"); err != nil {
			t.Fatalf("request %d: %v", n+1, err)
		}
		now = now.Add(time.Second)
	}
	if err := i.Count("192.0.2.1", "client"); !errors.Is(err, tokens.ErrRateLimited) {
		t.Errorf("the eleventh: %v", err)
	}
	for _, other := range [][2]string{{"192.0.2.2", "client"}, {"192.0.2.1", "other"}} {
		if err := i.Count(other[0], other[1]); err != nil {
			t.Errorf("%v shares the limit: %v", other, err)
		}
	}
	now = now.Add(50 * time.Second) // the first one is a minute old
	if err := i.Count("192.0.2.1", "client"); err != nil {
		t.Errorf("a minute after the first: %v", err)
	}
	if err := i.Count("192.0.2.1", "client"); !errors.Is(err, tokens.ErrRateLimited) {
		t.Errorf("the second within that second: %v", err)
	}
}

// A hundred active tokens are allowed per account. Revoked and expired tokens do not count.
func TestActiveTokenLimit(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{})
	var first string
	for n := range 100 {
		token, err := i.Issue("client", time.Hour)
		if err != nil {
			t.Fatalf("token %d: %v", n+1, err)
		}
		if n == 0 {
			first = token
		}
	}
	if _, err := i.Issue("client", time.Hour); !errors.Is(err, tokens.ErrTooManyActive) {
		t.Errorf("the 101st: %v", err)
	}
	if _, err := i.Issue("other", time.Hour); err != nil {
		t.Errorf("another account: %v", err)
	}
	i.Revoke("client", first)
	if _, err := i.Issue("client", time.Hour); err != nil {
		t.Errorf("after one was revoked: %v", err)
	}
	now = now.Add(time.Hour)
	if _, err := i.Issue("client", time.Hour); err != nil {
		t.Errorf("after all expired: %v", err)
	}
}

// Memory does not grow without limit with the number of addresses.
func TestSourcesAreBounded(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{PerMinute: 1})
	for n := range 1<<14 + 1 {
		if err := i.Count(strconv.Itoa(n), "client"); err != nil {
			t.Fatal(n, err)
		}
	}
	if err := i.Count("0", "client"); err != nil {
		t.Errorf("the first was not forgotten: %v", err)
	}
}

// Without limits, neither requests nor active tokens are refused. Memory is still bounded:
// the oldest tokens become invalid.
func TestUnlimited(t *testing.T) {
	now := time.Now()
	i := newIssuer(&now, tokens.Limits{PerMinute: tokens.Unlimited, Active: tokens.Unlimited})
	var issued []string
	for n := range 1<<16 + 1 {
		if err := i.Count("192.0.2.1", "client"); err != nil {
			t.Fatalf("request %d: %v", n+1, err)
		}
		token, err := i.Issue("client", time.Hour)
		if err != nil {
			t.Fatalf("token %d: %v", n+1, err)
		}
		issued = append(issued, token)
	}
	if _, ok := i.Owner(issued[0]); ok {
		t.Error("the oldest is still valid")
	}
	for _, token := range []string{issued[1], issued[len(issued)-1]} {
		if _, ok := i.Owner(token); !ok {
			t.Error("a newer token is not valid")
		}
	}
}
