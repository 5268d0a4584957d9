package client_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"golang.org/x/oauth2"
)

// TestServiceAccount checks that all goroutines use one token, which Close revokes.
func TestServiceAccount(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3))
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := countOf(srv, fakeatlas.OpToken); got != 1 {
		t.Errorf("50 calls asked for %d tokens, want 1", got)
	}
	token := lastToken(srv)
	if err := c.Close(t.Context()); err != nil {
		t.Errorf("Close: %v", err)
	}
	if got := countOf(srv, fakeatlas.OpRevoke); got != 1 {
		t.Errorf("Close sent %d revocations, want 1", got)
	}
	late := newClient(t, client.AccessToken(token), srv.URL)
	if _, err := late.ListPage(t.Context(), srv.ProjectID, nil); !errors.Is(err, client.ErrUnauthorized) {
		t.Errorf("the revoked token: got %v, want ErrUnauthorized", err)
	}
	if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); !errors.Is(err, client.ErrClosed) {
		t.Errorf("a call after Close: got %v, want ErrClosed", err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

// TestTokenExpires checks that concurrent calls succeed while a token expires early, and that
// one token is requested after each expiration. The calls end before the next expiration,
// because a call whose new token expires too fails.
func TestTokenExpires(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.NoRateLimit())
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, once)
	for range 3 {
		var done atomic.Int64
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				for n := done.Add(1); n <= 100; n = done.Add(1) {
					if n == 50 {
						srv.Advance(2 * time.Hour)
					}
					if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	}
	if got := countOf(srv, fakeatlas.OpToken); got != 4 {
		t.Errorf("%d tokens were requested, want the first one and one after each of 3 expirations", got)
	}
}

// TestTokenErrors checks both forms of the token endpoint's errors.
func TestTokenErrors(t *testing.T) {
	tests := []struct {
		name     string
		options  []fakeatlas.Option
		secret   string
		sentinel error
		status   int
		code     string
		text     string
	}{
		{"wrong secret", nil, "wrong", client.ErrUnauthorized, 401, "invalid_client", "check the credentials"},
		{"too many active tokens", []fakeatlas.Option{fakeatlas.TokenLimits(10, 1)}, "", client.ErrForbidden, 403, "access_denied", "too many active tokens; they expire within an hour"},
		{"too many requests", []fakeatlas.Option{fakeatlas.TokenLimits(1, 100)}, "", client.ErrRateLimited, 429, "RATE_LIMITED", "limited to 1 requests every 1 minutes"},
		{"HTML", []fakeatlas.Option{fakeatlas.Inject(fakeatlas.HTML(502).On(fakeatlas.OpToken).After(1))}, "", client.ErrServer, 502, "", "text/html"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			srv := fakeatlas.New(t, test.options...)
			secret := srv.ClientSecret
			first := newClient(t, client.ServiceAccount(srv.ClientID, secret), srv.URL)
			if _, err := first.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
				t.Fatal(err)
			}
			if test.secret != "" {
				secret = test.secret
			}
			second := newClient(t, client.ServiceAccount(srv.ClientID, secret), srv.URL, once)
			_, err := second.ListPage(t.Context(), srv.ProjectID, nil)
			var e *client.Error
			if !errors.As(err, &e) || !errors.Is(err, test.sentinel) || e.StatusCode != test.status || e.Code != test.code {
				t.Fatalf("got %#v (%v), want %d %s", e, err, test.status, test.code)
			}
			if e.Path != "/api/oauth/token" || e.Method != http.MethodPost || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %q, want the token's path and %q", err, test.text)
			}
		})
	}
}

// TestTokenFailureIsRetried makes the token endpoint fail for a while. The request itself
// is not sent then, so even a Create is tried again.
func TestTokenFailureIsRetried(t *testing.T) {
	for _, fault := range []fakeatlas.Fault{fakeatlas.Status(503), fakeatlas.RateLimited(0), fakeatlas.Reset(), fakeatlas.HTML(502)} {
		srv := fakeatlas.New(t, fakeatlas.Inject(fault.On(fakeatlas.OpToken).Times(2)))
		c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, promptly)
		if _, err := c.Create(t.Context(), srv.ProjectID, onAWS); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
		if got := len(srv.Buckets(srv.ProjectID)); got != 1 {
			t.Errorf("%s: %d buckets, want 1", fault, got)
		}
	}
}

