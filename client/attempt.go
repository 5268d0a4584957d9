package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// attemptLayer bounds one attempt in time, from dialing to the last byte, and its response
// in size. It reads the whole body. An incomplete response is an error, as a missing one
// is, so that the layer above can try again. It also stores the body in the call, because
// http.Client may wrap the response's Body.
type attemptLayer struct {
	timeout  *timeoutError
	maxBytes int64
	// ownHeader is true if no code of the caller runs between this layer and the signer.
	// The layer then sends a header that the signer may write to, so that a request is
	// copied only once.
	ownHeader bool
	next      http.RoundTripper
}

// timeoutOf returns the timeout of the call's attempts.
func (l *attemptLayer) timeoutOf(call *callState) *timeoutError {
	if call.timeout != nil {
		return call.timeout
	}
	return l.timeout
}

func (l *attemptLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	call := callFrom(req.Context())
	ctx, cancel := l.timeoutOf(call).limit(req.Context())
	defer cancel()
	sent := req.WithContext(ctx)
	if l.ownHeader && call.attempts > 1 {
		// The previous attempt may still be reading its header.
		sent.Header = req.Header.Clone()
	}
	res, err := l.next.RoundTrip(sent)
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	res.Request = req
	call.response = res
	defer func() { _ = res.Body.Close() }()
	data, err := readBody(res, l.maxBytes)
	if err != nil {
		return nil, &bodyError{response: res, body: data, err: causeOf(ctx, err)}
	}
	res.Body = io.NopCloser(bytes.NewReader(data))
	call.body = data
	return res, nil
}

// timeoutError is the error of an attempt that took too long.
type timeoutError struct {
	after  time.Duration // 0 means no timeout
	option string        // the option that set the timeout
}

// limit returns a copy of ctx that ends with e after the timeout.
func (e *timeoutError) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if e.after == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, e.after, e)
}

func (e *timeoutError) Error() string {
	return fmt.Sprintf("no complete response within %s (%s)", e.after, e.option)
}

// Timeout and Temporary make it a net.Error.
func (*timeoutError) Timeout() bool   { return true }
func (*timeoutError) Temporary() bool { return true }

// Is makes it match context.DeadlineExceeded, as http.Client's own timeout does.
func (*timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// causeOf returns err, or an error about the end of ctx if it has ended. That error
// matches ctx.Err and the context's cause.
func causeOf(ctx context.Context, err error) error {
	ended, cause := ctx.Err(), context.Cause(ctx)
	switch {
	case ended == nil, errors.Is(err, ended) && errors.Is(err, cause):
		return err
	case errors.Is(cause, ended):
		return cause
	}
	return fmt.Errorf("%w: %w", ended, cause)
}

// readBody reads a body of at most limit bytes. With an error it also returns the bytes
// read before it. A caller's transport may have replaced the body, so Content-Length is
// only a hint about its size.
func readBody(res *http.Response, limit int64) ([]byte, error) {
	size := int64(512)
	if n := res.ContentLength; n >= 0 && n <= limit {
		size = n + 1 // one more byte, to detect the end of the body without growing the buffer
	}
	data := make([]byte, 0, size)
	for {
		n, err := res.Body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return data, fmt.Errorf("%w: it has more than %d bytes (WithMaxResponseBytes)", ErrTooLarge, limit)
		case err == io.EOF:
			return data, nil
		case err != nil:
			return data, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}

// bodyError is the error of a response whose body could not be read completely. It keeps
// the status.
type bodyError struct {
	response *http.Response
	body     []byte
	err      error
}

func (e *bodyError) Error() string { return "reading the response: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }
