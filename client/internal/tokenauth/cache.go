package tokenauth

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const (
	// A token is renewed this long before it expires, or when a tenth of its life
	// is left if that is shorter. Atlas's tokens live for an hour.
	renewBefore = 5 * time.Minute
	// A token with less life than this is not sent any more: it could expire on
	// the way. It is half of what renewing leaves if that is shorter.
	usableFor = 10 * time.Second
)

// ErrClosed is returned for calls after Close.
var ErrClosed = errors.New("the client is closed")

// Source fetches a token. It is called by one goroutine at a time, with the
// context of the call that needs the token.
type Source interface {
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Invalidator is implemented by a Source that keeps tokens itself. Invalidate is called with a token
// that the server refused, once for each token, before the source is asked for another one.
// The call may come from any goroutine.
type Invalidator interface {
	Invalidate(refused *oauth2.Token)
}

// Cache keeps the token in use. It is safe for concurrent use.
type Cache struct {
	source Source
	minted func(token string)
	// fetching is a lock that a context can give up waiting for: who has put a
	// value into it fetches.
	fetching chan struct{}

	mu       sync.Mutex
	current  cachedToken
	fetches  uint64 // fetches that ended
	failure  error  // how the last fetch ended; nil too when its own context ended it
	isClosed bool
}

// cachedToken is a token with the times that follow from its life.
type cachedToken struct {
	token  *oauth2.Token
	renew  time.Time // from here on it is renewed; zero: never
	unsafe time.Time // from here on it is not sent; zero: never
}

// NewCache returns an empty cache over source. It calls minted with every token that
// the source returns, before the token is used.
func NewCache(source Source, minted func(token string)) *Cache {
	return &Cache{source: source, minted: minted, fetching: make(chan struct{}, 1)}
}

// Token returns the token in use, fetching one when there is none. When the token
// should be renewed one call renews it; the others go on with the old one.
func (c *Cache) Token(ctx context.Context) (*oauth2.Token, error) {
	tok, due, seen, err := c.look()
	if err != nil || (tok != nil && !due) {
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
	now, due, since, err := c.look()
	if err != nil || (now != nil && !due) {
		return now, err
	}
	if failure := c.failureAfter(seen, since); failure != nil && now == nil {
		return nil, failure
	}
	fresh, err := c.fetch(ctx)
	if err != nil && now != nil {
		return now, nil // the old one works still
	}
	return fresh, err
}

// Replace returns another token than refused: the one that another call has
// fetched meanwhile, or a new one.
func (c *Cache) Replace(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	if inv, ok := c.source.(Invalidator); c.drop(refused) && ok {
		inv.Invalidate(refused)
	}
	return c.Token(ctx)
}

// drop forgets the token in use if it is refused, and reports whether it was.
func (c *Cache) drop(refused *oauth2.Token) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current.token == nil || c.current.token.AccessToken != refused.AccessToken {
		return false
	}
	c.current = cachedToken{}
	return true
}

// Close makes every later call fail and returns the token that was in use, nil
// when there was none. It waits for a fetch under way.
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

// look returns the token if it can be sent, whether it should be renewed, and how
// many fetches have ended.
func (c *Cache) look() (tok *oauth2.Token, due bool, fetches uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed {
		return nil, false, 0, ErrClosed
	}
	now := time.Now()
	if t := c.current; t.token != nil && (t.unsafe.IsZero() || now.Before(t.unsafe)) {
		tok = t.token
		due = !t.renew.IsZero() && !now.Before(t.renew)
	}
	return tok, due, c.fetches, nil
}

// failureAfter returns the failure of a fetch that ended while the caller waited:
// all who waited for it share it, rather than each asking in turn.
func (c *Cache) failureAfter(seen, since uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since == seen {
		return nil
	}
	return c.failure
}

// fetch asks the source and keeps the token that it returns; the caller holds the lock.
func (c *Cache) fetch(ctx context.Context) (*oauth2.Token, error) {
	tok, err := c.source.Token(ctx)
	if err == nil && (tok == nil || tok.AccessToken == "") {
		err = errors.New("the token source gave no access token")
	}
	if err == nil {
		c.minted(tok.AccessToken)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetches++
	c.failure = err
	if ctx.Err() != nil {
		c.failure = nil // the end of one call's context says nothing to the others
	}
	if err != nil {
		return nil, err
	}
	c.current = withTimes(tok, time.Now())
	return tok, nil
}

// withTimes works out when to renew tok and when to stop sending it.
func withTimes(tok *oauth2.Token, now time.Time) cachedToken {
	h := cachedToken{token: tok}
	if tok.Expiry.IsZero() {
		return h
	}
	early := min(renewBefore, tok.Expiry.Sub(now)/10)
	h.renew = tok.Expiry.Add(-early)
	h.unsafe = tok.Expiry.Add(-min(usableFor, early/2))
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
