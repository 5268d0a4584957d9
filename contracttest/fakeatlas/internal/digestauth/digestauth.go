// Package digestauth implements the server's side of HTTP Digest (RFC 7616) as Atlas
// does: MD5, qop="auth", a nonce of 24 random bytes with a short lifetime, and request
// counters that are accepted only once.
package digestauth

import (
	"crypto/md5" //nolint:gosec // Atlas offers MD5 and nothing else.
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"
)

// Realm is the realm of every Atlas challenge.
const Realm = "MMS Public API"

const (
	// DefaultLife is the lifetime of a nonce, as Ops Manager documents it.
	DefaultLife = 60 * time.Second
)

// Refusal is the reason why credentials were not accepted. The zero value means that they
// were accepted.
type Refusal int

// The reasons, in the order in which they are checked.
const (
	Accepted      Refusal = iota
	Malformed             // not a Digest header, or a field is missing
	WrongURI              // the uri field differs from the request
	UnknownUser           // no such user name
	WrongResponse         // the response does not prove the password
	UnknownNonce          // never issued
	Stale                 // issued, and the response is right, but expired or forgotten
	Replayed              // the counter was used before, or is 0
)

// String names the refusal for logs.
func (r Refusal) String() string {
	return [...]string{
		"accepted", "malformed", "wrong uri", "unknown user",
		"wrong response", "unknown nonce", "stale nonce", "replayed counter",
	}[r]
}

// Verifier issues nonces and checks credentials. A nonce uses memory only from its first
// use until it expires. The methods are safe for concurrent use.
type Verifier struct {
	now      func() time.Time
	life     time.Duration
	password func(user string) (string, bool)
	nonces   *nonceIssuer

	mu   sync.Mutex
	used *usedNonces
}

// New returns a Verifier. password returns the password of a user, now returns the time,
// and life is the lifetime of a nonce (0 means DefaultLife).
func New(password func(user string) (string, bool), now func() time.Time, life time.Duration) *Verifier {
	if life == 0 {
		life = DefaultLife
	}
	return &Verifier{now: now, life: life, password: password, nonces: newNonceIssuer(), used: newUsedNonces(life, now())}
}

// Challenge issues a nonce and returns the WWW-Authenticate value for it. The order
// and the quoting of its fields are those of contracttest/testdata/seen/401-2026-07.http.
func (v *Verifier) Challenge(stale bool) string {
	return fmt.Sprintf(`Digest realm=%q, domain="", nonce=%q, algorithm=MD5, qop="auth", stale=%t`,
		Realm, v.nonces.issue(v.now()), stale)
}

// Verify checks an Authorization header against the request that it came with and
// returns the user name. URI is the request target as it was sent.
func (v *Verifier) Verify(header, method, uri string) (user string, refusal Refusal) {
	c, err := digest.ParseCredentials(header)
	if err != nil || c.Nonce == "" || c.QOP != "auth" || c.Cnonce == "" || c.Response == "" || c.Nc < 0 {
		return "", Malformed
	}
	if c.Realm != Realm || (c.Algorithm != "" && !strings.EqualFold(c.Algorithm, "MD5")) {
		return c.Username, Malformed
	}
	if c.URI != uri {
		return c.Username, WrongURI
	}
	password, ok := v.password(c.Username)
	if !ok {
		return c.Username, UnknownUser
	}
	want := response(c, method, password)
	if subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c.Response))) != 1 {
		return c.Username, WrongResponse
	}
	return c.Username, v.spend(c.Nonce, uint32(c.Nc)) //nolint:gosec // parsed as 31 bits, checked to be no less than 0
}

// UserName returns the user that an Authorization header names, right or wrong; "" if it
// is not a Digest header.
func UserName(header string) string {
	c, err := digest.ParseCredentials(header)
	if err != nil {
		return ""
	}
	return c.Username
}

// response returns the response value of RFC 7616, 3.4.1 for qop="auth" and MD5.
func response(c *digest.Credentials, method, password string) string {
	a1 := hash(c.Username + ":" + c.Realm + ":" + password)
	a2 := hash(method + ":" + c.URI)
	return hash(strings.Join([]string{a1, c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, c.QOP, a2}, ":"))
}

func hash(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// spend uses one counter of a nonce.
func (v *Verifier) spend(nonce string, nc uint32) Refusal {
	t, ok := v.nonces.open(nonce)
	if !ok {
		return UnknownNonce
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	if now.Sub(t.issued) >= v.life {
		return Stale
	}
	return v.used.take(t.serial, nc, now)
}
