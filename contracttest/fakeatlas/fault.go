package fakeatlas

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong on purpose. Make one with the functions of
// this file, say with its methods which requests it hits, and hand it to [Inject]
// or [Server.Inject]:
//
//	fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpList).Times(2))
//
// Without further word a fault hits every request that carries credentials. The
// first leg of a Digest exchange carries none: only faults on [OpChallenge] hit it.
type Fault struct {
	kind        faultKind
	status      int           // of status and html
	code        string        // errorCode, of status
	pause       time.Duration // of latency, slow, clock and rate-limit
	size        int           // of cut, reset-body and truncate; negative for half of the body
	text        string        // of media-type, version, provider and field
	on          Operation
	after       int
	times       int
	probability float64
}

// OpChallenge stands, for faults alone, for a request without credentials.
const OpChallenge Operation = "challenge"

// faultKind is the name of a fault, as the serve command spells it.
type faultKind string

// The kinds, in the order of the life of a request.
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

// Latency lets the caller wait before the request is handled.
func Latency(d time.Duration) Fault { return Fault{kind: kindLatency, pause: d} }

// Reset resets the connection before the request is handled: nothing happened.
func Reset() Fault { return Fault{kind: kindReset} }

// Status answers with an error of that status, from 400 to 599, in Atlas's form,
// without handling the request. A 401 is a fresh challenge.
func Status(status int) Fault { return Fault{kind: kindStatus, status: status} }

// Code sets the errorCode of a [Status].
func (f Fault) Code(errorCode string) Fault { f.code = errorCode; return f }

// RateLimited answers 429 without handling the request. With a duration the answer
// says when to come back and that nothing is left; with 0 it has no such headers,
// as Atlas's answers at times.
func RateLimited(retryAfter time.Duration) Fault {
	return Fault{kind: kindRateLimit, pause: retryAfter}
}

// StaleNonce refuses the caller's Digest nonce as stale, whatever its age.
func StaleNonce() Fault { return Fault{kind: kindStale} }

// HTML answers as the edge in front of Atlas does: with a page instead of JSON,
// 502 or 503.
func HTML(status int) Fault { return Fault{kind: kindHTML, status: status} }

// AnswerVersion labels the answer as one of another version.
func AnswerVersion(date string) Fault { return Fault{kind: kindVersion, text: date} }

// MediaType labels the answer as another media type.
func MediaType(mediaType string) Fault { return Fault{kind: kindMediaType, text: mediaType} }

// UnknownProvider renames the cloud provider of every bucket in the answer.
func UnknownProvider(name string) Fault { return Fault{kind: kindProvider, text: name} }

// ExtraField adds a field to every bucket in the answer, or to the error.
func ExtraField(name string) Fault { return Fault{kind: kindField, text: name} }

// Truncate sends the first n bytes of the body alone (half of it if n is
// negative), and says so in Content-Length.
func Truncate(n int) Fault { return Fault{kind: kindTruncate, size: max(n, -1)} }

// Gzip compresses the answer, whether the caller asked for it or not.
func Gzip() Fault { return Fault{kind: kindGzip} }

// SlowBody sends the body in 16 pieces with a pause before each.
func SlowBody(pause time.Duration) Fault { return Fault{kind: kindSlow, pause: pause} }

// LostAnswer handles the request and then resets the connection: what was asked
// for happened, but the caller does not learn of it.
func LostAnswer() Fault { return Fault{kind: kindLost} }

// CutBody closes the connection after n bytes of the body (half of it if n is
// negative), although Content-Length promised more.
func CutBody(n int) Fault { return Fault{kind: kindCut, size: max(n, -1)} }

// ResetBody resets the connection after n bytes of the body (half of it if n is
// negative).
func ResetBody(n int) Fault { return Fault{kind: kindResetBody, size: max(n, -1)} }

// On limits the fault to one operation.
func (f Fault) On(op Operation) Fault { f.on = op; return f }

// After lets the first n requests that the fault would hit pass.
func (f Fault) After(n int) Fault { f.after = max(n, 0); return f }

// Times ends the fault after it hit n requests. 0 is without end.
func (f Fault) Times(n int) Fault { f.times = max(n, 0); return f }

// Chance hits by the throw of a die with that probability, from 0 to 1. Throws
// follow from [Seed], so that they are the same on every run. 0 means always.
func (f Fault) Chance(p float64) Fault { f.probability = p; return f }

