package contracttest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestEveryConstraintIsChecked violates each constraint of each contract version in turn.
// Each violation must be reported by its rule at its location; valid input must produce
// no findings.
func TestEveryConstraintIsChecked(t *testing.T) {
	for _, version := range openapi.Versions() {
		t.Run(version, func(t *testing.T) {
			doc, err := openapi.Load(version)
			if err != nil {
				t.Fatal(err)
			}
			b := &breaker{t: t, validator: testValidator(t, Options{APIVersion: version})}
			for template, item := range doc.Paths.Map() {
				for method, op := range item.Operations() {
					b.operation(method, template, item, op)
				}
			}
			t.Logf("%d valid exchanges, none reported; %d invalid ones, all reported", b.whole, b.broken)
			if b.broken < 100 {
				t.Errorf("only %d mutants: the generator does not work", b.broken)
			}
		})
	}
}

type breaker struct {
	t             *testing.T
	validator     *validator
	whole, broken int
}

func (b *breaker) operation(method, template string, item *openapi3.PathItem, op *openapi3.Operation) {
	for status, ref := range op.Responses.Map() {
		code, err := strconv.Atoi(status)
		if err != nil {
			b.t.Fatalf("status %s needs a test", status)
		}
		b.response(newExchange(method, template, code, ref.Value), ref.Value)
	}
	ok := successOf(op)
	good := newExchange(method, template, ok, op.Responses.Status(ok).Value)
	b.conforms(good, "the plain success")
	b.statuses(good, op)
	b.methods(good, item)
	b.parameters(good, op)
	b.request(good, op)
}

func successOf(op *openapi3.Operation) int {
	if op.Responses.Status(http.StatusNoContent) != nil {
		return http.StatusNoContent
	}
	return http.StatusOK
}

// newExchange returns a valid exchange with a response as declared.
func newExchange(method, template string, status int, r *openapi3.Response) *recording.Exchange {
	at := strings.NewReplacer("{groupId}", "0123456789abcdef01234567", "{exportBucketId}", "76543210fedcba9876543210").Replace(template)
	x := &recording.Exchange{Request: recording.Request{Method: method, URL: &url.URL{Scheme: "https", Host: "cloud.mongodb.com", Path: at}, Header: http.Header{}}}
	x.Response = recording.Response{Status: status, Header: http.Header{}, Body: recording.Body{Recorded: true}}
	for mediaType, m := range r.Content {
		x.Response.Header.Set("Content-Type", mediaType)
		if m.Schema != nil {
			x.Response.Body.Bytes = []byte(encode(generator{}.values(m.Schema.Value)[0]))
		}
	}
	return x
}

// clone returns a copy that can be changed.
func clone(x *recording.Exchange) *recording.Exchange {
	c := *x
	u := *x.Request.URL
	c.Request.URL = &u
	c.Request.Header, c.Response.Header = x.Request.Header.Clone(), x.Response.Header.Clone()
	return &c
}

func (b *breaker) conforms(x *recording.Exchange, what string) {
	b.t.Helper()
	b.whole++
	v := b.validator.validate(x)
	if got := formatFindings(v); got != "" || v.match == nil {
		b.t.Errorf("%s %s %d, %s, is valid; reported:\n%s\nbody: %s", x.Request.Method, x.Request.URL.Path, x.Response.Status, what, got, x.Response.Body.Bytes)
	}
}

// wants checks that a finding of the rule at the place is among those of an invalid
// exchange.
func (b *breaker) wants(x *recording.Exchange, what string, rule Rule, place string) {
	b.t.Helper()
	b.broken++
	v := b.validator.validate(x)
	for _, f := range v.findings.order {
		if f.Rule == rule && (f.Pointer == place || f.Name == place) {
			return
		}
	}
	b.t.Errorf("%s %s %d: %s was not reported as %s at %q; reported:\n%s\nbody: %s", x.Request.Method, x.Request.URL.Path, x.Response.Status, what, rule, place, formatFindings(v), x.Response.Body.Bytes)
}

// response violates the body, the media type and the headers.
func (b *breaker) response(good *recording.Exchange, r *openapi3.Response) {
	for mediaType, m := range r.Content {
		b.mediaTypes(good, mediaType)
		if m.Schema != nil {
			b.body(good, m.Schema.Value)
		}
	}
	for name, h := range r.Headers {
		name = http.CanonicalHeaderKey(name)
		x := clone(good)
		x.Response.Header.Set(name, fmt.Sprint(generator{}.value(h.Value.Schema.Value, true)))
		b.conforms(x, "with the header "+name)
		x.Response.Header.Set(name, "soon")
		b.wants(x, "header "+name, BadHeader, name)
	}
	if len(r.Content) == 0 || good.Response.Status == http.StatusNoContent {
		x := clone(good)
		x.Response.Body.Bytes = []byte("{}")
		b.wants(x, "a body", UnexpectedBody, "")
	}
}

func (b *breaker) mediaTypes(good *recording.Exchange, declared string) {
	wrong := []string{
		"text/html", "application/vnd.atlas.2019-01-01+json", "application/vnd.atlas.2099-01-01+json",
		"application/vnd.atlas.2023-01-01+json", "application/vnd.atlas.2024-05-30+json", "application/json",
		"application/vnd.atlas.2024-05-30+csv", "application/vnd.atlas.2024-05-30", "application",
	}
	for _, w := range wrong {
		if w == declared {
			continue
		}
		x := clone(good)
		x.Response.Header.Set("Content-Type", w)
		b.wants(x, "media type "+w, WrongMediaType, "")
	}
	x := clone(good)
	x.Response.Header.Set("Content-Type", strings.ToUpper(declared)+"; charset=utf-8")
	b.conforms(x, "in another notation")
	x.Response.Header.Del("Content-Type")
	if good.Response.Status == http.StatusNoContent {
		b.conforms(x, "without a media type")
		return
	}
	b.wants(x, "no media type", WrongMediaType, "")
	x = clone(good)
	x.Response.Body.Bytes = nil
	b.wants(x, "no body", MissingBody, "")
}

