package recording

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// harEntry is what an entry of a HAR says, before it is interpreted. Members that no
// rule needs are passed over; null counts as absent.
type harEntry struct {
	started  string
	request  harMessage
	response harMessage
}

// harMessage is a request or a response.
type harMessage struct {
	method  string
	url     string
	status  int
	headers []harPair
	content harContent // postData of a request
}

// harContent is a body as HAR describes it.
type harContent struct {
	text     []byte
	hasText  bool
	size     int // -1 when it does not say
	encoding string
	params   []harPair
}

type harPair struct{ name, value string }

// decodeHAR reads one member of log.entries.
func decodeHAR(src Source, raw []byte) (*Exchange, error) {
	e := harEntries.Get().(*harEntry)
	defer e.release()
	c := jsonscan.NewCursor(raw)
	if err := e.parse(c); err != nil {
		return nil, err
	}
	if err := c.End(); err != nil {
		return nil, err
	}
	return e.exchange(src)
}

// harEntries lets the lists of headers, the largest part of an entry that does not
// outlive its decoding, be used again.
var harEntries = sync.Pool{New: func() any {
	e := &harEntry{}
	e.request.reset()
	e.response.reset()
	return e
}}

func (e *harEntry) release() {
	e.started = ""
	e.request.reset()
	e.response.reset()
	harEntries.Put(e)
}

func (m *harMessage) reset() {
	clear(m.headers)
	*m = harMessage{headers: m.headers[:0], content: harContent{size: -1}}
}

