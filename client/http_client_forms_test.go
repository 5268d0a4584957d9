package client_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// httpClientForms are the documented kinds of http.Client for WithHTTPClient, each on top of
// a transport.
var httpClientForms = []struct {
	name string
	make func(t *testing.T, base http.RoundTripper) *http.Client
}{
	{"a transport only", func(_ *testing.T, base http.RoundTripper) *http.Client { return &http.Client{Transport: base} }},
	{"a timeout", func(_ *testing.T, base http.RoundTripper) *http.Client {
		return &http.Client{Transport: base, Timeout: time.Minute}
	}},
	{"a cookie jar", func(t *testing.T, base http.RoundTripper) *http.Client {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Client{Transport: base, Jar: jar}
	}},
	{"a redirect policy", func(_ *testing.T, base http.RoundTripper) *http.Client {
		return &http.Client{Transport: base, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	}},
	{"a transport that replaces body and response", func(_ *testing.T, base http.RoundTripper) *http.Client {
		return &http.Client{Transport: replacing(base)}
	}},
	{"everything", func(_ *testing.T, base http.RoundTripper) *http.Client {
		jar, _ := cookiejar.New(nil)
		return &http.Client{Transport: replacing(base), Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	}},
}

// replacing returns a transport that sends a copy of the request and returns a copy of the
// response with another body, as instrumentation does.
func replacing(base http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		res, err := base.RoundTrip(r.Clone(r.Context()))
		if err != nil {
			return nil, err
		}
		wrapped := *res
		wrapped.Body = struct {
			io.Reader
			io.Closer
		}{res.Body, res.Body}
		return &wrapped, nil
	})
}

// atlasHandler responds to every call with the expected response.
func atlasHandler(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	http.SetCookie(w, &http.Cookie{Name: "route", Value: "1"})
	switch {
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "exportBuckets"):
		write(w, http.StatusOK, pageOf(1, 1, 1))
	default:
		write(w, http.StatusOK, oneBucket)
	}
}

// TestHTTPClientsOfCallers makes every call with every kind of http.Client, over HTTP/1 and
// HTTP/2, and as middleware. Bodies must arrive, and errors must keep their code.
func TestHTTPClientsOfCallers(t *testing.T) {
	missing := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		raw(w, http.StatusNotFound, "application/json", `{"error":404,"errorCode":"GROUP_NOT_FOUND","detail":"No group."}`)
	}
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		for _, form := range httpClientForms {
			t.Run(protocol+"/"+form.name, func(t *testing.T) {
				good := protocolServer(t, protocol, atlasHandler)
				bad := protocolServer(t, protocol, missing)
				forEachOperation(t, func(t *testing.T, op operation) {
					with := func(srv *httptest.Server) *client.Client {
						return newClient(t, client.AccessToken("token"), srv.URL, once, client.WithMiddleware(replacing),
							client.WithHTTPClient(form.make(t, srv.Client().Transport)))
					}
					if err := op.call(t.Context(), with(good)); err != nil {
						t.Errorf("got %v, want success", err)
					}
					var e *client.Error
					if err := op.call(t.Context(), with(bad)); !errors.As(err, &e) || e.Code != "GROUP_NOT_FOUND" || e.Detail != "No group." {
						t.Errorf("got %v, want the code and the detail of the 404", err)
					}
				})
			})
		}
	}
}

// protocolServer serves h over TLS with one protocol.
func protocolServer(t *testing.T, protocol string, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Proto != protocol {
			t.Errorf("the request came over %s, want %s", r.Proto, protocol)
		}
		h(w, r)
	}))
	srv.EnableHTTP2 = protocol == "HTTP/2.0"
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

// TestCallersTimeoutDuringBody checks that the Timeout of the caller ends the reading of an
// endless body.
func TestCallersTimeoutDuringBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hc := &http.Client{Timeout: time.Second, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			body := io.MultiReader(strings.NewReader(`{"_id":`), endless{r.Context().Done(), r.Context().Err})
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {v2024}}, ContentLength: -1, Body: io.NopCloser(body), Request: r}, nil
		})}
		c := newClient(t, client.AccessToken("token"), "https://atlas.example.com", once, client.WithHTTPClient(hc))
		_, err := c.Get(t.Context(), project, bucket)
		var e *client.Error
		var timeout interface{ Timeout() bool }
		if !errors.As(err, &e) || e.StatusCode != http.StatusOK || !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("got %v, want a timeout with the status", err)
		}
	})
}

// endless is the rest of a body, which does not arrive before the context ends.
type endless struct {
	done <-chan struct{}
	err  func() error
}

func (e endless) Read([]byte) (int, error) {
	<-e.done
	return 0, e.err()
}

