package recording_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// cassetteWith returns a cassette of one interaction whose response has these lines.
func cassetteWith(version int, response string) string {
	return fmt.Sprintf("version: %d\ninteractions:\n- request:\n    method: GET\n    url: https://h/p\n  response:\n    code: 200\n%s", version, response)
}

// shapes are recordings, each of which grows in one place.
var shapes = map[string]func(n int) string{
	"HAR, entries": func(n int) string {
		return har(strings.Split(limitstest.Numbered(n, entryWith(`"content":{"text":"[]"}`)+"\n"), "\n")[:n]...)
	},
	"HAR, headers": func(n int) string {
		return har(entryWith(`"headers":[` + limitstest.Numbered(n, `{"name":"X-%d","value":"v"},`) + `{}]`))
	},
	"HAR, one header": func(n int) string {
		return har(entryWith(`"headers":[` + limitstest.Numbered(n, `{"name":"X","value":"v"},`) + `{}]`))
	},
	"HAR, cookies": func(n int) string {
		return har(entryWith(`"cookies":[` + limitstest.Numbered(n, `{"name":"c%d","value":"v"},`) + `{}]`))
	},
	"HAR, body": func(n int) string {
		return har(entryWith(`"content":{"text":"` + limitstest.Numbered(n, `\\"x`) + `"}`))
	},
	"HAR, keys": func(n int) string {
		return har(`{` + limitstest.Numbered(n, `"k%d":[],`) + entryWith(`"content":{"text":""}`)[1:])
	},
	"HAR, invalid entries": func(n int) string { return har(strings.Split(limitstest.Numbered(n, "{}\n"), "\n")[:n]...) },
	"HAR, wide log":        func(n int) string { return `{"log":{` + limitstest.Numbered(n, `"k%d":1,`) + `"entries":[]}}` },
	"cassette v3, headers": func(n int) string {
		return cassetteWith(1, "    headers:\n"+limitstest.Numbered(n, "      X-%d:\n      - v\n"))
	},
	"cassette v4, headers": func(n int) string {
		return cassetteWith(2, "    headers:\n"+limitstest.Numbered(n, "      X-%d:\n      - v\n"))
	},
	"cassette, flow headers": func(n int) string {
		return cassetteWith(2, "    headers: {"+limitstest.Numbered(n, "X-%d: [v], ")+"A: [b]}\n")
	},
	"cassette, values": func(n int) string {
		return cassetteWith(2, "    headers:\n      X:\n"+limitstest.Numbered(n, "      - v%d\n"))
	},
	"cassette, aliases": func(n int) string {
		return cassetteWith(2, "    headers:\n      X: &x [a]\n"+limitstest.Numbered(n, "      Y%d: *x\n"))
	},
	"cassette, unknown keys": func(n int) string { return cassetteWith(2, limitstest.Numbered(n, "    k%d: 1\n")) },
	"cassette, block body": func(n int) string {
		return cassetteWith(2, "    body: |\n"+limitstest.Numbered(n, "      \"x\": [1, 2],\n"))
	},
	"cassette, quoted body":  func(n int) string { return cassetteWith(2, "    body: '"+limitstest.Numbered(n, "[''a'', 1],")+"'\n") },
	"cassette, interactions": func(n int) string { return "version: 2\ninteractions:\n" + limitstest.Numbered(n, cassetteItem) },
	"cassette as JSON": func(n int) string {
		return `{"version":2,"interactions":[{"request":{"method":"GET","url":"/"},"response":{"code":200,"headers":{` + limitstest.Numbered(n, `"X-%d":["v"],`) + `"A":["b"]}}}]}`
	},
	"HTTP text, headers": func(n int) string {
		return reqHead + "HTTP/1.1 200 OK\n" + limitstest.Numbered(n, "X-%d: v\n") + "\n[]"
	},
	"HTTP text, continuation": func(n int) string {
		return reqHead + "HTTP/1.1 200 OK\nX: v\n" + limitstest.Numbered(n, " v\n") + "\n[]"
	},
	"HTTP text, long line": func(n int) string {
		return reqHead + "HTTP/1.1 200 OK\nX: " + limitstest.Numbered(n, "0123456789") + "\n\n[]"
	},
	"HTTP text, responses": func(n int) string { return reqHead + limitstest.Numbered(n, "HTTP/1.1 302 Found\nLocation: a/\n\n") },
	"HTTP text, body":      func(n int) string { return reqHead + okHead + limitstest.Numbered(n, "a line\n") },
	"HTTP text, requests":  func(n int) string { return limitstest.Numbered(n, reqHead+okHead+"[]\n\n") },
	"HTTP text, two bodies": func(n int) string {
		return reqHead + strings.Repeat("a line\n", n/7) + "\n" + okHead + strings.Repeat("a line\n", n/7+1)
	},
	"HAR, URL": func(n int) string {
		return har(strings.Replace(entryWith(`"content":{}`), "https://", "https://h/"+strings.Repeat("x", n), 1))
	},
	"HAR, method": func(n int) string {
		return har(strings.Replace(entryWith(`"content":{}`), `"GET"`, `"`+strings.Repeat("G", n)+`"`, 1))
	},
	"HAR, head": func(n int) string {
		return har(entryWith(`"headers":[{"name":"A","value":"` + strings.Repeat("a", n) + `"}]`))
	},
	"HAR, folded cookies": func(n int) string {
		return har(entryWith(`"headers":[{"name":"Set-Cookie","value":"` + strings.Repeat(`a=b\n`, n) + `"}]`))
	},
	"HAR, media type": func(n int) string { return har(entryWith(`"content":{"mimeType":"` + strings.Repeat("a", n) + `"}`)) },
	"HAR, form": func(n int) string {
		return har(`{"request":{"method":"POST","url":"https://h/p","postData":{"params":[{"name":"a","value":"` + strings.Repeat("/", n) + `"},{"name":"b","value":"` + strings.Repeat("/", n) + `"}]}},` + entryWith(`"content":{}`)[1:])
	},
	"cassette, URL": func(n int) string {
		return strings.Replace(cassetteWith(2, "    headers: {}\n"), "https://h/p", "https://h/"+strings.Repeat("x", n), 1)
	},
	"cassette, head": func(n int) string { return cassetteWith(2, "    headers: {X: ["+strings.Repeat("x", n)+"]}\n") },
	"gzip":           func(n int) string { return zipped(limitstest.Numbered(n, reqHead+okHead+"[]\n\n")) },
}

