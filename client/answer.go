package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/tokenauth"
)

// maxErrorBody bounds what an *Error keeps of a body.
const maxErrorBody = 8 << 10

// answerBody is a body that was read whole. What wants its bytes takes them without
// another copy.
type answerBody struct {
	*bytes.Reader
	bytes []byte
}

func (answerBody) Close() error { return nil }

// wholeBody returns the body that attemptLayer read, without consuming it.
func wholeBody(res *http.Response) []byte {
	body, _ := res.Body.(answerBody)
	return body.bytes
}

// attemptLayer bounds one attempt in time, from dialling to the last byte, and its
// answer in size. Answers leave it whole: one that breaks off is an error like one
// that never came, so that the layer above can try again.
type attemptLayer struct {
	timeout  time.Duration
	maxBytes int64
	next     http.RoundTripper
}

func (l *attemptLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if l.timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, l.timeout, &timeoutError{l.timeout})
		defer cancel()
		ctx = limited
	}
	res, err := l.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	res.Request = req
	callFrom(ctx).response = res
	defer func() { _ = res.Body.Close() }()
	data, err := readBody(res, l.maxBytes)
	if err != nil {
		return nil, &bodyError{response: res, body: data, err: causeOf(ctx, err)}
	}
	res.Body = answerBody{bytes.NewReader(data), data}
	return res, nil
}

// timeoutError is why an attempt was given up.
type timeoutError struct{ after time.Duration }

func (e *timeoutError) Error() string {
	return fmt.Sprintf("no whole answer within %s (WithTimeout)", e.after)
}

// Timeout and Temporary make it a net.Error.
func (*timeoutError) Timeout() bool   { return true }
func (*timeoutError) Temporary() bool { return true }

// Is makes it match context.DeadlineExceeded, as http.Client's own timeout does.
func (*timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// causeOf is err, or why ctx ended if it did. What it returns then matches ctx.Err and
// the cause that a caller gave the context's end.
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

// readBody reads a body of at most limit bytes. What was read before an error is
// returned with it.
func readBody(res *http.Response, limit int64) ([]byte, error) {
	var buf bytes.Buffer
	if n := res.ContentLength; n > 0 && n <= limit {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(res.Body, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("%w: it has more than %d bytes (WithMaxResponseBytes)", ErrTooLarge, limit)
	}
	return buf.Bytes(), err
}

// bodyError is an answer whose body could not be read whole. It keeps the status.
type bodyError struct {
	response *http.Response
	body     []byte
	err      error
}

func (e *bodyError) Error() string { return "reading the answer: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

// answerError makes an *Error of an answer: its status, what its body says, and
// cause if the body could not be used.
func answerError(res *http.Response, body []byte, cause error) *Error {
	e := &Error{
		StatusCode:  res.StatusCode,
		RetryAfter:  retryAfter(res.Header, time.Now()),
		ContentType: res.Header.Get("Content-Type"),
		Body:        bytes.Clone(body[:min(len(body), maxErrorBody)]),
		Cause:       cause,
	}
	if res.Request != nil {
		e.Method, e.Path = res.Request.Method, res.Request.URL.Path
	}
	if e.StatusCode >= 300 && e.StatusCode < 400 && cause == nil {
		e.Cause = redirectError(res)
	}
	e.readBody(body)
	if e.Code == "" && e.StatusCode >= 400 {
		e.Code = res.Header.Get("X-Error-Code")
	}
	return e
}

// errorBody is the body of an error: Atlas's form, in which error is the status,
// and the one of OAuth 2.0 (RFC 6749 §5.2), in which it is the code.
type errorBody struct {
	Error            json.RawMessage `json:"error"`
	ErrorCode        string          `json:"errorCode"`
	Reason           string          `json:"reason"`
	Detail           string          `json:"detail"`
	Parameters       []any           `json:"parameters"`
	ErrorDescription string          `json:"error_description"`
	BadRequestDetail *struct {
		Fields []FieldViolation `json:"fields"`
	} `json:"badRequestDetail"`
}

// readBody takes over what an error's body says. A field of an unexpected type
// loses that field alone.
func (e *Error) readBody(body []byte) {
	var b errorBody
	if err := json.Unmarshal(body, &b); err != nil {
		var wrongType *json.UnmarshalTypeError
		if !errors.As(err, &wrongType) {
			return
		}
	}
	var oauthCode string
	if json.Unmarshal(b.Error, &oauthCode) == nil {
		e.Code, e.Detail = oauthCode, b.ErrorDescription
	}
	if b.ErrorCode != "" {
		e.Code = b.ErrorCode
	}
	if b.Detail != "" {
		e.Detail = b.Detail
	}
	e.Reason, e.Parameters = b.Reason, b.Parameters
	if b.BadRequestDetail != nil {
		e.Fields = b.BadRequestDetail.Fields
	}
}

// redirectError says where a redirect that was not followed leads: the host alone,
// for the rest may hold secrets.
func redirectError(res *http.Response) error {
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || to.Host == "" {
		return errors.New("redirected, which is followed for reading on the same host alone")
	}
	return fmt.Errorf("redirected to %s://%s, which is not followed: credentials stay with the base URL; if Atlas moved, change that (WithBaseURL)", to.Scheme, to.Host)
}

// failure makes an *Error of what http.Client.Do returned.
func failure(err error) *Error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // its text repeats method and URL
	}
	var broken *bodyError
	if errors.As(err, &broken) {
		return answerError(broken.response, broken.body, broken.err)
	}
	var token *tokenauth.TokenError
	if errors.As(err, &token) {
		return tokenFailure(token.Err)
	}
	return &Error{Cause: err}
}

// tokenFailure makes an *Error of a token that could not be had.
func tokenFailure(err error) *Error {
	e := &Error{}
	var limit *tokenauth.LimitError
	var answered *Error
	switch {
	case errors.As(err, &answered):
		copied := *answered
		e = &copied
	case errors.As(err, &limit):
		e.Code, e.RetryAfter, e.Cause = codeRateLimited, limit.RetryAfter, limit
	case errors.Is(err, tokenauth.ErrClosed):
		e.Cause = ErrClosed
	default:
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		e.Cause = fmt.Errorf("getting an access token: %w", err)
	}
	return e
}

// retryAfter reads the header in both forms: seconds, and a date (RFC 9110
// §10.2.3). Its absence, nonsense and the past are 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if s == "" {
		return 0
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		const longest = int64(time.Duration(1<<63-1) / time.Second)
		return time.Duration(min(max(n, 0), longest)) * time.Second
	}
	if at := parseDate(s); at.After(now) {
		return at.Sub(now)
	}
	return 0
}

func isJSON(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (t == "application/json" || strings.HasSuffix(t, "+json"))
}

func isToken(path string) bool {
	return strings.HasSuffix(path, tokenauth.TokenPath)
}
