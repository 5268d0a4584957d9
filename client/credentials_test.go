package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// witness collects what the caller's code can see of requests, responses and errors.
type witness struct {
	mu     sync.Mutex
	seen   map[string]int // how often something was seen in each place
	signed int            // requests that reached the transport with credentials
	texts  []string
}

func newWitness() *witness { return &witness{seen: map[string]int{}} }

func (w *witness) see(place string, texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen[place]++
	for _, text := range texts {
		w.texts = append(w.texts, place+": "+text)
	}
}

// request records a request and everything that it refers to.
func (w *witness) request(place string, req *http.Request) {
	for ; req != nil; req = req.Response.Request {
		w.see(place, reachable(req.Header)...)
		w.see(place, reachable(req.Trailer)...)
		w.see(place, req.URL.String())
		if req.Response == nil {
			return
		}
		w.see(place, reachable(req.Response.Header)...)
	}
}

// outcome records the response or error that a layer returns.
func (w *witness) outcome(place string, res *http.Response, err error) {
	if err != nil {
		w.see(place+" error", append(everyText(err), reachable(err)...)...)
		return
	}
	w.see(place+" response", reachable(res.Header)...)
	w.request(place+" response", res.Request)
}

// middleware records each attempt before it is sent and after it.
func (w *witness) middleware(next http.RoundTripper) http.RoundTripper {
	w.see("middleware", reachable(next)...)
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		w.request("middleware", req)
		res, err := next.RoundTrip(req)
		w.request("middleware after", req)
		w.outcome("middleware", res, err)
		return res, err
	})
}

// transport counts the requests that reach the caller's transport, which is below
// authentication.
func (w *witness) transport(base http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") != "" {
			w.mu.Lock()
			w.signed++
			w.mu.Unlock()
		}
		return base.RoundTrip(req)
	})
}

func (w *witness) checkRedirect(req *http.Request, via []*http.Request) error {
	w.request("CheckRedirect", req)
	for _, earlier := range via {
		w.request("CheckRedirect", earlier)
	}
	return nil
}

// options returns the options that call the caller's code without being a layer.
func (w *witness) options(logged *logBuffer) []client.Option {
	return []client.Option{
		promptly, client.WithLogger(logged.logger()),
		client.WithCallHook(func(ctx context.Context, call client.Call) {
			w.see("hook", append(everyText(call), reachable(call)...)...)
			w.see("hook", reachable(ctx)...)
		}),
		client.WithDeprecationHook(func(d client.Deprecation) { w.see("deprecation hook", everyText(d)...) }),
	}
}

// trace returns a context whose ClientTrace records every header field.
func (w *witness) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaderField: func(key string, value []string) { w.see("trace", append(value, key)...) },
	})
}

// check reports credentials, and headers that would contain them, in the recorded texts.
func (w *witness) check(t *testing.T, p planted) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	p.search(t, w.texts)
	for _, text := range w.texts {
		_, value, _ := strings.Cut(text, ": ")
		for _, scheme := range []string{"Basic ", "Bearer ", "Digest username", "Authorization"} {
			if strings.HasPrefix(value, scheme) {
				t.Errorf("%s: saw %s", p.auth, text)
			}
		}
	}
	if w.signed == 0 {
		t.Errorf("%s: no request was signed", p.auth)
	}
}