// TestGrowth checks that the allocations for reading a recording grow linearly with its
// size, whichever part of it is large.
func TestGrowth(t *testing.T) {
	slowtest.Skip(t)
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			limitstest.MemoryGrowth(t, name, 1000, shape, func(text string) {
				readAll(t, recording.InFS(files("rec", text), "rec"))
			})
		})
	}
}

// TestTooMuchOfOneThing checks that each error contains the bound and the place.
func TestTooMuchOfOneThing(t *testing.T) {
	slowtest.Skip(t)
	for name, tt := range map[string]struct {
		n    int
		want string
	}{
		"HAR, headers":           {recording.MaxHeaders + 1, "rec:1: entry 0: more than 2,000 headers at headers, cookies or params; that is the limit"},
		"HAR, cookies":           {recording.MaxHeaders + 1, "more than 2,000 headers"},
		"cassette v3, headers":   {recording.MaxHeaders + 1, "rec:3: entry 0: more than 2,000 headers at response.headers; that is the limit"},
		"cassette v4, headers":   {15_000, "rec:3: entry 0: more than 10,000 nodes; that is the limit"},
		"cassette, flow headers": {15_000, "more than 10,000 nodes"},
		"cassette, values":       {recording.MaxHeaders + 1, "more than 2,000 headers"},
		"cassette as JSON":       {recording.MaxHeaders + 1, "more than 2,000 headers at response.headers"},
		"HTTP text, headers":     {recording.MaxHeaders + 1, "more than 2,000 headers at the head"},
		"HTTP text, responses":   {recording.MaxResponses + 1, "more than 100 responses to one request"},
		"HAR, URL":               {recording.MaxURLBytes, "rec:1: entry 0: more than 65,536 bytes at request.url; that is the limit"},
		"cassette, URL":          {recording.MaxURLBytes, "rec:3: entry 0: more than 65,536 bytes at request.url; that is the limit"},
		"HAR, method":            {33, "more than 32 bytes at request.method"},
		"HAR, head":              {recording.MaxHeadBytes, "more than 1,048,576 bytes at response.headers"},
		"HAR, folded cookies":    {recording.MaxHeaders, "more than 2,000 headers at response.headers"},
		"HAR, media type":        {recording.MaxHeadBytes, "more than 1,048,576 bytes at response.headers"},
		"HAR, form":              {recording.MaxEntryBytes / 3, "request.postData: the parameters are larger than 4 MiB as a form"},
		"cassette, head":         {recording.MaxHeadBytes, "more than 1,048,576 bytes at response.headers"},
		"HTTP text, two bodies":  {recording.MaxEntryBytes / 2, "the body, or the bodies of request and response together, are larger than 4 MiB"},
	} {
		got := readText(t, shapes[name](tt.n))
		if len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), tt.want) {
			t.Errorf("%s: got %d exchanges and %v, want the error %q", name, len(got.exchanges), got.errs, tt.want)
		}
	}
	for name, n := range map[string]int{
		"HAR, headers": recording.MaxHeaders - 1, "cassette v4, headers": recording.MaxHeaders, "cassette, block body": 100_000, "cassette, quoted body": 100_000,
		"HAR, URL": recording.MaxURLBytes - 100, "HAR, folded cookies": recording.MaxHeaders - 1, "HAR, form": 1000, "HTTP text, two bodies": recording.MaxEntryBytes/2 - 100,
		"HTTP text, headers": recording.MaxHeaders, "HTTP text, responses": recording.MaxResponses,
	} {
		if got := readText(t, shapes[name](n)); len(got.errs) > 0 || len(got.exchanges) == 0 {
			t.Errorf("%s of %d: %v", name, n, got.errs)
		}
	}
}

