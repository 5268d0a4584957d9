package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestDigestUserNames checks that names that HTTP Digest cannot transmit are refused, and
// that all others are sent unchanged, in UTF-8.
func TestDigestUserNames(t *testing.T) {
	for name, want := range map[string]string{
		"pub:lic": "contains a colon", ":": "contains a colon", "public:": "contains a colon",
		"p\xffblic": "is not valid UTF-8",
	} {
		if _, err := client.New(client.APIKey(name, "5ecret")); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "5ecret") {
			t.Errorf("%q: got %v, want %q", name, err, want)
		}
	}
	for name, want := range map[string]string{
		"abcdefgh":                     `username="abcdefgh"`,
		"jürgen":                       `username="jürgen"`,
		"日本":                           `username="日本"`,
		`q"uo\te`:                      `username="q\"uo\\te"`,
		"soft\u00adhyphen\u200b\u00a0": "username=\"soft\u00adhyphen\u200b\u00a0\"",
		"a+b@example.com":              `username="a+b@example.com"`,
	} {
		var got string
		c := newClient(t, client.APIKey(name, "5ecret"), client.DefaultBaseURL, once, client.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if got = r.Header.Get("Authorization"); got != "" {
					return recorded(oneBucket), nil
				}
				challenge := recorded("{}")
				challenge.StatusCode = http.StatusUnauthorized
				challenge.Header.Set("WWW-Authenticate", `Digest realm="MMS Public API", nonce="n", qop="auth", algorithm=MD5`)
				return challenge, nil
			}),
		}))
		if _, err := c.Get(t.Context(), project, bucket); err != nil || !strings.HasPrefix(got, "Digest "+want+", ") {
			t.Errorf("%q: sent %s, %v, want %s", name, got, err, want)
		}
	}
}
