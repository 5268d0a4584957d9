package digestauth

import (
	"net/http"
	"time"

	"github.com/icholy/digest"
)

// maxNonces bounds the number of announced nonces and of known challenges.
const maxNonces = 64

// A session is a challenge with the number of requests that used its nonce. Transport.mu
// guards it.
type session struct {
	challenge *digest.Challenge
	since     time.Time
	count     int
	// ended is true once the server has refused the nonce or replaced it. A response to an
	// earlier request with the nonce may still arrive, and must not cause it to be shared
	// again.
	ended bool
}

// nonceUse is a nonce with the nonce count of one request.
type nonceUse struct {
	session   *session
	challenge *digest.Challenge
	count     int
	fresh     bool // the server sent the nonce for this request
}

// use counts a request and returns its use.
func (s *session) use() nonceUse {
	s.count++
	return nonceUse{session: s, challenge: s.challenge, count: s.count}
}

func (s *session) old(now time.Time) bool { return now.Sub(s.since) >= MaxAge }

// nonces are the challenges of one transport. Transport.mu guards them.
type nonces struct {
	// current is the challenge that requests share, nil if there is none.
	current *session
	// announced are the nonces received as nextnonce. Each is used for one request, because
	// a server that sends a new nonce with every response expects each to be used once.
	announced []*session
	// known are the latest challenges. A server may send the same nonce several times;
	// its count then continues.
	known []*session
}

// take returns the next use of a challenge, or an empty use without a challenge.
func (n *nonces) take(now time.Time) nonceUse {
	for len(n.announced) > 0 {
		last := len(n.announced) - 1
		s := n.announced[last]
		n.announced = n.announced[:last]
		if !s.old(now) {
			return s.use()
		}
	}
	if n.current != nil && n.current.old(now) {
		n.current = nil
	}
	if n.current == nil {
		return nonceUse{}
	}
	return n.current.use()
}

// fresh returns the first use of a challenge that came with a 401. It is not shared yet.
func (n *nonces) fresh(c *digest.Challenge, now time.Time) nonceUse {
	u := n.remember(c, now).use()
	u.fresh = true
	return u
}

// accepted shares s, or the session of the next nonce, if there is one.
func (n *nonces) accepted(s *session, next string, now time.Time) {
	if next == "" {
		if n.current == nil && !s.ended && !s.old(now) {
			n.current = s
		}
		return
	}
	n.end(s)
	challenge := *s.challenge
	challenge.Nonce = next
	announced := n.remember(&challenge, now)
	if announced.count > 0 { // the server sent this nonce before
		n.current = announced
		return
	}
	n.announced = append(n.announced, announced)
	n.announced = n.announced[max(0, len(n.announced)-maxNonces):]
}

// end stops sharing s, until the server sends its nonce again.
func (n *nonces) end(s *session) {
	if s == nil {
		return
	}
	s.ended = true
	if n.current == s {
		n.current = nil
	}
}

// remember returns the session of a challenge: the known one of the same nonce, or a
// new one.
func (n *nonces) remember(c *digest.Challenge, now time.Time) *session {
	for _, s := range n.known {
		if s.challenge.Nonce == c.Nonce && s.challenge.Realm == c.Realm {
			s.challenge, s.since, s.ended = c, now, false
			return s
		}
	}
	s := &session{challenge: c, since: now}
	n.known = append(n.known, s)
	n.known = n.known[max(0, len(n.known)-maxNonces):]
	return s
}

// nextNonce returns the nextnonce of Authentication-Info (RFC 7616 §3.5), "" if it is
// missing or cannot be repeated in a header.
func nextNonce(h http.Header) string {
	for _, field := range h.Values("Authentication-Info") {
		if len(field) > maxChallengeBytes {
			return ""
		}
		// The field is a list of parameters, like a challenge without its scheme.
		for _, c := range parseChallenges("Digest " + field) {
			if next := c.params["nextnonce"]; next != "" && repeatable(next) {
				return next
			}
		}
	}
	return ""
}