// failureCases are the failures that a call may encounter: handlers for the first requests
// with credentials.
var failureCases = []struct {
	name  string
	meets []http.HandlerFunc
	seen  string // a place where something must have been seen
}{
	{"nothing", nil, "middleware response"},
	{"a redirect", []http.HandlerFunc{redirectTo("/moved"), redirectTo("/moved/again")}, "CheckRedirect"},
	{"a redirect to another host", []http.HandlerFunc{redirectTo("https://elsewhere.test/")}, "middleware response"},
	{"a retry", []http.HandlerFunc{respond(503, "text/html", portalPage), respond(429, plainJSON, "{}")}, "middleware response"},
	{"a 401", []http.HandlerFunc{unauthorized}, "middleware response"},
	{"repeated 401s", []http.HandlerFunc{unauthorized, unauthorized, unauthorized, unauthorized, unauthorized}, "middleware response"},
	{"a refusal", []http.HandlerFunc{respond(403, plainJSON, `{"errorCode":"USER_UNAUTHORIZED"}`)}, "middleware response"},
	{"a sunset", []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Sunset", "Thu, 1 Jul 2027 00:00:00 GMT")
		write(w, http.StatusOK, oneBucket)
	}}, "deprecation hook"},
	{"a broken connection", []http.HandlerFunc{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}, "middleware response"},
	{"a broken body", []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { breakOff(w, 200) }}, "middleware response"},
	{"an echo in the status line", []http.HandlerFunc{echoInStatusLine}, "middleware error"},
}

func redirectTo(url string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, url, http.StatusTemporaryRedirect) }
}

func unauthorized(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth", stale=true`)
	raw(w, http.StatusUnauthorized, plainJSON, `{"error":401}`)
}

// echoInStatusLine repeats the credentials where net/http quotes them in its error.
func echoInStatusLine(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 "+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+"\r\n\r\n")
	_ = conn.Close()
}

// meeting returns a server that uses handlers for the requests of a call, in turn.
func meeting(t *testing.T, meets []http.HandlerFunc) *httptest.Server {
	t.Helper()
	then := inTurn(append(meets, respond(http.StatusOK, v2024, oneBucket))...)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch {
		case respondToken(w, r):
		case r.Header.Get("Authorization") == "":
			unauthorized(w, r)
		default:
			then(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

// TestCredentialsStayBelowMiddleware makes calls with each kind of Auth that encounter each
// misfortune, and searches for credentials in everything that the caller's code sees:
// requests, res.Request and what it refers to, errors, hooks, logs and traces.
func TestCredentialsStayBelowMiddleware(t *testing.T) {
	for _, test := range failureCases {
		for _, p := range plantedAuths() {
			t.Run(test.name+"/"+p.auth.String(), func(t *testing.T) {
				srv := meeting(t, test.meets)
				w, logged := newWitness(), &logBuffer{}
				hc := &http.Client{Transport: w.transport(srv.Client().Transport), CheckRedirect: w.checkRedirect}
				opts := append(w.options(logged), client.WithHTTPClient(hc), client.WithMiddleware(w.middleware))
				c := newClient(t, p.auth, srv.URL, opts...)
				_, err := c.Get(w.trace(t.Context()), project, bucket)
				w.outcomeOfCall(err)
				w.see("client", append(reachable(c), reachable(p.auth)...)...)
				_ = c.Close(w.trace(t.Context()))
				w.see("log", logged.String())
				w.check(t, p)
				for _, place := range []string{"middleware", "middleware after", "hook", "trace", test.seen} {
					if w.seen[place] == 0 {
						t.Errorf("saw nothing of the %s", place)
					}
				}
			})
		}
	}
}

// TestCredentialsStayBelowCheckRedirect makes calls that are repeated and redirected, without
// middleware, and searches for credentials in all requests that CheckRedirect gets.
func TestCredentialsStayBelowCheckRedirect(t *testing.T) {
	meets := []http.HandlerFunc{redirectTo("/moved"), respond(503, "text/html", portalPage), redirectTo("/again"), respond(429, plainJSON, "{}"), redirectTo("/last")}
	for _, p := range plantedAuths() {
		t.Run(p.auth.String(), func(t *testing.T) {
			srv := meeting(t, meets)
			w := newWitness()
			hc := &http.Client{Transport: w.transport(srv.Client().Transport), CheckRedirect: w.checkRedirect}
			c := newClient(t, p.auth, srv.URL, promptly, client.WithHTTPClient(hc))
			if _, err := c.Get(t.Context(), project, bucket); err != nil {
				t.Fatal(err)
			}
			w.check(t, p)
			if w.seen["CheckRedirect"] == 0 {
				t.Error("saw no redirect")
			}
		})
	}
}

func (w *witness) outcomeOfCall(err error) {
	if err != nil {
		w.outcome("call", nil, err)
	}
}

// TestCredentialsStayInHTTPClient does the same with the http.Client of NewHTTPClient, with
// and without middleware, and searches its results.
func TestCredentialsStayInHTTPClient(t *testing.T) {
	for _, test := range failureCases {
		for _, p := range plantedAuths() {
			for _, layers := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s/%s/middleware %v", test.name, p.auth, layers), func(t *testing.T) {
					srv := meeting(t, test.meets)
					w, logged := newWitness(), &logBuffer{}
					hc := &http.Client{Transport: w.transport(srv.Client().Transport)}
					opts := append(w.options(logged), client.WithBaseURL(srv.URL), client.WithHTTPClient(hc))
					if layers {
						opts = append(opts, client.WithMiddleware(w.middleware))
					}
					own, err := client.NewHTTPClient(p.auth, opts...)
					if err != nil {
						t.Fatal(err)
					}
					defer own.CloseIdleConnections()
					req, err := http.NewRequestWithContext(w.trace(t.Context()), http.MethodGet, srv.URL, nil)
					if err != nil {
						t.Fatal(err)
					}
					res, err := own.Do(req)
					w.outcome("call", res, err)
					if err == nil {
						_ = res.Body.Close()
					}
					w.request("request", req)
					w.see("log", logged.String())
					w.see("http.Client", reachable(own.Transport.(interface{ CloseIdleConnections() }))...)
					w.check(t, p)
				})
			}
		}
	}
}

