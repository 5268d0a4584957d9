// Package tokens issues, checks and revokes access tokens within the limits of Atlas's
// OAuth 2.0 token endpoint: a number of requests per minute for each address and client,
// and a number of active tokens per account.
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

// The errors for the two limits of token requests.
var (
	ErrRateLimited   = errors.New("tokens: too many token requests in the last minute")
	ErrTooManyActive = errors.New("tokens: too many active tokens for this account")
)

const (
	// maxSources bounds the number of address-and-client pairs that are counted.
	maxSources = 1 << 14
	// maxTokens bounds the number of tokens that are remembered, for any Limits.
	maxTokens = 1 << 16
)

// Unlimited is the value of a limit that is never reached.
const Unlimited = math.MaxInt

// Limits are the limits that an Issuer enforces. A zero field means Atlas's value.
type Limits struct {
	Life      time.Duration // lifetime of a token; Atlas: 1 h
	PerMinute int           // token requests per address and client; Atlas: 10
	Active    int           // active tokens per account; Atlas: 100
}

func (l Limits) orDefault() Limits {
	if l.Life == 0 {
		l.Life = time.Hour
	}
	if l.PerMinute == 0 {
		l.PerMinute = 10
	}
	if l.Active == 0 {
		l.Active = 100
	}
	return l
}

// Issuer issues tokens and keeps the active ones. Its methods are safe for concurrent use.
type Issuer struct {
	now    func() time.Time
	limits Limits

	mu       sync.Mutex
	active   map[string]grant       // by token
	order    []string               // the tokens in order of issue; some may be revoked
	activeOf map[string]int         // number of active tokens of an account
	requests map[string][]time.Time // times of the token requests of the last minute, by address and client
}

type grant struct {
	account string
	expires time.Time
}

// New returns an Issuer whose clock is now.
func New(now func() time.Time, limits Limits) *Issuer {
	return &Issuer{
		now: now, limits: limits.orDefault(),
		active: map[string]grant{}, activeOf: map[string]int{}, requests: map[string][]time.Time{},
	}
}

// Limits returns the limits of the Issuer.
func (i *Issuer) Limits() Limits { return i.limits }

// Count counts one token request of an address and client, or returns [ErrRateLimited] if
// the limit is reached. A refused request is not counted.
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
		clear(i.requests) // too many addresses: forget their counts to limit memory
	}
	i.requests[key] = append(recent, now)
	return nil
}

// Issue returns a new token for the account, or [ErrTooManyActive].
func (i *Issuer) Issue(account string, life time.Duration) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	for len(i.order) > 0 && i.isOver(i.order[0], now) {
		i.dropOldest()
	}
	if i.activeOf[account] >= i.limits.Active {
		return "", ErrTooManyActive
	}
	if len(i.order) >= maxTokens {
		i.dropOldest()
	}
	raw := make([]byte, 24)
	_, _ = io.ReadFull(rand.Reader, raw) // never fails since Go 1.24
	token := "fakeatlas." + base64.RawURLEncoding.EncodeToString(raw)
	i.active[token] = grant{account: account, expires: now.Add(life)}
	i.order = append(i.order, token)
	i.activeOf[account]++
	return token, nil
}

// isOver reports whether a token was revoked or has expired. The caller holds the lock.
func (i *Issuer) isOver(token string, now time.Time) bool {
	g, ok := i.active[token]
	return !ok || !now.Before(g.expires)
}

// dropOldest removes the oldest token. The caller must hold the lock.
func (i *Issuer) dropOldest() {
	i.end(i.order[0])
	i.order = i.order[1:]
}

// end makes a token invalid. The caller holds the lock.
func (i *Issuer) end(token string) {
	if g, ok := i.active[token]; ok {
		delete(i.active, token)
		i.activeOf[g.account]--
	}
}

// Owner returns the account of a token; ok is false if the token was never issued, was
// revoked or has expired.
func (i *Issuer) Owner(token string) (account string, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, ok := i.active[token]
	if !ok || !i.now().Before(g.expires) {
		return "", false
	}
	return g.account, true
}

// Revoke revokes a token of the account. Tokens of other accounts and unknown tokens are
// ignored without an error (RFC 7009, 2.2).
func (i *Issuer) Revoke(account, token string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if g, ok := i.active[token]; ok && g.account == account {
		i.end(token)
	}
}
