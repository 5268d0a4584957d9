package digestauth

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"strings"

	"github.com/icholy/digest"
)

// sessionA1 returns H(A1) of a "-sess" algorithm, RFC 7616 §3.4.2:
//
//	A1 = H(username ":" realm ":" password) ":" nonce ":" cnonce
//
// The digest module takes it as an argument and computes the rest. c.Algorithm is an
// algorithm that the module supports, without the suffix.
func sessionA1(c *digest.Challenge, o digest.Options) string {
	inner := sum(c.Algorithm, o.Username, c.Realm, o.Password)
	return sum(c.Algorithm, inner, c.Nonce, o.Cnonce)
}

// sum returns the hexadecimal hash of the parts joined by colons.
func sum(algorithm string, parts ...string) string {
	h := newHash(algorithm)
	_, _ = io.WriteString(h, strings.Join(parts, ":"))
	return hex.EncodeToString(h.Sum(nil))
}

func newHash(algorithm string) hash.Hash {
	switch strings.ToUpper(algorithm) {
	case "SHA-256":
		return sha256.New()
	case "SHA-512":
		return sha512.New()
	case "SHA-512-256":
		return sha512.New512_256()
	default:
		return md5.New()
	}
}
