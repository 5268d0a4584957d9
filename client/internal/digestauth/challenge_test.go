package digestauth

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icholy/digest"
)

// TestFind checks the valid forms of challenges (RFC 7616 §3.3, RFC 9110 §11.6.1) and the
// result for invalid ones.
func TestFind(t *testing.T) {
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

// TestFindIsBounded checks that only the beginning of a very long challenge is read.
func TestFindIsBounded(t *testing.T) {
	long := make([]byte, maxChallengeBytes)
	for i := range long {
		long[i] = ','
	}
	h := http.Header{"Www-Authenticate": {string(long), `Digest realm="r", nonce="n"`}}
	if got := find(h); got != nil {
		t.Errorf("found %v after %d bytes, want nothing", got, len(long))
	}
}
