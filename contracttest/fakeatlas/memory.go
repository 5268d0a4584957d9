package fakeatlas

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// memoryURL is the URL of a fake without a network. Nothing listens there.
const memoryURL = "http://localhost:1"

// InMemory makes the fake listen on pipes instead of a port. Only [Server.Client] can reach
// it. It can be used in a testing/synctest bubble, with real HTTP and fake time.
func InMemory() Option {
	return func(c *config) { c.memory = true }
}

// Client returns an HTTP client that reaches the fake under any host name. It does not
// authenticate. Closing the fake closes its connections.
func (s *Server) Client() *http.Client { return s.client }

func newClient(dial func(context.Context, string, string) (net.Conn, error)) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: dial, MaxIdleConnsPerHost: 100}}
}

// dialTo always connects to one TCP address.
func dialTo(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes {
	return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial opens a connection.
func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- localConn{server}:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements [net.Listener].
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr implements [net.Listener].
func (p *pipes) Addr() net.Addr { return loopback }

var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}

// localConn is a pipe with a loopback address, so that access lists have an address to
// check.
type localConn struct{ net.Conn }

// RemoteAddr implements [net.Conn].
func (localConn) RemoteAddr() net.Addr { return loopback }
