package recording_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

const (
	reqHead   = "GET /api/x?y=1 HTTP/1.1\nHost: h\nAccept: application/json\n\n"
	okHead    = "HTTP/2.0 200 OK\nContent-Type: application/json\n\n"
	challenge = "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\"\nContent-Length: 90\n\n"
)

// line returns each exchange in one line.
func line(t *testing.T, got result) string {
	t.Helper()
	var b strings.Builder
	for i, x := range got.exchanges {
		body := string(x.Response.Body.Bytes)
		if !x.Response.Body.Recorded {
			body = "(not recorded)"
		}
		if x.Source.Entry != i {
			t.Errorf("exchange %d has entry %d", i, x.Source.Entry)
		}
		fmt.Fprintf(&b, "%d: %s %s -> %d %s\n", x.Source.Line, x.Request.Method, x.Request.URL, x.Response.Status, body)
	}
	return b.String()
}

func TestHTTPText(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"line end after the body":        {reqHead + "HTTP/2.0 200 OK\nContent-Length: 7\n\n{\"a\":1}\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"no line end":                    {reqHead + okHead + `{"a":1}`, "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"carriage returns":               {strings.ReplaceAll(reqHead+okHead+"{\"a\":1}\n", "\n", "\r\n"), "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"indented body":                  {reqHead + okHead + "{\n  \"a\": 1\n}\n\n\n", "1: GET https://h/api/x?y=1 -> 200 {\n  \"a\": 1\n}\n"},
		"length counts the line end":     {reqHead + "HTTP/1.1 200 OK\nContent-Length: 8\n\n{\"a\":1}\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n\n"},
		"length of the packed body":      {reqHead + "HTTP/1.1 200 OK\nContent-Length: 3\nContent-Encoding: gzip\n\n{\"a\":1}\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"length from before scrubbing":   {reqHead + "HTTP/1.1 200 OK\nContent-Length: 30\n\n{\"a\":1}\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"204 without the blank line":     {reqHead + "HTTP/1.1 204 No Content\nServer: x", "1: GET https://h/api/x?y=1 -> 204 \n"},
		"200 without a body":             {reqHead + okHead, "1: GET https://h/api/x?y=1 -> 200 \n"},
		"no reason":                      {reqHead + "HTTP/2 200\n\n[]", "1: GET https://h/api/x?y=1 -> 200 []\n"},
		"no blank line after request":    {"GET /p HTTP/1.1\nHost: h\n" + okHead + "[]", "1: GET https://h/p -> 200 []\n"},
		"no version in request":          {"GET https://h/p\n\n" + okHead + "[]\n\nDELETE /q\nHost: h\n\nHTTP/1.1 204\n", "1: GET https://h/p -> 200 []\n8: DELETE https://h/q -> 204 \n"},
		"no host":                        {"GET /p HTTP/1.1\n\n" + okHead + "[]", "1: GET /p -> 200 []\n"},
		"lower-case host":                {"GET /p HTTP/2\nhost: h\n\n" + okHead + "[]", "1: GET https://h/p -> 200 []\n"},
		"absolute target":                {"GET http://localhost:1/p HTTP/1.1\nHost: h\n\n" + okHead + "[]", "1: GET http://localhost:1/p -> 200 []\n"},
		"blank lines and mark before":    {"\ufeff\n\r\n" + reqHead + okHead + "[]", "3: GET https://h/api/x?y=1 -> 200 []\n"},
		"under gzip":                     {zipped(reqHead + okHead + "[]"), "1: GET https://h/api/x?y=1 -> 200 []\n"},
		"chunked, as curl prints it":     {reqHead + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{\"a\":1}\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"chunked, as on the wire":        {reqHead + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"packed body":                    {reqHead + "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zipped(`{"a":1}`), "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n"},
		"100 Continue":                   {reqHead + "HTTP/1.1 100 Continue\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 []\n"},
		"Digest handshake, body ignored": {reqHead + challenge + okHead + "[]", "1: GET https://h/api/x?y=1 -> 401 (not recorded)\n9: GET https://h/api/x?y=1 -> 200 []\n"},
		"Digest handshake with body":     {reqHead + challenge + "{\"error\":401}\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 401 {\"error\":401}\n10: GET https://h/api/x?y=1 -> 200 []\n"},
		"empty challenge":                {reqHead + "HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 401 \n8: GET https://h/api/x?y=1 -> 200 []\n"},
		"proxy's tunnel":                 {reqHead + "HTTP/1.1 200 Connection established\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 []\n"},
		"tunnel in another case":         {reqHead + "HTTP/1.1 200 connection Established\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 []\n"},
		"200 before, another reason":     {reqHead + "HTTP/1.1 200 OK\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 (not recorded)\n7: GET https://h/api/x?y=1 -> 200 []\n"},
		"tunnel's reason, another code":  {reqHead + "HTTP/1.1 201 Connection established\n\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 201 (not recorded)\n7: GET https://h/api/x?y=1 -> 200 []\n"},
		"tunnel's reason with a body":    {reqHead + "HTTP/1.1 200 Connection established\n\n{}\n" + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 {}\n8: GET https://h/api/x?y=1 -> 200 []\n"},
		"tunnel's reason last":           {reqHead + "HTTP/1.1 200 Connection established\n\n", "1: GET https://h/api/x?y=1 -> 200 \n"},
		"HEAD with a body":               {"HEAD /p HTTP/1.1\nHost: h\n\n" + okHead + "[]", "1: HEAD https://h/p -> 200 []\n"},
		"redirect":                       {"POST /a HTTP/1.1\nHost: h\n\n{}\nHTTP/1.1 303 See Other\nLocation: /b?c=d\n\n" + okHead + "[]", "1: POST https://h/a -> 303 (not recorded)\n8: GET https://h/b?c=d -> 200 []\n"},
		"redirect that keeps method":     {"POST /a HTTP/1.1\nHost: h\n\nHTTP/1.1 307 T\nLocation: https://i/b\n\n" + okHead + "[]", "1: POST https://h/a -> 307 (not recorded)\n7: POST https://i/b -> 200 []\n"},
		"several exchanges":              {reqHead + okHead + "[1]\n\n" + "DELETE /z HTTP/1.1\nHost: h\n\nHTTP/1.1 204 No Content\n\n" + reqHead + okHead + "[2]\n", "1: GET https://h/api/x?y=1 -> 200 [1]\n10: DELETE https://h/z -> 204 \n15: GET https://h/api/x?y=1 -> 200 [2]\n"},
		"next head on the body's line":   {reqHead + "HTTP/1.1 200 OK\nContent-Length: 7\n\n{\"a\":1}" + reqHead + okHead + "[]", "1: GET https://h/api/x?y=1 -> 200 {\"a\":1}\n8: GET https://h/api/x?y=1 -> 200 []\n"},
		"response on the request's line": {"POST /p HTTP/1.1\nHost: h\nContent-Length: 7\n\n{\"a\":1}" + okHead + "[]", "1: POST https://h/p -> 200 []\n"},
		"continued header":               {"GET /p HTTP/1.1\nHost: h\nX-Long: a\n  b\n\n" + okHead + "[]", "1: GET https://h/p -> 200 []\n"},
		"HEAD":                           {"HEAD /p HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Length: 100\n\n", "1: HEAD https://h/p -> 200 (not recorded)\n"},
		"cut off head without a body":    {reqHead + "HTTP/1.1 200 OK\nContent-Length: 0\n", "1: GET https://h/api/x?y=1 -> 200 \n"},
		"whole body of invalid JSON":     {reqHead + "HTTP/1.1 200 OK\nContent-Length: 7\n\n{\"a\":\"b", "1: GET https://h/api/x?y=1 -> 200 {\"a\":\"b\n"},
		"304":                            {reqHead + "HTTP/1.1 304 Not Modified\nContent-Length: 100\n\n", "1: GET https://h/api/x?y=1 -> 304 \n"},
		"HTML with methods in it":        {reqHead + "HTTP/1.1 502 Bad Gateway\n\n<p>\nGET /x failed\nHTTP/1.1 is old\n</p>", "1: GET https://h/api/x?y=1 -> 502 <p>\nGET /x failed\nHTTP/1.1 is old\n</p>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.errs) > 0 {
				t.Fatalf("errors %v", got.errs)
			}
			if s := line(t, got); s != tc.want {
				t.Errorf("got\n%s\nwant\n%s", s, tc.want)
			}
		})
	}
}

func TestHTTPTextHead(t *testing.T) {
	x := readOne(t, "POST /p HTTP/1.1\nhost: h\nX-A: 1\nx-a:2\nX-Long: a\n\tb\nX-Empty:\n\n{\"in\":1}\n\nHTTP/2 200 \ndate: Mon, 10 Aug 2026 03:03:17 GMT\n\n{}")
	if got := fmt.Sprint(x.Request.Header); got != "map[Host:[h] X-A:[1 2] X-Empty:[] X-Long:[a b]]" {
		t.Errorf("request header %s", got)
	}
	if !x.Request.Body.Recorded || string(x.Request.Body.Bytes) != `{"in":1}` {
		t.Errorf("request body %q", x.Request.Body.Bytes)
	}
	if want := time.Date(2026, 8, 10, 3, 3, 17, 0, time.UTC); !x.Started.Equal(want) {
		t.Errorf("started %v", x.Started)
	}
}

func TestHTTPTextRequestWithoutBodyIsNotRecorded(t *testing.T) {
	if x := readOne(t, "POST /p HTTP/1.1\nHost: h\n\n\n\n"+okHead+"{}"); x.Request.Body.Recorded {
		t.Errorf("request body %q", x.Request.Body.Bytes)
	}
}

func TestHTTPTextLongLine(t *testing.T) {
	long := `{"a":"` + strings.Repeat("HTTP/1.1 200 OK ", 100_000) + `"}`
	x := readOne(t, reqHead+fmt.Sprintf("HTTP/1.1 200 OK\nContent-Length: %d\n\n", len(long))+long+"\n")
	if string(x.Response.Body.Bytes) != long {
		t.Errorf("got %d bytes, want %d", len(x.Response.Body.Bytes), len(long))
	}
}

// TestHTTPTextHeadAfterLongLine checks that a head is found at the announced end of a body
// whose last line has no end, wherever the buffer of 64 KiB ends: within the head, between the
// body and the head, or within the body.
func TestHTTPTextHeadAfterLongLine(t *testing.T) {
	for _, length := range []int{65_526, 65_535, 65_536, 65_537, 100_000, 131_072} {
		body := `"` + strings.Repeat("x", length-2) + `"`
		got := readText(t, reqHead+fmt.Sprintf("HTTP/1.1 200 OK\nContent-Length: %d\n\n", length)+body+"PUT /next HTTP/1.1\nHost: h\n\n"+okHead+"[]")
		want := "1: GET https://h/api/x?y=1 -> 200 " + body + "\n8: PUT https://h/next -> 200 []\n"
		if s := line(t, got); len(got.errs) > 0 || s != want {
			t.Errorf("body of %d bytes: errors %v, %d exchanges: …%q", length, got.errs, len(got.exchanges), s[max(0, len(s)-100):])
		}
	}
}

// TestHTTPTextResponses checks how many responses one request may have.
func TestHTTPTextResponses(t *testing.T) {
	text := reqHead + strings.Repeat(okHead+"[]\n", recording.MaxResponses)
	if got := readText(t, text); len(got.errs) > 0 {
		t.Errorf("%d responses: %v", recording.MaxResponses, got.errs)
	}
	if got := readText(t, text+okHead+"[]\n"); len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), "more than 100 responses") {
		t.Errorf("%d responses: %v", recording.MaxResponses+1, got.errs)
	}
}

func TestHTTPTextFaults(t *testing.T) {
	good := reqHead + okHead + "[]\n"
	for name, tc := range map[string]struct {
		text      string
		exchanges int
		want      string
	}{
		"no request head":        {okHead + "[]", 0, `rec:1: a response without a request head: put the request line and its headers, then a blank line, before what curl -i printed, for example "GET /api/atlas/v2/groups/ID/backup/exportBuckets HTTP/1.1"`},
		"no response":            {good + reqHead + good, 2, "rec:9: entry 1: the request has no response: add what curl -i printed after it"},
		"no response at the end": {good + "POST /p HTTP/1.1\nHost: h\n\n{\"a\":1}\n", 1, "rec:9: entry 1: the request has no response: add what curl -i printed after it"},
		"no header line":         {reqHead + "HTTP/1.1 200 OK\nDate Monday\n\n[]\n" + good, 1, `rec:6: entry 0: "Date Monday" is not a header line: a header is "Name: value", and a blank line ends the head`},
		"no header in request":   {"GET /p HTTP/1.1\n{\"a\":1}\n\n" + okHead + "[]\n" + good, 1, `rec:2: entry 0: "{\"a\":1}" is not a header line: a header is "Name: value", and a blank line ends the head`},
		"cut off in the head":    {good + reqHead + "HTTP/1.1 200 OK\nContent-Type: application/json\n", 1, "rec:13: entry 1: the file is cut off: it ends within the head of the response"},
		"cut off in a header":    {good + reqHead + "HTTP/1.1 200 OK\nContent-Le", 1, "rec:13: entry 1: the file is cut off: it ends within the head of the response"},
		"cut off before body":    {good + reqHead + "HTTP/1.1 200 OK\nContent-Length: 100\n\n", 1, "rec:13: entry 1: the file is cut off: Content-Length announces 100 bytes of body, 0 are there"},
		"cut off in the body":    {good + reqHead + "HTTP/1.1 200 OK\nContent-Length: 100\n\n{\"a\":\"b", 1, "rec:13: entry 1: the file is cut off: Content-Length announces 100 bytes of body, 7 are there"},
		"damaged packed body":    {good + reqHead + "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + zipped("[]")[:15], 1, "rec:9: entry 1: the response's body: the coded body is damaged: unexpected EOF"},
		"endless head":           {reqHead + "HTTP/1.1 200 OK\n" + strings.Repeat("X-A: b\n", 200_000), 0, "rec:149802: entry 0: the head is larger than 1 MiB: the blank line after it may be missing"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readText(t, tc.text)
			if len(got.exchanges) != tc.exchanges {
				t.Errorf("%d exchanges, want %d", len(got.exchanges), tc.exchanges)
			}
			if len(got.errs) != 1 || got.errs[0].Error() != tc.want {
				t.Errorf("errors %v\nwant   %s", got.errs, tc.want)
			}
		})
	}
}

// A truncated body is an error of the recording. Any other invalid body was sent by the
// server, so a rule reports it.
func TestHTTPTextMalformedBodyIsNotCutOff(t *testing.T) {
	x := readOne(t, reqHead+"HTTP/1.1 200 OK\nContent-Length: 100\n\n{\"a\" 1}\n")
	if string(x.Response.Body.Bytes) != `{"a" 1}` {
		t.Errorf("got %q", x.Response.Body.Bytes)
	}
}
