package digestauth

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// strictness lists what a server refuses in addition to the requirements of RFC 7616.
type strictness struct {
	// reuse is how often a nonce may be used; 0 means any number of times.
	reuse int
	// rising refuses a count that is not higher than the ones before.
	rising bool
	// announces sends a nextnonce with every success, and invalidates the nonce that was
	// used.
	announces bool
	// stale is the value of the stale parameter when a nonce that was valid is refused.
	stale bool
}

// strictServer demands Digest and is strict about nonces.
type strictServer struct {
	strictness

	mu       sync.Mutex
	issued   int
	requests int
	highest  map[string]int // the highest count of each valid nonce
	uses     map[string]int
	counts   map[string]bool // every nonce and count that was received
	repeated []string
}

func newStrictServer(s strictness) *strictServer {
	return &strictServer{strictness: s, highest: map[string]int{}, uses: map[string]int{}, counts: map[string]bool{}}
}

func (s *strictServer) issue() string {
	s.issued++
	nonce := fmt.Sprintf("nonce-%d", s.issued)
	s.highest[nonce] = 0
	return nonce
}

func (s *strictServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	cred, err := digest.ParseCredentials(r.Header.Get("Authorization"))
	if err != nil || !s.accepts(cred, r) {
		stale := s.stale && err == nil
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="%s", qop="auth", algorithm=MD5, stale=%t`, s.issue(), stale))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if s.announces {
		delete(s.highest, cred.Nonce)
		w.Header().Set("Authentication-Info", fmt.Sprintf(`qop=auth, cnonce="%s", nextnonce="%s", nc=%08x`, cred.Cnonce, s.issue(), cred.Nc))
	}
}

func (s *strictServer) accepts(c *digest.Credentials, r *http.Request) bool {
	key := fmt.Sprintf("%s/%d", c.Nonce, c.Nc)
	if s.counts[key] {
		s.repeated = append(s.repeated, key)
	}
	s.counts[key] = true
	highest, good := s.highest[c.Nonce]
	if !good || c.Nc < 1 || s.rising && c.Nc <= highest || s.reuse > 0 && s.uses[c.Nonce] >= s.reuse {
		return false
	}
	s.highest[c.Nonce] = c.Nc
	s.uses[c.Nonce]++
	h := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum[:])
	}
	return c.Response == h(h(user, "r", password), c.Nonce, fmt.Sprintf("%08x", c.Nc), c.Cnonce, "auth", h(r.Method, c.URI))
}

var strictServers = map[string]strictness{
	"each nonce once":               {reuse: 1},
	"each nonce once, stale":        {reuse: 1, stale: true},
	"each nonce three times":        {reuse: 3},
	"each nonce three times, stale": {reuse: 3, stale: true},
	"rising counts":                 {rising: true},
	"rising counts, stale":          {rising: true, stale: true},
	"nextnonce":                     {announces: true, rising: true},
	"nextnonce, stale":              {announces: true, reuse: 1, stale: true},
	"everything except nextnonce":   {reuse: 3, rising: true},
	"nothing beyond the RFC":        {},
}

// TestStrictServers makes calls from eight goroutines to servers with every kind of
// strictness. No call may be lost, and no nonce may be sent with the same count twice.
func TestStrictServers(t *testing.T) {
	slowtest.Skip(t)
	const workers, calls = 8, 1000
	for name, kind := range strictServers {
		t.Run(name, func(t *testing.T) {
			srv := newStrictServer(kind)
			hc, url := start(t, srv)
			var begun, lost atomic.Int64
			var all sync.WaitGroup
			for range workers {
				all.Go(func() {
					for begun.Add(1) <= calls {
						if get(t, hc, url) != http.StatusOK {
							lost.Add(1)
						}
					}
				})
			}
			all.Wait()
			t.Logf("%d calls, %d requests", calls, srv.requests)
			if lost.Load() != 0 || len(srv.repeated) != 0 {
				t.Errorf("lost %d of %d calls and repeated %v, want none", lost.Load(), calls, srv.repeated)
			}
		})
	}
}

// TestStrictServersInSequence checks that each call needs one request if the server allows
// reuse of a nonce or announces the next one.
func TestStrictServersInSequence(t *testing.T) {
	want := map[string]int{
		"each nonce once": 200, "each nonce once, stale": 200,
		"each nonce three times": 134, "each nonce three times, stale": 134, "everything except nextnonce": 134,
		"rising counts": 101, "rising counts, stale": 101, "nextnonce": 101, "nextnonce, stale": 101, "nothing beyond the RFC": 101,
	}
	for name, kind := range strictServers {
		srv := newStrictServer(kind)
		hc, url := start(t, srv)
		for range 100 {
			if status := get(t, hc, url); status != http.StatusOK {
				t.Fatalf("%s: status %d", name, status)
			}
		}
		if srv.requests != want[name] {
			t.Errorf("%s: 100 calls made %d requests, want %d", name, srv.requests, want[name])
		}
	}
}

// get makes a call and returns its status.
func get(t *testing.T, hc *http.Client, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	res, err := hc.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// TestStaleOnColdCall uses a server whose nonces become stale as soon as they are sent. The
// call is sent again, a limited number of times.
func TestStaleOnColdCall(t *testing.T) {
	for _, test := range []struct {
		stale    int // the number of signed requests that are refused as stale
		status   int
		requests int
	}{{0, 200, 2}, {1, 200, 3}, {2, 200, 4}, {3, 401, 4}, {100, 401, 4}} {
		requests := 0
		hc, url := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			if signed := r.Header.Get("Authorization") != ""; signed && requests > test.stale+1 {
				return
			}
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth", stale=%t`, requests, requests > 1))
			w.WriteHeader(http.StatusUnauthorized)
		}))
		if status := get(t, hc, url); status != test.status || requests != test.requests {
			t.Errorf("%d stale nonces: status %d after %d requests, want %d after %d", test.stale, status, requests, test.status, test.requests)
		}
	}
}

