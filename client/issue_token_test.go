package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// An issued token can be used in another client, and remains valid after the client that
// requested it is closed.
func TestIssueToken(t *testing.T) {
	srv := fakeatlas.New(t)
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL)
	token, err := c.IssueToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := newClient(t, client.AccessToken(token.AccessToken), srv.URL)
	if _, err := other.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
		t.Errorf("with the issued token: %v", err)
	}
	if token.Expiry.IsZero() {
		t.Error("the token has no expiry")
	}
}

func TestIssueTokenFails(t *testing.T) {
	srv := fakeatlas.New(t)
	_, err := newClient(t, client.ServiceAccount(srv.ClientID, "wrong-secret"), srv.URL).IssueToken(t.Context())
	if !errors.Is(err, client.ErrUnauthorized) || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("a wrong secret: %v, want ErrUnauthorized without the secret", err)
	}
	srv.Inject(fakeatlas.RateLimited(0).On(fakeatlas.OpToken))
	_, err = newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL).IssueToken(t.Context())
	if !errors.Is(err, client.ErrRateLimited) {
		t.Errorf("rate limited: %v, want ErrRateLimited", err)
	}
	if _, err := newClient(t, client.AccessToken("x"), srv.URL).IssueToken(t.Context()); err == nil || !strings.Contains(err.Error(), "only a service account") {
		t.Errorf("an access token: %v", err)
	}
}
