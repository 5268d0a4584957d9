package fakeatlas_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// A request whose body ends too early is refused and changes nothing, even if the received
// part is a complete object.
func TestBodiesCutShort(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	token, err := srv.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	before := srv.Buckets(srv.ProjectID)
	path := caller{srv: srv}.path("")
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(awsBody), awsBody)
	for _, tt := range []struct{ name, method, path, framing, body string }{
		{"shorter than Content-Length", "POST", path, "Content-Length: 500", awsBody},
		{"one byte missing", "POST", path, fmt.Sprintf("Content-Length: %d", len(awsBody)+1), awsBody},
		{"nothing came", "POST", path, "Content-Length: 500", ""},
		{"no last chunk", "POST", path, "Transfer-Encoding: chunked", chunk},
		{"an incomplete last chunk", "POST", path, "Transfer-Encoding: chunked", chunk + "0\r\n"},
		{"half a chunk", "POST", path, "Transfer-Encoding: chunked", chunk[:20]},
		{"a chunk without a size", "POST", path, "Transfer-Encoding: chunked", chunk + "x\r\n"},
		{"an update", "PATCH", path + "/" + bucketID, "Content-Length: 500", `{"requirePrivateNetworking":true}`},
		{"a delete", "DELETE", path + "/" + bucketID, "Content-Length: 5", ""},
		{"a token", "POST", "/api/oauth/token", "Content-Length: 500", "grant_type=client_credentials"},
	} {
		got := halfRequest(t, srv, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: %s\r\nContent-Type: application/json\r\n%s\r\n\r\n%s",
			tt.method, tt.path, token, v2024, tt.framing, tt.body))
		if got.status != http.StatusBadRequest || got.header.Get("X-Error-Code") != "INCOMPLETE_REQUEST" {
			t.Errorf("%s: %d %s", tt.name, got.status, got.body)
		}
	}
	if diff := cmp.Diff(before, srv.Buckets(srv.ProjectID)); diff != "" {
		t.Errorf("buckets (-before +after):\n%s", diff)
	}
}

// halfRequest sends a text, closes the write side, and reads the response.
func halfRequest(t *testing.T, srv *fakeatlas.Server, text string) reply {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := tcp.CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{status: res.StatusCode, header: res.Header, body: string(body)}
}

// drip is a body that arrives one byte at a time and never ends.
type drip struct{ pause time.Duration }

func (d drip) Read(p []byte) (int, error) {
	<-time.After(d.pause)
	return copy(p, " "), nil
}

// A body that drips is cut off after 30 s. A slow body that arrives within that time is
// not.
func TestSlowRequestBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := bearer(t, srv)
		begin := time.Now()
		// No byte arrives at the very moment of the cut, because then the write would fail
		// before the response is read.
		const pause = 700 * time.Millisecond
		if got := post(t, c, drip{pause}); got.status != http.StatusRequestTimeout || got.header.Get("X-Error-Code") != "REQUEST_TIMEOUT" {
			t.Errorf("a drip: %d %s", got.status, got.body)
		}
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("it was cut off after %v, want 30s", took)
		}
		slow := io.MultiReader(io.LimitReader(drip{pause}, 20), strings.NewReader(awsBody))
		if got := post(t, c, slow); got.status != http.StatusOK {
			t.Errorf("14 s: %d %s", got.status, got.body)
		}
		srv.Inject(fakeatlas.Latency(time.Minute)) // delays the response, which has no such limit
		if got := post(t, c, strings.NewReader(awsBody)); got.status != http.StatusOK {
			t.Errorf("a late response: %d %s", got.status, got.body)
		}
		if n := len(srv.Buckets(srv.ProjectID)); n != 2 {
			t.Errorf("%d buckets, want 2", n)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
}

// post creates a bucket with a body of unknown length.
func post(t *testing.T, c caller, body io.Reader) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.srv.URL+c.path(""), body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", v2024)
	req.Header.Set("Content-Type", v2024)
	res, err := c.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{status: res.StatusCode, header: res.Header, body: string(text)}
}
