package recording

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// TestTargetBounds checks that methods and URLs of exactly the allowed length are read.
func TestTargetBounds(t *testing.T) {
	for _, test := range []struct {
		method, url int
		ok          bool
	}{
		{maxMethodBytes, MaxURLBytes, true},
		{maxMethodBytes + 1, MaxURLBytes, false},
		{maxMethodBytes, MaxURLBytes + 1, false},
	} {
		if err := checkTarget(strings.Repeat("M", test.method), strings.Repeat("u", test.url)); (err == nil) != test.ok {
			t.Errorf("a method of %d and a URL of %d bytes: %v", test.method, test.url, err)
		}
	}
}

// TestHeaderBounds checks the number of values and of bytes. A name counts once for each of
// its values.
func TestHeaderBounds(t *testing.T) {
	values := func(n int, value string) []string { return strings.Split(strings.Repeat(value+"\n", n-1)+value, "\n") }
	for name, test := range map[string]struct {
		header http.Header
		ok     bool
	}{
		"all values":         {http.Header{"A": values(MaxHeaders, "")}, true},
		"one value too many": {http.Header{"A": values(MaxHeaders, ""), "B": {""}}, false},
		"all bytes":          {http.Header{"Ab": {strings.Repeat("x", MaxHeadBytes-2)}}, true},
		"one byte too many":  {http.Header{"Abc": {strings.Repeat("x", MaxHeadBytes-2)}}, false},
		"names of values":    {http.Header{strings.Repeat("A", MaxHeadBytes/2): {"", "x"}}, false},
	} {
		if err := checkHeader("request", test.header); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCountedNodes counts the YAML values of a text: one for each line, and one for each
// separator in a flow collection. Quoted scalars, block scalars and comments contain none.
func TestCountedNodes(t *testing.T) {
	for text, want := range map[string]int64{
		"a: b\n":                                1,
		"a: {b: c, d: e}\n":                     4,
		"a: [1, 2, 3]\n":                        3,
		"- [a, b]\n":                            2,
		"? [a, b]\n":                            2,
		"a: [\n  1,\n  2\n]\n":                  5,
		"a: {b: 1}\nc: d, e\n":                  3,
		"a: b [c, d]\n":                         1,
		"a: \"x, y: [z, z]\"\n":                 1,
		"a: 'it''s, [x, y]'\n":                  1,
		"a: \"\\\", [x, y]\"\nb: [1, 2]\n":      3,
		"a: {b: \"c, d\", e: 'f, g'}\n":         4,
		"a: \"x\n  y: [1, 2]\n  z\"\nb: 1\n":    2,
		"a: |\n  x: [1, 2]\n\n  y\nb: [1, 2]\n": 3,
		"a: >-\n  x: [1, 2]\n":                  1,
		"- |2\n    x: [1, 2]\n":                 1,
		"|\n x: [1, 2]\n":                       1,
		"a:\n  b: |\n    x\n  c: 1\n":           3,
		"a: b # [1, 2]\n":                       1,
		"# {a: b, c: d}\n":                      1,
		"a: [b, # c, d\n  e]\n":                 3,
		"a: [b#c, d]\n":                         2,
		"a: [b, #c, d\n  e]\n":                  3,
		"a: b]\nc: [1, 2]\n":                    3,
		"a: 'x\\'\nb: [1, 2]\n":                 3,
		"a: 'x' # y\nb: [1, 2]\n":               3,
		"a: 'it''s: [x, y]'\n":                  1,
		">\n x: [1, 2]\n":                       1,
		"a: it's\nb: 1\n":                       2,
		"a:b'c\nd: 1\n":                         2,
		"a: - 'x\n  y'\n":                       1,
	} {
		c := nodeCounter{budget: limits.New(limits.Limits{}), block: -1}
		for line := range bytes.Lines([]byte(text)) {
			if err := c.line(line); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.budget.Used().Nodes; got != want {
			t.Errorf("%q has %d values, want %d", text, got, want)
		}
	}
}

// TestTokens checks the names of headers against RFC 9110 §5.6.2.
func TestTokens(t *testing.T) {
	const allowed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for c := range 256 {
		name := string([]byte{byte(c)})
		if got, want := isToken(name), strings.Contains(allowed, name); got != want {
			t.Errorf("isToken(%q) is %t, want %t", name, got, want)
		}
	}
	if isToken("") {
		t.Error("the empty text is a token")
	}
}

// TestRedirectedRequest checks which responses cause another request, and to which URL.
func TestRedirectedRequest(t *testing.T) {
	for _, test := range []struct {
		method   string
		status   int
		location string
		want     string
	}{
		{"POST", 299, "/b", "POST http://h/a"},
		{"POST", 300, "/b", "POST http://h/b"},
		{"POST", 301, "/b", "GET http://h/b"},
		{"POST", 302, "https://other/b", "GET https://other/b"},
		{"PUT", 303, "/b", "GET http://h/b"},
		{"HEAD", 303, "/b", "HEAD http://h/b"},
		{"POST", 307, "/b", "POST http://h/b"},
		{"POST", 399, "/b", "POST http://h/b"},
		{"POST", 400, "/b", "POST http://h/a"},
		{"POST", 302, "", "POST http://h/a"},
	} {
		request := newTextRequest([]byte(test.method+" http://h/a HTTP/1.1"), 1, MaxEntryBytes)
		response := &textMessage{status: test.status, header: http.Header{"Location": {test.location}}}
		if got := request.redirected(response); got.method+" "+got.target != test.want {
			t.Errorf("after %d to %q: %s %s, want %s", test.status, test.location, got.method, got.target, test.want)
		}
	}
}

// TestRequestLine checks that a request line may have any method of letters.
func TestRequestLine(t *testing.T) {
	for line, want := range map[string]bool{
		"ACL /a HTTP/1.1": true, "GET /a HTTP/2": true, "M-SEARCH /a HTTP/1.1\r\n": true, "ZIP /a HTTP/1.1\n": true,
		"": false, "get /a HTTP/1.1": false, "[GET /a HTTP/1.1": false, "GET /a": false,
	} {
		if got := isRequestLine([]byte(line)); got != want {
			t.Errorf("%q is a request line: %t, want %t", line, got, want)
		}
	}
}

// TestHARStatus checks that a status has three digits. 0 is an exchange without a response.
func TestHARStatus(t *testing.T) {
	for status, want := range map[int]bool{-1: false, 0: true, 99: false, 100: true, 999: true, 1000: false} {
		e := harEntry{request: harMessage{method: "GET", url: "http://h/"}, response: harMessage{status: status}}
		if _, err := e.exchange(Source{}, MaxEntryBytes); (err == nil) != want {
			t.Errorf("status %d: %v", status, err)
		}
	}
}

// TestCassetteStatus checks that a status has three digits, and that a request without a body
// has none recorded.
func TestCassetteStatus(t *testing.T) {
	for status, want := range map[int]bool{0: false, 99: false, 100: true, 999: true, 1000: false} {
		i := interaction{Request: interactionRequest{Method: "GET", URL: "http://h/"}, Response: interactionResponse{Code: status}}
		x, err := i.exchange(Source{}, MaxEntryBytes)
		if (err == nil) != want {
			t.Errorf("status %d: %v", status, err)
		}
		if err == nil && x.Request.Body.Recorded {
			t.Errorf("status %d: the empty body of the request counts as recorded", status)
		}
	}
}

// TestCassetteHeaderBounds checks how many header values a cassette in JSON or in YAML may
// have.
func TestCassetteHeaderBounds(t *testing.T) {
	for n, ok := range map[int]bool{MaxHeaders: true, MaxHeaders + 1: false} {
		text := `{"A":["x"],"B":[` + strings.Repeat(`"x",`, n-2) + `"x"]}`
		if _, err := headersJSON(jsonscan.NewCursor([]byte(text)), "request.headers"); (err == nil) != ok {
			t.Errorf("%d values in JSON: %v", n, err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		if _, err := headers(doc.Content[0], "request.headers"); (err == nil) != ok {
			t.Errorf("%d values in YAML: %v", n, err)
		}
	}
}

// TestURLsThatCannotBeParsed checks that such a URL is split, and that its path is unchanged.
func TestURLsThatCannotBeParsed(t *testing.T) {
	for raw, want := range map[string]url.URL{
		"http:///%zz?a=%zz#b": {Scheme: "http", Path: "/%zz", RawQuery: "a=%zz"},
		"HTTPS://h%zz":        {Scheme: "https", Host: "h%zz"},
		"http://h?%zz":        {Scheme: "http", Host: "h", RawQuery: "%zz"},
		"/%zz":                {Path: "/%zz"},
	} {
		if got := parseURL(raw); *got != want {
			t.Errorf("%s: got %#v, want %#v", raw, *got, want)
		}
	}
}

// TestLongestTime checks that a recorded time may have exactly maxStartBytes.
func TestLongestTime(t *testing.T) {
	const prefix = "2026-01-19T03:01:27."
	for length, ok := range map[int]bool{maxStartBytes: true, maxStartBytes + 1: false} {
		text := prefix + strings.Repeat("0", length-len(prefix)-1) + "Z"
		if got := startTime(text, nil); got.IsZero() == ok {
			t.Errorf("a time of %d bytes: %v", length, got)
		}
	}
}
