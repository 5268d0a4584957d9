package digestauth

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icholy/digest"
)

// TestFindChallenge checks the valid forms of challenges (RFC 7616 §3.3, RFC 9110 §11.6.1)
// and the result for invalid ones.
func TestFindChallenge(t *testing.T) {
	atlas := &digest.Challenge{Realm: "MMS Public API", Nonce: "n1==", Algorithm: "MD5", QOP: []string{"auth"}}
	tests := []struct {
		name   string
		fields []string
		want   *digest.Challenge
	}{
		{"as Atlas sends it", []string{`Digest realm="MMS Public API", domain="", nonce="n1==", algorithm=MD5, qop="auth", stale=false`}, atlas},
		{"lower case scheme, other case names", []string{`digest REALM="MMS Public API",Nonce="n1==",ALGORITHM=MD5,qOp="auth"`}, atlas},
		{"tabs and empty list elements", []string{",\tDigest\trealm=\"MMS Public API\" ,, nonce=\"n1==\"\t,algorithm=MD5,qop=\"auth\","}, atlas},
		{"spaces around equals signs", []string{`Digest realm = "MMS Public API", nonce ="n1==", algorithm= MD5, qop = auth`}, atlas},
		{"a list of qop", []string{`Digest realm="r", nonce="n", qop="auth-int, Auth"`}, &digest.Challenge{Realm: "r", Nonce: "n", QOP: []string{"auth-int", "auth"}}},
		{"no qop (RFC 2069)", []string{`Digest realm="r", nonce="n"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"quoted commas, quotes and backslashes", []string{`Digest realm="a, b=\"c\\d\"", nonce="n"`}, &digest.Challenge{Realm: `a, b="c\d"`, Nonce: "n"}},
		{"token characters", []string{`Digest realm=under_score.and!more, nonce=n~1`}, &digest.Challenge{Realm: "under_score.and!more", Nonce: "n~1"}},
		{"SHA-256 and opaque", []string{`Digest realm="r", nonce="n", algorithm=SHA-256, opaque="o", stale=TRUE`}, &digest.Challenge{Realm: "r", Nonce: "n", Algorithm: "SHA-256", Opaque: "o", Stale: true}},
		{"session algorithm, quoted", []string{`Digest realm="r", nonce="n", algorithm="md5-SESS", qop="auth"`}, &digest.Challenge{Realm: "r", Nonce: "n", Algorithm: "md5-SESS", QOP: []string{"auth"}}},
		{"userhash and charset", []string{`Digest realm="r", nonce="n", userhash=true, charset=UTF-8`}, &digest.Challenge{Realm: "r", Nonce: "n", Userhash: true, Charset: "UTF-8"}},
		{"the first of two supported ones", []string{`Digest realm="r", nonce="a", algorithm=SHA-256`, `Digest realm="r", nonce="b", algorithm=MD5`}, &digest.Challenge{Realm: "r", Nonce: "a", Algorithm: "SHA-256"}},
		{"an unknown algorithm first", []string{`Digest realm="r", nonce="a", algorithm=X-1, Digest realm="r", nonce="b"`}, &digest.Challenge{Realm: "r", Nonce: "b"}},
		{"after another scheme in one field", []string{`Basic realm="x, y", Digest realm="r", nonce="n"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"before another scheme in one field", []string{`Digest realm="r", nonce="n", Bearer`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"behind a token68", []string{`Negotiate YII/+Ak==, Digest realm="r", nonce="n"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"after a scheme without parameters", []string{`Negotiate, Digest realm="r", nonce="n"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"in the second field", []string{`Bearer error="x"`, `Digest realm="r", nonce="n"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"a parameter twice: the first", []string{`Digest realm="r", nonce="n", nonce="m"`}, &digest.Challenge{Realm: "r", Nonce: "n"}},
		{"non-ASCII realm", []string{`Digest realm="Zürich", nonce="n"`}, &digest.Challenge{Realm: "Zürich", Nonce: "n"}},

		{"no field", nil, nil},
		{"no nonce", []string{`Digest realm="r"`}, nil},
		{"no known qop", []string{`Digest realm="r", nonce="n", qop="auth-x"`}, nil},
		{"an empty qop", []string{`Digest realm="r", nonce="n", qop=""`}, nil},
		{"an unknown algorithm", []string{`Digest realm="r", nonce="n", algorithm=CRC32`}, nil},
		{"a session suffix without an algorithm", []string{`Digest realm="r", nonce="n", algorithm=-sess, qop="auth"`}, nil},
		{"an open quote", []string{`Digest realm="r", nonce="n`}, nil},
		{"parameters without a scheme", []string{`realm="r", nonce="n"`}, nil},
		{"a line break in the realm", []string{"Digest realm=\"a\nb\", nonce=\"n\""}, nil},
		{"no UTF-8", []string{"Digest realm=\"\xfc\", nonce=\"n\""}, nil},
		{"only another scheme", []string{`Bearer realm="r"`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := find(http.Header{"Www-Authenticate": test.fields})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFieldsAreBounded checks how many bytes of a response's header fields are read.
func TestFieldsAreBounded(t *testing.T) {
	const challenge, next = `Digest realm="r", nonce="n"`, `nextnonce="n"`
	padded := func(field string, size int) string { return field + strings.Repeat(",", size-len(field)) }
	for size, read := range map[int]bool{maxChallengeBytes: true, maxChallengeBytes + 1: false} {
		if got := find(http.Header{"Www-Authenticate": {padded(challenge, size)}}); (got != nil) != read {
			t.Errorf("a challenge of %d bytes: got %v, want it read: %t", size, got, read)
		}
		before := strings.Repeat(",", size-len(challenge))
		if got := find(http.Header{"Www-Authenticate": {before, challenge}}); (got != nil) != read {
			t.Errorf("a second field at the end of %d bytes: got %v, want it read: %t", size, got, read)
		}
		if got := nextNonce(http.Header{"Authentication-Info": {padded(next, size)}}); (got != "") != read {
			t.Errorf("an Authentication-Info of %d bytes: got %q, want it read: %t", size, got, read)
		}
	}
}
