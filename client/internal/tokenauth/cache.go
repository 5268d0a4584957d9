package tokenauth

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	// A token is renewed this long before it expires, or when a tenth of its lifetime is
	// left, whichever is later. Atlas's tokens are valid for an hour.
	renewBefore = 5 * time.Minute
	// A token that expires sooner than this is not sent, because it could expire in
	// transit. For short lifetimes, it is half of the remaining lifetime at which a token
	// is renewed.
	minRemaining = 10 * time.Second
)

// ErrClosed is returned for calls after Close.
var ErrClosed = errors.New("the client is closed")

// Source fetches a token. It is called by one goroutine at a time, with the
// context of the call that needs the token.
type Source interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Invalidator is implemented by a Source that caches tokens. Invalidate is called with a
// token that the server refused, once for each token, before the source is asked for
// another one. It may be called from any goroutine.
type Invalidator interface {
	Invalidate(refused *oauth2.Token)
}

// Cache keeps the current token. It is safe for concurrent use.
type Cache struct {
	source Source
	issued func(token string)
	// fetching is a lock that a goroutine can stop waiting for when a context ends. The
	// goroutine that has sent a value holds the lock.
	fetching chan struct{}

	mu       sync.Mutex
	current  cachedToken
	fetches  uint64 // number of completed fetches
	failure  error  // error of the last fetch; nil if its own context ended it
	isClosed bool
}

// cachedToken is a token and the times computed from its lifetime.
type cachedToken struct {
	token     *oauth2.Token
	renewAt   time.Time // when to renew it; zero means never
	sendUntil time.Time // when to stop sending it; zero means never
}

// NewCache returns an empty cache over source. It calls issued with every token that
// the source returns, before the token is used.
func NewCache(source Source, issued func(token string)) *Cache {
	return &Cache{source: source, issued: issued, fetching: make(chan struct{}, 1)}
}

// Token returns the current token, and fetches one if there is none. If the token should
// be renewed, one call renews it while the others use the old one.
func (c *Cache) Token(ctx context.Context) (*oauth2.Token, error) {
	tok, renewalDue, seen, err := c.peek()
	if err != nil || (tok != nil && !renewalDue) {
		return tok, err
	}
	if tok != nil && !c.tryLock() {
		return tok, nil
	}
	if tok == nil {
		if err := c.lock(ctx); err != nil {
			return nil, err
		}
	}
	defer c.unlock()
	now, renewalDue, since, err := c.peek()
	if err != nil || (now != nil && !renewalDue) {
		return now, err
	}
	if failure := c.failureAfter(seen, since); failure != nil && now == nil {
		return nil, failure
	}
	fresh, err := c.fetch(ctx)
	if err != nil && now != nil {
		return now, nil // the old one is still valid
	}
	return fresh, err
}

// Replace returns a token other than refused: one that another call has fetched in the
// meantime, or a new one.
func (c *Cache) Replace(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	if inv, ok := c.source.(Invalidator); c.drop(refused) && ok {
		inv.Invalidate(refused)
	}
	return c.Token(ctx)
}

// drop drops the current token if it is the refused one, and reports whether it was.
func (c *Cache) drop(refused *oauth2.Token) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current.token == nil || c.current.token.AccessToken != refused.AccessToken {
		return false
	}
	c.current = cachedToken{}
	return true
}

// Close makes every later call fail and returns the current token, nil if there is none.
// It waits for a fetch in progress.
func (c *Cache) Close(ctx context.Context) (*oauth2.Token, error) {
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	tok := c.current.token
	c.current, c.isClosed = cachedToken{}, true
	return tok, nil
}

// peek returns the token if it can be sent, whether it should be renewed, and the number of
// completed fetches.
func (c *Cache) peek() (tok *oauth2.Token, renewalDue bool, fetches uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed {
		return nil, false, 0, ErrClosed
	}
	now := time.Now()
	if t := c.current; t.token != nil && (t.sendUntil.IsZero() || now.Before(t.sendUntil)) {
		tok = t.token
		renewalDue = !t.renewAt.IsZero() && !now.Before(t.renewAt)
	}
	return tok, renewalDue, c.fetches, nil
}

// failureAfter returns the failure of a fetch that ended while the caller waited. All
// waiting calls share the failure, instead of fetching one after the other.
func (c *Cache) failureAfter(seen, since uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since == seen {
		return nil
	}
	return c.failure
}

// fetch gets a token from the source and keeps it. The caller must hold the lock.
func (c *Cache) fetch(ctx context.Context) (*oauth2.Token, error) {
	tok, err := c.source.Token(ctx)
	if err == nil && (tok == nil || tok.AccessToken == "") {
		err = errors.New("the token source returned no access token")
	}
	if err == nil {
		c.issued(tok.AccessToken)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetches++
	c.failure = err
	if ctx.Err() != nil {
		c.failure = nil // the end of one call's context does not affect the other calls
	}
	if err != nil {
		return nil, err
	}
	c.current = withTimes(tok, time.Now())
	return tok, nil
}

// withTimes computes the times at which to renew tok and to stop sending it.
func withTimes(tok *oauth2.Token, now time.Time) cachedToken {
	h := cachedToken{token: tok}
	if tok.Expiry.IsZero() {
		return h
	}
	early := min(renewBefore, tok.Expiry.Sub(now)/10)
	h.renewAt = tok.Expiry.Add(-early)
	h.sendUntil = tok.Expiry.Add(-min(minRemaining, early/2))
	return h
}

func (c *Cache) lock(ctx context.Context) error {
	select {
	case c.fetching <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *Cache) tryLock() bool {
	select {
	case c.fetching <- struct{}{}:
		return true
	default:
		return false
	}
}

func (c *Cache) unlock() { <-c.fetching }
