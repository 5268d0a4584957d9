package schema

import "strings"

// Declares tells whether the member at a pointer into a text is declared, in any
// branch of the unions on the way.
func (s *Schema) Declares(pointer string) bool {
	nodes := []*node{s.root}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		nodes = below(nodes, pointerUnescapes.Replace(token))
	}
	return pointer != "" && len(nodes) > 0
}

var pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")

func below(nodes []*node, token string) []*node {
	var views, next []*node
	for _, n := range nodes {
		views = n.views(nil, views)
	}
	for _, n := range views {
		if p := n.prop(token); p != nil {
			next = append(next, p.node)
		}
		if n.items != nil && token != "" && strings.Trim(token, "0123456789") == "" {
			next = append(next, n.items)
		}
	}
	return next
}
