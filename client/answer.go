package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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
