package digestauth

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/icholy/digest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const user, password = "public", "private"

// server demands Digest and checks every part of the response by computing it independently.
type server struct {
	t         *testing.T
	challenge string // with %s for the nonce
	hash      func() hash.Hash
	session   bool

	mu       sync.Mutex
	requests int
	issued   int
	valid    map[string]map[int]bool // nonce -> the counts that were used
	bodies   []string
}

func newServer(t *testing.T, challenge string, h func() hash.Hash, session bool) *server {
	return &server{t: t, challenge: challenge, hash: h, session: session, valid: map[string]map[int]bool{}}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	cred, err := digest.ParseCredentials(r.Header.Get("Authorization"))
	if err != nil || !s.accepts(cred, r, body) {
		s.issued++
		nonce := fmt.Sprintf("nonce%d==", s.issued)
		s.valid[nonce] = map[int]bool{}
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(s.challenge, nonce))
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"errorCode":"UNEXPECTED_ERROR"}`)
		return
	}
	s.bodies = append(s.bodies, string(body))
	_, _ = io.WriteString(w, "welcome")
}

// accepts accepts each count of a nonce once, in any order, because requests may overtake
// each other.
func (s *server) accepts(c *digest.Credentials, r *http.Request, body []byte) bool {
	used, known := s.valid[c.Nonce]
	if !known || used[c.Nc] && c.QOP != "" || c.URI != r.URL.RequestURI() {
		return false
	}
	used[c.Nc] = true
	h := func(parts ...string) string {
		d := s.hash()
		_, _ = io.WriteString(d, strings.Join(parts, ":"))
		return hex.EncodeToString(d.Sum(nil))
	}
	a1 := h(user, c.Realm, password)
	if s.session {
		a1 = h(a1, c.Nonce, c.Cnonce)
	}
	a2 := h(r.Method, c.URI)
	if c.QOP == "auth-int" {
		d := s.hash()
		d.Write(body)
		a2 = h(r.Method, c.URI, hex.EncodeToString(d.Sum(nil)))
	}
	want := h(a1, c.Nonce, a2)
	if c.QOP != "" {
		want = h(a1, c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, c.QOP, a2)
	}
	wantUser := user
	if c.Userhash {
		wantUser = h(user, c.Realm)
	}
	if c.Response != want || c.Username != wantUser {
		s.t.Errorf("credentials %v: want response %s of %s", c, want, wantUser)
		return false
	}
	return true
}

func (s *server) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.valid)
}

func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// start serves s and returns a client that signs for it.
func start(t *testing.T, handler http.Handler) (*http.Client, string) {
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return &http.Client{Transport: New(user, func() string { return password }, srv.Client().Transport)}, srv.URL
}

const plainChallenge = `Digest realm="MMS Public API", domain="", nonce="%s", algorithm=MD5, qop="auth", stale=false`

// TestAlgorithms checks the computation, over HTTP, for every supported algorithm and qop.
func TestAlgorithms(t *testing.T) {
	tests := []struct {
		challenge string
		hash      func() hash.Hash
		session   bool
	}{
		{plainChallenge, md5.New, false},
		{`Digest realm="r", nonce="%s"`, md5.New, false},
		{`Digest realm="r, \"q\"", nonce="%s", qop="auth,auth-int", opaque="o"`, md5.New, false},
		{`Digest realm="r", nonce="%s", qop="auth-int"`, md5.New, false},
		{`Digest realm="r", nonce="%s", qop="auth", algorithm=SHA-256`, sha256.New, false},
		{`Digest realm="r", nonce="%s", qop="auth", algorithm=SHA-512-256, userhash=true`, sha512.New512_256, false},
		{`Digest realm="r", nonce="%s", qop="auth", algorithm=SHA-512`, sha512.New, false},
		{`digest realm="r", nonce="%s", qop="auth", algorithm=MD5-sess`, md5.New, true},
		{`Digest realm="r", nonce="%s", qop="auth-int", algorithm=SHA-256-sess`, sha256.New, true},
		{`Digest realm="r", nonce="%s", qop="auth", algorithm=SHA-512-256-sess`, sha512.New512_256, true},
		{`Digest realm="r", nonce="%s", qop="auth", algorithm=SHA-512-sess`, sha512.New, true},
	}
	for _, test := range tests {
		t.Run(test.challenge, func(t *testing.T) {
			srv := newServer(t, test.challenge, test.hash, test.session)
			hc, url := start(t, srv)
			for range 3 {
				post(t, hc, url+"/path?query=1", "the body", http.StatusOK)
			}
			if got := srv.count(); got != 4 {
				t.Errorf("3 calls made %d requests, want 4", got)
			}
			if fmt.Sprint(srv.bodies) != "[the body the body the body]" {
				t.Errorf("bodies arrived as %q", srv.bodies)
			}
		})
	}
}

// post sends a request whose body has no GetBody.
func post(t *testing.T, hc *http.Client, url, body string, want int) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, io.NopCloser(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	res, err := hc.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Errorf("got %d %q %v, want status %d", res.StatusCode, got, err, want)
	}
	return string(got)
}

// TestRefusedNonce checks that a challenge is dropped after a 401, and that the call is
// repeated once.
func TestRefusedNonce(t *testing.T) {
	srv := newServer(t, plainChallenge, md5.New, false)
	hc, url := start(t, srv)
	post(t, hc, url, "", http.StatusOK) // 2 requests
	srv.forget()
	post(t, hc, url, "", http.StatusOK) // 2
	post(t, hc, url, "", http.StatusOK) // 1
	if got := srv.count(); got != 5 {
		t.Errorf("%d requests, want 5", got)
	}
}

// TestWrongPassword checks that the call ends after one repetition, with the server's own
// text.
func TestWrongPassword(t *testing.T) {
	requests, issued := 0, 0
	hc, url := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		issued++
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(plainChallenge, fmt.Sprint("n", issued)))
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, "refused %d", requests)
	}))
	for range 2 {
		requests = 0
		if got := post(t, hc, url, "x", http.StatusUnauthorized); got != "refused 2" {
			t.Errorf("got the body %q, want the second refusal's", got)
		}
		if requests != 2 {
			t.Errorf("%d requests, want 2", requests)
		}
	}
}

// TestNoChallenge checks that a 401 with an unsupported challenge is returned, including
// its body.
func TestNoChallenge(t *testing.T) {
	for _, field := range []string{"", `Basic realm="x"`, `Digest realm="x", nonce="n", algorithm=unheard-of`, `Digest "`} {
		requests := 0
		hc, url := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests++
			w.Header().Set("WWW-Authenticate", field)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "why")
		}))
		if got := post(t, hc, url, "x", http.StatusUnauthorized); got != "why" || requests != 1 {
			t.Errorf("WWW-Authenticate %q: got the body %q after %d requests, want why after 1", field, got, requests)
		}
	}
}

