package contract

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Operation is one operation of one version of the contract.
type Operation struct {
	// Name is the short name: listExportBuckets.
	Name     string
	Method   string
	Template string
	// Version is the version of the contract. At is the operation's own version, which is
	// the same or older: the newest in its media types, else Version.
	Version string
	At      string
	// File is the name of the specification, and Pointer the operation's place in it.
	File    string
	Pointer string
	// Path and Query are the declared parameters. Path parameters are in the order of the
	// template.
	Path  []*Parameter
	Query map[string]*Parameter
	// Body is nil if no request body is declared.
	Body *Body
	// Responses are sorted by status.
	Responses []*Response

	// own is the operation's own version, "" if it has none; served is the shape of the
	// paths at which the server serves it.
	own, served string
}

// Body is a declared request body.
type Body struct {
	Required bool
	Pointer  string
	Media    []*Media
}

// Response is a declared response.
type Response struct {
	// Status is the key in the contract: "200", "4XX" or "default".
	Status  string
	Pointer string
	Media   []*Media
	Headers []*Header
}

// Media is a declared media type.
type Media struct {
	// Type is in lower case and without parameters.
	Type    string
	Pointer string
	// Schema is nil if the contract declares no schema for the body.
	Schema *schema.Schema
	// List is true for a page of results, which has another form with envelope=true.
	List bool
}

// Response returns the declared response for a status: the exact status, else its class,
// else the default; nil if there is none.
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

// Declares reports whether the operation declares the member at a pointer in the body of
// its response with a status. If value is not "", it reports whether the member's enum
// includes the value.
func (op *Operation) Declares(status int, pointer, value string) bool {
	r := op.Response(status)
	if r == nil {
		return false
	}
	return slices.ContainsFunc(r.Media, func(m *Media) bool { return m.Schema != nil && m.Schema.Declares(pointer, value) })
}

// TakesQuery reports whether a declared parameter has this name in a query.
func (op *Operation) TakesQuery(name string) bool {
	for _, p := range op.Query {
		if p.takes(name) {
			return true
		}
	}
	return false
}

// Find returns the declared media type for a message of the given type, nil if there is
// none: the same type, or a range that includes the type. The schema of a range applies
// only to JSON.
func Find(declared []*Media, given string) *Media {
	for _, m := range declared {
		if m.Type == given {
			return m
		}
	}
	for _, m := range declared {
		if given == "" || !matches(m.Type, given) {
			continue
		}
		if IsJSON(given) {
			return m
		}
		return &Media{Type: m.Type, Pointer: m.Pointer}
	}
	return nil
}

// Statuses returns the declared statuses.
func (op *Operation) Statuses() []string {
	var all []string
	for _, r := range op.Responses {
		all = append(all, r.Status)
	}
	return all
}

// MediaTypes returns the declared media types.
func (r *Response) MediaTypes() []string { return mediaTypes(r.Media) }

// MediaTypes returns the declared media types.
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
	doc   *oas.Document
	index *schema.Index
}

// operation compiles an operation in its own version, "" for an operation without versions;
// served is the shape at which it is served.
func (b *builder) operation(declared *oas.Operation, at, served string) (*Operation, error) {
	op := &Operation{
		Name: declared.ShortName, Method: declared.Method, Template: declared.Path, File: b.doc.Name(), Pointer: declared.Pointer(),
		Query: map[string]*Parameter{}, At: at, Version: at, own: at, served: served,
	}
	err := b.index.Operation(declared, cmp.Or(at, oas.Unversioned), func(e *oas.Effective) {
		b.parameters(op, e)
		if e.Body != nil {
			op.Body = &Body{Required: e.Body.Required, Pointer: e.Body.At.Pointer, Media: b.media(e.Body, schema.Request)}
		}
		for status, r := range e.Responses {
			op.Responses = append(op.Responses, b.response(status, r, at))
		}
	})
	slices.SortFunc(op.Responses, func(a, b *Response) int { return cmp.Compare(a.Status, b.Status) })
	return op, err
}

// in returns the operation for a version of the contract.
func (op *Operation) in(version string) *Operation {
	here := *op
	here.Version, here.At = version, cmp.Or(op.own, version)
	return &here
}

func (b *builder) response(status string, declared *oas.Response, version string) *Response {
	r := &Response{Status: status, Pointer: declared.At.Pointer}
	r.Media = b.media(&declared.Body, schema.Response)
	if oas.HasNoBody(status) {
		r.Media = b.dates(declared.Declared.Pointer, version)
	}
	for _, name := range slices.Sorted(maps.Keys(declared.Headers)) {
		r.Headers = append(r.Headers, b.header(declared.Headers[name]))
	}
	return r
}

func (b *builder) media(body *oas.Body, d schema.Direction) []*Media {
	var all []*Media
	for _, name := range slices.Sorted(maps.Keys(body.Media)) {
		declared := body.Media[name]
		m := &Media{Type: MediaType(declared.Type), Pointer: declared.At.Pointer}
		if declared.Schema != nil && takesJSON(m.Type) {
			m.Schema = b.index.Compile(oas.Join(m.Pointer, "schema"), declared.Schema, d)
			m.List = declared.Schema.Properties["results"] != nil
		}
		all = append(all, m)
	}
	return all
}

// dates returns the media types of a response without a body. Atlas declares them because
// they contain the version.
func (b *builder) dates(pointer, version string) []*Media {
	var all []*Media
	for name := range oas.Pairs(oas.Get(oas.Resolve(b.doc.Root(), pointer), "content")) {
		if v := oas.MediaTypeVersion(name); v == "" || v == version {
			all = append(all, &Media{Type: MediaType(name), Pointer: oas.Join(pointer, "content", name)})
		}
	}
	return all
}