// TestSameNonceAgain uses a server that sends the same nonce in every challenge. The nonce
// count must continue.
func TestSameNonceAgain(t *testing.T) {
	var counts []int
	hc, url := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cred, err := digest.ParseCredentials(r.Header.Get("Authorization")); err == nil {
			if counts = append(counts, cred.Nc); len(counts)%2 == 0 {
				return
			}
		}
		w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="always", qop="auth", stale=true`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	for range 3 {
		if status := get(t, hc, url); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	if got := fmt.Sprint(counts); got != "[1 2 3 4 5 6]" {
		t.Errorf("counts %s, want them to rise", got)
	}
}

// TestSilentRepeatIsSignedAnew breaks idle connections after a signed request has arrived.
// net/http repeats the request, which must have another count.
func TestSilentRepeatIsSignedAnew(t *testing.T) {
	srv := newStrictServer(strictness{})
	var requests, repeats atomic.Int64
	breaking := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		srv.ServeHTTP(&discarding{ResponseWriter: w, discard: n%3 == 0}, r)
		if n%3 == 0 { // the request arrived, and its response is lost
			repeats.Add(1)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_ = conn.Close()
		}
	}))
	defer breaking.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	hc := &http.Client{Transport: New(user, func() string { return password }, transport)}
	for range 30 {
		if status := get(t, hc, breaking.URL); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if len(srv.repeated) != 0 || repeats.Load() < 10 {
		t.Errorf("counts were sent twice: %v; %d connections were broken, want at least 10", srv.repeated, repeats.Load())
	}
}

// discarding is a ResponseWriter that drops the response.
type discarding struct {
	http.ResponseWriter
	discard bool
}

func (d *discarding) WriteHeader(status int) {
	if !d.discard {
		d.ResponseWriter.WriteHeader(status)
	}
}

func (d *discarding) Write(p []byte) (int, error) {
	if d.discard {
		return len(p), nil
	}
	return d.ResponseWriter.Write(p)
}