// TestTokenRequestStaysInSource uses a token source of the caller that fails with an error
// of golang.org/x/oauth2. That error contains the request for the token; the layers above
// must get the response of the token endpoint without the request.
func TestTokenRequestStaysInSource(t *testing.T) {
	responses := map[string]http.HandlerFunc{
		"401":              respond(401, plainJSON, `{"error":"invalid_client","error_description":"unknown client"}`),
		"403, Atlas":       respond(403, plainJSON, `{"error":403,"errorCode":"invalid_client","detail":"unknown client"}`),
		"an unusual token": respond(400, plainJSON, `{"error":"invalid_client","error_description":"unknown client","access_token":"`+plantedToken+`"}`),
	}
	for name, respondWith := range responses {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(respondWith)
			defer srv.Close()
			source := &clientcredentials.Config{ClientID: "id", ClientSecret: plantedSecret, TokenURL: srv.URL + "/token", AuthStyle: oauth2.AuthStyleInHeader}
			w, logged := newWitness(), &logBuffer{}
			c := newClient(t, client.Tokens(source), srv.URL, append(w.options(logged), client.WithMiddleware(w.middleware))...)
			_, err := c.Get(w.trace(t.Context()), project, bucket)
			var e *client.Error
			if !errors.As(err, &e) || e.Code != "invalid_client" || e.Detail != "unknown client" || e.StatusCode < 400 || e.Path != "/token" {
				t.Errorf("got %v, want the token endpoint's response", err)
			}
			w.outcomeOfCall(err)
			w.see("log", logged.String())
			w.signed++ // by the token source
			w.check(t, planted{client.Tokens(source), []string{plantedSecret, plantedToken, "id:" + plantedSecret}})
		})
	}
}

// TestTokenErrorWithoutRequest checks that the error of a caller's source is kept if its
// response or request is missing.
func TestTokenErrorWithoutRequest(t *testing.T) {
	for _, test := range []struct {
		res  *http.Response
		want string
	}{
		{nil, "sealed: open the vault"},
		{&http.Response{StatusCode: http.StatusUnauthorized}, "401 Unauthorized"},
		{&http.Response{StatusCode: http.StatusUnauthorized, Request: &http.Request{}}, "401 Unauthorized"},
	} {
		failed := &oauth2.RetrieveError{Response: test.res, ErrorCode: "sealed", ErrorDescription: "open the vault"}
		c := newClient(t, client.Tokens(failingSource{failed}), client.DefaultBaseURL, once)
		if _, err := c.Get(t.Context(), project, bucket); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
