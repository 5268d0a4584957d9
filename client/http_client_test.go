package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// newHTTPClient returns an http.Client for a server, with a token.
func newHTTPClient(t *testing.T, url string, opts ...client.Option) *http.Client {
	t.Helper()
	hc, err := client.NewHTTPClient(client.AccessToken("token-of-5ecrets"), append([]client.Option{client.WithBaseURL(url), promptly}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hc.CloseIdleConnections)
	return hc
}

// send makes a request with a body that cannot be rewound by itself, and returns the
// response with its body read.
func send(t *testing.T, hc *http.Client, method, url, body string) (*http.Response, string, error) {
	t.Helper()
	var from io.Reader
	if body != "" {
		from = io.NopCloser(strings.NewReader(body))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, from)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/vnd.atlas.2025-03-12+json")
	res, err := hc.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return res, string(data), err
}

// TestHTTPClientRetries checks, for every method, which failures are retried: for all
// methods those after which the request was certainly not executed, for idempotent methods
// also the others. The whole body is sent each time.
func TestHTTPClientRetries(t *testing.T) {
	const all, idempotent, none = "all", "idempotent", "none"
	tests := []struct {
		name    string
		failure http.HandlerFunc
		retried string
	}{
		{"429", respond(429, plainJSON, "{}"), all},
		{"408", respond(408, plainJSON, "{}"), idempotent},
		{"502", respond(502, "text/html", portalPage), idempotent},
		{"503", respond(503, plainJSON, "{}"), idempotent},
		{"504", respond(504, plainJSON, "{}"), idempotent},
		{"closed", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, idempotent},
		{"broken off", func(w http.ResponseWriter, _ *http.Request) { breakOff(w, 200) }, idempotent},
		{"400", respond(400, plainJSON, "{}"), none},
		{"403", respond(403, plainJSON, "{}"), none},
		{"409", respond(409, plainJSON, "{}"), none},
		{"500", respond(500, plainJSON, "{}"), none},
		{"501", respond(501, plainJSON, "{}"), none},
	}
	for _, test := range tests {
		for _, method := range []string{"GET", "PUT", "DELETE", "OPTIONS", "POST", "PATCH"} {
			t.Run(test.name+"/"+method, func(t *testing.T) {
				const body = `{"name":"cluster"}`
				var n counter
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if data, _ := io.ReadAll(r.Body); string(data) != body {
						t.Errorf("the body arrived as %q", data)
					}
					if n.next() <= 2 {
						test.failure(w, r)
					}
				}))
				defer srv.Close()
				_, _, _ = send(t, newHTTPClient(t, srv.URL), method, srv.URL, body)
				want := 1
				if safe := method != "POST" && method != "PATCH"; test.retried == all || test.retried == idempotent && safe {
					want = 3
				}
				if n.count() != want {
					t.Errorf("%d requests, want %d", n.count(), want)
				}
			})
		}
	}
}

// TestHTTPClientWithoutConnection checks that a POST that was never sent is retried.
func TestHTTPClientWithoutConnection(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	hc := newHTTPClient(t, srv.URL, client.WithHTTPClient(&http.Client{Transport: refusing(srv.Client().Transport, 2)}))
	if _, _, err := send(t, hc, "POST", srv.URL, "{}"); err != nil {
		t.Error(err)
	}
}

// TestHTTPClientErrors checks that a call without a response returns an *Error with the
// request, the attempts, and whether the request may have arrived, but no credential.
func TestHTTPClientErrors(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer srv.Close()
	hc := newHTTPClient(t, srv.URL)
	for method, attempts := range map[string]int{"GET": 4, "POST": 1} {
		_, _, err := send(t, hc, method, srv.URL+"/api/atlas/v2/groups", "")
		var e *client.Error
		if !errors.As(err, &e) || e.Method != method || e.Path != "/api/atlas/v2/groups" || e.Attempts != attempts || !errors.Is(err, io.EOF) {
			t.Errorf("got %v, want an *Error after %d attempts", err, attempts)
		}
		if errors.Is(err, client.ErrOutcomeUnknown) != (method == "POST") {
			t.Errorf("got %v for %s", err, method)
		}
	}
	refused := fakeatlas.New(t)
	account, err := client.NewHTTPClient(client.ServiceAccount(refused.ClientID, "wrong-5ecret"), client.WithBaseURL(refused.URL), once)
	if err != nil {
		t.Fatal(err)
	}
	defer account.CloseIdleConnections()
	_, _, err = send(t, account, "GET", refused.URL+"/api/atlas/v2/groups", "")
	var e *client.Error
	if !errors.As(err, &e) || e.Path != "/api/oauth/token" || e.StatusCode != http.StatusUnauthorized || strings.Contains(err.Error(), "wrong-5ecret") {
		t.Errorf("got %v, want the token endpoint's refusal", err)
	}
}

