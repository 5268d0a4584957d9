package client_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// connectionCounter returns a server and the number of connections that clients opened to it.
func connectionCounter(t *testing.T, h http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var opened atomic.Int64
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	return srv, &opened
}

// TestConnectionsAreKept makes twenty calls at once, twice. The second time, no new
// connection may be opened. By default net/http keeps two idle connections per host.
func TestConnectionsAreKept(t *testing.T) {
	const calls = 20
	var arrived sync.WaitGroup
	srv, opened := connectionCounter(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived.Done()
		arrived.Wait() // until every call has a separate connection
		write(w, http.StatusOK, oneBucket)
	})
	c := newClient(t, client.AccessToken("token"), srv.URL, once)
	for range 2 {
		arrived.Add(calls)
		var all sync.WaitGroup
		for range calls {
			all.Go(func() {
				if _, err := c.Get(t.Context(), project, bucket); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := opened.Load(); got != calls {
			t.Fatalf("%d connections were opened, want %d", got, calls)
		}
	}
}

// TestCloseConnections checks that Close closes the idle connections of the client's own
// transport, and keeps those of a transport that the caller passed.
func TestCloseConnections(t *testing.T) {
	for name, test := range map[string]struct {
		transport http.RoundTripper
		opened    int64
	}{
		"own":      {nil, 2},
		"caller's": {&http.Transport{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			srv, opened := connectionCounter(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, oneBucket) })
			c := newClient(t, client.AccessToken("token"), srv.URL, once, client.WithHTTPClient(&http.Client{Transport: test.transport}))
			if transport, ok := test.transport.(*http.Transport); ok {
				defer transport.CloseIdleConnections()
			}
			for range 2 {
				if _, err := c.Get(t.Context(), project, bucket); err != nil {
					t.Fatal(err)
				}
				if err := c.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := opened.Load(); got != test.opened {
				t.Errorf("%d connections were opened, want %d", got, test.opened)
			}
		})
	}
}
