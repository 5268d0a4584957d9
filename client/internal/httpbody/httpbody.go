// Package httpbody handles the bodies of requests that may be sent more than once, and of
// responses that are not needed.
package httpbody

import (
	"bytes"
	"io"
	"net/http"
)

// maxDiscard bounds the bytes that Discard reads: to open a new connection costs less than
// to read more.
const maxDiscard = 64 << 10

// Discard reads the rest of a response's body, up to 64 KiB, and closes it, so that its
// connection can be reused.
func Discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDiscard)
	_ = body.Close()
}

// IsEmpty reports whether a request has no body.
func IsEmpty(req *http.Request) bool { return req.Body == nil || req.Body == http.NoBody }

// Opener returns a function that opens the body of req from its beginning each time, and
// the length of the body, -1 if it is unknown. It closes the original body, as an
// http.RoundTripper must. A body without GetBody is read into memory.
func Opener(req *http.Request) (open func() (io.ReadCloser, error), length int64, err error) {
	if IsEmpty(req) {
		return func() (io.ReadCloser, error) { return http.NoBody, nil }, 0, nil
	}
	original := req.Body
	defer func() { _ = original.Close() }()
	if req.GetBody != nil {
		return req.GetBody, req.ContentLength, nil
	}
	data, err := io.ReadAll(original)
	if err != nil {
		return nil, 0, err
	}
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }, int64(len(data)), nil
}
