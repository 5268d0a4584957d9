package fakeatlas

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Allowance configures a rate limit by token bucket: its capacity, and its refill in a
// period. Atlas names both in the detail of its 429.
type Allowance struct {
	Capacity int
	Refill   int
	Per      time.Duration
}

// AtlasAllowance is the allowance of these operations: a capacity of 1200, as in
// contracttest/testdata/seen/list.http. The refill is inferred.
var AtlasAllowance = Allowance{Capacity: 1200, Refill: 500, Per: time.Minute}

// limiter has one token bucket for each project, which its operations share.
type limiter struct {
	rate Allowance
	now  func() time.Time

	mu      sync.Mutex
	buckets map[string]*tokenBucket
}

type tokenBucket struct {
	left float64
	at   time.Time
}

func newLimiter(rate Allowance, now func() time.Time) *limiter {
	return &limiter{rate: rate, now: now, buckets: map[string]*tokenBucket{}}
}

// take counts one request. It returns the number of requests left, or, with ok false, the
// wait until the next one is allowed.
func (l *limiter) take(project string) (left int, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, full := l.now(), float64(l.rate.Capacity)
	b := l.buckets[project]
	if b == nil {
		b = &tokenBucket{left: full, at: now}
		l.buckets[project] = b
	}
	perSecond := float64(l.rate.Refill) / l.rate.Per.Seconds()
	b.left = min(full, b.left+max(0, now.Sub(b.at).Seconds())*perSecond)
	b.at = now
	if b.left < 1 {
		return 0, time.Duration((1 - b.left) / perSecond * float64(time.Second)), false
	}
	b.left--
	return int(b.left), 0, true
}

// reset restores the full allowance of every project.
func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.buckets)
}

// limitRate is the step that counts the request. Every later response has the two rate
// limit headers.
func (s *Server) limitRate(c *call) *response {
	if !s.hasProject(c) || c.op.isRelated() {
		return nil // not counted: the limit applies only to export buckets of existing projects
	}
	left, wait, ok := s.limits.take(c.project)
	if s.config.unlimited {
		left, ok = s.config.rate.Capacity-1, true
	}
	c.header.Set("Ratelimit-Limit", strconv.Itoa(s.config.rate.Capacity))
	c.header.Set("Ratelimit-Remaining", strconv.Itoa(left))
	if ok {
		return nil
	}
	return s.errRateLimited(c, wait)
}

// ceilSeconds returns a duration in seconds, rounded up, for Retry-After.
func ceilSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// errRateLimited has the documented detail, whose parameters are a string and four
// integers.
func (s *Server) errRateLimited(c *call, wait time.Duration) *response {
	seconds := ceilSeconds(wait)
	a := fail(http.StatusTooManyRequests, "RATE_LIMITED_TOKEN_BUCKET",
		"Rate limit exceeded for %s. Please retry after %d seconds. Request capacity: %d. Refill rate: %d per %d seconds. "+
			"For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.",
		c.request.URL.Path[1:], seconds, s.config.rate.Capacity, s.config.rate.Refill, int(s.config.rate.Per.Seconds()))
	a.set("Retry-After", strconv.Itoa(seconds))
	return a
}
