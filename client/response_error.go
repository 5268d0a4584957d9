package client

import (
	"cmp"
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
	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
	"golang.org/x/oauth2"
)

// maxErrorBody bounds the part of a body that an *Error keeps.
const maxErrorBody = 8 << 10

// responseError returns an *Error for a response: its status, the contents of its body, and
// cause, if the response could not be used.
func responseError(res *http.Response, body []byte, cause error) *Error {
	e := &Error{
		StatusCode:  res.StatusCode,
		RetryAfter:  retryAfter(res.Header, time.Now()),
		ContentType: res.Header.Get("Content-Type"),
		Body:        body,
		Cause:       cause,
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

// readBody reads the two forms of an error: that of Atlas, in which the member error is the
// status, and that of OAuth 2.0 (RFC 6749 §5.2), in which error is the code.
func (e *Error) readBody(body []byte) {
	var oauth struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if decodeTolerant(body, &oauth) && oauth.Error != "" {
		e.Code, e.Detail = oauth.Error, oauth.Description
	}
	var atlas gen.APIError
	if !decodeTolerant(body, &atlas) {
		return
	}
	e.Code = cmp.Or(valueOf(atlas.ErrorCode), e.Code)
	e.Detail = cmp.Or(valueOf(atlas.Detail), e.Detail)
	e.Reason, e.Parameters = valueOf(atlas.Reason), valueOf(atlas.Parameters)
	if atlas.BadRequestDetail != nil {
		for _, field := range valueOf(atlas.BadRequestDetail.Fields) {
			e.Fields = append(e.Fields, FieldViolation(field))
		}
	}
}

// decodeTolerant decodes JSON and reports whether it is JSON of a reasonable size. Only the
// members of an unexpected type are skipped.
func decodeTolerant(data []byte, into any) bool {
	if checkValues(data) != nil {
		return false
	}
	var wrongType *json.UnmarshalTypeError
	err := json.Unmarshal(data, into)
	return err == nil || errors.As(err, &wrongType)
}

// sanitize prepares e for the caller: it masks credentials in all texts from the server and
// shortens the body.
func (e *Error) sanitize(m *mask) {
	e.Code, e.Reason, e.Detail, e.ContentType = m.text(e.Code), m.text(e.Reason), m.text(e.Detail), m.text(e.ContentType)
	for i := range e.Parameters {
		e.Parameters[i] = m.value(e.Parameters[i])
	}
	for i, f := range e.Fields {
		e.Fields[i] = FieldViolation{Field: m.text(f.Field), Description: m.text(f.Description)}
	}
	if e.Body != nil {
		e.Body = m.cutText(e.Body, maxErrorBody)
	}
	e.Cause = m.error(e.Cause)
}

// redirectError returns the reason why a 3xx response was not followed. For a redirect to
// another host it names only the host, because the rest of the URL may contain secrets.
func redirectError(res *http.Response) error {
	location := res.Header.Get("Location")
	switch {
	case res.StatusCode == http.StatusNotModified:
		return errors.New("unexpected, because the request was not conditional")
	case location == "":
		return errors.New("the redirect has no valid Location")
	}
	to, err := res.Request.URL.Parse(location)
	switch {
	case err != nil:
		return errors.New("the redirect has no valid Location")
	case !sameHost(to, res.Request.URL):
		return fmt.Errorf("redirected to %s://%s, which is not followed: credentials are sent only to the base URL; if Atlas moved, change that (WithBaseURL)", to.Scheme, to.Host)
	case !mayRedirect(res.Request.Method):
		return fmt.Errorf("redirects are followed only for read requests, not for %s", res.Request.Method)
	}
	return fmt.Errorf("redirected on the same host, not followed: a call follows %d redirects at most", maxRedirects)
}

// failure returns the *Error of a call for which the layers returned err.
func failure(call *callState, err error) *Error {
	var interrupted *interruptedError
	var broken *bodyError
	var token *tokenauth.TokenError
	switch {
	case errors.As(err, &interrupted):
		e := failure(call, interrupted.failed)
		e.Cause = errors.Join(interrupted.ended, e.Cause)
		return e
	case errors.As(err, &broken):
		return responseError(broken.response, broken.body, broken.err)
	case errors.As(err, &token):
		return tokenFailure(token.Err)
	case call.response != nil: // an interrupted wait, or the caller's CheckRedirect refused the redirect
		return responseError(call.response, call.body, err)
	}
	return &Error{Cause: err}
}

// tokenFailure returns an *Error for a failure to get a token.
func tokenFailure(err error) *Error {
	e := &Error{}
	var limit *tokenauth.LimitError
	var atlasError *Error
	switch {
	case errors.As(err, &atlasError):
		copied := *atlasError
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

// retryAfter returns the wait of a Retry-After header, which has seconds or a date (RFC
// 9110 §10.2.3). It is 0 if the header is missing or invalid, or the date is past.
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

// tokenEndpointError returns a function that returns an *Error for a token endpoint's
// response. It masks the token of the response in later texts, and drops a body that
// contains a token.
func tokenEndpointError(m *mask) tokenauth.Fail {
	return func(res *http.Response, body []byte, cause error) error {
		tokens := tokenauth.TokensIn(body)
		for _, token := range tokens {
			m.hideToken(token)
		}
		e := responseError(res, body, cause)
		if len(tokens) > 0 || res.StatusCode < 300 {
			e.Body = nil
		}
		e.Method, e.Path = res.Request.Method, res.Request.URL.Path
		e.sanitize(m)
		return e
	}
}

// tokenSourceError returns err in a form that the layers above may see: with credentials
// masked, and with an *Error instead of an *oauth2.RetrieveError, which contains the
// request for the token.
func (cfg authConfig) tokenSourceError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return cfg.mask.error(err)
	}
	if refused.Response == nil {
		return cfg.mask.error(fmt.Errorf("the token source failed: %s: %s", refused.ErrorCode, refused.ErrorDescription))
	}
	res := *refused.Response
	if res.Request == nil || res.Request.URL == nil {
		res.Request = &http.Request{URL: &url.URL{}}
	}
	return tokenEndpointError(cfg.mask)(&res, refused.Body, nil)
}
