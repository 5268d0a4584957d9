package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client/internal/tokenauth"
)

// RetryPolicy says how often and how long a call is tried again; which failures are
// is in the package documentation. The zero value of a field is its default.
type RetryPolicy struct {
	// MaxAttempts is how many times a request is sent at most, the first time
	// included. Default 4; 1 turns retries off.
	MaxAttempts int
	// BaseDelay is the longest wait before the first retry. It doubles with each
	// retry, and the wait is a random part of it ("full jitter"). Default 500 ms.
	BaseDelay time.Duration
	// RateLimitDelay takes BaseDelay's place after a 429 without Retry-After.
	// Default 20 times BaseDelay: 10, 20, 40 s, as Atlas advises.
	RateLimitDelay time.Duration
	// MaxDelay caps every wait, Retry-After's too. Default 60 s.
	MaxDelay time.Duration
	// Budget is how many retries the client has in store for all its calls, so that
	// an outage isn't met with a multiple of the requests. A retry takes one, a call
	// that succeeds gives a tenth back, and one that succeeds by a retry a whole.
	// Default 100; negative: no bound.
	Budget int
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

// retryLayer sends a request again when that is safe and may help.
type retryLayer struct {
	policy RetryPolicy
	budget *budget
	log    *slog.Logger
	next   http.RoundTripper
}

func (l *retryLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	call := callFrom(req.Context())
	for attempt := 1; ; attempt++ {
		call.begin(req)
		res, err := l.next.RoundTrip(req)
		if err == nil && res.StatusCode < 400 {
			l.budget.refund(attempt > 1)
			return res, nil
		}
		wait, again := l.decide(req, res, err, attempt)
		if !again {
			return res, err
		}
		l.logRetry(req, res, err, attempt, wait)
		if !sleep(req.Context(), wait) {
			return nil, interrupted(req.Context(), res, err)
		}
		if req, err = rewind(req); err != nil {
			return nil, err
		}
	}
}

// decide says whether to send req again, and after what wait.
func (l *retryLayer) decide(req *http.Request, res *http.Response, err error, attempt int) (time.Duration, bool) {
	if attempt >= l.policy.MaxAttempts || !l.helps(req, res, err) {
		return 0, false
	}
	wait := l.wait(res, err, attempt)
	if deadline, ok := req.Context().Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, l.budget.take()
}

// helps is the list of the package documentation.
func (l *retryLayer) helps(req *http.Request, res *http.Response, err error) bool {
	if req.Context().Err() != nil {
		return false
	}
	repeatable := req.Method != http.MethodPost
	if err != nil {
		return transient(err) && (repeatable || neverSent(err))
	}
	switch res.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return repeatable
	}
	return false
}

// transient reports whether err may be gone the next time. It is when the server
// or the network failed, and not when the client, a certificate or a name is wrong.
func transient(err error) bool {
	var limit *tokenauth.LimitError
	var answered *Error
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var dns *net.DNSError
	switch {
	case errors.As(err, &answered): // the token endpoint's
		return answered.StatusCode == http.StatusTooManyRequests || answered.StatusCode >= 502 && answered.StatusCode <= 504
	case errors.As(err, &limit), errors.Is(err, tokenauth.ErrClosed), errors.Is(err, ErrTooLarge),
		errors.As(err, &certificate), errors.As(err, &authority):
		return false
	case errors.As(err, &dns):
		return !dns.IsNotFound
	}
	return isConnectionError(err)
}

// isConnectionError reports whether err came from the connection rather than from
// code: a network failure, one side's end of it, or a timeout.
func isConnectionError(err error) bool {
	var network net.Error
	var op *net.OpError
	if errors.As(err, &network) || errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	text := err.Error()
	return slices.ContainsFunc(brokenConnection, func(part string) bool { return strings.Contains(text, part) })
}

// brokenConnection are texts of net/http's errors for an end of the connection
// that have no exported type or value.
var brokenConnection = []string{
	"http2: ", "stream error: ", "server closed idle connection", "transport connection broken",
}

// neverSent reports whether err surely came before the request was written: no
// token was had for it, or no connection.
func neverSent(err error) bool {
	var token *tokenauth.TokenError
	var op *net.OpError
	return errors.As(err, &token) || errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// wait is how long to wait before the next attempt.
func (l *retryLayer) wait(res *http.Response, err error, attempt int) time.Duration {
	var asked time.Duration
	limited := false
	var answered *Error
	switch {
	case res != nil:
		asked = retryAfter(res.Header, time.Now())
		limited = res.StatusCode == http.StatusTooManyRequests
	case errors.As(err, &answered):
		asked = answered.RetryAfter
		limited = answered.StatusCode == http.StatusTooManyRequests
	}
	if asked > 0 {
		return min(asked, l.policy.MaxDelay)
	}
	base := l.policy.BaseDelay
	if limited {
		base = l.policy.RateLimitDelay
	}
	return jitter(base, l.policy.MaxDelay, attempt)
}

// jitter is a random part of base doubled attempt-1 times, or of most if that is
// less.
func jitter(base, most time.Duration, attempt int) time.Duration {
	ceiling := base
	for i := 1; i < attempt && ceiling < most; i++ {
		ceiling *= 2
	}
	if ceiling = min(ceiling, most); ceiling <= 0 {
		return 0
	}
	return rand.N(ceiling)
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
		attrs = append(attrs, slog.String("error", oneLine(err.Error(), 300)))
	}
	l.log.LogAttrs(req.Context(), slog.LevelInfo, "trying again", attrs...)
}

// sleep waits, and reports false when ctx ends first.
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

// interrupted is the end of ctx during a wait, together with the last answer.
func interrupted(ctx context.Context, res *http.Response, err error) error {
	ended := causeOf(ctx, nil)
	if res == nil {
		return errors.Join(ended, err)
	}
	return &bodyError{response: res, body: wholeBody(res), err: ended}
}

// rewind returns req with its body from the start.
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

// budget counts the retries in store, in tenths.
type budget struct {
	mu     sync.Mutex
	tenths int
	most   int // negative: no bound
}

func newBudget(retries int) *budget { return &budget{tenths: retries * 10, most: retries * 10} }

// take takes one retry, and reports false when there is none.
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

// refund gives back what a success is worth.
func (b *budget) refund(retried bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	gain := 1
	if retried {
		gain = 10
	}
	b.tenths = min(b.tenths+gain, b.most)
}
