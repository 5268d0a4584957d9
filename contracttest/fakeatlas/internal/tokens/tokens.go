// Package tokens issues, checks and revokes access tokens within the limits of
// Atlas's OAuth 2.0 token endpoint: so many requests a minute for an address and
// a client, and so many live tokens an account.
package tokens

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"sync"
	"time"
)

// The two limits that a request for a token can meet.
var (
	ErrRateLimited = errors.New("tokens: too many token requests in the last minute")
	ErrTooManyLive = errors.New("tokens: too many live tokens for this account")
)

// maxSources bounds how many address-and-client pairs are counted at a time.
const maxSources = 1 << 14

// Limits are what an Issuer keeps to. A zero field takes Atlas's value.
type Limits struct {
	Life      time.Duration // of a token; Atlas: 1 h
	PerMinute int           // token requests for an address and client; Atlas: 10
	Live      int           // tokens that an account may hold; Atlas: 100
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

// Issuer holds the live tokens. Its methods are safe for concurrent use.
type Issuer struct {
	now    func() time.Time
	limits Limits

	mu       sync.Mutex
	live     map[string]grant       // by token
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
		live: map[string]grant{}, requests: map[string][]time.Time{},
	}
}

// Limits tells what the Issuer keeps to.
func (i *Issuer) Limits() Limits { return i.limits }

// Count takes one token request from the allowance of an address and client, and
// returns [ErrRateLimited] when that is used up. A refused request costs nothing.
func (i *Issuer) Count(address, client string) error {
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

// Issue gives out a token for the account, or returns [ErrTooManyLive].
func (i *Issuer) Issue(account string, life time.Duration) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now, held := i.now(), 0
	for token, g := range i.live {
		switch {
		case !now.Before(g.expires):
			delete(i.live, token)
		case g.account == account:
			held++
		}
	}
	if held >= i.limits.Live {
		return "", ErrTooManyLive
	}
	raw := make([]byte, 24)
	_, _ = io.ReadFull(rand.Reader, raw) // never fails since Go 1.24
	token := "fakeatlas." + base64.RawURLEncoding.EncodeToString(raw)
	i.live[token] = grant{account: account, expires: now.Add(life)}
	return token, nil
}

// Owner tells whose token it is; false when it was never issued, was revoked or
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
// not known, is left alone without an error (RFC 7009, 2.2).
func (i *Issuer) Revoke(account, token string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if g, ok := i.live[token]; ok && g.account == account {
		delete(i.live, token)
	}
}
