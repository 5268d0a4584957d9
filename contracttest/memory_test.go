package contracttest

import (
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestReportKeepsNoRecordedText checks that a report that quotes a part of a large recorded
// text does not keep the whole text in memory.
func TestReportKeepsNoRecordedText(t *testing.T) {
	slowtest.Skip(t)
	const exchanges, size = 100, 60_000
	const head = "GET /api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets"
	const request = " HTTP/1.1\nHost: cloud.mongodb.com\nAccept: " + atlas2024 + "\n\n"
	const response = "HTTP/1.1 200 OK\nContent-Type: " + atlas2024 + "\n\n"
	long := strings.Repeat("x", size)
	for name, exchange := range map[string]string{
		"query":        head + "?p%d=1&pageNum=1#" + long + request + response + "{\"results\":[]}\n",
		"query, value": head + "?envelope=v%d&pageNum=" + long + request + response + "{\"results\":[]}\n",
		"path":         head + "/0123456789abcdef01234567" + long + "%d" + request + response + "{}\n",
		"media type":   head + request + "HTTP/1.1 200 OK\nContent-Type: application/vnd.x%d; a=" + long + "\n\n{\"results\":[]}\n",
		"header":       head + request + "HTTP/1.1 200 OK\nContent-Type: " + atlas2024 + "\nRateLimit-Limit: a%d," + long + "\n\n{\"results\":[]}\n",
		"member":       head + request + response + `{"results":[],"m%d":1,"n%d":"` + long + "\"}\n",
		"key":          head + request + response + `{"results":[],"m%d` + long + "\":1}\n",
		"value":        head + request + response + `{"results":[{"cloudProvider":"P%d","_id":"` + long + "\"}]}\n",
	} {
		files := fstest.MapFS{"a.http": {Data: []byte(limitstest.Numbered(exchanges, exchange))}}
		before := heap()
		r, err := Verify(files, Options{Workers: 1})
		if err != nil && name != "path" {
			t.Fatalf("%s: %v", name, err)
		}
		if kept := heap() - before; kept > exchanges*size/4 {
			t.Errorf("%s: a report with %d findings keeps %d bytes in memory; the recording has %d", name, len(r.Findings), kept, exchanges*size)
		}
		runtime.KeepAlive(r)
	}
}

// heap returns the memory of live values, in bytes.
func heap() int64 {
	runtime.GC()
	runtime.GC() // the first collection only moves pooled buffers to the victim cache
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
