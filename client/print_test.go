package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestNewRefusesCredentials checks that invalid credentials are refused.
func TestNewRefusesCredentials(t *testing.T) {
	for _, auth := range []client.Auth{
		nil, client.APIKey("", "private"), client.APIKey("public", ""), client.APIKey("public", "private\n"),
		client.ServiceAccount("id", ""), client.ServiceAccount("", "secret"), client.AccessToken(""), client.AccessToken("a b"), client.Tokens(nil),
	} {
		if _, err := client.New(auth); err == nil || strings.Contains(err.Error(), "private\n") {
			t.Errorf("%v: got %v, want an error without the secret", auth, err)
		}
	}
}

// TestPrintsNoSecret checks that no value that contains a secret shows it when printed, with
// any verb of package fmt.
func TestPrintsNoSecret(t *testing.T) {
	const secret = "s3cr3t"
	auths := []client.Auth{
		client.APIKey("public", secret), client.ServiceAccount("id", secret), client.AccessToken(secret), client.Tokens(fixedToken(secret)),
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, `{"detail":"who are you?"}`)
	}))
	defer srv.Close()
	for _, auth := range auths {
		c := newClient(t, auth, srv.URL)
		_, err := c.Get(t.Context(), project, bucket)
		var e *client.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		holder := struct {
			Auth   client.Auth
			Client *client.Client
			Err    error
			auth   client.Auth
			client *client.Client
		}{auth, c, err, auth, c}
		for _, v := range []any{auth, c, err, *e, holder, &holder} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				if got := fmt.Sprintf(verb, v); strings.Contains(got, secret) || strings.Contains(got, fmt.Sprintf("%x", secret)) {
					t.Errorf("%s of %T shows the secret: %s", verb, v, got)
				}
			}
		}
	}
}
