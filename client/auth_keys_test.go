package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// TestAPIKeysInSequence checks that each call after the challenge takes one request.
func TestAPIKeysInSequence(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	c := keyed(t, srv)
	id := srv.Buckets(srv.ProjectID)[0].ID
	for range 100 {
		if _, err := c.Get(t.Context(), srv.ProjectID, id); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(srv.Requests()); got != 101 {
		t.Errorf("100 calls made %d requests, want 101", got)
	}
}

// TestAPIKeysConcurrently checks that concurrent calls succeed with few requests although the
// nonce becomes invalid.
func TestAPIKeysConcurrently(t *testing.T) {
	const workers, calls = 50, 1000
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.NoRateLimit())
	c := keyed(t, srv, once)
	id := srv.Buckets(srv.ProjectID)[0].ID
	var done, failed atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for n := done.Add(1); n <= calls; n = done.Add(1) {
				if n == calls/2 {
					srv.Advance(2 * time.Minute) // every nonce is stale from now on
				}
				if _, err := c.Get(t.Context(), srv.ProjectID, id); err != nil {
					failed.Add(1)
					t.Log(err)
				}
			}
		})
	}
	all.Wait()
	refused := 0
	for _, r := range srv.Requests() {
		if r.Status == http.StatusUnauthorized {
			refused++
		}
	}
	t.Logf("%d calls, %d requests, %d responses with 401", calls, len(srv.Requests()), refused)
	if failed.Load() != 0 {
		t.Errorf("%d calls failed, want 0", failed.Load())
	}
	if got := len(srv.Requests()); got != calls+refused || refused > 1+workers {
		t.Errorf("%d requests with %d refusals, want at most the first challenge and one for each of %d calls in flight", got, refused, workers)
	}
}

// TestAlwaysUnauthorized checks that a call to a server that refuses every request returns
// the 401 after at most two requests.
func TestAlwaysUnauthorized(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		srv := fakeatlas.New(t, fakeatlas.Project(project), fakeatlas.Inject(fakeatlas.Status(http.StatusUnauthorized)))
		auths := map[string]client.Auth{
			"wrong key":       client.APIKey(srv.PublicKey, "wrong"),
			"loop":            client.APIKey(srv.PublicKey, srv.PrivateKey),
			"token":           client.AccessToken("wrong"),
			"service account": client.ServiceAccount(srv.ClientID, srv.ClientSecret),
		}
		for name, auth := range auths {
			srv.Forget()
			err := op.call(t.Context(), newClient(t, auth, srv.URL))
			var e *client.Error
			if !errors.As(err, &e) || !errors.Is(err, client.ErrUnauthorized) || e.StatusCode != http.StatusUnauthorized || e.Detail == "" {
				t.Errorf("%s: got %v, want Atlas's 401 with its detail", name, err)
			}
			sent := slices.DeleteFunc(srv.Requests(), func(r fakeatlas.Request) bool { return r.Operation == fakeatlas.OpToken })
			if len(sent) > 2 {
				t.Errorf("%s: %d requests, want at most 2", name, len(sent))
			}
		}
	})
}

// TestBodiesAreReplayed checks that each attempt of a Create sends its body, without a
// challenge and with a stale one.
func TestBodiesAreReplayed(t *testing.T) {
	srv := fakeatlas.New(t)
	c := keyed(t, srv)
	for range 2 {
		if _, err := c.Create(t.Context(), srv.ProjectID, onAzure); err != nil {
			t.Fatal(err)
		}
		srv.Advance(2 * time.Minute)
	}
	if got := len(srv.Buckets(srv.ProjectID)); got != 2 {
		t.Errorf("%d buckets, want 2", got)
	}
	for _, r := range srv.Requests() {
		if !strings.Contains(string(r.Body), onAzure.ServiceURL) {
			t.Errorf("a request came with the body %q", r.Body)
		}
	}
}

// TestCredentialsNotSentToOtherHosts checks that a host that a redirect leads to receives no
// credentials, even if it sends challenges.
func TestCredentialsNotSentToOtherHosts(t *testing.T) {
	var elsewhere counter
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere.next()
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("another host got the credentials %q", got)
		}
		w.Header().Add("WWW-Authenticate", `Digest realm="thief", nonce="n", qop="auth"`)
		w.Header().Add("WWW-Authenticate", `Basic realm="thief"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer thief.Close()
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer home.Close()
	auths := []client.Auth{client.APIKey("public", "private"), client.AccessToken("token"), client.ServiceAccount("id", "secret"), client.Tokens(fixedToken("token"))}
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, auth := range auths {
			err := op.call(t.Context(), newClient(t, auth, home.URL))
			var e *client.Error
			if !errors.As(err, &e) || e.StatusCode != http.StatusTemporaryRedirect || !strings.Contains(err.Error(), thief.URL) {
				t.Errorf("%s: got %v, want an error with 307 and the other host", auth, err)
			}
		}
	})
	if got := elsewhere.count(); got != 0 {
		t.Errorf("the other host got %d requests, want 0", got)
	}
}

// TestMiddlewareToAnotherHost checks that requests have no credentials if middleware of the
// caller redirects them to another host.
func TestMiddlewareToAnotherHost(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("another host got the credentials %q", got)
		}
		write(w, http.StatusOK, oneBucket)
	}))
	defer other.Close()
	c := newClient(t, client.AccessToken("token"), "https://cloud.mongodb.com", client.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			turned := r.Clone(r.Context())
			turned.URL.Scheme, turned.URL.Host, turned.Host = "http", strings.TrimPrefix(other.URL, "http://"), ""
			return next.RoundTrip(turned)
		})
	}))
	if _, err := c.Get(t.Context(), project, bucket); err != nil {
		t.Error(err)
	}
}

// TestRedirectOnSameHost checks that redirects to the same host are followed for GET, and that
// a request with another method never becomes a GET.
func TestRedirectOnSameHost(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		var requests counter
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			requests.next()
			if r.Header.Get("Authorization") != "Bearer token" {
				t.Errorf("the base URL's host got no credentials")
			}
			switch {
			case !strings.HasPrefix(r.URL.Path, "/moved"):
				http.Redirect(w, r, "/moved"+r.URL.Path, http.StatusFound)
			case strings.HasSuffix(r.URL.Path, "exportBuckets"):
				write(w, http.StatusOK, pageOf(1, 1, 1))
			default:
				write(w, http.StatusOK, oneBucket)
			}
		})
		err := op.call(t.Context(), c)
		var e *client.Error
		if op.method == http.MethodGet {
			if err != nil || requests.count() != 2 {
				t.Errorf("got %v after %d requests, want success after 2", err, requests.count())
			}
		} else if !errors.As(err, &e) || e.StatusCode != http.StatusFound || requests.count() != 1 {
			t.Errorf("got %v after %d requests, want an error with 302 after 1", err, requests.count())
		}
	})
}
