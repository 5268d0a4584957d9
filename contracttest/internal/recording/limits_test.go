package recording_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"io/fs"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// endless is a file that is never completely in memory: head, then unit repeated up to size
// bytes, then tail.
type endless struct {
	head, unit, tail string
	size             int
}

func (e endless) Open(string) (fs.File, error) {
	return &endlessFile{Reader: io.MultiReader(strings.NewReader(e.head),
		io.LimitReader(&cycle{unit: e.unit}, int64(e.size/len(e.unit)*len(e.unit))), strings.NewReader(e.tail))}, nil
}

type endlessFile struct{ io.Reader }

func (*endlessFile) Close() error                 { return nil }
func (f *endlessFile) Stat() (fs.FileInfo, error) { return f, nil }
func (*endlessFile) Name() string                 { return "rec" }
func (*endlessFile) Size() int64                  { return 0 }
func (*endlessFile) Mode() fs.FileMode            { return 0o600 }
func (*endlessFile) ModTime() time.Time           { return time.Time{} }
func (*endlessFile) IsDir() bool                  { return false }
func (*endlessFile) Sys() any                     { return nil }

type cycle struct {
	unit string
	at   int
}

func (c *cycle) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], c.unit[c.at:])
		n += k
		c.at = (c.at + k) % len(c.unit)
	}
	return n, nil
}

// peakHeap reads in and returns the growth of the heap to its largest size during the
// reading, in bytes.
func peakHeap(t *testing.T, in recording.Input) (peak int64, got recording.Summary, errs []error) {
	t.Helper()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := recording.NewReader(in, recording.Options{Workers: 2})
	n := 0
	for _, err := range r.Exchanges(context.Background()) {
		if err != nil {
			errs = append(errs, err)
		}
		if n++; n%500 == 1 {
			runtime.ReadMemStats(&now)
			peak = max(peak, int64(now.HeapAlloc)-int64(before.HeapAlloc))
		}
	}
	return peak, r.Summary(), errs
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	const size, bound = 32 << 20, 16 << 20
	entry := entryWith(`"content":{"size":5000,"text":"` + strings.Repeat("x", 5000) + `"}`)
	for name, file := range map[string]endless{
		"har":            {head: `{"log":{"entries":[` + entry, unit: ",\n" + entry, tail: "]}}", size: size},
		"har, log.pages": {head: `{"log":{"version":"1.2","pages":[1`, unit: ",{\"x\":\"yyyyyyyyyyyyyyyyyy\"}", tail: `],"entries":[` + entry + `]}}`, size: size},
		"other JSON":     {head: `{"a":[1`, unit: ",{\"x\":\"yyyyyyyyyyyyyyyyyy\"}", tail: `]}`, size: size},
		"cassette":       {head: "version: 2\ninteractions:\n", unit: strings.Replace(cassetteItem, `{"a":1}`, strings.Repeat("x", 5000), 1), size: size / 4},
		"text":           {unit: reqHead + okHead + strings.Repeat("x", 5000) + "\n", size: size},
		"one long line":  {unit: "x", size: size},
	} {
		t.Run(name, func(t *testing.T) {
			peak, got, errs := peakHeap(t, recording.InFS(file, "rec"))
			if peak > bound {
				t.Errorf("%d MiB of heap for a file of %d MiB", peak>>20, size>>20)
			}
			if failed := name == "other JSON" || name == "one long line"; failed != (len(errs) == 1) {
				t.Errorf("summary %+v, errors %v", got, errs)
			}
		})
	}
}

func TestOversize(t *testing.T) {
	slowtest.Skip(t)
	big := strings.Repeat("x", recording.MaxEntryBytes)
	bomb := base64.StdEncoding.EncodeToString([]byte(zipped(strings.Repeat("\x00", recording.MaxEntryBytes+1))))
	for name, tc := range map[string]struct {
		text      string
		exchanges int
		want      string
	}{
		"har entry":               {har(entryWith(`"headers":[]`), entryWith(`"content":{"text":"`+big+`"}`), entryWith(`"headers":[]`)), 2, "rec:2: entry 1: the entry is larger than 4 MiB"},
		"har entry bomb":          {har(entryWith(`"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"text":"`+bomb+`","encoding":"base64"}`), entryWith(`"headers":[]`)), 1, "rec:1: entry 0: response.content: the decoded body is larger than 4 MiB"},
		"cassette item":           {"version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `{"a":1}`, big, 1), 0, "rec:3: entry 0: the interaction is larger than 4 MiB"},
		"text body":               {reqHead + okHead + big + big + "\n" + reqHead + okHead, 1, "rec:8: entry 0: the body, or the bodies of request and response together, are larger than 4 MiB"},
		"text body, known length": {reqHead + strings.Replace(okHead, "\n\n", "\nContent-Length: "+strconv.Itoa(2*len(big))+"\n\n", 1) + big + big + reqHead + okHead, 1, "rec:9: entry 0: the body, or the bodies of request and response together, are larger than 4 MiB"},
		"text request":            {reqHead + big + big + "\n" + okHead + reqHead + okHead, 1, "rec:5: entry 0: the body, or the bodies of request and response together, are larger than 4 MiB"},
		"text header line":        {reqHead + "HTTP/1.1 200 OK\nX: " + big + "\n" + reqHead + okHead, 1, "rec:6: entry 0: the head is larger than 1 MiB: the blank line after it may be missing"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.errs) != 1 || got.errs[0].Error() != tc.want || len(got.exchanges) != tc.exchanges {
				t.Errorf("%d exchanges, errors %v\nwant %s", len(got.exchanges), got.errs, tc.want)
			}
		})
	}
}

