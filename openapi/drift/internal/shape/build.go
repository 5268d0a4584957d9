package shape

import (
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func isMethod(key string) bool { return slices.Contains(methods, key) }

// Key names an operation by method and path as a client calls it: what a path
// parameter is called does not count, nor whether the server's address or the path
// holds the common prefix.
func Key(method, path string, servers *yaml.Node) string {
	prefix := ""
	if all := tree.Items(servers); len(all) > 0 {
		if u, err := url.Parse(tree.Text(tree.Get(all[0], "url"))); err == nil {
			prefix = strings.TrimRight(u.Path, "/")
		}
	}
	return strings.ToUpper(method) + " " + emptyParameters(prefix+path)
}

// KeyAt is Key for an operation of a document.
func KeyAt(root *yaml.Node, path, method string) string {
	item := tree.At(root, "paths", path)
	servers, _ := inEffect("servers", part{node: tree.Get(item, strings.ToLower(method))}, part{node: item}, part{node: root})
	return Key(method, path, servers)
}

// emptyParameters replaces {anything} by {}.
func emptyParameters(path string) string {
	var out strings.Builder
	for path != "" {
		before, rest, found := strings.Cut(path, "{")
		out.WriteString(before)
		_, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			break
		}
		out.WriteString("{}")
		path = after
	}
	return out.String()
}

// inEffect gives the first of the holders' values for key, and its pointer.
func inEffect(key string, holders ...part) (*yaml.Node, string) {
	for _, h := range holders {
		if n := tree.Get(h.node, key); n != nil {
			return n, tree.Join(h.pointer, key)
		}
	}
	return nil, tree.Join(holders[len(holders)-1].pointer, key)
}

func (b *builder) operation(path, method, version string, item, node *yaml.Node) *Operation {
	itemAt := tree.Join("/paths", path)
	pointer := tree.Join(itemAt, method)
	own, shared, root := part{node: node, pointer: pointer}, part{node: item, pointer: itemAt}, part{node: b.root}
	servers, serversAt := inEffect("servers", own, shared, root)
	op := &Operation{
		Key: Key(method, path, servers), Version: version, At: b.place(pointer),
		Name: firstText(tree.Get(node, "x-xgen-operation-id-override"), tree.Get(node, "operationId")),
	}
	op.Servers, op.ServersAt = b.servers(servers, serversAt), b.place(serversAt)
	security, securityAt := inEffect("security", own, root)
	op.Logins, op.LoginsAt = b.logins(security, securityAt), b.place(securityAt)
	op.Parameters = make(map[string]*Parameter)
	b.parameters(op, path, own)
	b.parameters(op, path, shared)
	if body := tree.Get(node, "requestBody"); body != nil {
		op.Body = b.body(body, tree.Join(pointer, "requestBody"))
	}
	op.Responses = make(map[string]*Response)
	for status, response := range tree.Pairs(tree.Get(node, "responses")) {
		op.Responses[strings.ToUpper(status)] = b.response(status, response, tree.Join(pointer, "responses", status))
	}
	op.Prose = b.prose(nil, node, pointer)
	return op
}

func firstText(nodes ...*yaml.Node) string {
	for _, n := range nodes {
		if t := tree.Text(n); t != "" {
			return t
		}
	}
	return ""
}

// servers lists the hosts; the path of an address is part of the operation's.
func (b *builder) servers(list *yaml.Node, pointer string) map[string]Place {
	out := make(map[string]Place)
	for i, server := range tree.Items(list) {
		address := tree.Text(tree.Get(server, "url"))
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			address = u.Scheme + "://" + u.Host
		} else if err == nil {
			continue
		}
		if _, known := out[address]; !known {
			out[address] = b.place(tree.Index(pointer, i))
		}
	}
	return out
}

func (b *builder) parameters(op *Operation, path string, holder part) {
	pointer := tree.Join(holder.pointer, "parameters")
	for i, node := range tree.Items(tree.Get(holder.node, "parameters")) {
		useAt := tree.Index(pointer, i)
		n, at := b.deref(node, useAt)
		p := b.parameter(n, at, path)
		p.At = b.place(useAt)
		key := p.In + " " + p.Name
		if _, own := op.Parameters[key]; !own && !ignoredParameter(p) {
			op.Parameters[key] = p
		}
	}
}

// ignoredParameter tells whether OpenAPI says the parameter is no parameter: these
// headers are described by content and security. Nor is it one without a name.
func ignoredParameter(p *Parameter) bool {
	return p.Name == "" || p.In == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, p.Name)
}

