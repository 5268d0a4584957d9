// Package digestauth is the server's side of HTTP Digest (RFC 7616) as Atlas
// speaks it: MD5, qop="auth", a nonce of 24 random bytes that lives briefly,
// and a request counter that is never taken twice.
package digestauth

import (
	"crypto/md5" //nolint:gosec // Atlas offers MD5 and nothing else.
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"
)

// Realm is what Atlas names in every challenge.
const Realm = "MMS Public API"

const (
	// DefaultLife is how long a nonce is good, as Ops Manager documents it.
	DefaultLife = 60 * time.Second
	// nonceBytes is the length of a nonce before base64.
	nonceBytes = 24
	// maxNonces bounds what is remembered; the oldest go first.
	maxNonces = 1 << 16
	// window is how far behind the highest counter a request may arrive. Parallel
	// requests on one nonce overtake each other on the way.
	window = 1024
)

// Refusal says why credentials were not taken. The zero value is no refusal.
type Refusal int

// The reasons, in the order in which they are looked for.
const (
	Accepted     Refusal = iota
	Malformed            // not a Digest header, or one with a field missing
	WrongURI             // the uri field names another request
	UnknownUser          // no such user name
	WrongAnswer          // the response does not prove the password
	UnknownNonce         // never given out, or given out too long ago
	Stale                // ours, the answer is right, but the nonce has expired
	Replayed             // the counter was used before, or is 0
)

// String names the refusal for logs.
func (r Refusal) String() string {
	names := [...]string{
		"accepted", "malformed", "wrong uri", "unknown user",
		"wrong answer", "unknown nonce", "stale nonce", "replayed counter",
	}
	if r < 0 || int(r) >= len(names) {
		return fmt.Sprintf("refusal %d", int(r))
	}
	return names[r]
}

// Verifier gives out nonces and checks what comes back. Its methods are safe
// for concurrent use.
type Verifier struct {
	now      func() time.Time
	life     time.Duration
	password func(user string) (string, bool)

	mu     sync.Mutex
	nonces map[string]*nonce
	order  []string // oldest first, at most maxNonces
}

// New makes a Verifier. Password tells the password of a user, now the time, and
// life how long a nonce is good (0 means DefaultLife).
func New(password func(user string) (string, bool), now func() time.Time, life time.Duration) *Verifier {
	if life == 0 {
		life = DefaultLife
	}
	return &Verifier{now: now, life: life, password: password, nonces: map[string]*nonce{}}
}

// nonce is one that was given out.
type nonce struct {
	expires time.Time
	highest uint32
	seen    []uint32 // the counters used, by their value modulo window
}

// Challenge gives out a nonce and returns the WWW-Authenticate value for it. The
// order and the quoting of its fields are those of a recorded challenge.
func (v *Verifier) Challenge(stale bool) string {
	return fmt.Sprintf(`Digest realm=%q, domain="", nonce=%q, algorithm=MD5, qop="auth", stale=%t`,
		Realm, v.issue(), stale)
}

func (v *Verifier) issue() string {
	raw := make([]byte, nonceBytes)
	_, _ = io.ReadFull(rand.Reader, raw) // never fails since Go 1.24
	value := base64.StdEncoding.EncodeToString(raw)
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.order) >= maxNonces {
		delete(v.nonces, v.order[0])
		v.order = v.order[1:]
	}
	v.order = append(v.order, value)
	v.nonces[value] = &nonce{expires: v.now().Add(v.life)}
	return value
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
		return c.Username, WrongAnswer
	}
	return c.Username, v.spend(c.Nonce, uint32(c.Nc)) //nolint:gosec // parsed as 31 bits, checked to be no less than 0
}

// response is RFC 7616, 3.4.1 for qop="auth" and MD5.
func response(c *digest.Credentials, method, password string) string {
	a1 := hash(c.Username + ":" + c.Realm + ":" + password)
	a2 := hash(method + ":" + c.URI)
	return hash(strings.Join([]string{a1, c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, c.QOP, a2}, ":"))
}

func hash(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// spend takes one counter of a nonce.
func (v *Verifier) spend(value string, nc uint32) Refusal {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, ok := v.nonces[value]
	switch {
	case !ok:
		return UnknownNonce
	case !v.now().Before(n.expires):
		return Stale
	case !n.take(nc):
		return Replayed
	}
	return Accepted
}

// take marks a counter as used and says whether it was still free.
func (n *nonce) take(nc uint32) bool {
	if nc == 0 || uint64(nc)+window <= uint64(n.highest) {
		return false
	}
	if n.seen == nil {
		n.seen = make([]uint32, window)
	}
	if n.seen[nc%window] == nc {
		return false
	}
	n.seen[nc%window] = nc
	n.highest = max(n.highest, nc)
	return true
}