// TestExactSizes checks entries that are exactly as large as the limit, and one byte larger.
func TestExactSizes(t *testing.T) {
	const limit = 1 << 10
	texts := map[string]func(n int) string{
		"cassette item": func(n int) string {
			item := strings.Replace(cassetteItem, `{"a":1}`, "", 1)
			return "version: 2\ninteractions:\n" + strings.Replace(item, "body: ''", "body: '"+strings.Repeat("x", n-len(item))+"'", 1)
		},
		"text bodies": func(n int) string {
			return reqHead + strings.Repeat("x", n-601) + "\n" + okHead + strings.Repeat("y", 600)
		},
		"text response": func(n int) string { return reqHead + okHead + strings.Repeat("y", n) },
		"text head": func(n int) string {
			const rest = "X: \n\n"
			return reqHead + "HTTP/1.1 200 OK\nX: " + strings.Repeat("y", recording.MaxHeadBytes-limit+n-len(rest)) + "\n\n"
		},
		"form": func(n int) string {
			params := `{"name":"a","value":"` + strings.Repeat("/", 300) + `"},{"name":"b","value":"` + strings.Repeat("y", n-905) + `"}` // "/" becomes %2F
			return har(`{"request":{"method":"POST","url":"https://h/p","postData":{"params":[` + params + `]}},"response":{"status":200}}`)
		},
	}
	for name, text := range texts {
		for n, want := range map[int]int{limit: 0, limit + 1: 1} {
			r := recording.NewReader(recording.InFS(files("rec", text(n)), "rec"), recording.Options{MaxEntryBytes: limit})
			exchanges, errs := 0, []error{}
			for _, err := range r.Exchanges(t.Context()) {
				if err != nil {
					errs = append(errs, err)
				} else {
					exchanges++
				}
			}
			if len(errs) != want || exchanges != 1-want {
				t.Errorf("%s of %d bytes: %d exchanges, errors %v", name, n, exchanges, errs)
			}
		}
	}
}

// TestManyNodes checks that an interaction with too many YAML values is refused, and that the
// others are read.
func TestManyNodes(t *testing.T) {
	many := strings.Replace(cassetteItem, "    status: 200 OK\n", "    status: 200 OK\n    other: ["+strings.Repeat("1,", 10_000)+"1]\n", 1)
	got := readText(t, "version: 2\ninteractions:\n"+many+cassetteItem)
	if len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), "10,000 nodes") || len(got.exchanges) != 1 {
		t.Errorf("%d exchanges, errors %v", len(got.exchanges), got.errs)
	}
}

// TestIrrelevantExchanges checks that an exchange which need not be readable is returned
// without its body, and that any other is an error.
func TestIrrelevantExchanges(t *testing.T) {
	entry := func(path string) string {
		return `{"request":{"method":"GET","url":"https://h` + path + `"},"response":{"status":200,"content":{"encoding":"base64","text":"!"}}}`
	}
	r := recording.NewReader(recording.InFS(files("rec", har(entry("/other"), entry("/in-scope"))), "rec"), recording.Options{
		Irrelevant: func(x *recording.Exchange) bool { return x.Request.URL.Path == "/other" },
	})
	var exchanges, errs []string
	for x, err := range r.Exchanges(t.Context()) {
		if err != nil {
			errs = append(errs, err.Error())
		} else {
			exchanges = append(exchanges, x.Request.URL.Path)
		}
	}
	if !slices.Equal(exchanges, []string{"/other"}) || len(errs) != 1 || !strings.HasPrefix(errs[0], "rec:2: entry 1: ") {
		t.Errorf("exchanges %q, errors %q", exchanges, errs)
	}
}

