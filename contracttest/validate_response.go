package contracttest

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// response validates the status, headers, media type and body of the response.
func (c *validation) response() {
	status := c.exchange.Response.Status
	r := c.op.Response(status)
	if r == nil {
		c.report(Finding{
			Rule: UndeclaredStatus, MediaType: c.responseType(), Spec: SpecPlace{Pointer: c.op.Pointer + "/responses"},
			Expected: "one of " + strings.Join(c.op.Statuses(), ", "),
			Actual:   fmt.Sprintf("%d %s", status, http.StatusText(status)),
			Message:  fmt.Sprintf("the contract does not declare status %d for this operation", status),
			Hint:     cmp.Or(statusHint(status), c.newer(func(op *contract.Operation) bool { return op.Response(status) != nil }), askUpstream),
		})
		return
	}
	for _, h := range r.Headers {
		c.header(h)
	}
	c.body(r)
}

func statusHint(status int) string {
	switch {
	case status >= 300 && status < 400:
		return "the API does not redirect: is the base URL right, and is there a proxy between the client and Atlas?"
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		return "this response is probably from a proxy in front of Atlas, not from the API"
	}
	return ""
}

func (c *validation) responseType() string {
	return contract.MediaType(c.exchange.Response.Header.Get("Content-Type"))
}

func (c *validation) header(h *contract.Header) {
	for _, f := range c.reportable(h.Check(c.exchange.Response.Header)) {
		finding := c.finding(BadHeader, f)
		finding.Name, finding.MediaType = h.Name, c.responseType()
		finding.Message = "header " + h.Name + ": " + f.Message
		c.report(finding)
	}
}

// finding returns the finding of a rule for a failure.
func (c *validation) finding(rule Rule, f schema.Failure) Finding {
	return Finding{
		Rule: rule, Keyword: f.Keyword, Pointer: f.Pointer, Spec: SpecPlace{Pointer: f.Spec},
		Expected: f.Expected, Actual: f.Actual, Message: f.Message, Hint: f.Hint, valueType: f.Type, branch: f.Branch,
	}
}

// bodiless reports whether the response never has a body (RFC 9110 §6.4.1).
func (c *validation) bodiless() bool {
	status := c.exchange.Response.Status
	return c.exchange.Request.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

func (c *validation) body(r *contract.Response) {
	m, ok := c.mediaType(r)
	if ok {
		c.verdict.evidence = &evidence{response: r, media: m}
	}
	body := c.exchange.Response.Body
	switch {
	case c.bodiless() || len(r.Media) == 0:
		c.noBody(r)
	case m == nil || m.Schema == nil:
	case !body.Recorded:
		c.verdict.unrecorded = append(c.verdict.unrecorded, body)
	case len(bytes.TrimSpace(body.Bytes)) == 0:
		c.report(Finding{
			Rule: MissingBody, MediaType: c.responseType(), Spec: SpecPlace{Pointer: m.Pointer},
			Expected: "a body of " + m.Type, Actual: "an empty body", Message: "the contract declares a body, and the response has none",
		})
	default:
		c.validateBody(m, r)
	}
}

func (c *validation) noBody(r *contract.Response) {
	text := c.exchange.Response.Body.Bytes
	if len(text) == 0 {
		return
	}
	c.report(Finding{
		Rule: UnexpectedBody, MediaType: c.responseType(), Spec: SpecPlace{Pointer: r.Pointer},
		Expected: "no body", Actual: schema.Window(text, 0),
		Message: fmt.Sprintf("a response with status %d has no body here", c.exchange.Response.Status),
	})
}

// mediaType returns the declared media type against which to validate the body, nil if
// there is none. ok is false if the response's own media type is wrong, which is then
// reported.
func (c *validation) mediaType(r *contract.Response) (m *contract.Media, ok bool) {
	if len(r.Media) == 0 {
		return nil, true
	}
	given := c.responseType()
	if m := contract.Find(r.Media, given); m != nil {
		return m, true
	}
	header := c.exchange.Response.Header.Get("Content-Type")
	if header == "" && c.bodiless() {
		return r.Media[0], true
	}
	f := Finding{
		Rule: WrongMediaType, MediaType: given, Spec: SpecPlace{Pointer: r.Media[0].Pointer},
		Expected: strings.Join(r.MediaTypes(), " or "), Actual: schema.Window(header, 0),
		Message: "the response has another media type than declared", Hint: c.versionHint(r, given),
	}
	if header == "" {
		f.Actual, f.Message = "no Content-Type", "the response has no Content-Type"
	}
	c.report(f)
	return assumedMedia(r, given), false
}

// assumedMedia returns the declared media type to use for a response with a wrong one, if it is
// certain: the body is JSON, and no other version is named.
func assumedMedia(r *contract.Response, given string) *contract.Media {
	if len(r.Media) == 1 && oas.MediaTypeVersion(given) == "" && (given == "" || contract.IsJSON(given)) {
		return r.Media[0]
	}
	return nil
}

func (c *validation) versionHint(r *contract.Response, given string) string {
	expected, got := oas.MediaTypeVersion(r.Media[0].Type), oas.MediaTypeVersion(given)
	switch {
	case expected == "" || expected == got:
		return ""
	case got == "":
		return fmt.Sprintf("version %s is expected, and the media type must name it", expected)
	}
	return fmt.Sprintf("version %s is expected, and the response has version %s", expected, got)
}

// responseRules maps the kinds of failures in a response's body to rules.
var responseRules = map[schema.Kind]Rule{
	schema.Malformed: MalformedJSON, schema.Duplicate: DuplicateKey, schema.Undeclared: UndeclaredField, schema.Violation: BadSchema,
}

func (c *validation) validateBody(m *contract.Media, r *contract.Response) {
	verdict := c.check(m)
	for _, f := range c.reportable(verdict.Failures) {
		finding := c.finding(responseRules[f.Kind], f)
		finding.MediaType = c.responseType()
		finding.Hint = c.hintFor(f)
		c.report(finding)
	}
	c.verdict.evidence = &evidence{response: r, media: m, seen: verdict.Seen}
}

// check validates the body, inside its envelope if the request asked for one.
func (c *validation) check(m *contract.Media) schema.Verdict {
	text := c.exchange.Response.Body.Bytes
	p := c.op.Query["envelope"]
	if p == nil || !strings.Contains(c.exchange.Request.URL.RawQuery, "envelope=") {
		return m.Schema.Check(text)
	}
	if asked, err := strconv.ParseBool(c.exchange.Request.URL.Query().Get("envelope")); err != nil || !asked {
		return m.Schema.Check(text)
	}
	status := c.exchange.Response.Status
	return m.Schema.CheckEnveloped(text, schema.Envelope{
		Status: status, List: m.List, Optional: status >= http.StatusBadRequest, Spec: p.Pointer,
	})
}
