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
	errNoRequestHead = errors.New("an answer without a request head: put the request line and its headers, then a blank line, before what curl -i printed, for example \"GET /api/atlas/v2/groups/ID/backup/exportBuckets HTTP/1.1\"")
	errNoAnswer      = errors.New("the request has no answer: add what curl -i printed after it")
)

// splitText cuts HTTP text into answers. A request head may be followed by several
// answers, each of which is an entry of its own: the 401 of a Digest handshake and
// the final answer, or a redirect and what it led to. Interim answers (1xx) and a
// proxy's answer to CONNECT, which curl prints too, are no answers of the API.
//
// Where a body ends is told by the next line that is a request line or a status line,
// not by Content-Length: curl prints what it decoded, and scrubbing changes lengths.
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
	lines   *lineReader
	out     *output
	request *textMessage // the request that answers belong to; nil before the first
	answer  *textMessage // the answer being read; nil before one
	asked   bool         // the request was answered
	count   int          // how many responses to it were read
	blank   bool         // the last line was blank
}

// piece takes a line, or a part of a long one.
func (t *textSplitter) piece(p []byte) error {
	if t.lines.begins {
		wasBlank := t.blank
		t.blank = len(trimLineEnd(p)) == 0
		switch {
		case isStatusLine(p):
			return t.beginAnswer(p)
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

// add gives a line to the message that is being read.
func (t *textSplitter) add(p []byte) error {
	m := t.request
	if t.answer != nil {
		m = t.answer
	}
	if rest := m.overrun(p); rest > 0 && t.answer != nil {
		// The next head follows on the body's last line, which has no line end.
		body, head := p[:len(p)-rest], p[len(p)-rest:]
		if isStatusLine(head) || isRequestLine(head) {
			if err := m.add(body, t.lines); err != nil {
				return err
			}
			return t.piece(bytes.Clone(head))
		}
	}
	return m.add(p, t.lines)
}

func (t *textSplitter) beginRequest(p []byte) error {
	if err := t.finish(true, false); err != nil {
		return err
	}
	t.request, t.asked, t.count = newTextRequest(p, t.lines.number), false, 0
	t.out.open = true
	return nil
}

func (t *textSplitter) beginAnswer(p []byte) error {
	if t.request == nil {
		return t.lines.placed(errNoRequestHead)
	}
	if t.answer != nil {
		if err := t.finishAnswer(false, false); err != nil {
			return err
		}
	}
	t.out.open = true
	if t.count++; t.count > MaxResponses {
		return t.lines.placed(&limits.Exceeded{Bound: "responses", Limit: MaxResponses, Place: "one request"})
	}
	t.answer = newTextAnswer(p, t.lines.number, t.out.buffer())
	return nil
}

func (t *textSplitter) end() error {
	if t.request == nil {
		return errEmpty
	}
	return t.finish(true, true)
}

// finish closes the request and its last answer.
func (t *textSplitter) finish(last, atEOF bool) error {
	switch {
	case t.answer != nil:
		return t.finishAnswer(last, atEOF)
	case t.request != nil && !t.asked:
		return t.out.entry(t.request.line, nil, failing(noResponse(t.request.body)))
	}
	return nil
}

// finishAnswer passes the answer on. last says that no other answer to the same
// request follows.
func (t *textSplitter) finishAnswer(last, atEOF bool) error {
	a, q := t.answer, t.request
	t.answer = nil
	a.endValue()
	q.endValue()
	if a.status < 200 || (!last && a.isTunnel()) {
		return nil
	}
	line := a.line
	if !t.asked {
		line = q.line
	}
	t.asked = true
	if !last {
		t.request = q.redirected(a)
	}
	if err := firstError(q.err, a.cutOff(q.method, last, atEOF), a.err); err != nil {
		return t.out.entry(line, nil, failing(err))
	}
	return t.out.entry(line, a.body, func(src Source, body []byte) (*Exchange, error) {
		return textExchange(src, q, a, body, last)
	})
}

func failing(err error) decoder {
	return func(Source, []byte) (*Exchange, error) { return nil, err }
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// textExchange joins a request and one of its answers.
func textExchange(src Source, q, a *textMessage, raw []byte, last bool) (*Exchange, error) {
	x := &Exchange{Source: src, Started: startTime("", a.header)}
	x.Request = Request{Method: q.method, URL: q.url(), Header: q.header.Clone(), Body: q.requestBody()}
	x.Response = Response{Status: a.status, Header: a.header}
	body, err := coding.Decode(dechunk(a.trim(raw), a.header), a.header)
	if err != nil {
		return nil, fmt.Errorf("the answer's body: %w", err)
	}
	x.Response.Body = Body{Bytes: bytes.Clone(body), Recorded: true}
	if len(body) == 0 && !last && a.length != 0 {
		// curl prints no body for an answer that it acts on, such as a 401 or a redirect.
		x.Response.Body = Body{}
	}
	return x, nil
}
