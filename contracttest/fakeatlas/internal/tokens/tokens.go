// Package tokens issues, checks and revokes access tokens within the limits of
// Atlas's OAuth 2.0 token endpoint: so many requests a minute for an address and
// a client, and a number of live tokens per account.
package tokens

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"math"
	"sync"
	"time"
)

// The two limits that a request for a token can meet.
var (
	ErrRateLimited = errors.New("tokens: too many token requests in the last minute")
	ErrTooManyLive = errors.New("tokens: too many live tokens for this account")
)

const (
	// maxSources bounds how many address-and-client pairs are counted at a time.
	maxSources = 1 << 14
	// maxTokens bounds how many tokens are remembered, for any limits.
	maxTokens = 1 << 16
)

// Unlimited is the value of a limit that is never reached.
const Unlimited = math.MaxInt

// Limits are the limits that an Issuer enforces. A zero field takes Atlas's value.
type Limits struct {
	Life      time.Duration // of a token; Atlas: 1 h
	PerMinute int           // token requests for an address and client; Atlas: 10
	Live      int           // live tokens per account; Atlas: 100
}

func (l Limits) orDefault() Limits {
	if l.Life == 0 {
		l.Life = time.Hour
	}
	if l.PerMinute == 0 {
		l.PerMinute = 10
	}
	if l.Live == 0 {
		l.Live = 100
	}
	return l
}

// Issuer issues tokens and keeps the live ones. Its methods are safe for concurrent use.
type Issuer struct {
	now    func() time.Time
	limits Limits

	mu       sync.Mutex
	live     map[string]grant       // by token
	order    []string               // the tokens as they were issued, oldest first; some may be revoked
	liveOf   map[string]int         // how many live tokens an account has
	requests map[string][]time.Time // by address and client, those of the last minute
}

type grant struct {
	account string
	expires time.Time
}

// New makes an Issuer that takes the time from now.
func New(now func() time.Time, limits Limits) *Issuer {
	return &Issuer{
		now: now, limits: limits.orDefault(),
		live: map[string]grant{}, liveOf: map[string]int{}, requests: map[string][]time.Time{},
	}
}

// Limits returns the limits of the Issuer.
func (i *Issuer) Limits() Limits { return i.limits }

// Count takes one token request from the allowance of an address and client, and
// returns [ErrRateLimited] when that is used up. A refused request costs nothing.
func (i *Issuer) Count(address, client string) error {
	if i.limits.PerMinute == Unlimited {
		return nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	now, key := i.now(), address+"\x00"+client
	recent := i.requests[key]
	for len(recent) > 0 && !recent[0].After(now.Add(-time.Minute)) {
		recent = recent[1:]
	}
	if len(recent) >= i.limits.PerMinute {
		i.requests[key] = recent
		return ErrRateLimited
	}
	if len(i.requests) >= maxSources {
		clear(i.requests) // an attack of many addresses: forget rather than grow
	}
	i.requests[key] = append(recent, now)
	return nil
}

// Issue returns a new token for the account, or [ErrTooManyLive].
func (i *Issuer) Issue(account string, life time.Duration) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	for len(i.order) > 0 && i.isOver(i.order[0], now) {
		i.dropOldest()
	}
	if i.liveOf[account] >= i.limits.Live {
		return "", ErrTooManyLive
	}
	if len(i.order) >= maxTokens {
		i.dropOldest()
	}
	raw := make([]byte, 24)
	_, _ = io.ReadFull(rand.Reader, raw) // never fails since Go 1.24
	token := "fakeatlas." + base64.RawURLEncoding.EncodeToString(raw)
	i.live[token] = grant{account: account, expires: now.Add(life)}
	i.order = append(i.order, token)
	i.liveOf[account]++
	return token, nil
}

// isOver reports whether a token was revoked or has expired. The caller holds the lock.
func (i *Issuer) isOver(token string, now time.Time) bool {
	g, ok := i.live[token]
	return !ok || !now.Before(g.expires)
}

// dropOldest forgets the token that was issued first. The caller holds the lock.
func (i *Issuer) dropOldest() {
	i.end(i.order[0])
	i.order = i.order[1:]
}

// end makes a token invalid. The caller holds the lock.
func (i *Issuer) end(token string) {
	if g, ok := i.live[token]; ok {
		delete(i.live, token)
		i.liveOf[g.account]--
	}
}

// Owner returns whose token it is; false when it was never issued, was revoked or
// has expired.
func (i *Issuer) Owner(token string) (account string, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, ok := i.live[token]
	if !ok || !i.now().Before(g.expires) {
		return "", false
	}
	return g.account, true
}

// Revoke ends a token of the account. A token of someone else, or one that is
// not known, is ignored without an error (RFC 7009, 2.2).
func (i *Issuer) Revoke(account, token string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if g, ok := i.live[token]; ok && g.account == account {
		i.end(token)
	}
}