// TestLongHeaderLines checks that a line longer than the reader's buffer, and a continued
// one, keep their text.
func TestLongHeaderLines(t *testing.T) {
	long := strings.Repeat("0123456789", 20_000)
	x := readOne(t, reqHead+"HTTP/1.1 200 OK\nX-Long: "+long+"\nX-Folded: a \n  b\n\tc\n\n[]")
	if got := x.Response.Header.Get("X-Long"); got != long {
		t.Errorf("the long value has %d bytes, want %d", len(got), len(long))
	}
	if got := x.Response.Header.Get("X-Folded"); got != "a b c" {
		t.Errorf("the folded value is %q", got)
	}
}

// TestGzipBombInHAR checks that the bound on the decompressed size of a .gz file ends the
// reading of a HAR before the rest of the file is decompressed.
func TestGzipBombInHAR(t *testing.T) {
	for name, head := range map[string]string{"skipped": `{"log":{"comment":"`, "an entry": `{"log":{"entries":[{"comment":"`, "white space": `{"log":{`} {
		unit := "x"
		if name == "white space" {
			unit = " "
		}
		bomb := zipped(head) + strings.Repeat(zipped(strings.Repeat(unit, 1<<20)), 200) // members of one gzip file
		var read int64
		r := recording.NewReader(recording.InFS(files("rec", bomb), "rec"), recording.Options{Progress: func(n int64) { read = n }})
		var errs []error
		for _, err := range r.Exchanges(t.Context()) {
			errs = append(errs, err)
		}
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), "gzip unpacks to more than 200 times its size") {
			t.Errorf("%s: %v", name, errs)
		}
		if read > int64(len(bomb))*3/4 {
			t.Errorf("%s: %d of %d bytes were read", name, read, len(bomb))
		}
	}
}
