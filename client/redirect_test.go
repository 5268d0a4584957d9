package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestRedirectErrors checks the error for a redirect that is not followed: it contains
// the status, the requested path, and the reason.
func TestRedirectErrors(t *testing.T) {
	tests := []struct {
		name     string
		status   int
		location string
		want     string
	}{
		{"a loop on the same host", 302, "/elsewhere", "a call follows 5 redirects at most"},
		{"another host", 302, "https://elsewhere.test/secret?token=1", "redirected to https://elsewhere.test, which is not followed"},
		{"another host, without a scheme", 307, "//elsewhere.test/", "redirected to http://elsewhere.test, which is not followed"},
		{"no Location", 302, "", "no valid Location"},
		{"a malformed Location", 302, "http://[::1:%zz/s3cr3t-part", "no valid Location"},
		{"multiple choices without a Location", 300, "", "no valid Location"},
		{"not modified", 304, "", "the request was not conditional"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
				if test.location != "" {
					w.Header().Set("Location", test.location)
				}
				w.WriteHeader(test.status)
			})
			_, err := c.Get(t.Context(), project, bucket)
			var e *client.Error
			if !errors.As(err, &e) || e.StatusCode != test.status || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %d and %q", err, test.status, test.want)
			}
			if !strings.HasSuffix(e.Path, "/exportBuckets/"+bucket) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("got path %s and %q, want the path of the request and nothing of the Location", e.Path, err)
			}
		})
	}
}

// TestRedirectedChangeFails checks that the error for a redirected change names the method.
func TestRedirectedChangeFails(t *testing.T) {
	c := clientOf(t, respondRedirect("/moved"))
	if _, err := c.Create(t.Context(), project, onAWS); err == nil || !strings.Contains(err.Error(), "not for POST") {
		t.Errorf("got %v, want the method in the error", err)
	}
}

func respondRedirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusTemporaryRedirect) }
}

// TestPathAfterRedirect checks that the error and the hook contain the path of the first
// request.
func TestPathAfterRedirect(t *testing.T) {
	var hooked client.Call
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/moved") {
			raw(w, http.StatusNotFound, plainJSON, noBucket)
			return
		}
		http.Redirect(w, r, "/moved", http.StatusFound)
	}, client.WithCallHook(func(_ context.Context, call client.Call) { hooked = call }))
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.As(err, &e) || !strings.HasSuffix(e.Path, bucket) || hooked.Path != e.Path {
		t.Errorf("got %v and the hook %s, want the path of the request", err, hooked.Path)
	}
}

// TestRedirectPolicyKeepsStatus checks that if the caller's CheckRedirect refuses, the
// error contains the status and the caller's reason.
func TestRedirectPolicyKeepsStatus(t *testing.T) {
	forbidden := errors.New("no redirects here")
	c := clientOf(t, respondRedirect("/moved"), client.WithHTTPClient(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return forbidden }}))
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.As(err, &e) || !errors.Is(err, forbidden) || e.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("got %v, want the caller's error with status 307", err)
	}
}

// TestRedirectsRefundNoRetries sends redirects and 503s alternately. The budget must still
// limit the retries.
func TestRedirectsRefundNoRetries(t *testing.T) {
	const calls, budget = 200, 100
	var n counter
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if n.next()%2 == 1 {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}, promptly)
	for range calls {
		if _, err := c.Get(t.Context(), project, bucket); !errors.Is(err, client.ErrServer) {
			t.Fatalf("got %v, want 503", err)
		}
	}
	if most := 2 * (calls + budget); n.count() > most {
		t.Errorf("%d calls with a budget of %d retries made %d requests, want at most %d", calls, budget, n.count(), most)
	}
}