func (e *harEntry) parse(c *jsonscan.Cursor) error {
	if c.Kind() != '{' {
		return errors.New("the entry is no JSON object")
	}
	return c.Object(func(key []byte) (err error) {
		switch string(key) {
		case "startedDateTime":
			e.started, err = optionalText(c)
		case "request":
			err = e.request.parse(c)
		case "response":
			err = e.response.parse(c)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (m *harMessage) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "method":
			m.method, err = optionalText(c)
		case "url":
			m.url, err = optionalText(c)
		case "status":
			m.status, err = optionalInt(c, 0)
		case "headers":
			m.headers, err = pairs(c, m.headers[:0])
		case "content", "postData":
			err = m.content.parse(c)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (b *harContent) parse(c *jsonscan.Cursor) error {
	return optionalObject(c, func(key []byte) (err error) {
		switch string(key) {
		case "text":
			err = b.parseText(c)
		case "size":
			b.size, err = optionalInt(c, -1)
		case "encoding", "_encoding":
			b.encoding, err = optionalText(c)
		case "params":
			b.params, err = pairs(c, nil)
		default:
			err = c.Skip()
		}
		return err
	})
}

func (b *harContent) parseText(c *jsonscan.Cursor) (err error) {
	if c.Kind() != '"' {
		return c.Skip()
	}
	capacity := c.Rest()
	if b.size >= 0 && b.size < capacity {
		capacity = b.size
	}
	b.text, err = c.Append(make([]byte, 0, capacity))
	b.hasText = true
	return err
}

// pairs appends a list of {name, value}, as headers and params are.
func pairs(c *jsonscan.Cursor, list []harPair) ([]harPair, error) {
	if c.Kind() != '[' {
		return list, c.Skip()
	}
	err := c.Array(func() error {
		var p harPair
		err := optionalObject(c, func(key []byte) (err error) {
			switch string(key) {
			case "name":
				p.name, err = headerName(c)
			case "value":
				p.value, err = optionalText(c)
			default:
				err = c.Skip()
			}
			return err
		})
		list = append(list, p)
		return err
	})
	return list, err
}

func optionalObject(c *jsonscan.Cursor, fn func(key []byte) error) error {
	if c.Kind() != '{' {
		return c.Skip()
	}
	return c.Object(fn)
}

func optionalText(c *jsonscan.Cursor) (string, error) {
	if c.Kind() != '"' {
		return "", c.Skip()
	}
	return c.Text()
}

func optionalInt(c *jsonscan.Cursor, otherwise int) (int, error) {
	if c.Kind() != '0' {
		return otherwise, c.Skip()
	}
	return c.Int()
}

// exchange interprets the entry. It gives nil where the request was never answered,
// which browsers note as status 0.
func (e *harEntry) exchange(src Source) (*Exchange, error) {
	switch {
	case e.request.url == "":
		return nil, errors.New("request.url is missing")
	case e.response.status == 0:
		return nil, nil
	case e.response.status < 100 || e.response.status > 999:
		return nil, fmt.Errorf("response.status is %d, which is no HTTP status", e.response.status)
	}
	x := &Exchange{Source: src}
	x.Request.Method = strings.ToUpper(e.request.method)
	x.Request.URL = parseURL(e.request.url)
	x.Request.Header = e.request.header()
	x.Response.Status = e.response.status
	x.Response.Header = e.response.header()
	if x.Request.Method == "" {
		return nil, errors.New("request.method is missing")
	}
	x.Started = startTime(e.started, x.Response.Header)
	var err error
	if x.Request.Body, err = e.request.content.requestBody(x.Request.Header); err != nil {
		return nil, fmt.Errorf("request.postData: %w", err)
	}
	if x.Response.Body, err = e.response.content.responseBody(x.Response.Header); err != nil {
		return nil, fmt.Errorf("response.content: %w", err)
	}
	return x, nil
}

// header leaves out the pseudo headers of HTTP/2 (RFC 9113 §8.3), which some
// browsers list among the headers.
func (m *harMessage) header() http.Header {
	h := make(http.Header, len(m.headers))
	values := make([]string, 0, len(m.headers))
	for _, p := range m.headers {
		if p.name == "" || p.name[0] == ':' {
			continue
		}
		name := http.CanonicalHeaderKey(p.name)
		if name == "Set-Cookie" {
			// Chrome and Firefox join several cookies by line feeds.
			h[name] = append(h[name], strings.Split(p.value, "\n")...)
			continue
		}
		if old, ok := h[name]; ok {
			h[name] = append(old, p.value)
			continue
		}
		values = append(values, p.value)
		h[name] = values[len(values)-1 : len(values) : len(values)]
	}
	return h
}

func (b *harContent) requestBody(h http.Header) (Body, error) {
	if len(b.text) == 0 && len(b.params) > 0 {
		form := make([]string, 0, len(b.params))
		for _, p := range b.params {
			form = append(form, url.QueryEscape(p.name)+"="+url.QueryEscape(p.value))
		}
		return Body{Bytes: []byte(strings.Join(form, "&")), Recorded: true}, nil
	}
	body, err := b.body(h)
	body.Recorded = len(body.Bytes) > 0
	return body, err
}

func (b *harContent) responseBody(h http.Header) (Body, error) {
	if !b.hasText {
		return Body{Recorded: b.size == 0}, nil
	}
	return b.body(h)
}

func (b *harContent) body(h http.Header) (Body, error) {
	text := b.text
	if strings.EqualFold(b.encoding, "base64") {
		// Some tools leave the padding out, some break lines.
		n, err := base64.RawStdEncoding.Decode(text, bytes.TrimRight(text, "=\r\n"))
		if err != nil {
			return Body{}, fmt.Errorf("the text is said to be base64 and is not: %w", err)
		}
		text = text[:n]
	}
	text, err := coding.Decode(text, h)
	return Body{Bytes: text, Recorded: true}, err
}

// startLayouts are the times that recorders write; the second lacks the colon in
// the zone, the third the zone.
var startLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"}

// startTime reads the recorded time; where there is none, the answer's Date stands in.
func startTime(text string, answer http.Header) time.Time {
	if text != "" {
		for _, layout := range startLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				return t
			}
		}
	}
	t, _ := http.ParseTime(answer.Get("Date"))
	return t
}
