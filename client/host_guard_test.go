package client_test

import (
	"net/http"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestCredentialsNeedTheSameOrigin checks that requests to URLs that resemble the base URL
// have credentials only if scheme, host and port are the same.
func TestCredentialsNeedTheSameOrigin(t *testing.T) {
	tests := []struct {
		base, to string
		signed   bool
	}{
		{"https://atlas.example.com", "https://atlas.example.com", true},
		{"https://atlas.example.com", "https://atlas.example.com:443", true},
		{"https://atlas.example.com:443", "https://atlas.example.com", true},
		{"https://atlas.example.com", "HTTPS://Atlas.Example.com", true},
		{"https://atlas.example.com", "http://atlas.example.com", false},
		{"https://atlas.example.com", "http://atlas.example.com:443", false},
		{"https://atlas.example.com", "https://atlas.example.com:80", false},
		{"https://atlas.example.com", "https://atlas.example.com:8443", false},
		{"https://atlas.example.com:8443", "https://atlas.example.com", false},
		{"https://atlas.example.com:8443", "http://atlas.example.com:8443", false},
		{"https://atlas.example.com", "https://example.com", false},
		{"https://atlas.example.com", "https://atlas.example.com.test", false},
		{"http://localhost", "http://localhost:80", true},
		{"http://localhost:80", "http://localhost", true},
		{"http://localhost", "http://localhost:443", false},
		{"http://localhost", "https://localhost", false},
		{"http://localhost", "https://localhost:80", false},
	}
	for _, test := range tests {
		signed := false
		hc, err := client.NewHTTPClient(client.AccessToken("token"), client.WithBaseURL(test.base), client.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				signed = r.Header.Get("Authorization") != ""
				return recorded("{}"), nil
			}),
		}))
		if err != nil {
			t.Fatal(err)
		}
		res, err := hc.Get(test.to)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if signed != test.signed {
			t.Errorf("base URL %s: a request to %s has credentials: %t, want %t", test.base, test.to, signed, test.signed)
		}
	}
}
