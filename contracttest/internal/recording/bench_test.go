package recording_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/corpus"
)

// session is a realistic HAR: lists of a hundred buckets among small responses, each with
// the headers that Atlas sends.
func session(b *testing.B, entries int) (path string) {
	b.Helper()
	bucket := `{"_id":"65566a5f1d4b3b0ca4f3b78b","bucketName":"snaps","cloudProvider":"AWS","iamRoleId":"60113b99ce5a6a3d72ea7454","requirePrivateNetworking":false}`
	list := `{"links":[],"results":[` + strings.Repeat(bucket+",", 99) + bucket + `],"totalCount":100}`
	var seeds []string
	for _, body := range []string{bucket, list, bucket, "", bucket, bucket} {
		text, _ := json.Marshal(body)
		seeds = append(seeds, fmt.Sprintf(`{
    "startedDateTime": "2026-01-19T03:01:27Z",
    "time": 348,
    "request": {
     "method": "GET",
     "url": "https://cloud.mongodb.com/api/atlas/v2/groups/b0123456789abcdef012345b/backup/exportBuckets/65566a5f1d4b3b0ca4f3b78b",
     "headers": [
      {
       "name": "Accept",
       "value": "application/vnd.atlas.2024-05-30+json"
      }
     ],
     "bodySize": -1
    },
    "response": {
     "status": 200,
     "headers": [%s],
     "content": {
      "size": %d,
      "text": %s
     }
    }
   }`, headers(), len(body), text))
	}
	path = filepath.Join(b.TempDir(), "session.har")
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(corpus.Multiply(out, entries, []byte(har(seeds...))), out.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

func headers() string {
	var list []string
	for _, h := range []string{
		"Content-Length: 155", "Content-Type: application/vnd.atlas.2024-05-30+json;charset=utf-8", "Date: Mon, 19 Jan 2026 03:01:27 GMT",
		"Ratelimit-Limit: 1200", "Ratelimit-Remaining: 1199", "Referrer-Policy: strict-origin-when-cross-origin", "Server: mdbws",
		"Strict-Transport-Security: max-age=31536000; includeSubdomains;", "X-Content-Type-Options: nosniff", "X-Envoy-Upstream-Service-Time: 348",
		"X-Frame-Options: DENY", "X-Java-Method: Resource::add", "X-Java-Version: 17", "X-Mongodb-Service-Version: gitHash=7; versionString=master",
		"X-Permitted-Cross-Domain-Policies: none",
	} {
		name, value, _ := strings.Cut(h, ": ")
		list = append(list, fmt.Sprintf("\n      {\n       \"name\": %q,\n       \"value\": %q\n      }", name, value))
	}
	return strings.Join(list, ",")
}

// BenchmarkHAR reads a session of 4,000 exchanges. For comparison, encoding/json decodes
// the same members of the same file into structs and keeps them all. The benchmark reports
// the ratio of the two times, and the largest heap.
func BenchmarkHAR(b *testing.B) {
	path := session(b, 4000)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		readHAR(b, path, nil)
		ours += time.Since(start)
		b.StopTimer()
		start = time.Now()
		decodeWithEncodingJSON(b, path)
		theirs += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(theirs)/float64(ours), "x-encoding/json")
	b.ReportMetric(peakMiB(b, path), "peak-MiB")
}

func readHAR(b *testing.B, path string, each func(n int)) {
	b.Helper()
	r := recording.NewReader(recording.Paths(path), recording.Options{})
	n := 0
	for _, err := range recording.Each(context.Background(), r, func(*recording.Exchange) bool { return true }) {
		if err != nil {
			b.Fatal(err)
		}
		if n++; each != nil {
			each(n)
		}
	}
	if n != 4000 {
		b.Fatalf("%d exchanges, want 4000", n)
	}
}

func peakMiB(b *testing.B, path string) float64 {
	b.Helper()
	var before, now runtime.MemStats
	var peak uint64
	runtime.GC()
	runtime.ReadMemStats(&before)
	readHAR(b, path, func(n int) {
		if n%100 == 0 {
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
		}
	})
	return float64(peak) / (1 << 20)
}

func decodeWithEncodingJSON(b *testing.B, path string) {
	b.Helper()
	type pair struct{ Name, Value string }
	var har struct {
		Log struct {
			Entries []struct {
				StartedDateTime string
				Request         struct {
					Method, URL string
					Headers     []pair
					PostData    struct{ Text string }
				}
				Response struct {
					Status  int
					Headers []pair
					Content struct {
						Size int
						Text *string
					}
				}
			}
		}
	}
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(json.NewDecoder(file).Decode(&har), file.Close()); err != nil {
		b.Fatal(err)
	}
}