// TestLargeIrrelevantInteraction checks that the request of an interaction is read although the
// whole is too large.
func TestLargeIrrelevantInteraction(t *testing.T) {
	text := "version: 2\ninteractions:\n" + strings.Replace(cassetteItem, `{"a":1}`, strings.Repeat("x", 2<<10), 1)
	for _, irrelevant := range []bool{true, false} {
		r := recording.NewReader(recording.InFS(files("rec", text), "rec"), recording.Options{
			MaxEntryBytes: 1 << 10,
			Irrelevant:    func(x *recording.Exchange) bool { return irrelevant && x.Request.URL.Path == "/p" },
		})
		for x, err := range r.Exchanges(t.Context()) {
			if (err == nil) != irrelevant {
				t.Errorf("irrelevant %t: %+v, %v", irrelevant, x, err)
			}
		}
	}
}

// TestLargeRequest checks the error for an interaction that is too large before its response.
func TestLargeRequest(t *testing.T) {
	text := "version: 2\ninteractions:\n" + strings.Replace(cassetteItem, "body: ''", "body: '"+strings.Repeat("x", 2<<10)+"'", 1)
	r := recording.NewReader(recording.InFS(files("rec", text), "rec"), recording.Options{MaxEntryBytes: 1 << 10})
	for x, err := range r.Exchanges(t.Context()) {
		if err == nil || !strings.Contains(err.Error(), "the interaction is larger than") {
			t.Errorf("%+v, %v", x, err)
		}
	}
}

// TestNames checks that a reader returns the paths that it was created with.
func TestNames(t *testing.T) {
	if got := recording.NewReader(recording.InFS(files("a", "")), recording.Options{}).Names(); got != nil {
		t.Errorf("a whole file system is named %q", got)
	}
	if got := recording.NewReader(recording.InFS(files("a", ""), "a"), recording.Options{}).Names(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the file a is named %q", got)
	}
}

// TestSmallGzip checks that a small file may be compressed to any degree.
func TestSmallGzip(t *testing.T) {
	readOne(t, zipped(har(entryWith(`"content":{"size":0}`))+strings.Repeat(" ", 1<<20)))
}

// TestLargeGzip checks that a file which unpacks to more than 16 MiB is read if its compression
// is that of JSON traffic.
func TestLargeGzip(t *testing.T) {
	slowtest.Skip(t)
	random := rand.New(rand.NewPCG(1, 2))
	var space strings.Builder
	for space.Len() < 17<<20 {
		space.WriteString(strings.Repeat(" ", random.IntN(60)) + "\n")
	}
	got := readText(t, zipped(har(entryWith(`"content":{"size":0}`))+space.String()))
	if len(got.errs) > 0 || len(got.exchanges) != 1 {
		t.Errorf("%d exchanges, errors %v", len(got.exchanges), got.errs)
	}
}

// TestLargeStoredGzip checks that a file which gzip does not compress may have any size.
func TestLargeStoredGzip(t *testing.T) {
	var stored bytes.Buffer
	z, err := gzip.NewWriterLevel(&stored, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(z, har(entryWith(`"content":{"size":0}`))+strings.Repeat(" ", 17<<20))
	_ = z.Close()
	readOne(t, stored.String())
}

func TestGzipBomb(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, `{"log":{"entries":[`)
	_, _ = io.Copy(z, io.LimitReader(&cycle{unit: " "}, 20<<20))
	_ = z.Close()
	got := readText(t, packed.String())
	if len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), "gzip unpacks to more than 200 times its size") {
		t.Errorf("errors %v", got.errs)
	}
}

// Any number of errors results in a bounded report, which is the same on every run.
func TestFaultyEntriesAreBounded(t *testing.T) {
	good := entryWith(`"content":{"size":0}`)
	text := har(append(slices.Repeat([]string{good, "{}"}, 150), slices.Repeat([]string{"[]"}, 2_000)...)...) + "!"
	for range 5 {
		got := readAll(t, recording.InFS(files("a.har", text, "b.har", har(good))))
		if len(got.errs) != recording.MaxEntryErrors+1 || len(got.exchanges) != recording.MaxEntryErrors+2 || got.summary.Exchanges != len(got.exchanges) || got.summary.Failed != 1 {
			t.Fatalf("%d errors, %d exchanges, summary %+v", len(got.errs), len(got.exchanges), got.summary)
		}
		if last := got.errs[len(got.errs)-1].Error(); last != "a.har:202: entry 201: more than 100 entries of the file are faulty: the rest of it is not read" {
			t.Fatal(last)
		}
		if last := got.exchanges[len(got.exchanges)-1]; last.Source.File != "b.har" {
			t.Fatalf("the next file was not read: %+v", last.Source)
		}
	}
}
