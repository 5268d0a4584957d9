package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// textMessage is a request or a response in HTTP text.
type textMessage struct {
	line     int // line at which it begins
	method   string
	target   string // the request's target, or the URL of a redirect
	status   int
	reason   string
	header   http.Header
	lastName string // name of the header whose value is being read
	value    []byte // the value so far
	headers  int    // number of values read
	headSize int
	headDone bool
	length   int // Content-Length; -1 if missing
	other    int // bytes of the request's body, if this is a response
	maxEntry int // maximum number of bytes of both bodies
	body     []byte
	bodySize int   // bytes of the body read so far
	tooLarge bool  // the rest of the message is skipped
	err      error // the first error
}

func newTextRequest(p []byte, line, maxEntry int) *textMessage {
	fields := bytes.Fields(p)
	return &textMessage{line: line, method: string(fields[0]), target: string(fields[1]), header: http.Header{}, length: -1, maxEntry: maxEntry}
}

func newTextResponse(p []byte, line int, request *textMessage, buffer []byte) *textMessage {
	m := statusLine.FindSubmatch(trimLineEnd(p))
	status, _ := strconv.Atoi(string(m[2]))
	return &textMessage{
		line: line, status: status, reason: strings.TrimSpace(string(m[3])), header: http.Header{}, length: -1,
		other: len(request.body), maxEntry: request.maxEntry, body: buffer,
	}
}

// add handles the next line of the message. If the message becomes too large, its entry
// fails and the rest of it is skipped.
func (m *textMessage) add(p []byte, lines *lineReader) {
	if m.headDone {
		m.bodySize += len(p)
	} else {
		m.headSize += len(p)
	}
	switch {
	case m.tooLarge:
	case m.other+m.bodySize > m.maxEntry:
		m.skip(lines.placed(fmt.Errorf("the body, or the bodies of request and response together, are larger than %d MiB", m.maxEntry>>20)))
	case m.headSize > MaxHeadBytes:
		m.skip(lines.placed(fmt.Errorf("the head is larger than %d MiB: the blank line after it may be missing", MaxHeadBytes>>20)))
	case m.headDone:
		m.body = append(m.body, p...)
	default:
		if !lines.whole || !lines.begins {
			p = bytes.Clone(p)
		}
		m.headerLine(p, lines)
	}
}

// skip fails the message and drops its body. The error replaces an earlier one: if a head
// is too large, its lines were probably not headers.
func (m *textMessage) skip(err error) { m.tooLarge, m.err, m.body = true, err, m.body[:0] }

// headerLine handles a line of the head. An error is kept for the entry; the rest of the
// file can still be read.
func (m *textMessage) headerLine(p []byte, lines *lineReader) {
	text := string(trimLineEnd(p))
	name, value, ok := strings.Cut(text, ":")
	switch {
	case text == "" && lines.begins:
		m.endHead()
	case m.lastName != "" && !lines.begins: // the rest of a long line
		m.value = append(m.value, text...)
	case m.lastName != "" && (text[0] == ' ' || text[0] == '\t'):
		m.value = append(append(bytes.TrimRight(m.value, " \t"), ' '), strings.TrimSpace(text)...)
	case !ok || !isToken(name):
		if m.err == nil {
			m.err = lines.placed(fmt.Errorf("%q is not a header line: a header is \"Name: value\", and a blank line ends the head", phrase.Cut(text, maxQuoted)))
		}
	case m.headers == MaxHeaders:
		m.err = firstError(m.err, lines.placed(tooManyHeaders("the head")))
	default:
		m.endValue()
		m.lastName, m.value = http.CanonicalHeaderKey(name), append(m.value, value...)
		m.headers++
	}
}

// endValue adds the current value to the header.
func (m *textMessage) endValue() {
	if m.lastName != "" {
		m.header[m.lastName] = append(m.header[m.lastName], string(bytes.TrimSpace(m.value)))
	}
	m.lastName, m.value = "", m.value[:0]
}

