package recording_test

import (
	"bufio"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// otherwise matches texts that HTTP text and HTTP on a connection treat differently by
// design: the first line of the next message ends a body, codings are decoded, curl may have
// decoded chunks already, 1xx and tunnel responses are not those of the API, and a text
// ends at the end of the file.
var otherwise = regexp.MustCompile(`(?im)^(?:HTTP/[0-9]|[A-Z][A-Z-]* \S)|^(?:content-encoding|transfer-encoding|trailer|content-length)[ \t]*:|^[ \t]*:|Connection established`)

// FuzzTextAgainstNetHTTP compares the reader of HTTP text with net/http: it must read the
// same status, headers and body of a response as net/http.
func FuzzTextAgainstNetHTTP(f *testing.F) {
	f.Add("200 OK", "Content-Type: application/json\r\nX-A: 1\r\nx-a:2\r\n", "{}")
	f.Add("404 Not Found", "X: a\r\n b\r\n\tc\r\nEmpty:\r\n", "\n\nbody\nof lines\n")
	f.Add("204 No Content", "", "")
	f.Add("299", "A: "+strings.Repeat("long ", 20_000)+"\n", "x")
	f.Fuzz(func(t *testing.T, status, head, body string) {
		text := "HTTP/1.1 " + status + "\r\n" + strings.TrimRight(head, "\r\n") + "\r\n\r\n" + body
		if strings.ContainsAny(status, "\r\n") || strings.Contains(strings.TrimRight(head, "\r\n"), "\n\n") || otherwise.MatchString(head) || otherwise.MatchString(body) {
			return
		}
		want, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if err != nil || want.StatusCode < 200 || want.StatusCode > 999 || !regexp.MustCompile(`^[2-9][0-9]{2}(?: |$)`).MatchString(status) {
			return
		}
		plain, err := io.ReadAll(want.Body)
		if err != nil {
			return
		}
		got := readText(t, reqHead+text)
		if len(got.errs) > 0 || len(got.exchanges) != 1 {
			t.Fatalf("%q: %v, %d exchanges", text, got.errs, len(got.exchanges))
		}
		response := got.exchanges[0].Response
		if response.Status != want.StatusCode {
			t.Errorf("%q: status %d, want %d", text, response.Status, want.StatusCode)
		}
		for name, values := range want.Header {
			if !slices.Equal(response.Header[name], values) {
				t.Errorf("%q: %s is %q, want %q", text, name, response.Header[name], values)
			}
		}
		if len(response.Header) != len(want.Header) {
			t.Errorf("%q: %d headers, want %d", text, len(response.Header), len(want.Header))
		}
		hasBody := want.StatusCode != http.StatusNoContent && want.StatusCode != http.StatusNotModified
		if trimmed := strings.TrimRight(string(plain), "\r\n"); hasBody && string(response.Body.Bytes) != trimmed {
			t.Errorf("%q: body %q, want %q", text, response.Body.Bytes, trimmed)
		}
	})
}
