package client_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// callHeader is the header with the number of the call that a request belongs to.
const callHeader = "X-Call"

// maxFaults bounds the faults that one call meets: the default policy makes four attempts.
const maxFaults = 2

// faultProxy is a proxy in front of a fake Atlas that makes two thirds of the calls fail in
// transit, each at most maxFaults times. The number of a call determines its faults.
type faultProxy struct {
	atlas *fakeatlas.Server

	mu        sync.Mutex
	requests  int
	tokens    int            // number of requests for a token
	tokenDown int            // number of token requests that will still fail
	met       map[string]int // faults by call
	injected  map[string]int // faults by kind
}

// proxyFault is something that the proxy does in place of forwarding a request.
type proxyFault struct {
	name string
	do   func(p *faultProxy, w http.ResponseWriter, r *http.Request)
}

var proxyFaults = []proxyFault{
	{"reset before", func(_ *faultProxy, w http.ResponseWriter, _ *http.Request) { resetConn(w, "") }},
	{"reset after", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		p.forward(r)
		resetConn(w, "")
	}},
	{"half-close in the head", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		p.forward(r)
		halfClose(w, "HTTP/1.1 200 OK\r\nContent-Le")
	}},
	{"half-close before", func(_ *faultProxy, w http.ResponseWriter, _ *http.Request) { halfClose(w, "") }},
	{"truncation", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		body := p.forward(r).Body.Bytes()
		resetConn(w, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", v2024, len(body)+1, body[:len(body)/2]))
	}},
	{"duplicate", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		first := p.forward(r)
		if r.Method != http.MethodPost { // a client cannot undo a bucket that the proxy creates twice
			p.forward(r)
		}
		relay(w, first)
	}},
	{"delay", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		pass(time.Millisecond)
		relay(w, p.forward(r))
	}},
	{"429", func(_ *faultProxy, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0")
		raw(w, http.StatusTooManyRequests, plainJSON, `{"error":429,"errorCode":"RATE_LIMITED"}`)
	}},
	{"502 in HTML", func(_ *faultProxy, w http.ResponseWriter, _ *http.Request) { raw(w, 502, "text/html", portalPage) }},
	{"stale nonce", func(p *faultProxy, w http.ResponseWriter, r *http.Request) {
		stale := strings.HasPrefix(r.Header.Get("Authorization"), "Digest ")
		if stale {
			r.Header.Del("Authorization") // Atlas sends another challenge
		}
		res := p.forward(r)
		if stale {
			challenge := res.Header().Get("WWW-Authenticate")
			res.Header().Set("WWW-Authenticate", strings.Replace(challenge, "stale=false", "stale=true", 1))
		}
		relay(w, res)
	}},
}

// resetConn sends text and resets the connection.
func resetConn(w http.ResponseWriter, text string) {
	if conn := take(w, text); conn != nil {
		_ = conn.SetLinger(0)
		_ = conn.Close()
	}
}

// halfClose sends text and closes the connection for writing.
func halfClose(w http.ResponseWriter, text string) {
	if conn := take(w, text); conn != nil {
		_ = conn.CloseWrite()
		_ = conn.Close()
	}
}

// take takes over the connection of a request and sends text on it.
func take(w http.ResponseWriter, text string) *net.TCPConn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	_, _ = io.WriteString(conn, text)
	tcp, _ := conn.(*net.TCPConn)
	return tcp
}

// forward passes r, whose body is in memory, to the fake Atlas.
func (p *faultProxy) forward(r *http.Request) *httptest.ResponseRecorder {
	again := r.Clone(r.Context())
	again.Body, _ = r.GetBody()
	recorder := httptest.NewRecorder()
	p.atlas.ServeHTTP(recorder, again)
	return recorder
}

func relay(w http.ResponseWriter, from *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), from.Header())
	w.WriteHeader(from.Code)
	_, _ = w.Write(from.Body.Bytes())
}

