package digestauth

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/httpbody"
)

// MaxAge is the time for which a challenge is reused. Ops Manager documents that a nonce
// is valid for about 60 seconds.
const MaxAge = 60 * time.Second

// maxSends bounds the number of times that one call is sent: the first time with a shared
// challenge or none, then with challenges of its own.
const maxSends = 4

// Transport responds to Digest challenges. It is safe for concurrent use.
type Transport struct {
	username string
	password func() string
	base     http.RoundTripper

	mu      sync.Mutex
	nonces  nonces
	pending chan struct{} // closed when the call that requests a challenge has ended; nil if no call requests one
}

// New returns a transport that signs for username. The password is a function so
// that no printing of the transport can show it.
func New(username string, password func() string, base http.RoundTripper) *Transport {
	return &Transport{username: username, password: password, base: base}
}

// RoundTrip sends req signed with the current challenge. After a 401 it sends req again
// with the challenge of the 401, unless the server refused a challenge that no other
// request has used and does not call it stale. It returns the last response, which may be
// a 401, with its body unread.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	newBody, _, err := httpbody.Opener(req)
	if err != nil {
		return nil, fmt.Errorf("digest: reading the request body: %w", err)
	}
	with, ended, err := t.acquire(req.Context())
	if err != nil {
		return nil, err
	}
	defer ended()
	for sends := 1; ; sends++ {
		res, err := t.send(req, newBody, with)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusUnauthorized {
			t.accepted(with, res.Header)
			return res, nil
		}
		next := t.refused(with, res.Header)
		if next.session == nil || sends == maxSends {
			return res, nil
		}
		httpbody.Discard(res.Body)
		with = next
	}
}

// acquire takes the next count of the current challenge. If there is none, the first call
// gets an empty use, with which it requests a challenge from the server; later calls wait
// once for that challenge. The returned func must be called when the call has ended.
func (t *Transport) acquire(ctx context.Context) (nonceUse, func(), error) {
	with, wait, ended := t.next(true)
	if wait == nil {
		return with, ended, nil
	}
	select {
	case <-wait:
	case <-ctx.Done():
		return nonceUse{}, nil, context.Cause(ctx)
	}
	with, _, ended = t.next(false)
	return with, ended, nil
}

// next is acquire without waiting: if mayWait is true, it may return a channel to wait on
// for another call's challenge.
func (t *Transport) next(mayWait bool) (with nonceUse, wait <-chan struct{}, ended func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	with = t.nonces.take(time.Now())
	switch {
	case with.session != nil:
		return with, nil, func() {}
	case t.pending == nil:
		t.pending = make(chan struct{})
		return nonceUse{}, nil, t.wakeWaiting
	case mayWait:
		return nonceUse{}, t.pending, nil
	}
	return nonceUse{}, nil, func() {}
}

// wakeWaiting wakes the calls that wait for a challenge.
func (t *Transport) wakeWaiting() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.pending)
	t.pending = nil
}

// accepted shares the challenge of a request that was accepted. A challenge is not shared
// earlier, because another request could arrive first, and a server that expects counts in
// order, or accepts a nonce only once, would refuse this request.
func (t *Transport) accepted(with nonceUse, h http.Header) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if with.session != nil {
		t.nonces.accepted(with.session, nextNonce(h), time.Now())
	}
}

// refused drops the challenge that led to a 401 and returns the first use of the challenge
// in the 401. The use is empty if the 401 has no challenge, or if another attempt would not
// help: the nonce was fresh, no other request used it, and the server does not declare it
// stale.
func (t *Transport) refused(with nonceUse, h http.Header) nonceUse {
	challenge := find(h)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.nonces.end(with.session)
	switch {
	case challenge == nil, with.fresh && with.session.count == 1 && !challenge.Stale:
		return nonceUse{}
	}
	return t.nonces.fresh(challenge, time.Now())
}

// send sends a copy of req, signed if with has a challenge.
func (t *Transport) send(req *http.Request, newBody func() (io.ReadCloser, error), with nonceUse) (*http.Response, error) {
	signed := req.WithContext(req.Context())
	signed.Header = req.Header.Clone()
	signed.Header.Del("Authorization")
	body, err := newBody()
	if err != nil {
		return nil, fmt.Errorf("digest: replaying the request body: %w", err)
	}
	signed.Body, signed.GetBody = body, newBody
	if with.session == nil {
		return t.base.RoundTrip(signed)
	}
	authorization, err := t.credentials(signed, with)
	if err != nil {
		return nil, err
	}
	signed.Header["Authorization"] = []string{authorization}
	return t.base.RoundTrip(t.signEachTime(signed, with))
}

// signEachTime returns req with a trace that signs it again, with another count, for each
// connection after the first: net/http silently repeats a request if an idle connection
// turns out to be broken, although the first one may have arrived.
func (t *Transport) signEachTime(req *http.Request, with nonceUse) *http.Request {
	connections := 0
	authorization := req.Header["Authorization"]
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if connections++; connections == 1 {
			return
		}
		t.mu.Lock()
		again := with.session.use()
		t.mu.Unlock()
		if renewed, err := t.credentials(req, again); err == nil {
			authorization[0] = renewed
		}
	}}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

// credentials computes the Authorization header for one request.
func (t *Transport) credentials(req *http.Request, with nonceUse) (string, error) {
	chal := *with.challenge
	opts := digest.Options{
		Method:   req.Method,
		URI:      req.URL.RequestURI(),
		GetBody:  req.GetBody,
		Count:    with.count,
		Username: t.username,
		Password: t.password(),
		Cnonce:   rand.Text(),
	}
	algorithm := chal.Algorithm
	plain, sess := cutSess(algorithm)
	if sess {
		chal.Algorithm = plain
		opts.A1 = sessionA1(&chal, opts)
	}
	cred, err := digest.Digest(&chal, opts)
	if err != nil {
		return "", err
	}
	cred.Algorithm = algorithm
	// The module quotes as Go does, with escapes that do not exist in HTTP. Replace the
	// quoted user name, which is the first value.
	return strings.Replace(cred.String(), strconv.Quote(cred.Username), quotedString(cred.Username), 1), nil
}

// quotedString returns a text as a quoted-string (RFC 9110 §5.6.4), with UTF-8 unchanged.
func quotedString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
