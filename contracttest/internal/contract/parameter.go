package contract

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Parameter is a declared parameter of the path or the query.
type Parameter struct {
	Name     string
	Required bool
	Pointer  string

	// many is true if the parameter may occur several times.
	many     bool
	plain    *schema.Plain
	declared *openapi3.Parameter
	doc      *openapi3.T
	index    *schema.Index
}

// Header is a declared header of a response.
type Header struct {
	// Name is in canonical form.
	Name     string
	Required bool
	Pointer  string

	plain    *schema.Plain
	declared *openapi3.HeaderRef
	index    *schema.Index
}

var parameterName = regexp.MustCompile(`\{([^{}]*)\}`)

func (b *builder) parameters(op *Operation, e *oas.Effective) {
	for _, p := range e.Parameters {
		if p.In == openapi3.ParameterInQuery {
			op.Query[p.Name] = b.parameter(p)
		}
	}
	for i := range parameterName.FindAllString(op.Template, -1) {
		var made *Parameter
		if p := e.Parameters["path {"+strconv.Itoa(i+1)+"}"]; p != nil {
			made = b.parameter(p)
		}
		op.Path = append(op.Path, made)
	}
}

func (b *builder) parameter(p *oas.Parameter) *Parameter {
	node := oas.Resolve(b.doc.Root(), p.Declared.Pointer)
	made := &Parameter{Name: p.Label, Required: p.Required, Pointer: p.Declared.Pointer, index: b.index, doc: &openapi3.T{OpenAPI: oas.Text(oas.Get(b.doc.Root(), "openapi"))}}
	made.declared = &openapi3.Parameter{
		Name: p.Label, In: p.In, Required: p.Required, Style: oas.Text(oas.Get(node, "style")),
		AllowEmptyValue: oas.True(oas.Get(node, "allowEmptyValue")), AllowReserved: oas.True(oas.Get(node, "allowReserved")),
	}
	if explode := oas.Get(node, "explode"); explode != nil {
		made.declared.Explode = openapi3.Ptr(oas.True(explode))
	}
	made.plain = b.plain(made.declared, p.Value)
	made.many = made.plain != nil && !p.Schema.IsScalar() && p.Schema.Types != nil
	return made
}

func (b *builder) header(declared *oas.Header) *Header {
	made := &openapi3.Header{Parameter: openapi3.Parameter{Required: declared.Required}}
	return &Header{
		Name: http.CanonicalHeaderKey(declared.Name), Required: declared.Required, Pointer: declared.Declared.Pointer, index: b.index,
		plain: b.plain(&made.Parameter, declared.Value), declared: &openapi3.HeaderRef{Value: made},
	}
}

// plain sets the schema of a parameter or header for kin-openapi, and returns it compiled. It
// returns nil without a schema, and for the schema of a media type.
func (b *builder) plain(into *openapi3.Parameter, declared oas.Value) *schema.Plain {
	at := declared.Declared.Pointer
	node := oas.Resolve(b.doc.Root(), at)
	switch {
	case declared.Schema == nil:
		return nil
	case oas.Get(node, "schema") == nil:
		into.Content = openapi3.Content{}
		for name := range oas.Pairs(oas.Get(node, "content")) {
			into.Content[name] = &openapi3.MediaType{Schema: b.index.Written(oas.Join(at, "content", name, "schema"))}
		}
		return nil
	}
	into.Schema = b.index.Written(oas.Join(at, "schema"))
	return b.index.CompilePlain(into.Schema, declared.Schema)
}

// Single reports whether the parameter may occur only once.
func (p *Parameter) Single() bool { return !p.many }

// takes reports whether a name in a query belongs to the parameter: it is the parameter's
// name, name[member] for style deepObject, or a member of an exploded form object.
func (p *Parameter) takes(name string) bool {
	if name == p.Name {
		return true
	}
	if p.declared.Style == openapi3.SerializationDeepObject {
		return strings.HasPrefix(name, p.Name+"[") && strings.HasSuffix(name, "]")
	}
	return p.isExploded() && p.plain.TakesMember(name)
}

// isExploded reports whether the parameter is an object whose members are separate
// parameters.
func (p *Parameter) isExploded() bool {
	d := p.declared
	return d.Schema != nil && d.Schema.Value.Type.Is(openapi3.TypeObject) && (d.Style == "" || d.Style == openapi3.SerializationForm) && (d.Explode == nil || *d.Explode)
}

// CheckPath validates the value of a path parameter.
func (p *Parameter) CheckPath(value string) []schema.Failure {
	if p.plain.Proves(value) {
		return nil
	}
	return p.check(&openapi3filter.RequestValidationInput{PathParams: map[string]string{p.Name: value}}, value)
}

// CheckQuery validates the parameter in a query, which may lack it.
func (p *Parameter) CheckQuery(query url.Values) []schema.Failure {
	actual := strings.Join(query[p.Name], ", ")
	if p.plain.Proves(actual) || !p.Required && !p.isIn(query) {
		return nil
	}
	return p.check(&openapi3filter.RequestValidationInput{QueryParams: query}, actual)
}

// isIn reports whether a query has the parameter or a member of it.
func (p *Parameter) isIn(query url.Values) bool {
	for name := range query {
		if p.takes(name) {
			return true
		}
	}
	return false
}

// check validates a value with kin-openapi.
func (p *Parameter) check(input *openapi3filter.RequestValidationInput, actual string) []schema.Failure {
	input.Request = &http.Request{URL: &url.URL{}, Header: http.Header{}}
	input.Route = &routers.Route{Spec: p.doc, Operation: &openapi3.Operation{}}
	input.Options = &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: schema.PlainOptions()}
	err := openapi3filter.ValidateParameter(context.Background(), input, p.declared)
	return p.plain.CorrectFailures(p.index.PlainFailures(err, p.Pointer, actual), actual)
}

// Check validates each value of the header in a response, which may lack it.
func (h *Header) Check(header http.Header) []schema.Failure {
	values := header[h.Name]
	if len(values) == 0 && h.Required { // otherwise kin-openapi would treat the value as null
		return h.index.PlainFailures(openapi3filter.ErrInvalidRequired, h.Pointer, "")
	}
	var failures []schema.Failure
	for _, value := range values {
		if !h.plain.Proves(value) {
			failures = append(failures, h.check(value)...)
		}
	}
	return failures
}

// check validates a value with kin-openapi.
func (h *Header) check(value string) []schema.Failure {
	one := openapi3.NewResponse()
	one.Headers = openapi3.Headers{h.Name: h.declared}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: &http.Request{Method: http.MethodGet},
			Route:   &routers.Route{Spec: &openapi3.T{}, Operation: &openapi3.Operation{Responses: openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: one}))}},
		},
		Status: http.StatusOK, Header: http.Header{h.Name: {value}},
		Options: &openapi3filter.Options{ExcludeResponseBody: true, MultiError: true, SchemaValidationOptions: schema.PlainOptions()},
	}
	return h.plain.CorrectFailures(h.index.PlainFailures(openapi3filter.ValidateResponse(context.Background(), input), h.Pointer, value), value)
}
