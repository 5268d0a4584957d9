package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

var (
	errNoRequestHead = errors.New("a response without a request head: put the request line and its headers, then a blank line, before what curl -i printed, for example \"GET /api/atlas/v2/groups/ID/backup/exportBuckets HTTP/1.1\"")
	errNoResponse    = errors.New("the request has no response: add what curl -i printed after it")
)

// splitText cuts HTTP text into responses. A request head may be followed by several
// responses, each of which is a separate entry: the 401 of a Digest handshake and the final
// response, or a redirect and the response of its target. Interim responses (1xx) and a
// proxy's response to CONNECT, which curl prints too, are not responses of the API.
//
// A body ends at the next line that is a request line or a status line. Content-Length does
// not determine the end, because curl prints the decoded body, and scrubbing changes
// lengths.
func splitText(r *bufio.Reader, out *output) error {
	t := &textSplitter{lines: newLineReader(r), out: out}
	for {
		piece, err := t.lines.next()
		if errors.Is(err, io.EOF) {
			return t.end()
		}
		if err != nil {
			return t.lines.placed(err)
		}
		if err := t.piece(piece); err != nil {
			return err
		}
	}
}

type textSplitter struct {
	lines     *lineReader
	out       *output
	request   *textMessage // the request of the current responses; nil before the first request
	response  *textMessage // the response being read; nil if there is none
	responded bool         // the request has had a response
	count     int          // number of responses to the request so far
	blank     bool         // the previous line was blank
}

// piece handles a line, or a part of a long one.
func (t *textSplitter) piece(p []byte) error {
	if t.lines.begins {
		wasBlank := t.blank
		t.blank = len(trimLineEnd(p)) == 0
		switch {
		case isStatusLine(p):
			return t.beginResponse(p)
		case isRequestLine(p), isBareRequestLine(p) && (t.request == nil || wasBlank):
			return t.beginRequest(p)
		}
	}
	if t.request == nil {
		if t.blank {
			return nil
		}
		return t.lines.placed(errors.New("neither a request line nor a status line"))
	}
	return t.add(p)
}

// add appends a line to the message that is being read.
func (t *textSplitter) add(p []byte) error {
	m := t.request
	if t.response != nil {
		m = t.response
	}
	if rest := m.overrun(p); rest > 0 {
		// The next head may begin in the last line of the body, which has no line end.
		m.add(p[:len(p)-rest], t.lines)
		var err error
		if p, err = t.lines.complete(p[len(p)-rest:]); err != nil {
			return t.lines.placed(err)
		}
		switch {
		case isStatusLine(p):
			return t.beginResponse(p)
		case isRequestLine(p):
			return t.beginRequest(p)
		}
	}
	m.add(p, t.lines)
	return nil
}

func (t *textSplitter) beginRequest(p []byte) error {
	if err := t.finish(true, false); err != nil {
		return err
	}
	t.request, t.responded, t.count = newTextRequest(p, t.lines.number, t.out.maxEntry), false, 0
	t.out.open = true
	return nil
}

func (t *textSplitter) beginResponse(p []byte) error {
	if t.request == nil {
		return t.lines.placed(errNoRequestHead)
	}
	if t.response != nil {
		if err := t.finishResponse(false, false); err != nil {
			return err
		}
	}
	t.out.open = true
	if t.count++; t.count > MaxResponses {
		return t.lines.placed(&limits.ExceededError{Bound: "responses to one request", Limit: MaxResponses})
	}
	t.response = newTextResponse(p, t.lines.number, t.request, t.out.buffer())
	return nil
}

func (t *textSplitter) end() error {
	if t.request == nil {
		return errEmpty
	}
	return t.finish(true, true)
}

// finish ends the request and its last response.
func (t *textSplitter) finish(last, atEOF bool) error {
	switch {
	case t.response != nil:
		return t.finishResponse(last, atEOF)
	case t.request != nil && !t.responded:
		return t.out.entry(t.request.line, nil, failing(noResponse(t.request.body)))
	}
	return nil
}

// finishResponse passes the response on. last reports that no other response to the same
// request follows.
func (t *textSplitter) finishResponse(last, atEOF bool) error {
	a, q := t.response, t.request
	t.response = nil
	a.endValue()
	q.endValue()
	if a.status < 200 || (!last && a.isTunnel()) {
		return nil
	}
	line := a.line
	if !t.responded {
		line = q.line
	}
	t.responded = true
	if !last {
		t.request = q.redirected(a)
	}
	if err := firstError(q.err, a.cutOff(q.method, last, atEOF), a.err); err != nil {
		return t.out.entry(line, nil, failing(err))
	}
	return t.out.entry(line, a.body, func(src Source, body []byte, maxBody int) (*Exchange, error) {
		return textExchange(src, q, a, textBody{raw: body, limit: maxBody, last: last})
	})
}

func failing(err error) decoder {
	return func(Source, []byte, int) (*Exchange, error) { return nil, err }
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// textBody is the body of a response in HTTP text.
type textBody struct {
	raw   []byte
	limit int  // maximum number of bytes after decoding
	last  bool // no other response to the same request follows
}

// textExchange joins a request and one of its responses.
func textExchange(src Source, q, a *textMessage, b textBody) (*Exchange, error) {
	x := &Exchange{Source: src, Started: startTime("", a.header)}
	x.Request = Request{Method: q.method, URL: q.url(), Header: q.header.Clone(), Body: q.requestBody()}
	x.Response = Response{Status: a.status, Header: a.header}
	body, err := coding.Decode(dechunk(a.trim(b.raw), a.header), a.header, b.limit)
	if err != nil {
		return nil, fmt.Errorf("the response's body: %w", err)
	}
	x.Response.Body = Body{Bytes: bytes.Clone(body), Recorded: true}
	if len(body) == 0 && !b.last && a.length != 0 {
		// curl prints no body for a response that it handles itself, such as a 401 or a
		// redirect.
		x.Response.Body = Body{}
	}
	return x, nil
}