// endHead ends the head at a blank line.
func (m *textMessage) endHead() {
	m.endValue()
	m.headDone = true
	m.length = contentLength(m.header)
}

// maxQuoted bounds the part of a line that an error quotes, in bytes.
const maxQuoted = 60

// isToken reports whether s is a valid header name (RFC 9110 §5.6.2).
func isToken(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != ""
}

func contentLength(h http.Header) int {
	n, err := strconv.Atoi(h.Get("Content-Length"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// overrun returns the number of bytes of p after the announced end of the body, 0 if that end
// is not within p or at its start.
func (m *textMessage) overrun(p []byte) int {
	over := m.bodySize + len(p) - m.length
	if m.length < 0 || over > len(p) {
		return 0
	}
	return max(over, 0)
}

// trim removes the line ends between the body and the next head.
func (m *textMessage) trim(body []byte) []byte {
	if m.length >= 0 && m.length <= len(body) && len(bytes.Trim(body[m.length:], "\r\n")) == 0 {
		return body[:m.length]
	}
	if isChunked(m.header) {
		return body
	}
	return bytes.TrimRight(body, "\r\n")
}

// url returns the absolute URL of a request, as far as the head contains it.
func (m *textMessage) url() *url.URL {
	host := m.header.Get("Host")
	if strings.HasPrefix(m.target, "/") && host != "" {
		return parseURL("https://" + host + m.target)
	}
	return parseURL(m.target)
}

func (m *textMessage) requestBody() Body {
	body := m.trim(m.body)
	if len(bytes.TrimSpace(body)) == 0 {
		return Body{}
	}
	return Body{Bytes: body, Recorded: true}
}

// isTunnel reports whether m is a proxy's response to CONNECT, which curl prints before
// the real one.
func (m *textMessage) isTunnel() bool {
	return m.status == http.StatusOK && strings.EqualFold(m.reason, "Connection established") && len(bytes.TrimSpace(m.body)) == 0
}

// redirected returns the request that a client makes after response (RFC 9110 §15.4), or
// the same request if response is not a redirect.
func (m *textMessage) redirected(response *textMessage) *textMessage {
	to := response.header.Get("Location")
	if response.status < 300 || response.status > 399 || to == "" {
		return m
	}
	next := *m
	next.target = m.url().ResolveReference(parseURL(to)).String()
	switch response.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		if m.method != http.MethodGet && m.method != http.MethodHead {
			next.method, next.body = http.MethodGet, nil
		}
	}
	return &next
}

// cutOff returns an error for a response whose end is missing in the file.
func (m *textMessage) cutOff(method string, last, atEOF bool) error {
	length := m.length
	if !m.headDone {
		length = contentLength(m.header)
	}
	bodyless := method == http.MethodHead || m.status == http.StatusNoContent || m.status == http.StatusNotModified || length == 0
	switch body := m.trim(m.body); {
	case bodyless || !last || m.tooLarge:
		return nil
	case !m.headDone:
		return &placedError{line: m.line, err: errors.New("the file is cut off: it ends within the head of the response")}
	case len(body) == 0 && length > 0,
		atEOF && len(body) < length && m.header.Get("Content-Encoding") == "" && endsEarly(body):
		return &placedError{line: m.line, err: fmt.Errorf("the file is cut off: Content-Length announces %d bytes of body, %d are there", length, len(body))}
	}
	return nil
}

// endsEarly reports whether body is incomplete JSON. Any other invalid JSON is an error of
// the server, not of the recording.
func endsEarly(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := d.Token(); err != nil {
			return errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}

func isChunked(h http.Header) bool {
	return strings.EqualFold(strings.TrimSpace(h.Get("Transfer-Encoding")), "chunked")
}

// dechunk undoes the chunked coding if the text contains it. curl prints bodies without it;
// tools that record the bytes of the connection print it.
func dechunk(body []byte, h http.Header) []byte {
	if !isChunked(h) {
		return body
	}
	plain, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(body)))
	if err != nil {
		return bytes.TrimRight(body, "\r\n")
	}
	return plain
}
