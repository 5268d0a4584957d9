package fakeatlas_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// A response is compressed only if the caller asks for it.
func TestGzip(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	c := bearer(t, srv)
	for _, tt := range []struct {
		accept, path string
		compressed   bool
	}{
		{"gzip", "", true},
		{"gzip, deflate, br", "", true},
		{"deflate, GZIP;q=0.5", "", true},
		{"x-gzip", "", true},
		{"gzip;q=0", "", false},
		{"identity", "", false},
		{"*", "", false},
		{"br", "", false},
		{"gzip", "000000000000000000000000", true}, // a 404
	} {
		want := c.ask("GET", tt.path, "", "Accept-Encoding: identity")
		got := c.ask("GET", tt.path, "", "Accept-Encoding: "+tt.accept)
		if compressed := got.header.Get("Content-Encoding") == "gzip"; compressed != tt.compressed {
			t.Errorf("Accept-Encoding %q: compressed %t", tt.accept, compressed)
		}
		if tt.compressed {
			got.body = decompress(t, got.body)
			if got.header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("Accept-Encoding %q: Vary %q", tt.accept, got.header.Get("Vary"))
			}
		}
		if got.body != want.body || got.status != want.status {
			t.Errorf("Accept-Encoding %q: %d %s", tt.accept, got.status, got.body)
		}
	}
	if got := c.ask("DELETE", srv.Buckets(srv.ProjectID)[0].ID, "", "Accept-Encoding: gzip"); got.status != http.StatusNoContent || got.header.Get("Content-Encoding") != "" {
		t.Errorf("a 204: %d, Content-Encoding %q", got.status, got.header.Get("Content-Encoding"))
	}
	if got := plain(t, srv).ask("GET", "", "", "Accept-Encoding: gzip"); !strings.Contains(decompress(t, got.body), "You are not authorized") {
		t.Errorf("the challenge: %s", got.body)
	}
}

// The fault compresses once, even if the caller also asks for compression.
func TestGzipFaultAndAcceptEncoding(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Inject(fakeatlas.Gzip()))
	for _, accept := range []string{"identity", "gzip"} {
		got := bearer(t, srv).ask("GET", "", "", "Accept-Encoding: "+accept)
		if text := decompress(t, got.body); !strings.HasSuffix(text, `"totalCount":1}`) {
			t.Errorf("Accept-Encoding %s: %q", accept, text)
		}
	}
}

func decompress(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v: %q", err, body)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
