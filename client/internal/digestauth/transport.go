package digestauth

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/icholy/digest"
)

// MaxAge is how long a challenge is reused. Ops Manager documents that a nonce
// lives for about 60 seconds.
const MaxAge = 60 * time.Second

// maxDrain bounds what is read of a 401 that is not handed on.
const maxDrain = 64 << 10

// Transport answers Digest challenges. It is safe for concurrent use.
type Transport struct {
	username string
	password func() string
	base     http.RoundTripper

	mu      sync.Mutex
	current *session      // the challenge in use, nil when there is none
	asking  chan struct{} // closed when the call that asks for one has its answer; nil when none asks
}

// New returns a transport that signs for username. The password is a function so
// that no printing of the transport can show it.
func New(username string, password func() string, base http.RoundTripper) *Transport {
	return &Transport{username: username, password: password, base: base}
}

// A session is a challenge in use: its nonce with the requests counted.
type session struct {
	challenge *digest.Challenge
	since     time.Time
	count     int // guarded by Transport.mu
}

// use is one nonce with the count of one request.
type use struct {
	session *session
	count   int
}

// RoundTrip sends req signed with the challenge in use. A 401 drops that
// challenge; when it brings another one the request is sent once more. The last
// answer, a 401 too, is returned with its body unread.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	newBody, err := replayable(req)
	if err != nil {
		return nil, err
	}
	with, answered, err := t.acquire(req.Context())
	if err != nil {
		return nil, err
	}
	res, err := t.send(req, newBody, with)
	if err != nil || res.StatusCode != http.StatusUnauthorized {
		answered()
		return res, err
	}
	with = t.learn(res.Header, with)
	answered()
	if with.session == nil {
		return res, nil
	}
	discard(res.Body)
	res, err = t.send(req, newBody, with)
	if err == nil && res.StatusCode == http.StatusUnauthorized {
		t.drop(with.session)
	}
	return res, err
}

// acquire takes the next count of the challenge in use. With none, the first call
// gets an empty use, which asks the server for a challenge; calls that come while
// it asks wait for it, once. The returned func must be called when the answer to
// the request is known.
func (t *Transport) acquire(ctx context.Context) (use, func(), error) {
	with, wait, answered := t.next(true)
	if wait == nil {
		return with, answered, nil
	}
	select {
	case <-wait:
	case <-ctx.Done():
		return use{}, nil, context.Cause(ctx)
	}
	with, _, answered = t.next(false)
	return with, answered, nil
}

// next is acquire without the waiting: it returns a channel when the caller
// should wait for another call's challenge, and never does when mayWait is false.
func (t *Transport) next(mayWait bool) (with use, wait <-chan struct{}, answered func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current != nil && time.Since(t.current.since) >= MaxAge {
		t.current = nil
	}
	switch {
	case t.current != nil:
		return t.take(t.current), nil, func() {}
	case t.asking == nil:
		t.asking = make(chan struct{})
		return use{}, nil, t.asked
	case mayWait:
		return use{}, t.asking, nil
	}
	return use{}, nil, func() {}
}

// asked lets those go on who wait for a challenge.
func (t *Transport) asked() {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.asking)
	t.asking = nil
}

// learn drops the challenge that met a 401 and takes up the one that the 401
// brings. The returned use is of that one, even if another call has brought a
// challenge meanwhile: nobody else has used this nonce, so that a server which
// wants the counts in order accepts it. It is empty when the 401 brings none.
func (t *Transport) learn(h http.Header, refused use) use {
	chal := find(h)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == refused.session {
		t.current = nil
	}
	if chal == nil {
		return use{}
	}
	fresh := &session{challenge: chal, since: time.Now()}
	if t.current == nil {
		t.current = fresh
	}
	return t.take(fresh)
}

// take counts a request; the caller holds t.mu.
func (t *Transport) take(s *session) use {
	s.count++
	return use{session: s, count: s.count}
}

func (t *Transport) drop(s *session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current == s {
		t.current = nil
	}
}

// send sends a copy of req, signed when with holds a challenge.
func (t *Transport) send(req *http.Request, newBody func() (io.ReadCloser, error), with use) (*http.Response, error) {
	signed := req.WithContext(req.Context())
	signed.Header = req.Header.Clone()
	signed.Header.Del("Authorization")
	body, err := newBody()
	if err != nil {
		return nil, fmt.Errorf("digest: replaying the request body: %w", err)
	}
	signed.Body, signed.GetBody = body, newBody
	if with.session != nil {
		cred, err := t.credentials(signed, with)
		if err != nil {
			return nil, err
		}
		signed.Header.Set("Authorization", cred)
	}
	return t.base.RoundTrip(signed)
}

// credentials computes the Authorization header for one request.
func (t *Transport) credentials(req *http.Request, with use) (string, error) {
	chal := *with.session.challenge
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
	return cred.String(), nil
}

// replayable returns a func that makes the request's body anew each time.
func replayable(req *http.Request) (func() (io.ReadCloser, error), error) {
	if req.Body == nil || req.Body == http.NoBody {
		return func() (io.ReadCloser, error) { return http.NoBody, nil }, nil
	}
	// The original body is the transport's to close (http.RoundTripper).
	defer func() { _ = req.Body.Close() }()
	if req.GetBody != nil {
		return req.GetBody, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("digest: reading the request body: %w", err)
	}
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }, nil
}

// discard reads the rest of a body, within a bound, so that its connection can be
// used again.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDrain)
	_ = body.Close()
}
