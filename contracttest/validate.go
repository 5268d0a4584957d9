package contracttest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// validator validates exchanges against a contract. It is safe for concurrent use.
type validator struct {
	contract *contract.Contract
	options  Options
	// ownContract returns the module's own contract. The hints compare a user's contract
	// with it.
	ownContract func() (*contract.Contract, error)
}

func newValidator(opts Options) (*validator, error) {
	c, err := opts.contract()
	if err != nil {
		return nil, err
	}
	return &validator{contract: c, options: opts, ownContract: sync.OnceValues(func() (*contract.Contract, error) { return contract.Embedded(nil) })}, nil
}

// outOfScope reports whether the contract does not describe the path of a request.
func (j *validator) outOfScope(x *recording.Exchange) bool {
	match, err := j.contract.Match(x.Request.Method, x.Request.URL, x.Request.Header, x.Response.Header)
	return match == nil && err == nil
}

// validate validates one exchange with all rules.
func (j *validator) validate(x *recording.Exchange) *verdict {
	v := &verdict{exchange: x, findings: groups{most: maxExchangeFindings, room: maxExchangeText}}
	c := &validation{validator: j, exchange: x, verdict: v, curl: sync.OnceValue(func() string { return curl(x) })}
	v.match, v.err = j.contract.Match(x.Request.Method, x.Request.URL, x.Request.Header, x.Response.Header)
	c.secrets()
	switch {
	case v.err != nil || v.match == nil:
	case v.match.Operation == nil && isPreflight(x):
		v.match = nil
	case v.match.Operation == nil:
		c.unknownOperation()
	default:
		c.op = v.match.Operation
		c.response()
		if c.validatesRequest() {
			c.request()
		}
	}
	if c.failed {
		v.evidence = nil
	}
	return v
}

// isPreflight reports whether the exchange is a CORS preflight: a browser sends it on its
// own and the network's edge responds to it (Fetch §3.2.2), so it is not a call of the API.
func isPreflight(x *recording.Exchange) bool {
	return x.Request.Method == http.MethodOptions && x.Request.Header.Get("Access-Control-Request-Method") != ""
}

// validation is the validation of one exchange.
type validation struct {
	*validator
	exchange *recording.Exchange
	op       *contract.Operation
	verdict  *verdict
	failed   bool
	curl     func() string // the command that all findings share
}

// report adds a finding and sets the fields that all findings have.
func (c *validation) report(f Finding) {
	f.Severity = c.options.severity(f.Rule)
	if f.Severity == SeverityOff {
		return
	}
	c.failed = c.failed || f.Severity == SeverityError
	src := c.exchange.Source
	f.Recording = Recording{File: src.File, Entry: src.Entry, Line: src.Line}
	f.Status = c.exchange.Response.Status
	f.Pointer, f.Name, f.MediaType, f.Actual = cutCopy(f.Pointer, maxName), cutCopy(f.Name, maxName), cutCopy(f.MediaType, maxName), cutCopy(f.Actual, maxText)
	f.Expected, f.Message, f.Hint = phrase.Cut(f.Expected, maxExpected), phrase.Cut(f.Message, maxText), phrase.Cut(f.Hint, maxText)
	f.Count, f.Oldest = 1, stamp(c.exchange.Started)
	if c.op != nil {
		f.Operation = c.op.Name
		if f.Spec.Pointer != "" && f.Spec.File == "" {
			f.Spec.File = c.op.File
		}
	}
	f.Curl = c.curl()
	c.verdict.findings.add(f)
}

// reportable returns the failures to report, and records those that could not be validated.
func (c *validation) reportable(failures []schema.Failure) []schema.Failure {
	return slices.DeleteFunc(failures, func(f schema.Failure) bool {
		if f.Kind != schema.NotJudged {
			return false
		}
		c.verdict.notJudged = append(c.verdict.notJudged, NotJudged{
			Operation: c.op.Name, Spec: SpecPlace{File: c.op.File, Pointer: f.Spec}, Reason: f.Message, Count: 1,
		})
		return true
	})
}

// Bounds on the texts of a finding, in bytes.
const (
	maxName     = 200  // names and pointers, which come from the recording
	maxText     = 1000 // messages and hints, which may contain names
	maxExpected = 4000 // lists of declared names and values
)

// cutCopy is [phrase.Cut] for a text that may be a part of a larger text, such as a
// parameter of a URL. It returns a copy, because a part would keep the whole text in
// memory.
func cutCopy(text string, most int) string { return strings.Clone(phrase.Cut(text, most)) }

func (c *validation) unknownOperation() {
	m := c.verdict.match
	f := Finding{
		Rule:     UnknownOperation,
		Expected: "one of " + strings.Join(m.Declared, ", "),
		Actual:   c.exchange.Request.Method,
		Message:  fmt.Sprintf("the contract of version %s does not declare %s for %s", m.Version, c.exchange.Request.Method, m.Template),
	}
	if len(m.Elsewhere) > 0 {
		f.Hint = "version " + strings.Join(m.Elsewhere, ", ") + " declares it: request that version in the Accept header"
	} else {
		f.Hint = cmp.Or(c.newer(func(*contract.Operation) bool { return true }), askUpstream)
	}
	c.report(f)
}

// validatesRequest reports whether the request must conform to the contract. A request that
// the service rejected with a declared status need not conform.
func (c *validation) validatesRequest() bool {
	status := c.exchange.Response.Status
	return status < http.StatusBadRequest || status >= http.StatusInternalServerError || c.op.Response(status) == nil
}
