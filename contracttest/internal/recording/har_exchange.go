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

// exchange interprets the entry. It returns nil if the request has no response,
// which browsers record as status 0.
func (e *harEntry) exchange(src Source) (*Exchange, error) {
	switch {
	case e.request.url == "":
		return nil, errors.New("request.url is missing")
	case e.response.status == 0:
		return nil, nil
	case e.response.status < 100 || e.response.status > 999:
		return nil, fmt.Errorf("response.status is %d, which is not an HTTP status", e.response.status)
	}
	x := &Exchange{Source: src}
	x.Request.Method = strings.ToUpper(e.request.method)
	x.Request.URL = parseURL(e.request.url)
	x.Request.Header = e.request.header()
	e.request.addCookies(x.Request.Header, "Cookie")
	x.Response.Status = e.response.status
	x.Response.Header = e.response.header()
	e.response.addCookies(x.Response.Header, "Set-Cookie")
	e.response.addType(x.Response.Header)
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

// addCookies adds a header for cookies that are only in their own list, so that every
// reader of the headers sees them.
func (m *harMessage) addCookies(h http.Header, name string) {
	if len(m.cookies) == 0 || h.Get(name) != "" {
		return
	}
	for _, c := range m.cookies {
		h.Add(name, c.name+"="+c.value)
	}
}

// addType takes content.mimeType for the Content-Type where a tool recorded no
// header at all. Next to other headers it is not used: browsers guess it.
func (m *harMessage) addType(h http.Header) {
	if len(m.headers) == 0 && m.content.mimeType != "" && m.content.mimeType != "x-unknown" {
		h.Set("Content-Type", m.content.mimeType)
	}
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
	if !body.Recorded {
		body.File = b.file
	}
	return body, err
}

func (b *harContent) responseBody(h http.Header) (Body, error) {
	if !b.hasText {
		return Body{Recorded: b.size == 0 && b.file == "" && !b.foreign, File: b.file}, nil
	}
	return b.body(h)
}

func (b *harContent) body(h http.Header) (Body, error) {
	text := b.text
	if strings.EqualFold(b.encoding, "base64") {
		// Some tools leave the padding out, some break lines.
		n, err := base64.RawStdEncoding.Decode(text, bytes.TrimRight(text, "=\r\n"))
		if err != nil {
			return Body{}, fmt.Errorf("the encoding is base64, but the text is not: %w", err)
		}
		text = text[:n]
	}
	text, err := coding.Decode(text, h)
	return Body{Bytes: text, Recorded: true}, err
}

// startLayouts are the times that recorders write; the second lacks the colon in
// the zone, the third the zone.
var startLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"}

// startTime reads the recorded time; without one it returns the response's Date.
func startTime(text string, response http.Header) time.Time {
	if text != "" {
		for _, layout := range startLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				return t
			}
		}
	}
	t, _ := http.ParseTime(response.Get("Date"))
	return t
}