func (p *faultProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(body))), nil }
	if strings.HasPrefix(r.URL.Path, "/api/oauth/") {
		p.token(w, r)
		return
	}
	if f := p.next(r.Header.Get(callHeader)); f != nil {
		f.do(p, w, r)
		return
	}
	relay(w, p.forward(r))
}

// token responds to requests for tokens, with 503 while the endpoint is down.
func (p *faultProxy) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.tokens++
	down := p.tokenDown > 0
	if down {
		p.tokenDown--
		p.injected["token endpoint down"]++
	}
	p.mu.Unlock()
	if down {
		raw(w, http.StatusServiceUnavailable, "text/html", portalPage)
		return
	}
	relay(w, p.forward(r))
}

// next returns the fault for a request of a call, or nil.
func (p *faultProxy) next(call string) *proxyFault {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests++
	h := fnv.New32a()
	_, _ = io.WriteString(h, call+"/"+strconv.Itoa(p.met[call]))
	n := int(h.Sum32()>>8) % (len(proxyFaults) * 3 / 2)
	if n >= len(proxyFaults) || p.met[call] == maxFaults {
		return nil
	}
	p.met[call]++
	p.injected[proxyFaults[n].name]++
	return &proxyFaults[n]
}

// expire ends all nonces, and all tokens while the token endpoint is down for a request.
func (p *faultProxy) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokenDown = 1
	p.atlas.Advance(2 * time.Hour)
}

type callNumber struct{}

// labeled is middleware that writes the number of the call into each of its requests.
func labeled(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		again := r.Clone(r.Context())
		number, _ := r.Context().Value(callNumber{}).(int)
		again.Header.Set(callHeader, strconv.Itoa(number))
		return next.RoundTrip(again)
	})
}

// proxied is one run through the proxy.
type proxied struct {
	proxy   *faultProxy
	clients []*client.Client
	lost    []error // guarded by proxy.mu
}

// proxiedProjects is the number of projects: few buckets in each keep lists short.
const proxiedProjects = 1000

func projectOf(n int) string { return fmt.Sprintf("b%023d", n%proxiedProjects) }
func bucketOf(n int) string  { return fmt.Sprintf("a%023d", n) }
func nameOf(n int) string    { return fmt.Sprintf("snapshots-%d", n) }

// call makes the n-th call, and returns an error for a wrong result.
func (p *proxied) call(ctx context.Context, n int) error {
	ctx = context.WithValue(ctx, callNumber{}, n)
	c := p.clients[n/5%len(p.clients)]
	switch n % 5 {
	case 0:
		b, err := c.Get(ctx, projectOf(n), bucketOf(n))
		if err == nil && b.ID != bucketOf(n) {
			err = fmt.Errorf("got the bucket %s", b.ID)
		}
		return err
	case 1:
		_, err := c.ListPage(ctx, projectOf(n), nil)
		return err
	case 2:
		_, err := c.Update(ctx, projectOf(n), bucketOf(n), client.Update{RequirePrivateNetworking: client.Ptr(true)})
		return err
	case 3:
		return p.ensure(ctx, c, n)
	}
	return c.Delete(ctx, projectOf(n), bucketOf(n))
}

// ensure creates a bucket. It resolves an unknown outcome as the error advises: by looking
// again, which Ensure does.
func (p *proxied) ensure(ctx context.Context, c *client.Client, n int) error {
	target := client.AWS{BucketName: nameOf(n), IAMRoleID: role}
	_, _, err := c.Ensure(ctx, projectOf(n), target)
	if errors.Is(err, client.ErrOutcomeUnknown) {
		_, _, err = c.Ensure(ctx, projectOf(n), target)
	}
	return err
}

// run makes calls from several goroutines, in rounds. All nonces and tokens expire between
// rounds, never right after one was issued, because a refusal of a fresh nonce is final.
func (p *proxied) run(ctx context.Context, calls int) {
	const rounds = 4
	for round := range rounds {
		if round > 0 {
			p.proxy.expire()
		}
		p.round(ctx, calls*round/rounds, calls*(round+1)/rounds)
	}
}

