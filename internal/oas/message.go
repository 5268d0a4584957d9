package oas

import (
	"net/textproto"
	"slices"
	"strconv"
	"strings"
)

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
