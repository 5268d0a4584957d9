package client

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// RetryPolicy configures the number of retries and the waits between them. The package
// documentation lists the failures that are retried. The zero value of a field is its default.
type RetryPolicy struct {
	// MaxAttempts is the maximum number of times that a request is sent, including the
	// first. Default 4; 1 turns retries off.
	MaxAttempts int
	// BaseDelay is the longest wait before the first retry. It doubles with each
	// retry, and the actual wait is a random part of it ("full jitter"). Default 500 ms.
	BaseDelay time.Duration
	// RateLimitDelay replaces BaseDelay after a 429 without Retry-After.
	// Default 20 times BaseDelay: 10, 20, 40 s, as Atlas advises.
	RateLimitDelay time.Duration
	// MaxDelay limits every wait, including that of Retry-After. Default 60 s.
	MaxDelay time.Duration
	// Budget is the number of retries that all calls of the client share, so that retries
	// do not multiply the requests during an outage. A retry takes one from the budget, a
	// call that succeeds returns a tenth, and one that succeeds by a retry returns one.
	// A retry after 429 takes none, because that is not an outage and its wait is long.
	// Default 100; a negative value means no limit.
	Budget int
	// ShouldRetry decides whether a failed attempt is repeated, instead of the list in the
	// package documentation. It is called only if repeating is safe. For Create, and for
	// POST and PATCH of a client from [NewHTTPClient], that means that Atlas certainly did
	// not execute the request. MaxAttempts, Budget and the context still apply. If it is
	// nil, Attempt.Retry decides.
	ShouldRetry func(Attempt) bool
}

// Attempt is a failed attempt of a call, for [RetryPolicy].ShouldRetry.
type Attempt struct {
	// Method and Path are those of the request, without the query.
	Method, Path string
	// Number is the number of the attempt within the call, counted from 1.
	Number int
	// StatusCode is the response's status, 0 if there was no complete response.
	StatusCode int
	// Err is the reason if there was no complete response. It contains no credentials.
	Err error
	// Retry is the client's own decision, which applies without ShouldRetry.
	Retry bool
}