func (b *breaker) body(good *recording.Exchange, s *openapi3.Schema) {
	g := generator{direction: schema.Response}
	for _, v := range g.values(s) {
		x := clone(good)
		x.Response.Body.Bytes = []byte(encode(v))
		b.conforms(x, "as generated")
		for _, m := range g.mutants(s, v) {
			x.Response.Body.Bytes = []byte(encode(m.value))
			b.wants(x, m.what, m.rule, m.pointer)
		}
		whole := encode(v)
		for at := range len(whole) {
			x.Response.Body.Bytes = []byte(whole[:at])
			rule := MalformedJSON
			if at == 0 {
				rule = MissingBody
			}
			b.wants(x, fmt.Sprintf("cut off at byte %d", at), rule, "")
		}
	}
}

func (b *breaker) statuses(good *recording.Exchange, op *openapi3.Operation) {
	for code := 100; code < 600; code++ {
		if op.Responses.Status(code) != nil {
			continue
		}
		x := clone(good)
		x.Response.Status = code
		b.wants(x, "status "+strconv.Itoa(code), UndeclaredStatus, "")
	}
}

func (b *breaker) methods(good *recording.Exchange, item *openapi3.PathItem) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
		if slices.Contains(methodsOf(item), method) {
			continue
		}
		x := clone(good)
		x.Request.Method = method
		b.wants(x, "method "+method, UnknownOperation, "")
	}
}

func methodsOf(item *openapi3.PathItem) []string {
	var methods []string
	for method := range item.Operations() {
		methods = append(methods, method)
	}
	return methods
}

func (b *breaker) parameters(good *recording.Exchange, op *openapi3.Operation) {
	for _, ref := range op.Parameters {
		p := ref.Value
		g := generator{}
		for what, broken := range g.brokenPlain(p.Schema.Value) {
			x := clone(good)
			if p.In == openapi3.ParameterInQuery {
				x.Request.URL.RawQuery = url.Values{p.Name: {broken}}.Encode()
			} else {
				x.Request.URL.Path = replaceParameter(x.Request.URL.Path, p.Name, broken)
			}
			b.wants(x, p.Name+": "+what, BadParameter, p.Name)
		}
		if p.In == openapi3.ParameterInQuery && p.Name != "envelope" {
			x := clone(good)
			x.Request.URL.RawQuery = url.Values{p.Name: {fmt.Sprint(g.value(p.Schema.Value, true))}}.Encode()
			b.conforms(x, "with the parameter "+p.Name)
		}
	}
	x := clone(good)
	x.Request.URL.RawQuery = "neverDeclared=1"
	b.wants(x, "an undeclared parameter", UndeclaredQuery, "neverDeclared")
}

func replaceParameter(path, name, value string) string {
	segments := strings.Split(path, "/")
	at := slices.Index(segments, "groups") + 1
	if name != "groupId" {
		at = len(segments) - 1
	}
	segments[at] = value
	return strings.Join(segments, "/")
}

// brokenPlain returns texts that are invalid for a parameter.
func (g generator) brokenPlain(s *openapi3.Schema) map[string]string {
	broken := map[string]string{}
	for what, v := range brokenNumbers(s) {
		broken[what] = fmt.Sprint(v)
	}
	switch {
	case s.Type.Is(openapi3.TypeInteger):
		broken["a word"], broken["a fraction"], broken["empty"] = "two", "1.5", ""
	case s.Type.Is(openapi3.TypeBoolean):
		broken["a word"], broken["empty"] = "yes", ""
	default:
		for what, v := range brokenTexts(s, g.text(s).(string)) {
			if v != "" { // an empty segment changes the path
				broken[what] = v.(string)
			}
		}
	}
	return broken
}

func (b *breaker) request(good *recording.Exchange, op *openapi3.Operation) {
	if op.RequestBody == nil {
		x := clone(good)
		x.Request.Body = recording.Body{Bytes: []byte("{}"), Recorded: true}
		b.wants(x, "a request body", BadRequestBody, "")
		return
	}
	g := generator{direction: schema.Request}
	for mediaType, m := range op.RequestBody.Value.Content {
		for _, v := range g.values(m.Schema.Value) {
			x := clone(good)
			x.Request.Header.Set("Content-Type", mediaType)
			x.Request.Body = recording.Body{Bytes: []byte(encode(v)), Recorded: true}
			b.conforms(x, "with a request body")
			for _, mutant := range g.mutants(m.Schema.Value, v) {
				x.Request.Body.Bytes = []byte(encode(mutant.value))
				b.wants(x, "request: "+mutant.what, BadRequestBody, mutant.pointer)
			}
		}
		b.requestTypes(good, mediaType, encode(g.values(m.Schema.Value)[0]))
	}
}

func (b *breaker) requestTypes(good *recording.Exchange, declared, text string) {
	x := clone(good)
	x.Request.Body = recording.Body{Bytes: []byte(text), Recorded: true}
	for _, wrong := range []string{"text/plain", "application/x-www-form-urlencoded", "application/vnd.atlas.2019-01-01+json"} {
		x.Request.Header.Set("Content-Type", wrong)
		b.wants(x, "request media type "+wrong, BadRequestBody, "")
	}
	if version := oas.MediaTypeVersion(declared); version != "" {
		x.Request.Header.Set("Content-Type", "application/json")
		b.conforms(x, "with plain JSON")
	}
}
