package client

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// Call describes a call that has ended, for a call hook (see [WithCallHook]).
type Call struct {
	// Operation is the API's name for the call, such as "listExportBuckets". A List
	// makes one call for each page. It is "" for a client from [NewHTTPClient].
	Operation string
	// Method and Path are those of the request, without the query.
	Method, Path string
	// StatusCode is that of the last response, 0 when there was none.
	StatusCode int
	// Attempts is the number of times that the request was sent, including retries but
	// not the requests of the authentication.
	Attempts int
	// Duration is the time of the whole call, including waits.
	Duration time.Duration
	// RateLimit is the state of the rate limit in the last response.
	RateLimit RateLimit
	// Err is the error that the call returns.
	Err error
}

// RateLimit is the state of Atlas's rate limit, from the response's headers
// RateLimit-Limit and RateLimit-Remaining. Both are 0 if they are missing.
type RateLimit struct {
	// Limit is the number of requests allowed in a time window; all operations share it.
	Limit int
	// Remaining is the number of requests left in the window.
	Remaining int
}

// CallOption changes one call of a [Client]. If an option is repeated, the last one wins.
type CallOption func(*callState)

// CallTimeout bounds each attempt of the call in place of [WithTimeout]; 0 turns it off.
// A context with a deadline bounds the call with all its retries.
func CallTimeout(d time.Duration) CallOption {
	return func(s *callState) { s.timeout = &timeoutError{after: max(d, 0), option: "CallTimeout"} }
}

// CallRetryPolicy replaces [WithRetryPolicy] for the call, except for the budget, which all
// calls of the client share. RetryPolicy{MaxAttempts: 1} turns retries off.
func CallRetryPolicy(p RetryPolicy) CallOption {
	return func(s *callState) {
		filled := p.withDefaults()
		s.retry = &filled
	}
}

// callState is the state that the layers share during a call. Only the goroutine of the
// call uses it.
type callState struct {
	operation string
	// timeout and retry are the call's own values, nil to use the client's.
	timeout *timeoutError
	retry   *RetryPolicy
	// method and path are those of the first request, before any redirect.
	method, path string
	attempts     int
	retries      int  // attempts after the first, not counting redirects
	drewBudget   bool // whether one of the retries used the budget
	// response and body belong to the last attempt whose response was read completely; nil
	// if there is none.
	response *http.Response
	body     []byte
	// mayHaveArrived reports whether Atlas may have executed one of the attempts.
	mayHaveArrived bool
}

// newCall returns the state of a new call.
func newCall(operation string, opts []CallOption) *callState {
	call := &callState{operation: operation}
	for _, o := range opts {
		if o != nil {
			o(call)
		}
	}
	return call
}

// begin records an attempt.
func (s *callState) begin(req *http.Request) {
	s.attempts++
	if s.method == "" {
		s.method, s.path = req.Method, req.URL.Path
	}
	s.response, s.body = nil, nil
}

// failed sets the fields of e that describe the call.
func (s *callState) failed(e *Error, m *mask) *Error {
	if e.Method == "" {
		e.Method, e.Path = s.method, s.path
	}
	e.Attempts = s.attempts
	e.OutcomeUnknown = s.mayHaveArrived && s.method != http.MethodGet && s.method != http.MethodHead
	e.sanitize(m)
	return e
}

type callKey struct{}

func withCall(ctx context.Context, c *callState) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callFrom returns the call of ctx, never nil.
func callFrom(ctx context.Context) *callState {
	if c, ok := ctx.Value(callKey{}).(*callState); ok {
		return c
	}
	return &callState{}
}

// observer reports completed calls to the caller's logger and hook.
type observer struct {
	log  *slog.Logger
	hook func(context.Context, Call)
}

// report reports one call.
func (o observer) report(ctx context.Context, call *callState, started time.Time, err error) {
	if o.hook == nil && !o.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	done := Call{
		Operation: call.operation, Method: call.method, Path: call.path,
		Attempts: call.attempts, Duration: time.Since(started), Err: err,
	}
	if call.response != nil {
		done.StatusCode = call.response.StatusCode
		done.RateLimit = readRateLimit(call.response.Header)
	}
	attrs := []slog.Attr{
		slog.String("operation", done.Operation), slog.String("method", done.Method), slog.String("path", done.Path),
		slog.Int("status", done.StatusCode), slog.Int("attempts", done.Attempts), slog.Duration("duration", done.Duration),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	o.log.LogAttrs(ctx, slog.LevelDebug, "Atlas call", attrs...)
	if o.hook != nil {
		o.hook(ctx, done)
	}
}

func readRateLimit(h http.Header) RateLimit {
	limit, _ := strconv.Atoi(h.Get("RateLimit-Limit"))
	remaining, _ := strconv.Atoi(h.Get("RateLimit-Remaining"))
	return RateLimit{Limit: limit, Remaining: remaining}
}