// TestTokenRequestsWithinLimits checks that a client whose tokens are all refused stops
// requesting new ones before it reaches Atlas's limit.
func TestTokenRequestsWithinLimits(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(project), fakeatlas.Inject(fakeatlas.Status(http.StatusUnauthorized).On(fakeatlas.OpGet)))
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL)
	for range 30 {
		if _, err := c.Get(t.Context(), project, bucket); !errors.Is(err, client.ErrUnauthorized) && !errors.Is(err, client.ErrRateLimited) {
			t.Errorf("got %v", err)
		}
	}
	if got := countOf(srv, fakeatlas.OpToken); got != 10 {
		t.Errorf("%d token requests, want Atlas's 10 a minute", got)
	}
}

// TestTokenRequestHonoursCaller checks that token requests use the context and the
// transport of the caller.
func TestTokenRequestHonoursCaller(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Inject(fakeatlas.Latency(time.Hour).On(fakeatlas.OpToken)))
	var seen counter
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		seen.next()
		return srv.Client().Transport.RoundTrip(r)
	})}
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, client.WithHTTPClient(hc))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_ = srv.Wait(t.Context(), func(r []fakeatlas.Request) bool { return len(r) > 0 })
		cancel()
	}()
	_, err := c.Get(ctx, project, bucket)
	if !errors.Is(err, context.Canceled) || seen.count() != 1 {
		t.Errorf("got %v after %d requests through the caller's transport, want the canceled context after 1", err, seen.count())
	}
}

// TestTokens checks that the client uses the caller's source of tokens, notifies it of a
// refused token, and does not revoke its tokens.
func TestTokens(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	store := &tokenStore{issue: func() (*oauth2.Token, error) {
		token, err := srv.AccessToken()
		return &oauth2.Token{AccessToken: token}, err
	}}
	c := newClient(t, client.Tokens(store), srv.URL)
	for range 3 {
		if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
			t.Fatal(err)
		}
	}
	srv.Advance(2 * time.Hour)
	if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
		t.Fatal(err)
	}
	if store.issued != 2 || store.refused != 1 {
		t.Errorf("%d tokens issued, %d notifications of a refused one, want 2 and 1", store.issued, store.refused)
	}
	if err := c.Close(t.Context()); err != nil || countOf(srv, fakeatlas.OpRevoke) != 0 {
		t.Errorf("Close: %v, and %d revocations of tokens that the client does not own", err, countOf(srv, fakeatlas.OpRevoke))
	}
}

// tokenStore keeps a token, as a store that several processes share would.
type tokenStore struct {
	issue           func() (*oauth2.Token, error)
	kept            *oauth2.Token
	issued, refused int
}

func (s *tokenStore) Token(context.Context) (*oauth2.Token, error) {
	if s.kept == nil {
		tok, err := s.issue()
		if err != nil {
			return nil, err
		}
		s.issued++
		s.kept = tok
	}
	return s.kept, nil
}

func (s *tokenStore) Invalidate(*oauth2.Token) { s.refused++; s.kept = nil }

// TestTokenSourceFails checks that the error contains the cause if the caller's source
// fails.
func TestTokenSourceFails(t *testing.T) {
	vault := errors.New("the vault is sealed")
	c := newClient(t, client.Tokens(failingSource{vault}), "https://cloud.mongodb.com")
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.Is(err, vault) || !errors.As(err, &e) || e.Method != http.MethodGet || e.Attempts != 1 {
		t.Errorf("got %#v (%v), want the source's error in an *Error of one attempt", e, err)
	}
}

type failingSource struct{ err error }

func (f failingSource) Token(context.Context) (*oauth2.Token, error) { return nil, f.err }

type fixedToken string

func (f fixedToken) Token(context.Context) (*oauth2.Token, error) {
	return &oauth2.Token{AccessToken: string(f)}, nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func countOf(srv *fakeatlas.Server, op fakeatlas.Operation) int {
	n := 0
	for _, r := range srv.Requests() {
		if r.Operation == op {
			n++
		}
	}
	return n
}

// lastToken is the bearer token of the last request that had one.
func lastToken(srv *fakeatlas.Server) string {
	for _, r := range slices.Backward(srv.Requests()) {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			return token
		}
	}
	return ""
}
