package schema

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Declares reports whether the member at a pointer into a text is declared, in any branch
// of the unions on the path. If value is not "", it reports whether the member's enum
// includes the value.
func (s *Schema) Declares(pointer, value string) bool {
	nodes := []*node{s.root}
	for _, token := range oas.Split(pointer) {
		nodes = below(nodes, token)
	}
	return pointer != "" && slices.ContainsFunc(nodes, func(n *node) bool { return value == "" || n.lists(value) })
}

// lists reports whether the value is in the enum.
func (n *node) lists(text string) bool {
	_, listed := n.coverageItemOf([]byte(text))
	return listed
}

func below(nodes []*node, token string) []*node {
	var applicable, next []*node
	for _, n := range nodes {
		applicable = n.applicable(nil, (*union).possible, applicable)
	}
	for _, n := range applicable {
		if p := n.prop(token); p != nil {
			next = append(next, p.node)
		}
		if n.items != nil && token != "" && strings.Trim(token, "0123456789") == "" {
			next = append(next, n.items)
		}
	}
	return next
}