func (b *builder) parameter(n *yaml.Node, pointer, path string) *Parameter {
	p := &Parameter{
		Name: tree.Text(tree.Get(n, "name")), In: tree.Text(tree.Get(n, "in")),
		Required: tree.True(tree.Get(n, "required")), Deprecated: tree.True(tree.Get(n, "deprecated")),
		Serialization: serialization(n), Prose: b.prose(nil, n, pointer), Declared: b.place(pointer),
	}
	p.Label = p.Name
	switch p.In {
	case "path":
		p.Name, p.Required = pathPosition(path, p.Name), true
	case "header":
		p.Name = strings.ToLower(p.Name)
	}
	p.Schema = b.valueSchema(n, pointer)
	return p
}

// pathPosition names a path parameter by its place in the path, the first being {1}.
func pathPosition(path, name string) string {
	before, _, found := strings.Cut(path, "{"+name+"}")
	if !found {
		return name
	}
	return "{" + strconv.Itoa(strings.Count(before, "{")+1) + "}"
}

// serialization gives style, explode and allowReserved where they differ from the
// defaults of the parameter's place (OpenAPI 3.0.3, Parameter Object).
func serialization(n *yaml.Node) string {
	style := tree.Text(tree.Get(n, "style"))
	if style == "" {
		style = "simple"
		if in := tree.Text(tree.Get(n, "in")); in == "query" || in == "cookie" {
			style = "form"
		}
	}
	explode := style == "form"
	if e := tree.Get(n, "explode"); e != nil {
		explode = tree.True(e)
	}
	out := style
	if explode {
		out += " explode"
	}
	if tree.True(tree.Get(n, "allowReserved")) {
		out += " allowReserved"
	}
	if content := tree.Get(n, "content"); content != nil {
		for mediaType := range tree.Pairs(content) {
			return NeutralType(mediaType)
		}
	}
	return out
}

// valueSchema gives the schema of a parameter or header, which may stand in content.
func (b *builder) valueSchema(n *yaml.Node, pointer string) *Schema {
	if schema := tree.Get(n, "schema"); schema != nil {
		return b.schemaAt(schema, tree.Join(pointer, "schema"))
	}
	for mediaType, media := range tree.Pairs(tree.Get(n, "content")) {
		return b.schemaAt(tree.Get(media, "schema"), tree.Join(pointer, "content", mediaType, "schema"))
	}
	return nil
}

func (b *builder) body(node *yaml.Node, useAt string) *Body {
	n, pointer := b.deref(node, useAt)
	return &Body{
		Required: tree.True(tree.Get(n, "required")), RequiredAt: b.place(tree.Join(pointer, "required")),
		Media: b.media(n, pointer), Prose: b.prose(nil, n, pointer), At: b.place(useAt), Declared: b.place(pointer),
	}
}

// media lists a body's forms. The resource version is not part of the name.
func (b *builder) media(holder *yaml.Node, pointer string) map[string]*Media {
	out := make(map[string]*Media)
	for mediaType, node := range tree.Pairs(tree.Get(holder, "content")) {
		at := tree.Join(pointer, "content", mediaType)
		out[NeutralType(mediaType)] = &Media{
			Type: mediaType, At: b.place(at), Prose: b.prose(nil, node, at),
			Schema: b.schemaAt(tree.Get(node, "schema"), tree.Join(at, "schema")),
		}
	}
	return out
}

// NeutralType gives a media type without resource version, parameters and case.
func NeutralType(mediaType string) string {
	base, _, _ := strings.Cut(mediaType, ";")
	base = strings.ToLower(strings.TrimSpace(base))
	if v := trim.MediaTypeVersion(base); v != "" {
		base = strings.Replace(base, "."+v+"+", "+", 1)
	}
	return base
}

func (b *builder) response(status string, node *yaml.Node, useAt string) *Response {
	n, pointer := b.deref(node, useAt)
	r := &Response{Headers: make(map[string]*Header)}
	r.Body = Body{Media: b.media(n, pointer), Prose: b.prose(nil, n, pointer), At: b.place(useAt), Declared: b.place(pointer)}
	if hasNoBody(status) {
		clear(r.Media)
	}
	for name, header := range tree.Pairs(tree.Get(n, "headers")) {
		if !strings.EqualFold(name, "Content-Type") {
			r.Headers[textproto.CanonicalMIMEHeaderKey(name)] = b.header(name, header, tree.Join(pointer, "headers", name))
		}
	}
	return r
}

// hasNoBody tells whether HTTP forbids a body (RFC 9110, sections 15.3.5 and 15.4.5),
// whatever the document declares. Atlas declares the media type of a 204 for its version.
func hasNoBody(status string) bool {
	return status == "204" || status == "304" || strings.HasPrefix(status, "1")
}

func (b *builder) header(name string, node *yaml.Node, useAt string) *Header {
	n, pointer := b.deref(node, useAt)
	return &Header{
		Name: name, Required: tree.True(tree.Get(n, "required")), Deprecated: tree.True(tree.Get(n, "deprecated")),
		Schema: b.valueSchema(n, pointer), Prose: b.prose(nil, n, pointer),
		At: b.place(useAt), Declared: b.place(pointer),
	}
}
