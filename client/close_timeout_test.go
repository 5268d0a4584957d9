package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestTokenRequestsEnd checks that the timeout also bounds the calls that only ask for a token
// or revoke one, if the token endpoint does not respond.
func TestTokenRequestsEnd(t *testing.T) {
	for name, call := range map[string]func(context.Context, *client.Client, *http.Client) error{
		"Close": func(ctx context.Context, c *client.Client, _ *http.Client) error { return c.Close(ctx) },
		"CloseHTTPClient": func(ctx context.Context, _ *client.Client, hc *http.Client) error {
			return client.CloseHTTPClient(ctx, hc)
		},
		"IssueToken": func(ctx context.Context, c *client.Client, _ *http.Client) error {
			_, err := c.IssueToken(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
				auth := client.ServiceAccount(srv.ClientID, srv.ClientSecret)
				options := []client.Option{client.WithBaseURL(srv.URL), client.WithHTTPClient(hc), client.WithTimeout(time.Minute)}
				c := newClient(t, auth, srv.URL, options...)
				other, err := client.NewHTTPClient(auth, options...)
				if err != nil {
					t.Fatal(err)
				}
				fetchTokens(t, srv, c, other)
				srv.Inject(fakeatlas.Latency(time.Hour))
				began := time.Now()
				err = call(t.Context(), c, other)
				if took := time.Since(began); took != time.Minute || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "WithTimeout") {
					t.Errorf("after %s: %v, want the timeout after a minute", took, err)
				}
			})
		})
	}
}

// fetchTokens makes a call with each client, so that it has a token to revoke.
func fetchTokens(t *testing.T, srv *fakeatlas.Server, c *client.Client, hc *http.Client) {
	t.Helper()
	if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
		t.Fatal(err)
	}
	res, err := hc.Get(srv.URL + "/api/atlas/v2/groups/" + srv.ProjectID)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}
