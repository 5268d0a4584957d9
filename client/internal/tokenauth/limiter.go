package tokenauth

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"
)

// The limits of Atlas for a service account: token requests per minute for an address and
// client, and tokens active at the same time, each for an hour. Exceeding the limits would
// lock out the account's other users too, so the client stops before it reaches them.
const (
	maxPerMinute = 10
	maxActive    = 100
	tokenLife    = time.Hour
)

// LimitError reports that another token request would exceed the limits of Atlas.
type LimitError struct {
	// RetryAfter is the time until the next request is within the limits.
	RetryAfter time.Duration
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("no further access token was requested: Atlas allows %d requests per minute and %d active tokens", maxPerMinute, maxActive)
}

// Limiter is a Source that calls another Source within Atlas's limits. Like every Source
// it is called by one goroutine at a time.
type Limiter struct {
	Source   Source
	requests []time.Time // requests of the last hour, oldest first
}

// Token returns a token from the source, or a *LimitError.
func (l *Limiter) Token(ctx context.Context) (*oauth2.Token, error) {
	now := time.Now()
	for len(l.requests) > 0 && now.Sub(l.requests[0]) >= tokenLife {
		l.requests = l.requests[1:]
	}
	wait := max(l.wait(now, maxPerMinute, time.Minute), l.wait(now, maxActive, tokenLife))
	if wait > 0 {
		return nil, &LimitError{RetryAfter: wait}
	}
	l.requests = append(l.requests, now)
	return l.Source.Token(ctx)
}

// wait returns the time until the n-th last request is older than the window.
func (l *Limiter) wait(now time.Time, n int, window time.Duration) time.Duration {
	if len(l.requests) < n {
		return 0
	}
	return l.requests[len(l.requests)-n].Add(window).Sub(now)
}
