package oas

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// Reader computes the effective operations of one document. A schema that several
// operations share is computed once, so that the operations have the same pointer. A Reader
// is not safe for concurrent use.
type Reader struct {
	doc *Document
	// schemas contains the computed schemas, by the nodes of their parts. It ends the
	// recursion for a schema that contains itself.
	schemas map[string]*Schema
	// derived maps a schema to the component schemas that inherit from it by allOf. It is nil
	// until needed.
	derived map[*Node][]member
	// texts contains the texts of schemas, by which the reader recognizes equal requirements
	// of several parts of a schema.
	texts *closureTexts
	// patterns contains facts about the patterns seen so far.
	patterns patterns
	// WithProse makes the reader read text for human readers as well.
	WithProse bool
	// AsWritten makes the reader keep patterns and lengths in the form in which the
	// document writes them. By default they have a canonical form, in which equal
	// requirements are equal.
	AsWritten bool
	// budget limits the result; depth is the nesting depth of the current schema.
	budget *limits.Budget
	depth  int
	// version is the version of the operation being read.
	version string
	out     *Effective
	// err is the first error; results after it are invalid.
	err error
}

// Reader returns a new reader of the document.
func (d *Document) Reader() *Reader {
	return &Reader{
		doc: d, schemas: make(map[string]*Schema), texts: d.closureTexts(isProse), patterns: make(patterns), budget: limits.New(d.derivedLimits()),
	}
}

// derivedLimits returns the limits of the effective form of a document. Nodes counts schemas,
// the parts that they are merged from, and their properties and values; the whole Atlas
// specification has 100,000. Depth is the nesting depth of schemas after references are
// followed.
func (d *Document) derivedLimits() limits.Limits {
	return limits.Limits{Nodes: max(600_000, int64(d.size)/13), Depth: 2000}
}

// maxSchemas is the largest number of schemas that a reader computes for a document of at
// most 8 MB. The Atlas specification has 8,000 in 4 MB.
const maxSchemas = 16_000

// schemaLimit returns maxSchemas, or more for a larger document, in proportion to its size.
func (d *Document) schemaLimit() int { return max(maxSchemas, d.size/500) }

// Operation returns the effective form of an operation at one of its versions, or at
// Unversioned. It fails if a reference dangles or is part of a loop, and if the result
// exceeds a limit.
func (r *Reader) Operation(o *Operation, version string) (*Effective, error) {
	own, item, root := place{o.node, o.at}, place{o.item, o.itemAt}, place{r.doc.root, ""}
	op := r.begin(o, version)
	servers, serversAt := inEffect("servers", own, item, root)
	op.Servers, op.ServersAt = r.servers(servers, serversAt), r.doc.Place(serversAt)
	security, securityAt := inEffect("security", own, root)
	op.Security, op.SecurityAt = r.security(security, securityAt), r.doc.Place(securityAt)
	op.Prose = r.prose(nil, own)
	r.uninterpreted("callbacks", own.in("callbacks"))
	for _, keyword := range []string{"summary", "description"} {
		r.addProse("path "+keyword, item.in(keyword))
	}
	r.messages(op)
	return op, r.err
}

// Messages is like Operation, but returns only what the operation's requests and responses
// contain: the parameters, the body and the responses.
func (r *Reader) Messages(o *Operation, version string) (*Effective, error) {
	op := r.begin(o, version)
	r.messages(op)
	return op, r.err
}

// begin makes an operation at a version the one that is being read.
func (r *Reader) begin(o *Operation, version string) *Effective {
	r.version = version
	r.out = &Effective{
		Operation: o, Version: version, Place: r.place(place{o.node, o.at}),
		Parameters: make(map[string]*Parameter), Responses: make(map[string]*Response), Uninterpreted: make(map[string]Part),
	}
	return r.out
}

// messages reads the parameters, the body and the responses of an operation.
func (r *Reader) messages(op *Effective) {
	r.parameters(place{op.node, op.at})
	r.parameters(place{op.item, op.itemAt})
	if body := Get(op.node, "requestBody"); body != nil {
		op.Body = r.requestBody(place{body, Join(op.at, "requestBody")})
	}
	for status, response := range Pairs(Get(op.node, "responses")) {
		if made := r.response(status, place{response, Join(op.at, "responses", status)}); made != nil {
			op.Responses[Status(status)] = made
		}
	}
}

// Schema returns the effective form of the schema at a JSON pointer. The errors are those
// of Operation, and ErrDangling.
func (r *Reader) Schema(pointer string) (*Schema, error) {
	n := Resolve(r.doc.root, pointer)
	if n == nil {
		return nil, fmt.Errorf("%s: at %s: %w", r.doc.name, pointer, ErrDangling)
	}
	s := r.schemaAt(place{n, pointer})
	return s, r.err
}

// text returns a text that is equal for equal schemas. For a new one, it spends the budget for
// each node.
func (r *Reader) text(at place) string {
	if _, known := r.texts.known[at.node]; !known && !r.spend(Size(at.node), at) {
		return ""
	}
	return r.texts.of(at.node)
}

// spend takes nodes from the budget before they are created at a place. It reports whether
// the budget had enough.
func (r *Reader) spend(nodes int, at place) bool {
	return r.check(r.budget.Nodes(int64(nodes)), at)
}

// check records an error of the budget, with the operation and the place.
func (r *Reader) check(err error, at place) bool {
	if err != nil && r.err == nil {
		operation := ""
		if r.out != nil {
			operation = r.out.ShortName
		}
		r.err = fmt.Errorf("%s: %w", r.doc.name, limits.At(err, operation, fmt.Sprintf("%s, line %d", at.pointer, at.node.Line)))
	}
	return r.err == nil
}

// fail records an error if it is the first.
func (r *Reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w", r.doc.name, fmt.Errorf(format, args...))
	}
}

func (r *Reader) place(p place) Place { return r.doc.placeOf(p.node, p.pointer) }

// item returns the value of a keyword with its place.
func (r *Reader) item(p place) Item { return Item{Value: Canonical(p.node), At: r.place(p)} }

// in returns the node below p at the keys, with its pointer.
func (p place) in(keys ...string) place { return place{At(p.node, keys...), Join(p.pointer, keys...)} }

// follow follows references from an object that is not a schema.
func (r *Reader) follow(p place) place {
	n, pointer, err := r.doc.Follow(p.node, p.pointer)
	if err != nil {
		r.fail("at %s, line %d: %w", p.pointer, p.node.Line, err)
	}
	return place{n, pointer}
}

// uninterpreted records a part that this package does not model, under a name.
func (r *Reader) uninterpreted(name string, at place) {
	if at.node != nil {
		r.out.Uninterpreted[name] = r.doc.part(at, r.WithProse)
	}
}

// addProse records prose that belongs to no object of the operation, under a name.
func (r *Reader) addProse(name string, at place) {
	if at.node != nil && r.WithProse {
		r.out.Uninterpreted[name] = r.doc.prosePart(at)
	}
}

// ReadSchema reads one schema from JSON or YAML. The schema must not contain references.
func ReadSchema(text string) (*Schema, error) {
	var root Node
	if err := yaml.Unmarshal([]byte("openapi: 3.0.3\npaths: {}\nx-schema: "+text), &root); err != nil || len(root.Content) == 0 {
		return nil, fmt.Errorf("not a schema: %q", text)
	}
	doc, err := New("schema", root.Content[0])
	if err != nil {
		return nil, err
	}
	r := doc.Reader()
	return r.schemaAt(place{Get(doc.root, "x-schema"), "/x-schema"}), r.err
}
