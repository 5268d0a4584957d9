package oas

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Operation is one operation of a document, as listed by Operations.
type Operation struct {
	// Method is in upper case. Path is written as in the document.
	Method, Path string
	// ID is the operationId. ShortName is the x-xgen-operation-id-override, or else ID, or
	// else "METHOD /path".
	ID, ShortName string
	// Tags are in the order of the document.
	Tags []string
	// Versions are the resource versions in its media types, the oldest first. It is empty
	// if the media types have no versions.
	Versions []string

	doc        *Document
	item, node *Node
	// itemAt and at are the pointers of item and node after references are followed.
	itemAt, at string
}

// String returns method and path.
func (o *Operation) String() string { return o.Method + " " + o.Path }

// Document returns the document that the operation was listed from.
func (o *Operation) Document() *Document { return o.doc }

// Node returns the operation's own mapping.
func (o *Operation) Node() *Node { return o.node }

// Item returns the path item that contains the operation.
func (o *Operation) Item() *Node { return o.item }

// Pointer returns the pointer of Node. If the path item is a reference, the pointer is that
// of its target, which may be outside of /paths.
func (o *Operation) Pointer() string { return o.at }

// At returns the version of the operation that a request for the given version gets: the
// newest version that is not later. ok is false if all versions of the operation are later.
func (o *Operation) At(version string) (at string, ok bool) { return SnapDown(o.Versions, version) }

// IsPreview reports whether the operation exists only as a preview: it has versions, but
// none of them is a date.
func (o *Operation) IsPreview() bool {
	return len(o.Versions) > 0 && !slices.ContainsFunc(o.Versions, IsDate)
}

// Key returns the method and path that identify the operation for a client. The key does
// not depend on the names of path parameters, nor on whether the common prefix is in the
// server's URL or in the path.
func (o *Operation) Key() string {
	servers, _ := inEffect("servers", place{o.node, o.at}, place{o.item, o.itemAt}, place{o.doc.root, ""})
	prefix := ""
	if all := Items(servers); len(all) > 0 {
		_, prefix = baseAddress(Text(Get(all[0], "url")))
	}
	return o.Method + " " + EmptyParameters(prefix+o.Path)
}

// EmptyParameters replaces each {name} of a path by {}.
func EmptyParameters(path string) string {
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

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// Operations lists all operations in the order of the source. It follows path items that
// are references; the errors are those of Follow.
func (d *Document) Operations() ([]*Operation, error) {
	var found []*Operation
	for path, node := range Pairs(Get(d.root, "paths")) {
		item, at, err := d.Follow(node, Join("/paths", path))
		if err != nil {
			return nil, fmt.Errorf("%s: path %s, line %d: %w", d.name, path, node.Line, err)
		}
		for method, op := range Pairs(item) {
			if slices.Contains(methods, method) && IsMapping(op) {
				found = append(found, d.operation(path, method, place{item, at}, op))
			}
		}
	}
	return found, nil
}

func (d *Document) operation(path, method string, item place, node *Node) *Operation {
	op := &Operation{
		Method: strings.ToUpper(method), Path: path, ID: Text(Get(node, "operationId")), Tags: Texts(Get(node, "tags")),
		doc: d, item: item.node, node: node, itemAt: item.pointer, at: Join(item.pointer, method),
	}
	op.ShortName = cmp.Or(Text(Get(node, "x-xgen-operation-id-override")), op.ID, op.String())
	op.Versions = op.versions()
	return op
}

func (o *Operation) versions() []string {
	found := make(map[string]bool)
	for _, holder := range o.contentHolders() {
		for mediaType := range Pairs(Get(holder, "content")) {
			if v := MediaTypeVersion(mediaType); v != "" {
				found[v] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// contentHolders returns the request body and the responses, with references replaced by
// their targets. References that cannot be followed are skipped.
func (o *Operation) contentHolders() []*Node {
	var holders []*Node
	add := func(n *Node) {
		if n, _, err := o.doc.Follow(n, ""); err == nil && n != nil {
			holders = append(holders, n)
		}
	}
	add(Get(o.node, "requestBody"))
	for _, response := range Pairs(Get(o.node, "responses")) {
		add(response)
	}
	return holders
}

// inEffect returns the value of key in the first of the holders that has it, and its
// pointer. If none has it, the pointer is below the last holder.
func inEffect(key string, holders ...place) (*Node, string) {
	for _, h := range holders {
		if n := Get(h.node, key); n != nil {
			return n, Join(h.pointer, key)
		}
	}
	return nil, Join(holders[len(holders)-1].pointer, key)
}

// Described reports whether the operation has a summary or a description, or one of its
// parameters has a description.
func (o *Operation) Described() bool {
	for _, n := range append([]*Node{o.node}, Items(Get(o.node, "parameters"))...) {
		if Get(n, "summary") != nil || Get(n, "description") != nil {
			return true
		}
	}
	return false
}

// Servers returns the base URLs of the document's top level in a canonical form.
func (d *Document) Servers() map[string]Place {
	r := d.Reader()
	r.out = &Effective{Uninterpreted: make(map[string]Part)}
	return r.servers(Get(d.root, "servers"), "/servers")
}
