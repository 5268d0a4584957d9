package client

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Sentinels for errors.Is. Each matches an [*Error] by its status, its code or
// both; one error may match several.
var (
	// ErrBadRequest matches 400: Atlas rejects the request. [Error.Fields] may list the fields.
	ErrBadRequest = errors.New("exportbuckets: bad request")
	// ErrUnauthorized matches 401: the credentials are wrong or were revoked.
	ErrUnauthorized = errors.New("exportbuckets: unauthorized")
	// ErrForbidden matches 403: a role or an IP access list entry is missing.
	ErrForbidden = errors.New("exportbuckets: forbidden")
	// ErrNotFound matches 404, for a project and for a bucket.
	ErrNotFound = errors.New("exportbuckets: not found")
	// ErrProjectNotFound matches a 404 for the project.
	ErrProjectNotFound = errors.New("exportbuckets: project not found")
	// ErrBucketNotFound matches a 404 for the export bucket.
	ErrBucketNotFound = errors.New("exportbuckets: export bucket not found")
	// ErrBucketInUse matches the refusal to delete a bucket that a cluster exports to.
	ErrBucketInUse = errors.New("exportbuckets: export bucket in use")
	// ErrRateLimited matches 429. [Error.RetryAfter] is the time to wait, if Atlas sent it.
	ErrRateLimited = errors.New("exportbuckets: rate limited")
	// ErrServer matches 500 to 599, from Atlas or from a proxy in front of it.
	ErrServer = errors.New("exportbuckets: server error")
	// ErrTooLarge matches a response longer than [WithMaxResponseBytes] allows.
	ErrTooLarge = errors.New("exportbuckets: the response is too large")
	// ErrOutcomeUnknown matches the failure of a call that changes something, if Atlas may
	// have made the change despite the failure: see [Error.OutcomeUnknown].
	ErrOutcomeUnknown = errors.New("exportbuckets: the outcome is unknown")
	// ErrClosed matches calls after [Client.Close].
	ErrClosed = errors.New("exportbuckets: the client is closed")
)

// Error codes of Atlas in these operations.
const (
	codeGroupNotFound  = "GROUP_NOT_FOUND"
	codeBucketNotFound = "EXPORT_BUCKET_NOT_FOUND"
	codeBucketInUse    = "EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE"
	codeInvalidVersion = "INVALID_VERSION_DATE"
	codeRateLimited    = "RATE_LIMITED"
)

// Error is the error of a call that failed after it was sent: the response of Atlas, of
// its token endpoint or of a proxy, or the reason why there was no response. It contains
// neither headers nor the request, and the client's credentials are masked where a server
// repeats them, so that printing it shows no credential.
type Error struct {
	// StatusCode is the HTTP status, 0 when there was no response. It is kept for any
	// body.
	StatusCode int
	// Code is Atlas's name for the kind of error, such as "GROUP_NOT_FOUND", or the
	// OAuth error of the token endpoint; "" if the response had none.
	Code string
	// Reason is the status in words, as Atlas sent it.
	Reason string
	// Detail is Atlas's description of this case.
	Detail string
	// Parameters are the values inserted into Detail: strings, numbers and nil.
	Parameters []any
	// Fields are the refused parts of the request, if Atlas named them.
	Fields []FieldViolation
	// RetryAfter is the time to wait that the response asks for, 0 if it does not.
	RetryAfter time.Duration
	// Method and Path are those of the request, without the query.
	Method, Path string
	// Attempts is the number of times that the request was sent, including retries.
	Attempts int
	// OutcomeUnknown reports whether Atlas may have executed a call that changes something:
	// the request may have arrived, and no response shows that it was refused. After such a
	// Create, check with List before you create the bucket again.
	OutcomeUnknown bool
	// ContentType is the response's Content-Type.
	ContentType string
	// Body is the response's body, cut to 8 KiB. It is nil for a successful response of a
	// token endpoint, because that contains a token.
	Body []byte
	// Cause is the reason why there was no response, or why it could not be used; nil for an
	// error response of Atlas.
	Cause error
}

