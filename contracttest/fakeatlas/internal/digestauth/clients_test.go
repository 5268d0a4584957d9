package digestauth_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/digestauth"
)

// recordedRequest is a request that a third-party HTTP client sent to the fake and signed
// with its own Digest. `make peers PART=clients` records them.
type recordedRequest struct {
	Client  string
	Method  string
	URI     string
	Headers [][2]string
	Body    string
	Status  int
}

func (r recordedRequest) authorization() string {
	for _, header := range r.Headers {
		if strings.EqualFold(header[0], "Authorization") {
			return header[1]
		}
	}
	return ""
}

// The requests are replayed as they were sent, and then with a nonce from this verifier and
// the matching response.
func TestAcceptsTheDigestOfOtherClients(t *testing.T) {
	text, err := os.ReadFile("testdata/clients.json")
	if err != nil {
		t.Fatal(err)
	}
	var requests []recordedRequest
	if err := json.Unmarshal(text, &requests); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for _, r := range requests {
		seen[r.Client]++
		t.Run(r.Client+" "+r.Method, func(t *testing.T) { replay(t, r) })
	}
	for _, client := range []string{"curl", "newman", "digest-fetch", "urllib"} {
		if seen[client] != 5 {
			t.Errorf("%d requests of %s, want one for each of the 5 operations", seen[client], client)
		}
	}
}

func replay(t *testing.T, r recordedRequest) {
	const user, key = "fakepubl", "00000000-0000-4000-8000-00000000fa4e"
	now := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	password := func(name string) (string, bool) { return key, name == user }
	v := digestauth.New(password, func() time.Time { return now }, time.Minute)
	verify := func(authorization, method, uri string, want digestauth.Refusal) {
		t.Helper()
		if _, got := v.Verify(authorization, method, uri); got != want {
			t.Errorf("%s %s, %s: %v, want %v", method, uri, authorization, got, want)
		}
	}
	// The response is right; only the nonce is from another verifier.
	verify(r.authorization(), r.Method, r.URI, digestauth.UnknownNonce)
	verify(r.authorization(), "PUT", r.URI, digestauth.WrongResponse)
	verify(r.authorization(), r.Method, r.URI+"?pretty=true", digestauth.WrongURI)

	signed := signAgain(t, r, v.Challenge(false), user, key)
	verify(signed, r.Method, r.URI, digestauth.Accepted)
	verify(signed, r.Method, r.URI, digestauth.Replayed)
	now = now.Add(time.Minute)
	verify(signed, r.Method, r.URI, digestauth.Stale)
}

// signAgain returns the Authorization header of a request in the form of its client, with
// the nonce of another challenge.
func signAgain(t *testing.T, r recordedRequest, challenge, user, key string) string {
	t.Helper()
	old, err := digest.ParseCredentials(r.authorization())
	if err != nil {
		t.Fatal(err)
	}
	c, err := digest.ParseChallenge(challenge)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := digest.Digest(c, digest.Options{
		Method: r.Method, URI: r.URI, Username: user, Password: key, Cnonce: old.Cnonce, Count: old.Nc,
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(old.Nonce, signed.Nonce, old.Response, signed.Response).Replace(r.authorization())
}
