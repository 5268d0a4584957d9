package contracttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
)

// maxRecordedBody is the largest body that is recorded, in bytes: 8 MiB. A larger one
// passes through unrecorded.
const maxRecordedBody = 8 << 20

// roundTrip passes the request to next, returns its response, and records copies of both.
func (r *Recorder) roundTrip(req *http.Request, next http.RoundTripper) (*http.Response, error) {
	asked, sent, err := copyRequest(req)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	resp, err := next.RoundTrip(asked)
	if err != nil {
		return nil, err
	}
	took := time.Since(start)
	var received captured
	received, resp.Body = capture(resp.Body)
	i, err := r.interaction(req, sent, resp, received)
	if err != nil {
		r.addProblem(req, err)
		return resp, nil
	}
	i.Response.Duration = took
	r.addInteraction(i)
	return resp, nil
}

// captured is a copy of a body.
type captured struct {
	bytes []byte
	err   error // the reason why the copy is incomplete
}

var errTooLong = fmt.Errorf("its body is larger than %d MiB", maxRecordedBody>>20)

// capture reads a body, and returns a copy and a new body with the same content and error.
func capture(body io.ReadCloser) (captured, io.ReadCloser) {
	if body == nil || body == http.NoBody {
		return captured{}, body
	}
	read, err := io.ReadAll(io.LimitReader(body, maxRecordedBody+1))
	again := struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(read), body}
	switch {
	case err != nil:
		again.Reader = io.MultiReader(again.Reader, failingReader{err})
		return captured{err: fmt.Errorf("its body is incomplete: %w", err)}, again
	case len(read) > maxRecordedBody:
		again.Reader = io.MultiReader(again.Reader, body)
		return captured{err: errTooLong}, again
	}
	return captured{bytes: read}, again
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// copyRequest returns a request to send instead of req, because a RoundTripper must not
// modify its argument, and a copy of its body.
func copyRequest(req *http.Request) (*http.Request, captured, error) {
	sent, body := capture(req.Body)
	if sent.err != nil && !errors.Is(sent.err, errTooLong) {
		_ = req.Body.Close()
		return nil, sent, sent.err
	}
	asked := req.Clone(req.Context())
	asked.Body = body
	if len(sent.bytes) > 0 && asked.GetBody == nil {
		asked.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sent.bytes)), nil }
	}
	return asked, sent, nil
}

// interaction returns the scrubbed form of an exchange. Only the parts that it lists are
// recorded.
func (r *Recorder) interaction(req *http.Request, sent captured, resp *http.Response, received captured) (*cassette.Interaction, error) {
	if err := errors.Join(sent.err, received.err); err != nil {
		return nil, err
	}
	plain, err := coding.Decode(received.bytes, resp.Header, maxRecordedBody)
	if err != nil {
		return nil, err
	}
	i := &cassette.Interaction{Request: r.request(req, sent.bytes), Response: r.response(resp, plain)}
	for _, text := range recordedTexts(i) {
		if err := r.scrubber.Check(text); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// recordedTexts returns all texts of an interaction that come from the exchange.
func recordedTexts(i *cassette.Interaction) []string {
	texts := []string{i.Request.URL, i.Request.Host, i.Request.Body, i.Response.Body}
	for _, header := range []http.Header{i.Request.Headers, i.Response.Headers} {
		for _, values := range header {
			texts = append(texts, values...)
		}
	}
	return texts
}

func (r *Recorder) request(req *http.Request, body []byte) cassette.Request {
	body = r.scrubber.Body(body)
	address := r.scrubber.URL(req.URL.String())
	recorded := cassette.Request{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: int64(len(body)),
		Host:          r.scrubber.Host(req.Host),
		Body:          string(body),
		Headers:       r.scrubber.Header(req.Header),
		URL:           address,
		Method:        method(req.Method),
	}
	// go-vcr's matchers also compare the parsed query.
	if u, err := url.Parse(address); err == nil {
		recorded.Form = u.Query()
	}
	return recorded
}

func (r *Recorder) response(resp *http.Response, plain []byte) cassette.Response {
	body := r.scrubber.Body(plain)
	header := r.scrubber.Header(resp.Header)
	if header.Get("Content-Length") == strconv.Itoa(len(plain)) || resp.Header.Get("Content-Encoding") != "" {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	return cassette.Response{
		Proto: fmt.Sprintf("HTTP/%d.%d", resp.ProtoMajor, resp.ProtoMinor), ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		ContentLength: int64(len(body)),
		Body:          string(body),
		Headers:       header,
		Status:        strings.TrimSpace(strconv.Itoa(resp.StatusCode) + " " + http.StatusText(resp.StatusCode)),
		Code:          resp.StatusCode,
	}
}

// method returns m if it is a standard HTTP method. Any other method may be a secret.
func method(m string) string {
	switch m {
	case "":
		return http.MethodGet
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "REDACTED"
}

func interactionSize(i *cassette.Interaction) int {
	const head = 2 << 10 // approximate size of the heads of an exchange
	return head + len(i.Request.Body) + len(i.Response.Body)
}
