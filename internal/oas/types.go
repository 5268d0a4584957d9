package oas

import (
	"slices"
	"strings"
)

// types keeps the types that all parts allow. OpenAPI 3.1 writes nullable as a type. If two
// parts exclude each other's types, the document contains a mistake. The types of the
// branches then have precedence over the type next to the choice, and the second of two
// members of allOf over the first. The first type is kept as an assertion, so that a change
// of it is a difference.
func (m *merger) types(at place, nextToChoice bool) {
	own := []string{}
	for _, name := range append(Texts(at.node), Text(at.node)) {
		switch name {
		case "":
		case "null":
			m.Nullable = true
			m.note("nullable", at)
		default:
			own = append(own, name)
		}
	}
	slices.Sort(own)
	own = slices.Compact(own)
	if slices.Contains(own, "number") { // an integer is a number
		own = slices.DeleteFunc(own, func(name string) bool { return name == "integer" })
	}
	m.note("type", at)
	common := commonTypes(m.Types, own)
	switch {
	case m.Types == nil:
		m.Types = own
	case len(common) > 0 || len(own) == 0:
		m.Types = common
	case !nextToChoice:
		m.assert("type", Item{Value: Quote(strings.Join(m.Types, " or ")), At: m.places["type"]})
		m.Types = own
	}
}

// commonTypes intersects two lists of types; an integer is a number.
func commonTypes(a, b []string) []string {
	common := []string{}
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
	slices.Sort(common)
	return slices.Compact(common)
}

// nulls collects what the parts of a schema specify about null, except that some allow it.
type nulls struct {
	// excluded is true if a part does not allow null.
	excluded bool
	// untypedNullable is true if a part without a type has nullable: true. Formally, that has no
	// effect (OpenAPI 3.0.3, Schema Object), but documents write it next to an allOf to
	// apply it to the whole schema.
	untypedNullable bool
}

// nullsOf adds what a part specifies about null.
func (m *merger) nullsOf(p part) {
	declared, nullable := Get(p.node, "type"), True(Get(p.node, "nullable"))
	switch {
	case nullable && declared == nil:
		m.nulls.untypedNullable = true
	case declared != nil && !nullable && !p.orNull && Text(declared) != "null" && !slices.Contains(Texts(declared), "null"):
		m.nulls.excluded = true
	}
	if nullable || p.orNull {
		return
	}
	values := Items(Get(p.node, "enum"))
	if only := Get(p.node, "const"); only != nil {
		values = append(slices.Clip(values), only)
	}
	if len(values) > 0 && !slices.ContainsFunc(values, func(n *Node) bool { return n.Tag == "!!null" }) {
		m.nulls.excluded = true
	}
}

// nullChoice reads a branch of type null, which OpenAPI 3.1 documents use for nullable.
func (m *merger) nullChoice(at place) {
	for i, item := range Items(at.node) {
		if isNull(item) {
			m.Nullable = true
			m.note("nullable", place{item, Index(at.pointer, i)})
		}
	}
}
