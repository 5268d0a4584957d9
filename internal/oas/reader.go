package oas

import (
	"fmt"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

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

func (r *Reader) parameters(holder place) {
	list := holder.in("parameters")
	for i, node := range Items(list.node) {
		use := place{node, Index(list.pointer, i)}
		p := r.parameter(r.follow(use))
		p.At = r.place(use)
		key := p.In + " " + p.Name
		if _, own := r.out.Parameters[key]; !own && !ignoredParameter(p) {
			r.out.Parameters[key] = p
		}
	}
}

// ignoredParameter reports whether OpenAPI ignores a parameter, because content and security
// describe these headers. A parameter without a name is ignored, too.
func ignoredParameter(p *Parameter) bool {
	return p.Name == "" || p.In == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, p.Name)
}

func (r *Reader) parameter(at place) *Parameter {
	if at.node == nil {
		return &Parameter{}
	}
	p := &Parameter{Name: Text(Get(at.node, "name")), In: Text(Get(at.node, "in")), Value: r.value(at)}
	p.Label = p.Name
	switch p.In {
	case "path":
		p.Name, p.Required = pathPosition(r.out.Path, p.Name), true
	case "header":
		p.Name = strings.ToLower(p.Name)
	}
	if allow := at.in("allowEmptyValue"); True(allow.node) {
		r.uninterpreted("parameters "+p.In+" "+p.Name+" allowEmptyValue", allow)
	}
	return p
}

// value reads what parameters and headers have in common.
func (r *Reader) value(at place) Value {
	v := Value{
		Required: True(Get(at.node, "required")), Deprecated: True(Get(at.node, "deprecated")),
		Schema: r.valueSchema(at), Prose: r.prose(nil, at), Declared: r.place(at),
	}
	v.Serialization, v.Explode = serialization(at.node)
	return v
}

// pathPosition returns the position of a path parameter in the path, starting with {1}. If
// the name is not in the path and the path has only one parameter, it is the position of
// that parameter.
func pathPosition(path, name string) string {
	before, _, found := strings.Cut(path, "{"+name+"}")
	switch {
	case !found && strings.Count(path, "{") == 1:
		return "{1}"
	case !found:
		return name
	}
	return "{" + strconv.Itoa(strings.Count(before, "{")+1) + "}"
}

// serialization returns style and allowReserved, or the media type of a parameter or header
// with content, and reports whether its members are exploded (OpenAPI 3.0.3, Parameter Object).
func serialization(n *Node) (style string, explode bool) {
	for mediaType := range Pairs(Get(n, "content")) {
		return neutralType(mediaType), false
	}
	style = Text(Get(n, "style"))
	if style == "" {
		style = "simple"
		if in := Text(Get(n, "in")); in == "query" || in == "cookie" {
			style = "form"
		}
	}
	explode = style == "form"
	if e := Get(n, "explode"); e != nil {
		explode = True(e)
	}
	if True(Get(n, "allowReserved")) {
		style += " allowReserved"
	}
	return style, explode
}

// valueSchema returns the schema of a parameter or header: that of the object or of its
// content.
func (r *Reader) valueSchema(at place) *Schema {
	if schema := at.in("schema"); schema.node != nil {
		return r.schemaAt(schema)
	}
	for mediaType := range Pairs(Get(at.node, "content")) {
		return r.schemaAt(at.in("content", mediaType, "schema"))
	}
	return nil
}

// requestBody returns the request body at this version, or nil.
func (r *Reader) requestBody(use place) *Body {
	at := r.follow(use)
	forms, exists := r.forms(at)
	if at.node == nil || !exists {
		return nil
	}
	return &Body{
		Required: True(Get(at.node, "required")), RequiredAt: r.place(at).keyword(at.node, "required"),
		Media: r.media(forms, "requestBody"), Prose: r.prose(nil, at), At: r.place(use), Declared: r.place(at),
	}
}

// bodyForm is a body in one media type.
type bodyForm struct {
	mediaType string
	place
}

// forms lists the forms of a body or response at this version. exists is false if it has
// content, all of which is of other resource versions.
func (r *Reader) forms(holder place) (own []bodyForm, exists bool) {
	content := holder.in("content")
	for mediaType, node := range Pairs(content.node) {
		if hasVersion(mediaType, r.version) {
			own = append(own, bodyForm{mediaType, place{node, Join(content.pointer, mediaType)}})
		}
	}
	return own, own != nil || content.node == nil || len(content.node.Content) == 0
}

// keyword returns the place of a key of an object, whether or not the object has it.
func (p Place) keyword(n *Node, key string) Place {
	if value := Get(n, key); value != nil {
		return p.Doc.placeOf(value, Join(p.Pointer, key))
	}
	return p.Child(key)
}

// media reads the forms of a body by media type; name is that of the body.
func (r *Reader) media(forms []bodyForm, name string) map[string]*Media {
	out := make(map[string]*Media)
	for _, f := range forms {
		neutral := neutralType(f.mediaType)
		out[neutral] = &Media{Type: f.mediaType, At: r.place(f.place), Prose: r.prose(nil, f.place), Schema: r.schemaAt(f.in("schema"))}
		r.uninterpreted(name+" "+neutral+" encoding", f.in("encoding"))
	}
	return out
}

// response returns the response at this version, or nil.
func (r *Reader) response(status string, use place) *Response {
	at := r.follow(use)
	forms, exists := r.forms(at)
	if at.node == nil || !exists {
		return nil
	}
	out := &Response{Headers: make(map[string]*Header)}
	out.Body = Body{Prose: r.prose(nil, at), At: r.place(use), Declared: r.place(at)}
	if HasNoBody(status) {
		out.Ignored = slices.ContainsFunc(forms, func(f bodyForm) bool { return Get(f.node, "schema") != nil })
	} else {
		out.Media = r.media(forms, "responses "+status)
	}
	headers := at.in("headers")
	for name, header := range Pairs(headers.node) {
		if !strings.EqualFold(name, "Content-Type") {
			out.Headers[strings.ToLower(name)] = r.header(name, place{header, Join(headers.pointer, name)})
		}
	}
	r.uninterpreted("responses "+Status(status)+" links", at.in("links"))
	return out
}

// Status returns the key of a response in its canonical form: "200", "4XX", "default".
func Status(key string) string {
	if strings.EqualFold(key, "default") {
		return "default"
	}
	return strings.ToUpper(key)
}

// HasNoBody reports whether HTTP forbids a body for a status (RFC 9110, sections 15.3.5 and
// 15.4.5), even if the document declares one. Atlas declares a media type for a 204 to state
// its version.
func HasNoBody(status string) bool {
	return status == "204" || status == "304" || strings.HasPrefix(status, "1")
}

func (r *Reader) header(name string, use place) *Header {
	at := r.follow(use)
	if at.node == nil {
		return &Header{Name: name}
	}
	h := &Header{Name: textproto.TrimString(name), Value: r.value(at)}
	h.At = r.place(use)
	return h
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
