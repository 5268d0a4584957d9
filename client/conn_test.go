package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// tunnel copies between conn and a new connection to address until one ends.
func tunnel(ctx context.Context, t *testing.T, conn net.Conn, address string) {
	t.Helper()
	defer func() { _ = conn.Close() }()
	far, err := new(net.Dialer).DialContext(context.WithoutCancel(ctx), "tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(far, conn); _ = far.Close() })
	both.Go(func() { _, _ = io.Copy(conn, far); _ = conn.Close() })
	both.Wait()
}

// greetingDialer dials; for the first connections, the server sends a greeting immediately, as
// a mail server does.
func greetingDialer(connections *counter, greeting int) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if connections.next() > greeting {
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		near, far := net.Pipe()
		go func() {
			defer func() { _ = far.Close() }()
			_, _ = io.WriteString(far, "220 mail.example ready\r\n")
			_, _ = io.Copy(io.Discard, far)
		}()
		return near, nil
	}
}

// refusing returns a transport whose first connections are refused.
func refusing(next http.RoundTripper, refusals int) http.RoundTripper {
	var n counter
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if n.next() <= refusals {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
		}
		return next.RoundTrip(r)
	})
}
