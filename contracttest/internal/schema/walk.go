package schema

import (
	"maps"
	"slices"
)

// walk calls visit for a value and each value in it that the schemas declare, outer values
// first and members by name. nodes are the schemas of a value, applicable those of them
// that apply, with the branches of unions that choose returns.
func walk(nodes []*node, value any, at *location, choose func(u *union, value any) []branch,
	visit func(nodes, applicable []*node, value any, at *location),
) {
	if len(nodes) == 0 {
		return // nothing is declared here or below
	}
	var applicable []*node
	for _, n := range nodes {
		applicable = n.applicable(value, choose, applicable)
	}
	visit(nodes, applicable, value, at)
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			walk(declarations(applicable, name), value[name], at.member(name), choose, visit)
		}
	case []any:
		items := itemsOf(applicable)
		for i, item := range value {
			walk(items, item, at.item(i), choose, visit)
		}
	}
}

// declarations returns the declarations of a member.
func declarations(applicable []*node, name string) []*node {
	var nodes []*node
	for _, n := range applicable {
		if p := n.prop(name); p != nil {
			nodes = append(nodes, p.node)
		}
	}
	return nodes
}

// itemsOf returns the declarations of an array's items.
func itemsOf(applicable []*node) []*node {
	var items []*node
	for _, n := range applicable {
		if n.items != nil {
			items = append(items, n.items)
		}
	}
	return items
}