// round makes the calls numbered from first to last.
func (p *proxied) round(ctx context.Context, from, to int) {
	numbers := make(chan int)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for n := range numbers {
				if err := p.call(ctx, n); err != nil {
					p.proxy.mu.Lock()
					p.lost = append(p.lost, fmt.Errorf("call %d: %w", n, err))
					p.proxy.mu.Unlock()
				}
			}
		})
	}
	for n := from; n < to; n++ {
		numbers <- n
	}
	close(numbers)
	all.Wait()
}

// checkState compares the buckets of the fake with the calls made.
func (p *proxied) checkState(t *testing.T, calls int) {
	t.Helper()
	buckets, names := map[string]fakeatlas.Bucket{}, map[string]int{}
	for i := range proxiedProjects {
		for _, b := range p.proxy.atlas.Buckets(projectOf(i)) {
			buckets[b.ID] = b
			names[b.BucketName]++
		}
	}
	for n := range calls {
		b, exists := buckets[bucketOf(n)]
		switch {
		case n%5 == 2 && !b.RequirePrivateNetworking:
			t.Errorf("call %d: the bucket was not updated", n)
		case n%5 == 3 && names[nameOf(n)] != 1:
			t.Errorf("call %d: the bucket was created %d times", n, names[nameOf(n)])
		case n%5 == 4 && exists:
			t.Errorf("call %d: the bucket was not deleted", n)
		}
	}
}

// TestFaultProxy makes calls of all kinds, half with an API key and half with a service
// account, through a proxy that resets, half-closes, truncates, duplicates, delays and
// refuses. No call may be lost, and no bucket may be created twice. It makes 10,000 calls
// under the race detector, as CI runs it, and 1,000 without it.
func TestFaultProxy(t *testing.T) {
	calls := 1000
	if slowtest.RaceDetector {
		calls = 10_000
	}
	options := []fakeatlas.Option{fakeatlas.NoRateLimit(), fakeatlas.KeepRequests(1)}
	seeded := make([][]fakeatlas.Bucket, proxiedProjects)
	for n := range calls {
		seeded[n%proxiedProjects] = append(seeded[n%proxiedProjects], fakeatlas.Bucket{ID: bucketOf(n)})
	}
	for i, buckets := range seeded {
		options = append(options, fakeatlas.Project(projectOf(i), buckets...))
	}
	proxy := &faultProxy{atlas: fakeatlas.New(t, options...), met: map[string]int{}, injected: map[string]int{}, tokenDown: 1}
	srv := httptest.NewServer(proxy)
	defer srv.Close()
	run := &proxied{proxy: proxy}
	// Faults are so frequent here that the default budget, which protects a server in an
	// outage, would end retries.
	policy := client.WithRetryPolicy(client.RetryPolicy{BaseDelay: time.Microsecond, Budget: -1})
	// Compression is slow under the race detector, and this test is not about compression.
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}
	defer transport.CloseIdleConnections()
	direct := client.WithHTTPClient(&http.Client{Transport: transport})
	for _, auth := range []client.Auth{client.APIKey(proxy.atlas.PublicKey, proxy.atlas.PrivateKey), client.ServiceAccount(proxy.atlas.ClientID, proxy.atlas.ClientSecret)} {
		run.clients = append(run.clients, newClient(t, auth, srv.URL, policy, direct, client.WithMiddleware(labeled)))
	}
	run.run(t.Context(), calls)
	if len(run.lost) > 0 {
		t.Errorf("%d of %d calls were lost, the first: %v", len(run.lost), calls, run.lost[0])
	}
	run.checkState(t, calls)
	kinds := slices.Sorted(maps.Keys(proxy.injected))
	if len(kinds) != len(proxyFaults)+1 {
		t.Errorf("only these faults were injected: %v", kinds)
	}
	t.Logf("%d calls, %d requests (%.2f per call) and %d for tokens; faults: %v", calls, proxy.requests, float64(proxy.requests)/float64(calls), proxy.tokens, proxy.injected)
}
