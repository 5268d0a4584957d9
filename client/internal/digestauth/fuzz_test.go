package digestauth

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/icholy/digest"
)

// FuzzChallenge checks that no challenge makes the transport panic, hang, send more than
// two requests, or write a header with another meaning than the challenge: the values
// copied from the challenge must parse to the same values.
func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="MMS Public API", domain="", nonce="n1==", algorithm=MD5, qop="auth", stale=false`,
		`digest REALM="a, \"b\\", nonce=n, qop="auth-int , auth", algorithm=SHA-256-sess, opaque="", userhash=true`,
		`Basic realm="x", Negotiate YII=, Digest nonce="n"`,
		"Digest realm=\"\u00a0\u2028\", nonce=\"\x7f\"", `Digest nonce=""`, `Digest "`, `Digest =`, `,,,`, `Digest nonce="\`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		requests := 0
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			if requests++; requests == 2 {
				checkRepeated(t, find(http.Header{"Www-Authenticate": {field}}), r.Header.Get("Authorization"))
			}
			return &http.Response{
				StatusCode: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {field}},
				Body: io.NopCloser(strings.NewReader("why")),
			}, nil
		})
		res := roundTrip(t.Context(), t, New(user, func() string { return password }, base))
		if res == nil || res.StatusCode != http.StatusUnauthorized || requests > 2 {
			t.Errorf("got %v after %d requests, want the 401 after at most 2", res, requests)
		}
	})
}

// checkRepeated reads an Authorization header as a server would.
func checkRepeated(t *testing.T, chal *digest.Challenge, authorization string) {
	if strings.ContainsFunc(authorization, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		t.Errorf("the header has control characters: %q", authorization)
	}
	read := parseChallenges(authorization)
	if len(read) != 1 {
		t.Fatalf("the header %q reads as %d challenges", authorization, len(read))
	}
	got := read[0].params
	for name, want := range map[string]string{"realm": chal.Realm, "nonce": chal.Nonce, "opaque": chal.Opaque, "algorithm": chal.Algorithm} {
		if got[name] != want {
			t.Errorf("%s is %q in the header, %q in the challenge", name, got[name], want)
		}
	}
	if strings.Contains(authorization, password) {
		t.Errorf("the header contains the password: %q", authorization)
	}
}
