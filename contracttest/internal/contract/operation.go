package contract

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// Operation is one operation of one version of the contract.
type Operation struct {
	// Name is the short name: listExportBuckets.
	Name     string
	Method   string
	Template string
	// Version is the version of the contract. At is the operation's own, which the
	// contract's snaps down to: the newest in its media types, else Version.
	Version string
	At      string
	// File is the specification, and Pointer the operation's place in it.
	File    string
	Pointer string
	// Path and Query are the declared parameters; those of the path in the order of
	// the template.
	Path  []*Parameter
	Query map[string]*Parameter
	// Body is nil where no request body is declared.
	Body *Body
	// Responses are sorted by status.
	Responses []*Response

	doc *openapi3.T
}

// Body is a declared request body.
type Body struct {
	Required bool
	Pointer  string
	Media    []*Media
}

// Response is a declared answer.
type Response struct {
	// Status is as the contract spells it: "200", "4XX", "default".
	Status  string
	Pointer string
	Media   []*Media
	Headers []*Header

	op *Operation
}

// Media is a declared media type.
type Media struct {
	// Type is in lower case and without parameters.
	Type    string
	Pointer string
	// Schema is nil where the contract demands nothing of the body.
	Schema *schema.Schema
	// List tells a page of results, which takes envelope=true in a way of its own.
	List bool
}

// Response gives the declared answer for a status: exactly, by its class, or the
// default; nil where none is.
func (op *Operation) Response(status int) *Response {
	code := strconv.Itoa(status)
	for _, spelt := range []string{code, code[:1] + "XX", "default"} {
		for _, r := range op.Responses {
			if strings.EqualFold(r.Status, spelt) {
				return r
			}
		}
	}
	return nil
}

// Declares tells whether the operation declares the member at a pointer in the body of
// its answer with a status, and, with a value that is not "", that value of its enum.
func (op *Operation) Declares(status int, pointer, value string) bool {
	r := op.Response(status)
	if r == nil {
		return false
	}
	return slices.ContainsFunc(r.Media, func(m *Media) bool { return m.Schema != nil && m.Schema.Declares(pointer, value) })
}

// Statuses lists the declared ones.
func (op *Operation) Statuses() []string {
	var all []string
	for _, r := range op.Responses {
		all = append(all, r.Status)
	}
	return all
}

// MediaTypes lists the declared ones.
func (r *Response) MediaTypes() []string { return mediaTypes(r.Media) }

// MediaTypes lists the declared ones.
func (b *Body) MediaTypes() []string { return mediaTypes(b.Media) }

func mediaTypes(list []*Media) []string {
	var all []string
	for _, m := range list {
		all = append(all, m.Type)
	}
	return all
}

// builder compiles the operations of a document.
type builder struct {
	doc     *openapi3.T
	index   *schema.Index
	file    string
	version string
}

func newBuilder(doc *openapi3.T, file, version string) *builder {
	return &builder{doc: doc, index: schema.NewIndex(doc), file: file, version: version}
}

func (b *builder) operation(template, method string) *Operation {
	pathItem := b.doc.Paths.Value(template)
	declared := pathItem.GetOperation(method)
	op := &Operation{Method: method, Template: template, Version: b.version, File: b.file, doc: b.doc, Query: map[string]*Parameter{},
		Pointer: schema.Join("/paths", template, strings.ToLower(method))}
	op.Name = cmp.Or(extension(declared, "x-xgen-operation-id-override"), declared.OperationID, method+" "+template)
	b.parameters(op, pathItem, declared)
	if body := declared.RequestBody; body != nil && body.Value != nil {
		op.Body = &Body{Required: body.Value.Required, Pointer: op.Pointer + "/requestBody"}
		op.Body.Media = b.media(body.Value.Content, op.Body.Pointer, schema.Request)
	}
	for _, status := range declared.Responses.Keys() {
		op.Responses = append(op.Responses, b.response(op, status, declared.Responses.Value(status)))
	}
	slices.SortFunc(op.Responses, func(a, b *Response) int { return cmp.Compare(a.Status, b.Status) })
	op.At = cmp.Or(op.ownVersion(), b.version)
	return op
}

func (op *Operation) ownVersion() string {
	newest := ""
	see := func(list []*Media) {
		for _, m := range list {
			newest = newer(newest, Version(m.Type))
		}
	}
	for _, r := range op.Responses {
		see(r.Media)
	}
	if op.Body != nil {
		see(op.Body.Media)
	}
	return newest
}

// newer returns the newer of two versions. A date is newer than a name, such as preview,
// and both are newer than none.
func newer(a, b string) string {
	if isDate(a) == isDate(b) {
		return max(a, b)
	}
	if isDate(a) {
		return a
	}
	return b
}

func extension(op *openapi3.Operation, name string) string {
	text, _ := op.Extensions[name].(string)
	return text
}

func (b *builder) response(op *Operation, status string, ref *openapi3.ResponseRef) *Response {
	r := &Response{Status: status, op: op, Pointer: schema.Join(op.Pointer, "responses", status)}
	at := r.Pointer
	if name, ok := strings.CutPrefix(ref.Ref, "#/components/responses/"); ok {
		at = schema.Join("/components/responses", name)
	}
	r.Media = b.media(ref.Value.Content, at, schema.Answer)
	for _, name := range slices.Sorted(maps.Keys(ref.Value.Headers)) {
		if http.CanonicalHeaderKey(name) != "Content-Type" {
			r.Headers = append(r.Headers, b.header(name, ref.Value.Headers[name], at))
		}
	}
	return r
}

func (b *builder) media(content openapi3.Content, at string, d schema.Direction) []*Media {
	var all []*Media
	for _, name := range slices.Sorted(maps.Keys(content)) {
		declared := content[name]
		m := &Media{Type: MediaType(name), Pointer: schema.Join(at, "content", name)}
		if declared.Schema != nil && declared.Schema.Value != nil && IsJSON(m.Type) {
			b.index.Add(declared.Schema, m.Pointer+"/schema")
			m.Schema = b.index.Compile(declared.Schema, d)
			m.List = isList(declared.Schema.Value)
		}
		all = append(all, m)
	}
	return all
}

func isList(s *openapi3.Schema) bool {
	if _, ok := s.Properties["results"]; ok {
		return true
	}
	return slices.ContainsFunc(s.AllOf, func(part *openapi3.SchemaRef) bool { return isList(part.Value) })
}
