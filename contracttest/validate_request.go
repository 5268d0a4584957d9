package contracttest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// request validates the parameters and the body of the request.
func (c *validation) request() {
	for i, value := range c.verdict.match.Values {
		p := c.op.Path[i]
		if p == nil {
			continue // not declared
		}
		for _, f := range c.reportable(p.CheckPath(value)) {
			c.parameter(p.Name, "path", f)
		}
	}
	c.query()
	c.requestBody()
}

func (c *validation) parameter(name, in string, f schema.Failure) {
	finding := c.finding(BadParameter, f)
	finding.Name = name
	if secrets.IsSecretName(name) {
		finding.Actual = secrets.Redacted
	}
	finding.Message = fmt.Sprintf("%s parameter %s: %s", in, name, f.Message)
	c.report(finding)
}

func (c *validation) query() {
	raw := c.exchange.Request.URL.RawQuery
	query, err := url.ParseQuery(raw)
	if err != nil {
		c.report(Finding{
			Rule: BadParameter, Expected: "a query of name=value pairs", Actual: schema.Window(raw, 0),
			Message: "the query cannot be read: " + err.Error(),
		})
	}
	for _, name := range slices.Sorted(maps.Keys(c.op.Query)) {
		c.queryParameter(c.op.Query[name], query)
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !c.op.TakesQuery(name) {
			c.undeclaredQuery(name, query.Get(name))
		}
	}
}

func (c *validation) queryParameter(p *contract.Parameter, query url.Values) {
	if values := query[p.Name]; len(values) > 1 && p.Single() {
		c.parameter(p.Name, "query", schema.Failure{
			Spec: p.Pointer, Expected: "one value", Actual: schema.Window(strings.Join(values, ", "), 0), Message: "the parameter is given several times",
		})
		return
	}
	for _, f := range c.reportable(p.CheckQuery(query)) {
		c.parameter(p.Name, "query", f)
	}
}

func (c *validation) undeclaredQuery(name, value string) {
	declared := slices.Sorted(maps.Keys(c.op.Query))
	if secrets.IsSecretName(name) {
		value = secrets.Redacted
	}
	f := Finding{
		Rule: UndeclaredQuery, Name: name, Spec: SpecPlace{Pointer: c.op.Pointer + "/parameters"},
		Expected: "one of " + strings.Join(declared, ", "), Actual: schema.Window(name+"="+value, 0),
		Message: fmt.Sprintf("the contract does not declare the query parameter %s", schema.Window(name, 0)),
	}
	f.Hint = phrase.DidYouMean(name, declared)
	c.report(f)
}

// requestKeywords describe the problems of a request body for which there is no schema
// keyword.
var requestKeywords = map[schema.Kind]Rule{
	schema.Malformed: MalformedJSON, schema.Duplicate: DuplicateKey, schema.Undeclared: UndeclaredField,
}

func (c *validation) requestBody() {
	body := c.exchange.Request.Body
	if !body.Recorded || len(body.Bytes) == 0 {
		if c.op.Body != nil && c.op.Body.Required {
			c.verdict.unrecorded = append(c.verdict.unrecorded, body)
		}
		return
	}
	given := contract.MediaType(c.exchange.Request.Header.Get("Content-Type"))
	if c.op.Body == nil {
		c.report(Finding{
			Rule: BadRequestBody, Keyword: string(UnexpectedBody), MediaType: given, Spec: SpecPlace{Pointer: c.op.Pointer},
			Expected: "no body", Actual: schema.Window(body.Bytes, 0), Message: "the contract declares no request body for this operation",
		})
		return
	}
	m := c.requestType(given)
	if m == nil || m.Schema == nil {
		return
	}
	for _, f := range c.reportable(m.Schema.Check(body.Bytes).Failures) {
		finding := c.finding(BadRequestBody, f)
		finding.MediaType = given
		if f.Keyword == "" {
			finding.Keyword = string(requestKeywords[f.Kind])
		}
		c.report(finding)
	}
}

// requestType returns the declared media type of the request. Atlas also accepts plain
// application/json, which its own samples send, and rounds a later version down.
func (c *validation) requestType(given string) *contract.Media {
	if m := contract.Find(c.op.Body.Media, given); m != nil {
		return m
	}
	for _, m := range c.op.Body.Media {
		declared := oas.MediaTypeVersion(m.Type)
		switch {
		case given == "", given == "application/json" && contract.IsJSON(m.Type):
			return m
		case declared != "" && contract.IsJSON(given) && contract.Snap([]string{declared}, oas.MediaTypeVersion(given)) == declared:
			return m
		}
	}
	c.report(Finding{
		Rule: BadRequestBody, Keyword: string(WrongMediaType), MediaType: given, Spec: SpecPlace{Pointer: c.op.Body.Pointer},
		Expected: strings.Join(c.op.Body.MediaTypes(), " or "), Actual: schema.Window(c.exchange.Request.Header.Get("Content-Type"), 0),
		Message: "the request body has another media type than declared",
	})
	return nil
}