// String spells the fault as [ParseFault] and the serve command read it.
func (f Fault) String() string {
	parts := []string{string(f.kind)}
	if value := f.value(); value != "" {
		parts[0] += "=" + value
	}
	for _, part := range []struct {
		key, value string
		set        bool
	}{
		{"code", f.code, f.code != ""},
		{"on", string(f.on), f.on != OpUnknown},
		{"after", strconv.Itoa(f.after), f.after > 0},
		{"times", strconv.Itoa(f.times), f.times > 0},
		{"p", strconv.FormatFloat(f.probability, 'g', -1, 64), f.probability > 0},
	} {
		if part.set {
			parts = append(parts, part.key+"="+part.value)
		}
	}
	return strings.Join(parts, ",")
}

func (f Fault) value() string {
	switch faultKinds[f.kind] {
	case takesStatus:
		return strconv.Itoa(f.status)
	case takesDuration:
		return f.pause.String()
	case takesSize:
		if f.size >= 0 {
			return strconv.Itoa(f.size)
		}
	case takesText:
		return f.text
	case takesNothing:
	}
	return ""
}

// hits tells whether the fault is meant for such a request.
func (f Fault) hits(op Operation, anonymous bool) bool {
	if anonymous {
		return f.on == OpChallenge
	}
	return f.on == OpUnknown || f.on == op
}

// faultSet is the faults of a fake and what they did so far. Its methods are safe
// for concurrent use.
type faultSet struct {
	mu   sync.Mutex
	all  []*armed
	dice *rand.Rand
}

type armed struct {
	Fault
	seen, hit int
}

func newFaultSet(seed uint64, faults []Fault) *faultSet {
	set := &faultSet{dice: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // dice that fall the same way every time
	set.add(faults)
	return set
}

func (set *faultSet) add(faults []Fault) {
	set.mu.Lock()
	defer set.mu.Unlock()
	for _, f := range faults {
		set.all = append(set.all, &armed{Fault: f})
	}
}

func (set *faultSet) clear() {
	set.mu.Lock()
	defer set.mu.Unlock()
	set.all = nil
}

// pick returns the faults that hit this request.
func (set *faultSet) pick(op Operation, anonymous bool) []Fault {
	set.mu.Lock()
	defer set.mu.Unlock()
	var out []Fault
	for _, f := range set.all {
		if !f.hits(op, anonymous) || (f.times > 0 && f.hit >= f.times) {
			continue
		}
		f.seen++
		if f.seen <= f.after || (f.probability > 0 && set.dice.Float64() >= f.probability) {
			continue
		}
		f.hit++
		out = append(out, f.Fault)
	}
	return out
}

// Inject lets faults happen from the first request on. Several that hit the same
// request are applied in the order given; of those that exclude each other, the
// first.
func Inject(faults ...Fault) Option {
	return func(c *config) {
		for _, f := range faults {
			if err := f.check(); err != nil {
				c.errs = append(c.errs, err)
			}
		}
		c.faults = append(c.faults, faults...)
	}
}

// Inject adds faults to a running fake. It panics on a fault that [ParseFault]
// would refuse: that is a mistake in the test.
func (s *Server) Inject(faults ...Fault) {
	for _, f := range faults {
		if err := f.check(); err != nil {
			panic(err)
		}
	}
	s.faults.add(faults)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() { s.faults.clear() }

// check tells what is wrong with a fault.
func (f Fault) check() error {
	problem := ""
	switch takes, known := faultKinds[f.kind]; {
	case !known:
		problem = "it has no such kind"
	case takes == takesStatus && (f.status < 400 || f.status > 599):
		problem = "the status must be from 400 to 599"
	case takes == takesText && (f.text == "" || strings.ContainsAny(f.text, ",\r\n")):
		problem = "it needs a text without commas and line breaks"
	case takes == takesDuration && f.pause < 0 && f.kind != kindClock:
		problem = "the duration must not be negative"
	case f.probability < 0 || f.probability > 1:
		problem = "the probability must be from 0 to 1"
	case strings.ContainsAny(f.code, ",\r\n"):
		problem = "the code must not hold commas and line breaks"
	case !faultTargets[f.on]:
		problem = "there is no such operation"
	}
	if problem == "" {
		return nil
	}
	return fmt.Errorf("fakeatlas: fault %q: %s", f.String(), problem)
}