// withDefaults fills the zero fields.
func (p RetryPolicy) withDefaults() RetryPolicy {
	setDefault(&p.MaxAttempts, 4)
	setDefault(&p.BaseDelay, 500*time.Millisecond)
	setDefault(&p.RateLimitDelay, 20*p.BaseDelay)
	setDefault(&p.MaxDelay, 60*time.Second)
	setDefault(&p.Budget, 100)
	return p
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// retryLayer sends a request again if that is safe and may succeed.
type retryLayer struct {
	policy RetryPolicy
	// repeatable reports whether sending a request of a method twice has the same
	// effect as sending it once.
	repeatable func(method string) bool
	budget     *budget
	log        *slog.Logger
	mask       *mask
	next       http.RoundTripper
}

func (l *retryLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	call := callFrom(req.Context())
	for {
		res, err := l.attempt(call, req)
		if err == nil && res.StatusCode < 400 {
			if res.StatusCode < 300 {
				l.budget.refund(call.drewBudget)
			}
			return res, nil
		}
		wait, again := l.decide(req, res, err, call)
		if !again {
			return res, err
		}
		l.logRetry(req, res, err, call.attempts, wait)
		if !sleep(req.Context(), wait) {
			return nil, &interruptedError{ended: causeOf(req.Context(), nil), failed: err}
		}
		call.retries++
		if req, err = rewind(req); err != nil {
			return nil, err
		}
	}
}

// attempt sends req once, unless its context has ended.
func (l *retryLayer) attempt(call *callState, req *http.Request) (*http.Response, error) {
	call.begin(req)
	if err := req.Context().Err(); err != nil {
		return nil, causeOf(req.Context(), err)
	}
	res, err := l.next.RoundTrip(req)
	call.mayHaveArrived = call.mayHaveArrived || mayHaveArrived(res, err)
	return res, err
}

// decide returns whether to send req again, and after what wait. The attempts of a
// call are counted over its redirects.
func (l *retryLayer) decide(req *http.Request, res *http.Response, err error, call *callState) (time.Duration, bool) {
	attempt, policy := call.retries+1, l.policyOf(call)
	if attempt >= policy.MaxAttempts || !l.retryMaySucceed(req, res, err, call) {
		return 0, false
	}
	wait := policy.wait(res, err, attempt)
	if deadline, ok := req.Context().Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	if _, limited := requestedWait(res, err); limited {
		return wait, true
	}
	call.drewBudget = l.budget.take()
	return wait, call.drewBudget
}

// policyOf returns the call's own policy, if it has one, else the client's.
func (l *retryLayer) policyOf(call *callState) *RetryPolicy {
	if call.retry != nil {
		return call.retry
	}
	return &l.policy
}

// retryMaySucceed reports whether repeating the request may succeed after a failure.
func (l *retryLayer) retryMaySucceed(req *http.Request, res *http.Response, err error, call *callState) bool {
	safe := l.repeatable(req.Method) || !mayHaveArrived(res, err)
	if !safe || req.Context().Err() != nil {
		return false
	}
	failed := Attempt{Method: req.Method, Path: req.URL.Path, Number: call.attempts, Err: l.mask.error(err)}
	if err != nil {
		failed.Retry = transient(err)
	} else {
		failed.StatusCode = res.StatusCode
		failed.Retry = retryableStatus(res.StatusCode)
	}
	if should := l.policyOf(call).ShouldRetry; should != nil {
		return should(failed)
	}
	return failed.Retry
}

// idempotent reports whether a method is idempotent by RFC 9110 §9.2.2.
func idempotent(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// idempotentOrUpdate is idempotent for the operations of export buckets: their
// PATCH sets a value.
func idempotentOrUpdate(method string) bool { return method == http.MethodPatch || idempotent(method) }

// wait returns the wait before the next attempt.
func (p *RetryPolicy) wait(res *http.Response, err error, attempt int) time.Duration {
	requested, limited := requestedWait(res, err)
	if requested > 0 {
		return min(requested, p.MaxDelay)
	}
	base := p.BaseDelay
	if limited {
		base = p.RateLimitDelay
	}
	return jitter(base, p.MaxDelay, attempt)
}

// requestedWait returns the wait that a response of Atlas or its token endpoint asks for, and
// whether its status is 429.
func requestedWait(res *http.Response, err error) (wait time.Duration, limited bool) {
	var token *Error
	switch {
	case res != nil:
		return retryAfter(res.Header, time.Now()), res.StatusCode == http.StatusTooManyRequests
	case errors.As(err, &token):
		return token.RetryAfter, token.StatusCode == http.StatusTooManyRequests
	}
	return 0, false
}

// jitter returns a random part of base doubled attempt-1 times, or of most if that is less.
func jitter(base, most time.Duration, attempt int) time.Duration {
	ceiling := base
	for i := 1; i < attempt && ceiling < most; i++ {
		ceiling *= 2
	}
	return rand.N(max(1, min(ceiling, most)))
}

func (l *retryLayer) logRetry(req *http.Request, res *http.Response, err error, attempt int, wait time.Duration) {
	status := 0
	if res != nil {
		status = res.StatusCode
	}
	attrs := []slog.Attr{
		slog.String("method", req.Method), slog.String("path", req.URL.Path),
		slog.Int("attempt", attempt), slog.Int("status", status), slog.Duration("wait", wait),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", oneLine(l.mask.text(err.Error()), 300)))
	}
	l.log.LogAttrs(req.Context(), slog.LevelInfo, "trying again", attrs...)
}

// sleep waits, and returns false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// interruptedError is the error for a context that ended during the wait after a failed
// attempt.
type interruptedError struct {
	ended  error
	failed error // the error of the attempt, nil if there was a response
}

func (e *interruptedError) Error() string   { return errors.Join(e.ended, e.failed).Error() }
func (e *interruptedError) Unwrap() []error { return []error{e.ended, e.failed} }

// rewind returns req with its body from the start. A request with a body has GetBody here,
// because the backends and callLayer set it.
func rewind(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := req.WithContext(req.Context())
	again.Body = body
	return again, nil
}

// budget counts the remaining retries, in tenths.
type budget struct {
	mu     sync.Mutex
	tenths int
	most   int // negative means no limit
}

func newBudget(retries int) *budget { return &budget{tenths: retries * 10, most: retries * 10} }

// take uses one retry of the budget, and reports whether there was one.
func (b *budget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.most < 0 {
		return true
	}
	if b.tenths < 10 {
		return false
	}
	b.tenths -= 10
	return true
}

// refund returns retries to the budget after a success.
func (b *budget) refund(retried bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	gain := 1
	if retried {
		gain = 10
	}
	b.tenths = min(b.tenths+gain, b.most)
}
