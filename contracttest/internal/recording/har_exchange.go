package recording

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
)

// exchange converts the entry. It returns nil if the request has no response, which
// browsers record as status 0.
func (e *harEntry) exchange(src Source, maxBody int) (*Exchange, error) {
	switch {
	case e.request.url == "":
		return nil, errors.New("request.url is missing")
	case e.response.status == 0:
		return nil, nil
	case e.response.status < 100 || e.response.status > 999:
		return nil, fmt.Errorf("response.status is %d, which is not an HTTP status", e.response.status)
	}
	x := &Exchange{Source: src}
	if err := e.heads(x); err != nil {
		return nil, err
	}
	x.Started = startTime(e.started, x.Response.Header)
	var err error
	if x.Request.Body, err = e.request.content.requestBody(x.Request.Header, maxBody); err != nil {
		return nil, fmt.Errorf("request.postData: %w", err)
	}
	if x.Response.Body, err = e.response.content.responseBody(x.Response.Header, maxBody); err != nil {
		return nil, fmt.Errorf("response.content: %w", err)
	}
	return x, nil
}

// heads sets all fields of the exchange except its bodies.
func (e *harEntry) heads(x *Exchange) error {
	if e.request.method == "" {
		return errors.New("request.method is missing")
	}
	if err := checkTarget(e.request.method, e.request.url); err != nil {
		return err
	}
	x.Request = Request{Method: strings.ToUpper(e.request.method), URL: parseURL(e.request.url), Header: e.request.header()}
	e.request.addCookies(x.Request.Header, "Cookie")
	x.Response = Response{Status: e.response.status, Header: e.response.header()}
	e.response.addCookies(x.Response.Header, "Set-Cookie")
	e.response.addType(x.Response.Header)
	return firstError(checkHeader("request", x.Request.Header), checkHeader("response", x.Response.Header))
}

// header omits the pseudo headers of HTTP/2 (RFC 9113 §8.3), which some browsers list among
// the headers.
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
			h[name] = append(h[name], strings.SplitN(p.value, "\n", MaxHeaders+1)...)
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

// addCookies adds a header for cookies that are recorded only in the list of cookies, so
// that every reader of the headers gets them.
func (m *harMessage) addCookies(h http.Header, name string) {
	if len(m.cookies) == 0 || h.Get(name) != "" {
		return
	}
	for _, c := range m.cookies {
		h.Add(name, c.name+"="+c.value)
	}
}

// addType uses content.mimeType as the Content-Type if a tool recorded no headers at all.
// If there are other headers it is not used, because browsers guess it.
func (m *harMessage) addType(h http.Header) {
	if len(m.headers) == 0 && m.content.mimeType != "" && m.content.mimeType != "x-unknown" {
		h.Set("Content-Type", m.content.mimeType)
	}
}

func (b *harContent) requestBody(h http.Header, maxBody int) (Body, error) {
	if len(b.text) == 0 && len(b.params) > 0 {
		form, err := b.form(maxBody)
		return Body{Bytes: form, Recorded: true}, err
	}
	body, err := b.body(h, maxBody)
	body.Recorded = len(body.Bytes) > 0
	if !body.Recorded {
		body.File = b.file
	}
	return body, err
}

// form returns the parameters of a form as a request body.
func (b *harContent) form(maxBody int) ([]byte, error) {
	var form []byte
	for i, p := range b.params {
		pair := url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value)
		if len(form)+len(pair) >= maxBody {
			return nil, fmt.Errorf("the parameters are larger than %d MiB as a form", maxBody>>20)
		}
		if i > 0 {
			form = append(form, '&')
		}
		form = append(form, pair...)
	}
	return form, nil
}

func (b *harContent) responseBody(h http.Header, maxBody int) (Body, error) {
	if !b.hasText {
		return Body{Recorded: b.size == 0 && b.file == "" && !b.foreign, File: b.file}, nil
	}
	return b.body(h, maxBody)
}

func (b *harContent) body(h http.Header, maxBody int) (Body, error) {
	text := b.text
	if strings.EqualFold(b.encoding, "base64") {
		// Some tools omit the padding, and some insert line breaks.
		n, err := base64.RawStdEncoding.Decode(text, bytes.TrimRight(text, "=\r\n"))
		if err != nil {
			return Body{}, fmt.Errorf("the encoding is base64, but the text is not: %w", err)
		}
		text = text[:n]
	}
	text, err := coding.Decode(text, h, maxBody)
	return Body{Bytes: text, Recorded: true}, err
}

// startLayouts are the time formats that recorders write; the second lacks the colon in the
// time zone, the third lacks the zone.
var startLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"}

// maxStartBytes is the length of the longest recorded time that is parsed. The longest
// layout has 35 bytes.
const maxStartBytes = 100

// startTime returns the recorded time, or the response's Date if there is none.
func startTime(text string, response http.Header) time.Time {
	if text != "" && len(text) <= maxStartBytes {
		for _, layout := range startLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				return t
			}
		}
	}
	t, _ := http.ParseTime(response.Get("Date"))
	return t
}