// FieldViolation is a part of a request that Atlas refused: Field is its place in the
// request's body, and Description is the reason.
type FieldViolation struct {
	Description string `json:"description"`
	Field       string `json:"field"`
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is matches the sentinels by status and code.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrProjectNotFound:
		return e.StatusCode == http.StatusNotFound && e.Code == codeGroupNotFound
	case ErrBucketNotFound:
		return e.StatusCode == http.StatusNotFound && e.Code == codeBucketNotFound
	case ErrBucketInUse:
		return e.Code == codeBucketInUse
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests || strings.HasPrefix(e.Code, codeRateLimited)
	case ErrInvalidVersion:
		return e.StatusCode == http.StatusNotAcceptable || e.Code == codeInvalidVersion
	case ErrServer:
		return e.StatusCode >= 500 && e.StatusCode <= 599
	case ErrOutcomeUnknown:
		return e.OutcomeUnknown
	}
	return false
}

// Error returns one line: the request, the response and, if known, advice.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "exportbuckets: %s %s: ", e.Method, oneLine(e.Path, 200))
	b.WriteString(e.outcome())
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", oneLine(f.Field, 60), oneLine(f.Description, 200))
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %s", oneLine(e.Cause.Error(), 500))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if h := e.hint(); h != "" {
		b.WriteString(": " + h)
	}
	return b.String()
}

// outcome returns the status and the error code and detail of the response.
func (e *Error) outcome() string {
	if e.StatusCode == 0 {
		return "no response"
	}
	s := strconv.Itoa(e.StatusCode)
	if text := http.StatusText(e.StatusCode); text != "" {
		s += " " + text
	}
	if e.Code != "" {
		s += " " + oneLine(e.Code, 80)
	}
	switch {
	case e.Detail != "":
		s += ": " + oneLine(e.Detail, 500)
	case e.Code == "" && e.Cause == nil && e.ContentType != "" && !isJSON(e.ContentType):
		s += fmt.Sprintf(": the response is %s, so it is probably from a proxy in front of Atlas", oneLine(e.ContentType, 60))
	}
	return s
}

// hint returns advice on how to fix the failure, "" if there is none.
func (e *Error) hint() string {
	switch {
	case e.OutcomeUnknown:
		return "Atlas may have done it anyway; check with List before you send it again"
	case errors.Is(e, ErrBucketInUse):
		return "disable auto export on every cluster of the project that exports to this bucket, then delete it"
	case errors.Is(e, ErrRateLimited) && e.RetryAfter > 0:
		return fmt.Sprintf("try again in %s", e.RetryAfter.Round(time.Second))
	case errors.Is(e, ErrUnauthorized):
		return "check the credentials and that they are still active"
	case errors.Is(e, ErrForbidden) && isToken(e.Path):
		return "the service account may have too many active tokens; they expire within an hour: Close clients when done, or share a token between processes"
	case errors.Is(e, ErrForbidden) && e.Method == http.MethodGet:
		return "the credentials need the role Project Read Only, and an IP access list entry if the organization requires one"
	case errors.Is(e, ErrForbidden):
		return "the credentials need the role Project Backup Manager, and an IP access list entry if the organization requires one"
	case errors.Is(e, ErrProjectNotFound):
		return "check the project id, and that the credentials may see the project"
	case errors.Is(e, ErrInvalidVersion):
		return "ask for another version with WithAPIVersion"
	}
	return ""
}

// oneLine returns a server's text in a form for a log line: without control characters and
// line breaks, at most n characters long.
func oneLine(s string, n int) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return cut(strings.TrimSpace(clean), n)
}

// cut shortens s to n characters, the last one an ellipsis.
func cut(s string, n int) string {
	count := 0
	for i := range s {
		if count++; count > n {
			return s[:i] + "…"
		}
	}
	return s
}
