package fakeatlas

import (
	"encoding/json"
	"time"
)

// Fault is an injected failure. Create one with a function such as [Status], limit it to
// certain requests with its methods, and pass it to [Inject] or [Server.Inject]:
//
//	fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpList).Times(2))
//
// A fault without limits applies to every request that has credentials. The first request
// of a Digest exchange has none: only faults on [OpChallenge] apply to it.
type Fault struct {
	kind   faultKind
	status int           // of status and html
	pause  time.Duration // of latency, slow, clock and rate-limit
	size   int           // of cut, reset-body and truncate; negative for half of the body
	text   string        // of media-type, version, provider and field

	code, detail string // of the error; empty for the default
	parameters   string // of the error, as JSON; empty for the default

	on                       Operation
	project, bucket, account string // that the request names
	page                     int    // of the list
	after, times             int
	chance                   float64
	hasChance                bool // otherwise the fault always applies
}

// OpChallenge is a request without credentials. Only faults use it.
const OpChallenge Operation = "challenge"

// faultKind is the name of a fault in the serve command.
type faultKind string

// The kinds, in the order in which they take effect during a request.
const (
	kindClock     faultKind = "clock"
	kindLatency   faultKind = "latency"
	kindReset     faultKind = "reset"
	kindStatus    faultKind = "status"
	kindRateLimit faultKind = "rate-limit"
	kindStale     faultKind = "stale"
	kindHTML      faultKind = "html"
	kindVersion   faultKind = "version"
	kindMediaType faultKind = "media-type"
	kindProvider  faultKind = "provider"
	kindField     faultKind = "field"
	kindTruncate  faultKind = "truncate"
	kindGzip      faultKind = "gzip"
	kindSlow      faultKind = "slow"
	kindLost      faultKind = "lost"
	kindCut       faultKind = "cut"
	kindResetBody faultKind = "reset-body"
)

// ClockJump moves the fake's clock before the request is handled.
func ClockJump(d time.Duration) Fault { return Fault{kind: kindClock, pause: d} }

// Latency delays a request before it is handled.
func Latency(d time.Duration) Fault { return Fault{kind: kindLatency, pause: d} }

// Reset resets the connection before the request is handled; the request has no effect.
func Reset() Fault { return Fault{kind: kindReset} }

// Status responds with an error of that status, from 400 to 599, in Atlas's form,
// without handling the request. A 401 is a fresh challenge.
func Status(status int) Fault { return Fault{kind: kindStatus, status: status} }

// RateLimited responds with 429 without handling the request. With a duration the
// response contains Retry-After and RateLimit-Remaining: 0; with a duration of 0 it has no
// rate limit headers, like some responses of Atlas.
func RateLimited(retryAfter time.Duration) Fault {
	return Fault{kind: kindRateLimit, pause: retryAfter}
}

// StaleNonce refuses the caller's Digest nonce as stale, regardless of its age.
func StaleNonce() Fault { return Fault{kind: kindStale} }

// HTML responds like the proxy in front of Atlas: with a page instead of JSON,
// 502 or 503.
func HTML(status int) Fault { return Fault{kind: kindHTML, status: status} }

// ResponseVersion labels the response with another version, which is a date.
func ResponseVersion(date string) Fault { return Fault{kind: kindVersion, text: date} }

// MediaType labels the response with another media type.
func MediaType(mediaType string) Fault { return Fault{kind: kindMediaType, text: mediaType} }

// UnknownProvider renames the cloud provider of every bucket in the response.
func UnknownProvider(name string) Fault { return Fault{kind: kindProvider, text: name} }

// ExtraField adds a field to every bucket in the response, or to the error.
func ExtraField(name string) Fault { return Fault{kind: kindField, text: name} }

// Truncate sends only the first n bytes of the body (half of it if n is
// negative), with a matching Content-Length.
func Truncate(n int) Fault { return Fault{kind: kindTruncate, size: max(n, -1)} }

// Gzip compresses the response, whether the caller asked for it or not.
func Gzip() Fault { return Fault{kind: kindGzip} }

// SlowBody sends the body in 16 pieces with a pause before each.
func SlowBody(pause time.Duration) Fault { return Fault{kind: kindSlow, pause: pause} }

// LostResponse handles the request and then resets the connection: the request takes
// effect, but the caller does not receive the response.
func LostResponse() Fault { return Fault{kind: kindLost} }

// CutBody closes the connection after n bytes of the body (half of it if n is
// negative), although Content-Length promised more.
func CutBody(n int) Fault { return Fault{kind: kindCut, size: max(n, -1)} }

// ResetBody resets the connection after n bytes of the body (half of it if n is
// negative).
func ResetBody(n int) Fault { return Fault{kind: kindResetBody, size: max(n, -1)} }

// Code sets the errorCode of a [Status] or [RateLimited] error.
func (f Fault) Code(errorCode string) Fault { f.code = errorCode; return f }

// Detail sets the detail of a [Status] or [RateLimited] error. Default: the detail that
// Atlas documents for the code, if the fake knows it.
func (f Fault) Detail(text string) Fault { f.detail = text; return f }

// Parameters sets the parameters of a [Status] or [RateLimited] error; without values
// they are an empty list.
func (f Fault) Parameters(values ...any) Fault {
	if values == nil {
		values = []any{}
	}
	text, err := json.Marshal(values)
	if err != nil {
		text = []byte(err.Error()) // not valid JSON, so check refuses it
	}
	f.parameters = string(text)
	return f
}

// NullParameters sets the parameters of a [Status] or [RateLimited] error to null, as
// some errors of Atlas have them.
func (f Fault) NullParameters() Fault { f.parameters = "null"; return f }

// On limits the fault to one operation.
func (f Fault) On(op Operation) Fault { f.on = op; return f }

// Project limits the fault to requests to one project.
func (f Fault) Project(id string) Fault { f.project = id; return f }

// Bucket limits the fault to requests to one export bucket.
func (f Fault) Bucket(id string) Fault { f.bucket = id; return f }

// Account limits the fault to requests whose credentials, right or wrong, have this public
// key or client id.
func (f Fault) Account(name string) Fault { f.account = name; return f }

// Page limits the fault to requests for one page of a list, counted from 1.
func (f Fault) Page(n int) Fault { f.page = n; return f }

// After skips the first n requests that the fault would apply to.
func (f Fault) After(n int) Fault { f.after = max(n, 0); return f }

// Times ends the fault after it has applied to n requests. 0 means no limit.
func (f Fault) Times(n int) Fault { f.times = max(n, 0); return f }

// Chance makes the fault apply with a probability from 0 (never) to 1 (always, the
// default). The choice depends on [Seed], so that it is the same on every run.
func (f Fault) Chance(p float64) Fault { f.chance, f.hasChance = p, true; return f }