// TestOtherCredentialsAreDropped checks that the Authorization header of a request is not sent,
// neither before the challenge nor after it, and that the request keeps it.
func TestOtherCredentialsAreDropped(t *testing.T) {
	var sent []string
	tr := New(user, func() string { return password }, roundTripper(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("Authorization"))
		w := httptest.NewRecorder()
		if len(sent) == 1 {
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
		return w.Result(), nil
	}))
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://cloud.example/", nil)
	req.Header.Set("Authorization", "Bearer other")
	res, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if len(sent) != 2 || sent[0] != "" || !strings.HasPrefix(sent[1], "Digest ") || req.Header.Get("Authorization") != "Bearer other" {
		t.Errorf("sent %q, and the request has %q", sent, req.Header.Get("Authorization"))
	}
}

// TestColdStart checks that many concurrent calls share the first challenge.
func TestColdStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t, plainChallenge, md5.New, false)
		base := handlerTransport{srv, 100 * time.Millisecond}
		tr := New(user, func() string { return password }, base)
		var calls sync.WaitGroup
		for range 20 {
			calls.Go(func() {
				res := roundTrip(t.Context(), t, tr)
				if res.StatusCode != http.StatusOK {
					t.Errorf("status %d, want 200", res.StatusCode)
				}
			})
		}
		calls.Wait()
		if srv.issued != 1 || srv.requests != 21 {
			t.Errorf("%d challenges and %d requests, want 1 and 21", srv.issued, srv.requests)
		}
	})
}

// TestWaitEndsWithContext checks that a call stops waiting for another call's challenge
// when its context ends.
func TestWaitEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t, plainChallenge, md5.New, false)
		tr := New(user, func() string { return password }, handlerTransport{srv, time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		asking, stop := context.WithCancel(t.Context())
		var other sync.WaitGroup
		other.Go(func() {
			req, _ := http.NewRequestWithContext(asking, http.MethodGet, "http://atlas.test/", nil)
			_, _ = tr.RoundTrip(req)
		})
		defer other.Wait()
		defer stop()
		synctest.Wait()
		began := time.Now()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://atlas.test/", nil)
		_, err := tr.RoundTrip(req)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("got %v after %s, want the deadline after 1s", err, time.Since(began))
		}
	})
}

// TestChallengeExpires checks that a challenge is not used after a minute.
func TestChallengeExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t, plainChallenge, md5.New, false)
		tr := New(user, func() string { return password }, handlerTransport{srv, 0})
		for _, step := range []struct {
			after    time.Duration
			requests int
		}{{0, 2}, {MaxAge - 1, 3}, {1, 5}, {MaxAge - 1, 6}} {
			pass(step.after)
			roundTrip(t.Context(), t, tr)
			if got := srv.count(); got != step.requests {
				t.Errorf("after %s more: %d requests, want %d", step.after, got, step.requests)
			}
		}
	})
}

// TestFailureLetsWaitersGo checks that if the call that requests a challenge fails, each call
// that waited for it requests a challenge itself.
func TestFailureLetsWaitersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := 0
		base := roundTripper(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			asked++
			mu.Unlock()
			pass(time.Second)
			return nil, errors.New("no connection")
		})
		tr := New(user, func() string { return password }, base)
		began := time.Now()
		var calls sync.WaitGroup
		for range 10 {
			calls.Go(func() {
				req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://atlas.test/", nil)
				if _, err := tr.RoundTrip(req); err == nil {
					t.Error("want an error")
				}
			})
		}
		calls.Wait()
		if took := time.Since(began); took != 2*time.Second || asked != 10 {
			t.Errorf("10 calls took %s and %d requests, want 2s and 10", took, asked)
		}
	})
}

// roundTrip makes a GET and returns its response with the body read.
func roundTrip(ctx context.Context, t *testing.T, rt http.RoundTripper) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://atlas.test/", nil)
	if err != nil {
		t.Error(err)
		return nil
	}
	res, err := rt.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return nil
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// handlerTransport returns the response of a handler after a delay, without a network, for
// tests with fake time.
type handlerTransport struct {
	handler http.Handler
	latency time.Duration
}

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-time.After(h.latency):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// pass lets faked time pass.
func pass(d time.Duration) { <-time.After(d) }