// TestHTTPClientPassesResponsesOn checks that error responses are returned complete, and
// that responses that are too long are refused.
func TestHTTPClientPassesResponsesOn(t *testing.T) {
	srv := httptest.NewServer(inTurn(respond(404, plainJSON, noProject), respond(200, plainJSON, strings.Repeat("x", 2000))))
	defer srv.Close()
	hc := newHTTPClient(t, srv.URL, client.WithMaxResponseBytes(1000))
	res, body, err := send(t, hc, "GET", srv.URL, "")
	if err != nil || res.StatusCode != http.StatusNotFound || body != noProject {
		t.Errorf("got %v %q %v, want the 404", res, body, err)
	}
	if _, _, err := send(t, hc, "GET", srv.URL, ""); !errors.Is(err, client.ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

// TestHTTPClientHeaders checks that Accept and a User-Agent of the caller are kept, that
// the default User-Agent names the program, and that the request is not changed.
func TestHTTPClientHeaders(t *testing.T) {
	var agents []string
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.Header.Get("User-Agent"))
		if r.Header.Get("Accept") != "application/vnd.atlas.2025-03-12+json" || r.Header.Get("Authorization") != "Bearer token-of-5ecrets" {
			t.Errorf("the headers arrived as %v", r.Header)
		}
	}))
	defer srv.Close()
	hc := newHTTPClient(t, srv.URL, client.WithUserAgent("clusters/1"))
	for _, own := range []string{"", "own/2"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		req.Header.Set("Accept", "application/vnd.atlas.2025-03-12+json")
		if own != "" {
			req.Header.Set("User-Agent", own)
		}
		before := req.Header.Clone()
		res, err := hc.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if len(req.Header) != len(before) || res.Request != req {
			t.Errorf("the caller's request was changed to %v", req.Header)
		}
	}
	if !slices.Equal(agents, []string{"clusters/1 exportbuckets", "own/2"}) {
		t.Errorf("the User-Agent is %q", agents)
	}
}

// TestHTTPClientCredentialsNotSentToOtherHosts checks that requests to other hosts have no
// credentials.
func TestHTTPClientCredentialsNotSentToOtherHosts(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("another host got the credentials %q", got)
		}
	}))
	defer other.Close()
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer home.Close()
	hc := newHTTPClient(t, home.URL)
	if _, _, err := send(t, hc, "GET", other.URL, ""); err != nil {
		t.Error(err)
	}
	if res, _, err := send(t, hc, "GET", home.URL, ""); err != nil || res.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("got %v %v, want the redirect as the response", res, err)
	}
}

// TestHTTPClientReportsCalls checks that the logger and the hook receive calls and the
// deprecation of the version in Accept.
func TestHTTPClientReportsCalls(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Sunset", "Thu, 1 Jul 2027 00:00:00 GMT")
		w.Header().Set("RateLimit-Remaining", "7")
	}))
	defer srv.Close()
	var calls []client.Call
	var notices []client.Deprecation
	hc := newHTTPClient(t, srv.URL, client.WithCallHook(func(_ context.Context, c client.Call) { calls = append(calls, c) }),
		client.WithDeprecationHook(func(d client.Deprecation) { notices = append(notices, d) }))
	for range 2 {
		if _, _, err := send(t, hc, "GET", srv.URL+"/api/atlas/v2/groups", ""); err != nil {
			t.Fatal(err)
		}
	}
	if len(calls) != 2 || calls[0].Path != "/api/atlas/v2/groups" || calls[0].StatusCode != http.StatusOK || calls[0].RateLimit.Remaining != 7 {
		t.Errorf("the hook got %+v", calls)
	}
	if len(notices) != 1 || notices[0].Version != "2025-03-12" || notices[0].Sunset.Year() != 2027 {
		t.Errorf("the hook got %+v", notices)
	}
}

// TestCloseHTTPClient checks that the token is revoked.
func TestCloseHTTPClient(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	t.Setenv("MONGODB_ATLAS_CLIENT_ID", srv.ClientID)
	t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", srv.ClientSecret)
	auth, err := client.AuthFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	hc, err := client.NewHTTPClient(auth, client.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	url := srv.URL + "/api/atlas/v2/groups/" + srv.ProjectID + "/backup/exportBuckets"
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	req.Header.Set("Accept", v2024)
	res, err := hc.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("got %v %v", res, err)
	}
	_ = res.Body.Close()
	if err := client.CloseHTTPClient(t.Context(), hc); err != nil || countOf(srv, fakeatlas.OpRevoke) != 1 {
		t.Errorf("got %v and %d revocations, want one", err, countOf(srv, fakeatlas.OpRevoke))
	}
	if _, err := hc.Do(req); !errors.Is(err, client.ErrClosed) {
		t.Errorf("got %v after closing, want ErrClosed", err)
	}
	if err := client.CloseHTTPClient(t.Context(), &http.Client{}); err == nil {
		t.Error("closed an http.Client that it does not own")
	}
}

// TestAuthFromEnv checks that AuthFromEnv reads the variables of FromEnv, and reports
// missing ones.
func TestAuthFromEnv(t *testing.T) {
	if _, err := client.AuthFromEnv(); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("got %v, want ErrNoCredentials", err)
	}
	t.Setenv("MCLI_PUBLIC_API_KEY", "public")
	if _, err := client.AuthFromEnv(); err == nil || !strings.Contains(err.Error(), "MCLI_PUBLIC_API_KEY is set") {
		t.Errorf("got %v, want the missing half", err)
	}
	t.Setenv("MCLI_PRIVATE_API_KEY", "private")
	if auth, err := client.AuthFromEnv(); err != nil || auth.String() != `APIKey("public", …)` {
		t.Errorf("got %v, %v, want the key", auth, err)
	}
}

// TestNewHTTPClientRefuses checks that NewHTTPClient refuses the same options as New.
func TestNewHTTPClientRefuses(t *testing.T) {
	for _, test := range []struct {
		auth client.Auth
		opt  client.Option
	}{
		{nil, nil}, {client.AccessToken(""), nil}, {client.AccessToken("token"), client.WithBaseURL("http://atlas.test")}, {client.AccessToken("token"), client.WithTimeout(-1)},
	} {
		if hc, err := client.NewHTTPClient(test.auth, test.opt); err == nil || hc != nil {
			t.Errorf("got %v, %v, want an error", hc, err)
		}
	}
}
