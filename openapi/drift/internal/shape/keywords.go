package shape

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// merger collects what several parts say.
type merger struct {
	*builder
	*Schema
	properties        map[string][]part
	items, additional []part
	enumerated        bool
}

func (m *merger) keywords(p part) {
	at := func(keyword string) string { return tree.Join(p.pointer, keyword) }
	if !p.beside {
		m.Prose = m.prose(m.Prose, p.node, p.pointer)
	}
	if p.words {
		return
	}
	for keyword, value := range tree.Pairs(p.node) {
		switch keyword {
		case "type":
			m.types(value, at(keyword))
		case "enum":
			m.enum(value, at(keyword))
		case "const":
			m.narrowEnum([]Item{m.item(value, at(keyword))}, at(keyword))
		case "properties":
			m.collect(value, at(keyword))
		case "required":
			m.required(value, at(keyword))
		case "items":
			m.items = append(m.items, part{node: value, pointer: at(keyword)})
		case "additionalProperties":
			m.extra(value, at(keyword))
		case "oneOf", "anyOf":
			m.nullChoice(value, at(keyword))
		case "nullable", "readOnly", "writeOnly", "deprecated", "default":
			if !p.beside {
				m.flag(keyword, value, at(keyword))
			}
		default:
			m.assertion(keyword, value, at(keyword))
		}
	}
}

func (m *merger) note(keyword, pointer string) {
	if _, known := m.places[keyword]; !known {
		m.places[keyword] = m.place(pointer)
	}
}

// types keeps the types that all parts allow. 3.1 writes nullable as a type.
func (m *merger) types(value *yaml.Node, pointer string) {
	var own []string
	for _, name := range append(tree.Texts(value), tree.Text(value)) {
		switch name {
		case "":
		case "null":
			m.Nullable = true
			m.note("nullable", pointer)
		default:
			own = append(own, name)
		}
	}
	slices.Sort(own)
	own = slices.Compact(own)
	m.note("type", pointer)
	if m.Types == nil {
		m.Types = own
		return
	}
	m.Types = commonTypes(m.Types, own)
}

// commonTypes intersects two lists of types; an integer is a number. Types that
// exclude each other give the second's, since nothing could satisfy both.
func commonTypes(a, b []string) []string {
	var common []string
	for _, x := range a {
		for _, y := range b {
			switch {
			case x == y || x == "integer" && y == "number":
				common = append(common, x)
			case x == "number" && y == "integer":
				common = append(common, y)
			}
		}
	}
	if common == nil {
		return b
	}
	slices.Sort(common)
	return slices.Compact(common)
}

// nullChoice reads 3.1's way to say nullable, a branch of type null.
func (m *merger) nullChoice(value *yaml.Node, pointer string) {
	for i, item := range tree.Items(value) {
		if isNull(item) {
			m.Nullable = true
			m.note("nullable", tree.Index(pointer, i))
		}
	}
}

func (m *merger) enum(value *yaml.Node, pointer string) {
	var own []Item
	for i, member := range tree.Items(value) {
		item := m.item(member, tree.Index(pointer, i))
		if item.Value != "null" {
			own = append(own, item)
		} else if m.siblings {
			m.Nullable = true
			m.note("nullable", item.At.Pointer)
		}
	}
	m.narrowEnum(own, pointer)
}

// narrowEnum keeps the values that all parts allow.
func (m *merger) narrowEnum(own []Item, pointer string) {
	m.note("enum", pointer)
	if !m.enumerated {
		m.enumerated = true
		m.Enum = uniqueItems(own)
		return
	}
	m.Enum = slices.DeleteFunc(m.Enum, func(i Item) bool {
		return !slices.ContainsFunc(own, func(j Item) bool { return i.Value == j.Value })
	})
}

func uniqueItems(list []Item) []Item {
	out := []Item{}
	for _, i := range list {
		if !slices.ContainsFunc(out, func(j Item) bool { return i.Value == j.Value }) {
			out = append(out, i)
		}
	}
	return out
}

func (m *merger) collect(value *yaml.Node, pointer string) {
	m.note("properties", pointer)
	for name, schema := range tree.Pairs(value) {
		m.properties[name] = append(m.properties[name], part{node: schema, pointer: tree.Join(pointer, name)})
	}
}

func (m *merger) required(value *yaml.Node, pointer string) {
	for i, name := range tree.Items(value) {
		if m.Required == nil {
			m.Required = make(map[string]Place)
		}
		if _, known := m.Required[name.Value]; !known && name.Kind == yaml.ScalarNode {
			m.Required[name.Value] = m.place(tree.Index(pointer, i))
		}
	}
	if len(tree.Items(value)) > 0 {
		m.note("required", pointer)
	}
}

func (m *merger) extra(value *yaml.Node, pointer string) {
	m.note("additionalProperties", pointer)
	switch {
	case value.Kind == yaml.MappingNode && len(value.Content) > 0:
		m.additional = append(m.additional, part{node: value, pointer: pointer})
	case value.Kind == yaml.ScalarNode && strings.EqualFold(value.Value, "false"):
		m.Closed = true
	}
}

func (m *merger) flag(keyword string, value *yaml.Node, pointer string) {
	if keyword == "default" {
		if m.Default == "" {
			m.Default = canonical(value)
			m.note(keyword, pointer)
		}
		return
	}
	if !tree.True(value) {
		return
	}
	m.note(keyword, pointer)
	switch keyword {
	case "nullable":
		m.Nullable = true
	case "readOnly":
		m.ReadOnly = true
	case "writeOnly":
		m.WriteOnly = true
	case "deprecated":
		m.Deprecated = true
	}
}

// silent are keywords that other code reads, and ones that bind nobody.
var silent = append([]string{
	"$ref", "allOf", "oneOf", "anyOf", "discriminator", "xml", "$comment", "$schema", "$id", "$anchor", "$defs", "definitions",
}, proseKeys...)

func (m *merger) assertion(keyword string, value *yaml.Node, pointer string) {
	if slices.Contains(silent, keyword) || strings.HasPrefix(keyword, "x-") || keyword == "uniqueItems" && !tree.True(value) {
		return
	}
	own := m.item(m.inlined(value), pointer)
	own.At = m.place(pointer)
	present, has := m.Assertions[keyword]
	switch {
	case !has:
	case present.Value == own.Value:
		return
	case IsBound(keyword):
		if DemandsMore(keyword, present.Value, own.Value) {
			return
		}
	default:
		own = Item{Value: `[` + present.Value + "," + own.Value + `]`, At: present.At}
	}
	m.Assertions[keyword] = own
	m.places[keyword] = own.At
}

// inlined gives a keyword's value with references replaced by what they name, for
// keywords that hold schemas and that no rule looks into.
func (m *merger) inlined(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return n
	}
	budget := maxInlined
	return m.inline(n, nil, &budget)
}

// maxInlined bounds the nodes that a keyword may be written out to.
const maxInlined = 10_000

func (m *merger) inline(n *yaml.Node, trail []string, budget *int) *yaml.Node {
	if *budget--; *budget < 0 {
		m.fail("%w", errTooMuch)
		return n
	}
	if ref := tree.Text(tree.Get(n, "$ref")); ref != "" {
		if slices.Contains(trail, ref) {
			return tree.Scalar("recursive")
		}
		target, _ := m.target(ref)
		if target == nil {
			return n
		}
		return m.inline(target, append(slices.Clone(trail), ref), budget)
	}
	out := *n
	out.Content = nil
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			out.Content = append(out.Content, child)
			continue
		}
		out.Content = append(out.Content, m.inline(child, trail, budget))
	}
	return &out
}
