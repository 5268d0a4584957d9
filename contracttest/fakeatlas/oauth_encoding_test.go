package fakeatlas_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The command curl sends a client secret unencoded, and OAuth libraries send it form-encoded.
func TestTokenForASecretThatNeedsEncoding(t *testing.T) {
	const id, secret = "mdb_sa_id_x", "a/b+c=d %e"
	srv := fakeatlas.New(t, fakeatlas.ServiceAccount(id, secret))
	for _, tc := range []struct {
		what, secret string
		status       int
	}{
		{"unencoded", secret, http.StatusOK},
		{"form-encoded", url.QueryEscape(secret), http.StatusOK},
		{"encoded twice", url.QueryEscape(url.QueryEscape(secret)), http.StatusUnauthorized},
		{"another", "a/b", http.StatusUnauthorized},
	} {
		t.Run(tc.what, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/api/oauth/token", strings.NewReader("grant_type=client_credentials"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.SetBasicAuth(id, tc.secret)
			res, err := srv.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tc.status {
				t.Errorf("%d, want %d", res.StatusCode, tc.status)
			}
		})
	}
}
