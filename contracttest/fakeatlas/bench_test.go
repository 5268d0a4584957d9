package fakeatlas_test

import (
	"io"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

const (
	benchCallers = 8  // goroutines at a time
	benchGets    = 25 // requests by each goroutine in a round
)

// BenchmarkGet compares the throughput of gets over loopback with that of a bare net/http
// handler that writes the same bytes. Both run alternately in one process, with the same
// client. The metric "of-bare" is the share of the bare handler's throughput; it must be at
// least 0.5.
func BenchmarkGet(b *testing.B) {
	srv := fakeatlas.New(b, fakeatlas.Buckets(100), fakeatlas.NoRateLimit(), fakeatlas.NonceLife(time.Hour))
	path := newCaller(b, srv).path(srv.Buckets(srv.ProjectID)[0].ID)
	bare := bareHandler(b, newCaller(b, srv).ask("GET", path, ""))
	token, err := srv.AccessToken()
	if err != nil {
		b.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: benchCallers}
	defer transport.CloseIdleConnections()
	for _, auth := range []struct {
		name   string
		signer http.RoundTripper
	}{
		{"bearer", tokenTransport{token, transport}},
		{"digest", newDigestSigner(b, srv, transport)},
	} {
		b.Run(auth.name, func(b *testing.B) {
			client := &http.Client{Transport: auth.signer}
			var fake, plain time.Duration
			for b.Loop() {
				fake += getAll(b, client, srv.URL+path)
				plain += getAll(b, client, bare+path)
			}
			gets := float64(b.N * benchCallers * benchGets)
			b.ReportMetric(plain.Seconds()/fake.Seconds(), "of-bare")
			b.ReportMetric(gets/fake.Seconds(), "gets/s")
			b.ReportMetric(gets/plain.Seconds(), "bare-gets/s")
		})
	}
}

// digestSigner signs every request with one challenge, for any recipient.
type digestSigner struct {
	challenge *digest.Challenge
	srv       *fakeatlas.Server
	next      http.RoundTripper
	count     atomic.Int32
}

func newDigestSigner(b *testing.B, srv *fakeatlas.Server, next http.RoundTripper) *digestSigner {
	b.Helper()
	challenge, err := digest.ParseChallenge(plain(b, srv).ask("GET", "", "").header.Get("Www-Authenticate"))
	if err != nil {
		b.Fatal(err)
	}
	return &digestSigner{challenge: challenge, srv: srv, next: next}
}

func (s *digestSigner) RoundTrip(r *http.Request) (*http.Response, error) {
	credentials, err := digest.Digest(s.challenge, digest.Options{
		Method: r.Method, URI: r.URL.RequestURI(),
		Username: s.srv.PublicKey, Password: s.srv.PrivateKey, Count: int(s.count.Add(1)),
	})
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", credentials.String())
	return s.next.RoundTrip(r)
}

// getAll makes one round of gets and returns their total time.
func getAll(b *testing.B, client *http.Client, url string) time.Duration {
	b.Helper()
	begin := time.Now()
	var wg sync.WaitGroup
	for range benchCallers {
		wg.Go(func() {
			for range benchGets {
				if err := get(b, client, url); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

func get(b *testing.B, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", v2024)
	req.Header.Set("Accept-Encoding", "identity") // the bare handler does not compress
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.Errorf("status %d", res.StatusCode)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// bareHandler serves the bytes of one response, and nothing else.
func bareHandler(b *testing.B, sample reply) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(sample.body)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), sample.header)
		_, _ = w.Write(body)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close(); <-done })
	return "http://" + listener.Addr().String()
}
