package fakeatlas_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// heapGrowth returns how much the live heap has grown since before, in bytes, after
// a garbage collection.
func heapGrowth(before uint64) float64 {
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc) - float64(before)
}

func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// serveOnce handles one request without a network, and returns the challenge header.
func serveOnce(srv *fakeatlas.Server, method, path, authorization, body string) (status int, challenge string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Accept", v2024)
	r.Header.Set("Content-Type", v2024)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Www-Authenticate")
}

// BenchmarkHeapOfLargeBodies reports the live heap after 300 creates with a body of
// 1 MiB each, with the default number of remembered requests.
func BenchmarkHeapOfLargeBodies(b *testing.B) {
	body := strings.Repeat(" ", 1<<20)
	for b.Loop() {
		srv := fakeatlas.New(b, fakeatlas.InMemory(), fakeatlas.NoRateLimit())
		path := caller{srv: srv}.path("")
		before := liveHeap()
		for range 300 {
			serveOnce(srv, http.MethodPost, path, "", body)
		}
		b.ReportMetric(heapGrowth(before)/(1<<20), "heap-MiB")
		runtime.KeepAlive(srv)
	}
}

// BenchmarkHeapOfDigestCalls reports the live heap after 80,000 calls that ask for a
// challenge each, as the Digest transport of MongoDB's SDK does.
func BenchmarkHeapOfDigestCalls(b *testing.B) {
	for b.Loop() {
		srv := fakeatlas.New(b, fakeatlas.InMemory(), fakeatlas.NoRateLimit(), fakeatlas.KeepRequests(0))
		path := caller{srv: srv}.path("")
		before := liveHeap()
		for range 80_000 {
			twoLegs(b, srv, path)
		}
		b.ReportMetric(heapGrowth(before)/(1<<20), "heap-MiB")
		runtime.KeepAlive(srv)
	}
}

func twoLegs(b *testing.B, srv *fakeatlas.Server, path string) {
	b.Helper()
	_, header := serveOnce(srv, http.MethodGet, path, "", "")
	challenge, err := digest.ParseChallenge(header)
	if err != nil {
		b.Fatal(err)
	}
	credentials, err := digest.Digest(challenge, digest.Options{
		Method: http.MethodGet, URI: path, Username: srv.PublicKey, Password: srv.PrivateKey, Count: 1,
	})
	if err != nil {
		b.Fatal(err)
	}
	if status, _ := serveOnce(srv, http.MethodGet, path, credentials.String(), ""); status != http.StatusOK {
		b.Fatalf("status %d", status)
	}
}

// BenchmarkWaiting reports the requests per second without and with one WaitFor,
// after 10,000 requests were remembered.
func BenchmarkWaiting(b *testing.B) {
	for _, waiting := range []bool{false, true} {
		name := "no WaitFor"
		if waiting {
			name = "one WaitFor"
		}
		b.Run(name, func(b *testing.B) {
			srv := fakeatlas.New(b, fakeatlas.InMemory(), fakeatlas.NoRateLimit())
			token, err := srv.AccessToken()
			if err != nil {
				b.Fatal(err)
			}
			path := caller{srv: srv}.path("")
			for range 10_000 {
				serveOnce(srv, http.MethodGet, path, "Bearer "+token, "")
			}
			ctx, cancel := context.WithCancel(b.Context())
			done := make(chan error, 1)
			if waiting {
				go func() { done <- srv.WaitFor(ctx, fakeatlas.OpList, 1<<30) }()
			} else {
				done <- nil
			}
			for b.Loop() {
				serveOnce(srv, http.MethodGet, path, "Bearer "+token, "")
			}
			cancel()
			<-done
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
