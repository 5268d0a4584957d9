package client_test

import (
	"context"
	"errors"
	"fmt"
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
	"golang.org/x/oauth2"
)

// TestKeysInSequence is the steady state: one request a call after the challenge.
func TestKeysInSequence(t *testing.T) {
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

// TestKeysConcurrently has the nonce become invalid in mid-run.
func TestKeysConcurrently(t *testing.T) {
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
					srv.Advance(2 * time.Minute) // every nonce is stale from here on
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
	t.Logf("%d calls, %d requests, %d answers of 401", calls, len(srv.Requests()), refused)
	if failed.Load() != 0 {
		t.Errorf("%d calls failed, want 0", failed.Load())
	}
	if got := len(srv.Requests()); got != calls+refused || refused > 1+workers {
		t.Errorf("%d requests with %d refusals, want at most the first challenge and one for each of %d calls in flight", got, refused, workers)
	}
}

// TestUnauthorizedForEver has a server that refuses whatever comes.
func TestUnauthorizedForEver(t *testing.T) {
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

// TestBodiesAreReplayed creates with a cold and with a stale challenge.
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

// TestCredentialsStayHome redirects to another host, which asks for credentials in
// every way there is.
func TestCredentialsStayHome(t *testing.T) {
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

// TestMiddlewareToAnotherHost has a caller's middleware turn requests to another
// host: the credentials don't go along.
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

// TestRedirectAtHome follows for reading, and never turns another method into it.
func TestRedirectAtHome(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		var requests counter
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
			requests.next()
			if r.Header.Get("Authorization") != "Bearer token" {
				t.Errorf("no credentials at home")
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

// TestServiceAccount uses one token for all goroutines and revokes it.
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
		t.Errorf("Close revoked %d times, want once", got)
	}
	late := newClient(t, client.AccessToken(token), srv.URL)
	if _, err := late.ListPage(t.Context(), srv.ProjectID, nil); !errors.Is(err, client.ErrUnauthorized) {
		t.Errorf("the revoked token gets %v, want ErrUnauthorized", err)
	}
	if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); !errors.Is(err, client.ErrClosed) {
		t.Errorf("a call after Close gets %v, want ErrClosed", err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

// TestTokenExpires has tokens end in mid-run: by the clock of the server alone, so
// that the client learns it by a 401.
func TestTokenExpires(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.NoRateLimit())
	c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, once)
	var done atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for n := done.Add(1); n <= 300; n = done.Add(1) {
				if n%100 == 0 {
					srv.Advance(2 * time.Hour)
				}
				if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := countOf(srv, fakeatlas.OpToken); got != 4 {
		t.Errorf("%d tokens asked for, want the first and one after each of 3 ends", got)
	}
}

// TestTokenErrors holds both forms of the token endpoint's errors.
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
		{"too many living tokens", []fakeatlas.Option{fakeatlas.TokenLimits(10, 1)}, "", client.ErrForbidden, 403, "access_denied", "too many living tokens"},
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

// TestTokenFailureIsRetried has the token endpoint fail for a while: the request
// itself was never sent, so even a Create is tried again.
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

// TestTokenLoopStaysInsideLimits has every token refused: the client stops asking
// for new ones before Atlas stops answering.
func TestTokenLoopStaysInsideLimits(t *testing.T) {
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

// TestTokenRequestHonoursCaller uses the caller's context and transport.
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

// TestTokens uses a source of the caller's, here a plain one and one that keeps
// tokens and is told of a refused one.
func TestTokens(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	store := &tokenStore{mint: func() (*oauth2.Token, error) {
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
	if store.minted != 2 || store.refused != 1 {
		t.Errorf("minted %d, told of %d refused, want 2 and 1", store.minted, store.refused)
	}
	if err := c.Close(t.Context()); err != nil || countOf(srv, fakeatlas.OpRevoke) != 0 {
		t.Errorf("Close: %v, and %d revocations of tokens that aren't the client's", err, countOf(srv, fakeatlas.OpRevoke))
	}
}

// tokenStore keeps a token, as one shared between processes would.
type tokenStore struct {
	mint            func() (*oauth2.Token, error)
	kept            *oauth2.Token
	minted, refused int
}

func (s *tokenStore) Token(context.Context) (*oauth2.Token, error) {
	if s.kept == nil {
		tok, err := s.mint()
		if err != nil {
			return nil, err
		}
		s.minted++
		s.kept = tok
	}
	return s.kept, nil
}

func (s *tokenStore) Invalidate(*oauth2.Token) { s.refused++; s.kept = nil }

// TestTokenSourceFails has a caller's source fail: the cause is in the error.
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

// TestNewRefusesCredentials that cannot be right.
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

// TestPrintsNoSecret prints everything that holds a secret, in every way.
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
