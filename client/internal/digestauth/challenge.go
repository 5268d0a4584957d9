package digestauth

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/icholy/digest"
)

// maxChallengeBytes bounds the part of the WWW-Authenticate fields that is read.
// Atlas's challenge has about 120 bytes.
const maxChallengeBytes = 16 << 10

// sessSuffix is the suffix of an algorithm whose A1 contains the nonce (RFC 7616 §3.4.2).
const sessSuffix = "-sess"

// find returns the first supported Digest challenge in h, nil if there is none. Servers
// list challenges in their order of preference (RFC 7616 §3.7).
func find(h http.Header) *digest.Challenge {
	budget := maxChallengeBytes
	for _, field := range h.Values("WWW-Authenticate") {
		if budget -= len(field); budget < 0 {
			return nil
		}
		for _, c := range parseChallenges(field) {
			if !strings.EqualFold(c.scheme, "Digest") {
				continue
			}
			if chal, ok := c.digest(); ok {
				return chal
			}
		}
	}
	return nil
}

// digest converts c to the digest module's type. It returns false for an unsupported
// challenge: one without a nonce, with an unknown algorithm or qop, or with a text that
// cannot be repeated in a header.
func (c challenge) digest() (*digest.Challenge, bool) {
	chal := &digest.Challenge{
		Realm:     c.params["realm"],
		Nonce:     c.params["nonce"],
		Opaque:    c.params["opaque"],
		Algorithm: c.params["algorithm"],
		Stale:     strings.EqualFold(c.params["stale"], "true"),
		Userhash:  strings.EqualFold(c.params["userhash"], "true"),
		Charset:   c.params["charset"],
	}
	qop, named := c.params["qop"]
	for _, q := range strings.Split(qop, ",") {
		if q = strings.ToLower(strings.TrimSpace(q)); q != "" {
			chal.QOP = append(chal.QOP, q)
		}
	}
	if named && len(chal.QOP) == 0 {
		return nil, false
	}
	plain := *chal
	plain.Algorithm, _ = cutSess(chal.Algorithm)
	ok := chal.Nonce != "" && digest.CanDigest(&plain) &&
		repeatable(chal.Realm) && repeatable(chal.Nonce) && repeatable(chal.Opaque)
	return chal, ok
}

// cutSess returns "MD5" and true for "MD5-sess": the algorithm without the suffix, and whether
// it has the suffix.
func cutSess(algorithm string) (string, bool) {
	if n := len(algorithm) - len(sessSuffix); n > 0 && strings.EqualFold(algorithm[n:], sessSuffix) {
		return algorithm[:n], true
	}
	return algorithm, false
}

// repeatable reports whether the digest module writes s as the same quoted-string that the
// server sent. The module quotes as Go does, which differs for control characters and for
// bytes that are not UTF-8. Challenges with such characters are not supported.
func repeatable(s string) bool {
	quoted := strconv.Quote(s)
	escapes := strings.Count(s, `"`) + strings.Count(s, `\`)
	return len(quoted) == len(s)+2+escapes
}

// A challenge is one scheme with its parameters, names in lower case.
type challenge struct {
	scheme string
	params map[string]string
}

// parseChallenges reads one WWW-Authenticate field: a list of challenges, each a
// scheme and then either one token68 or a list of parameters, all of them
// separated by the same commas (RFC 9110 §11.6.1). The text after a syntax error is
// ignored; the parameters before it are kept.
func parseChallenges(field string) []challenge {
	var list []challenge
	s := scanner{rest: field}
	for {
		s.skip(" \t,")
		word := s.token()
		if word == "" {
			return list
		}
		if value, ok := s.value(); ok {
			if len(list) == 0 {
				return nil // a parameter before any scheme
			}
			list[len(list)-1].set(word, value)
		} else {
			list = append(list, challenge{scheme: word, params: map[string]string{}})
			s.skipToken68()
		}
		if s.failed {
			return list
		}
	}
}

// set stores a parameter unless it was set before: it may occur only once (RFC 7616 §3.3).
func (c challenge) set(name, value string) {
	name = strings.ToLower(name)
	if _, twice := c.params[name]; !twice {
		c.params[name] = value
	}
}

// A scanner reads the pieces of a header field.
type scanner struct {
	rest   string
	failed bool
}

func (s *scanner) skip(set string) { s.rest = strings.TrimLeft(s.rest, set) }

// token reads a token (RFC 9110 §5.6.2), "" if there is none.
func (s *scanner) token() string {
	n := 0
	for n < len(s.rest) && isTokenByte(s.rest[n]) {
		n++
	}
	word := s.rest[:n]
	s.rest = s.rest[n:]
	return word
}

// value reads "= value", with optional white space around the sign. It returns false, and
// reads nothing, unless a single equals sign follows.
func (s *scanner) value() (string, bool) {
	after, ok := strings.CutPrefix(strings.TrimLeft(s.rest, " \t"), "=")
	if !ok || strings.HasPrefix(after, "=") {
		return "", false
	}
	s.rest = strings.TrimLeft(after, " \t")
	if strings.HasPrefix(s.rest, `"`) {
		return s.quoted(), true
	}
	return s.token(), true
}

// quoted reads a quoted-string and removes its backslashes (RFC 9110 §5.6.4).
func (s *scanner) quoted() string {
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; c {
		case '"':
			s.rest = s.rest[i+1:]
			return b.String()
		case '\\':
			if i++; i < len(s.rest) {
				b.WriteByte(s.rest[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	s.failed, s.rest = true, ""
	return ""
}

// skipToken68 skips the token68 that may follow a scheme, as in "Negotiate YII=". A token68
// ends at a comma, and a parameter name at an equals sign.
func (s *scanner) skipToken68() {
	item, _, _ := strings.Cut(s.rest, ",")
	core := strings.TrimRight(strings.Trim(item, " \t"), "=")
	if core == "" || strings.Trim(core, token68Bytes) != "" {
		return
	}
	s.rest = s.rest[len(item):]
}

const (
	alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	token68Bytes = alphanumeric + "-._~+/"
	tokenBytes   = alphanumeric + "!#$%&'*+-.^_`|~"
)

func isTokenByte(c byte) bool { return strings.IndexByte(tokenBytes, c) >= 0 }