// connectProxy is a CONNECT proxy that refuses the first requests with a status line.
type connectProxy struct {
	*httptest.Server
	requests counter
}

func newConnectProxy(t *testing.T, statusLine string, refusals int) *connectProxy {
	t.Helper()
	p := &connectProxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if p.requests.next() <= refusals {
			_, _ = io.WriteString(conn, "HTTP/1.1 "+statusLine+"\r\nContent-Length: 0\r\n\r\n")
			_ = conn.Close()
			return
		}
		tunnel(r.Context(), t, conn, r.Host)
	}))
	t.Cleanup(p.Close)
	return p
}

// through returns an http.Client that trusts srv's certificate and uses the proxy.
func (p *connectProxy) through(t *testing.T, srv *httptest.Server) *http.Client {
	t.Helper()
	transport, ok := srv.Client().Transport.(*http.Transport)
	if !ok {
		t.Fatal("the test server's transport is not an *http.Transport")
	}
	proxied := transport.Clone()
	address, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxied.Proxy = http.ProxyURL(address)
	t.Cleanup(proxied.CloseIdleConnections)
	return &http.Client{Transport: proxied}
}

// TestConnectProxyRefuses checks that calls are retried if the proxy is overloaded, also
// Create, because nothing was sent. For any other refusal the error is returned immediately.
func TestConnectProxyRefuses(t *testing.T) {
	srv := protocolServer(t, "HTTP/1.1", atlasHandler)
	tests := []struct {
		statusLine string
		retried    bool
	}{
		{"502 Bad Gateway", true},
		{"503 Service Unavailable", true},
		{"504 Gateway Timeout", true},
		{"429 Too Many Requests", true},
		{"403 Forbidden", false},
		{"407 Proxy Authentication Required", false},
	}
	for _, test := range tests {
		t.Run(test.statusLine, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				proxy := newConnectProxy(t, test.statusLine, 2)
				c := newClient(t, client.AccessToken("token"), srv.URL, promptly, client.WithHTTPClient(proxy.through(t, srv)))
				err := op.call(t.Context(), c)
				if test.retried {
					if err != nil || proxy.requests.count() != 3 {
						t.Errorf("got %v after %d requests of the proxy, want success after 3", err, proxy.requests.count())
					}
					return
				}
				var e *client.Error
				if !errors.As(err, &e) || e.StatusCode != 0 || e.Attempts != 1 || e.OutcomeUnknown || !strings.Contains(err.Error(), "the proxy did not connect to Atlas: it responded with "+test.statusLine) {
					t.Errorf("got %v, want the proxy's refusal after one attempt", err)
				}
			})
		})
	}
}

// TestConnectProxyOfOwnTransport uses the client's own transport, which is a copy of net/http's
// default. It connects through a proxy, and the error for a refusal has the status and the
// reason that the proxy sent, even if the reason is not the standard one.
func TestConnectProxyOfOwnTransport(t *testing.T) {
	srv := protocolServer(t, "HTTP/1.1", atlasHandler)
	tests := []struct {
		statusLine string
		refusals   int
		requests   int
		want       string
	}{
		{"", 0, 1, ""},
		{"503 Busy Now", 2, 3, ""},
		{"503 Busy Now", 9, 4, "it responded with 503 Busy Now"},
		{"407 Who Are You", 9, 1, "it responded with 407 Who Are You"},
		{"403", 9, 1, "it responded with 403 Forbidden"},
	}
	for _, test := range tests {
		t.Run(test.statusLine, func(t *testing.T) {
			proxy := newConnectProxy(t, test.statusLine, test.refusals)
			global := http.DefaultTransport
			http.DefaultTransport = proxy.through(t, srv).Transport
			defer func() { http.DefaultTransport = global }()
			_, err := newClient(t, client.AccessToken("token"), srv.URL, promptly).Get(t.Context(), project, bucket)
			if proxy.requests.count() != test.requests || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v after %d requests of the proxy, want %q after %d", err, proxy.requests.count(), test.want, test.requests)
			}
		})
	}
}

// TestServerWritesBeforeRequest checks that a connection on which the server writes before the
// request counts as broken, and that the call is retried.
func TestServerWritesBeforeRequest(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(atlasHandler))
	defer srv.Close()
	var connections counter
	transport := &http.Transport{DialContext: greetingDialer(&connections, 2)}
	defer transport.CloseIdleConnections()
	c := newClient(t, client.AccessToken("token"), srv.URL, promptly, client.WithHTTPClient(&http.Client{Transport: transport}))
	if _, err := c.Get(t.Context(), project, bucket); err != nil || connections.count() != 3 {
		t.Errorf("got %v over %d connections, want success over the third", err, connections.count())
	}
}
