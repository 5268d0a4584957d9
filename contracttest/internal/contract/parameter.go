package contract

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// Parameter is a declared parameter of the path or the query.
type Parameter struct {
	Name     string
	Required bool
	Pointer  string

	// many tells that the parameter may stand several times.
	many     bool
	plain    *schema.Plain
	declared *openapi3.Parameter
	op       *Operation
	index    *schema.Index
}

// Header is a declared header of an answer.
type Header struct {
	// Name is in canonical form.
	Name     string
	Required bool
	Pointer  string

	plain    *schema.Plain
	declared *openapi3.HeaderRef
	index    *schema.Index
}

func (b *builder) parameters(op *Operation, pathItem *openapi3.PathItem, declared *openapi3.Operation) {
	byName := map[string]*Parameter{}
	add := func(list openapi3.Parameters, at string) {
		for i, ref := range list {
			switch p := b.parameter(op, ref, at+"/parameters/"+strconv.Itoa(i)); ref.Value.In {
			case openapi3.ParameterInQuery:
				op.Query[p.Name] = p
			case openapi3.ParameterInPath:
				byName[p.Name] = p
			}
		}
	}
	add(pathItem.Parameters, schema.Join("/paths", op.Template))
	add(declared.Parameters, op.Pointer)
	for _, name := range parameter.FindAllString(op.Template, -1) {
		op.Path = append(op.Path, byName[name[1:len(name)-1]])
	}
}

var componentParameter = regexp.MustCompile(`^#/components/parameters/([^/]+)$`)

// parameter compiles the parameter that stands at a place, or is referred to there.
func (b *builder) parameter(op *Operation, ref *openapi3.ParameterRef, at string) *Parameter {
	p := ref.Value
	if m := componentParameter.FindStringSubmatch(ref.Ref); m != nil {
		at = schema.Join("/components/parameters", m[1])
	}
	made := &Parameter{Name: p.Name, Required: p.Required, Pointer: at, declared: p, op: op, index: b.index}
	if p.Schema != nil && p.Schema.Value != nil {
		b.index.Add(p.Schema, at+"/schema")
		made.plain = b.index.CompilePlain(p.Schema)
		made.many = !p.Schema.Value.Type.IsEmpty() && (p.Schema.Value.Type.Includes(openapi3.TypeArray) || p.Schema.Value.Type.Includes(openapi3.TypeObject))
	}
	return made
}

func (b *builder) header(name string, ref *openapi3.HeaderRef, at string) *Header {
	h := &Header{Name: http.CanonicalHeaderKey(name), Required: ref.Value.Required, Pointer: schema.Join(at, "headers", name), declared: ref, index: b.index}
	if m := componentHeader.FindStringSubmatch(ref.Ref); m != nil {
		h.Pointer = schema.Join("/components/headers", m[1])
	}
	if s := ref.Value.Schema; s != nil && s.Value != nil {
		b.index.Add(s, h.Pointer+"/schema")
		h.plain = b.index.CompilePlain(s)
	}
	return h
}

var componentHeader = regexp.MustCompile(`^#/components/headers/([^/]+)$`)

// Single tells that the parameter may stand once only.
func (p *Parameter) Single() bool { return !p.many }

// CheckPath judges the value of a path parameter.
func (p *Parameter) CheckPath(value string) []schema.Fault {
	if p.plain.Holds(value) {
		return nil
	}
	return p.check(&openapi3filter.RequestValidationInput{PathParams: map[string]string{p.Name: value}}, value)
}

// CheckQuery judges the parameter in a query, where it may be absent.
func (p *Parameter) CheckQuery(query url.Values) []schema.Fault {
	values, there := query[p.Name]
	if (there && len(values) == 1 && p.plain.Holds(values[0])) || (!there && !p.Required) {
		return nil
	}
	actual := ""
	if there {
		actual = values[0]
	}
	return p.check(&openapi3filter.RequestValidationInput{QueryParams: query}, actual)
}

// check asks kin-openapi.
func (p *Parameter) check(input *openapi3filter.RequestValidationInput, actual string) []schema.Fault {
	input.Request = &http.Request{URL: &url.URL{}, Header: http.Header{}}
	input.Route = &routers.Route{Spec: p.op.doc, Operation: &openapi3.Operation{}}
	input.Options = &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: schema.PlainOptions()}
	err := openapi3filter.ValidateParameter(context.Background(), input, p.declared)
	return p.plain.Strict(p.index.PlainFaults(err, p.Pointer, actual), actual)
}

// Check judges the header in an answer, where it may be absent.
func (h *Header) Check(header http.Header) []schema.Fault {
	values := header[h.Name]
	switch {
	case len(values) == 0 && h.Required: // kin-openapi would call it null
		return h.index.PlainFaults(openapi3filter.ErrInvalidRequired, h.Pointer, "")
	case len(values) == 0, len(values) == 1 && h.plain.Holds(values[0]):
		return nil
	}
	one := openapi3.NewResponse()
	one.Headers = openapi3.Headers{h.Name: h.declared}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: &http.Request{Method: http.MethodGet},
			Route:   &routers.Route{Spec: &openapi3.T{}, Operation: &openapi3.Operation{Responses: openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: one}))}},
		},
		Status: http.StatusOK, Header: header,
		Options: &openapi3filter.Options{ExcludeResponseBody: true, MultiError: true, SchemaValidationOptions: schema.PlainOptions()},
	}
	return h.plain.Strict(h.index.PlainFaults(openapi3filter.ValidateResponse(context.Background(), input), h.Pointer, values[0]), values[0])
}
