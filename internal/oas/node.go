package oas

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Node is a node of a document's tree: a mapping, a sequence or a scalar. A mapping's
// Content alternates keys and values. Line and Column are its position in the source.
type Node = yaml.Node

// The functions below accept nil and return a zero value for it.

// Get returns the value of a key of a mapping, or nil.
func Get(m *Node, key string) *Node {
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

// At follows keys down from n, and returns the last value, or nil.
func At(n *Node, keys ...string) *Node {
	for _, key := range keys {
		n = Get(n, key)
	}
	return n
}

// Pairs iterates over a mapping in the order of the source.
func Pairs(m *Node) iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		if m == nil || m.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			if !yield(m.Content[i].Value, m.Content[i+1]) {
				return
			}
		}
	}
}

// Items returns the members of a sequence.
func Items(s *Node) []*Node {
	if s == nil || s.Kind != yaml.SequenceNode {
		return nil
	}
	return s.Content
}

// IsMapping reports whether n is a mapping.
func IsMapping(n *Node) bool { return n != nil && n.Kind == yaml.MappingNode }

// IsSequence reports whether n is a sequence.
func IsSequence(n *Node) bool { return n != nil && n.Kind == yaml.SequenceNode }

// Text returns the text of a scalar, or "" for any other node.
func Text(n *Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// Texts returns the texts of the scalars of a sequence.
func Texts(s *Node) []string {
	var out []string
	for _, item := range Items(s) {
		if item.Kind == yaml.ScalarNode {
			out = append(out, item.Value)
		}
	}
	return out
}

// True reports whether n is the boolean true.
func True(n *Node) bool { return isBool(n, "true") }

func isBool(n *Node, value string) bool {
	return n != nil && n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, value) && n.ShortTag() == "!!bool"
}

// Set replaces a key's value, or adds the pair at the end.
func Set(m *Node, key string, value *Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, String(key), value)
}

// Keep removes each pair for which wanted returns false.
func Keep(m *Node, wanted func(key string, value *Node) bool) {
	if m == nil || m.Kind != yaml.MappingNode {
		return
	}
	kept := m.Content[:0]
	for i := 0; i+1 < len(m.Content); i += 2 {
		if wanted(m.Content[i].Value, m.Content[i+1]) {
			kept = append(kept, m.Content[i], m.Content[i+1])
		}
	}
	m.Content = kept
}

// Remove removes keys from a mapping.
func Remove(m *Node, keys ...string) {
	Keep(m, func(key string, _ *Node) bool { return !slices.Contains(keys, key) })
}

// String returns a new string node.
func String(value string) *Node {
	return &Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// Mapping returns a new mapping of alternating keys and values.
func Mapping(content ...*Node) *Node {
	return &Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content}
}

// Sequence returns a new sequence.
func Sequence(content ...*Node) *Node {
	return &Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: content}
}

// Shallow copies a node, but not its children.
func Shallow(n *Node) *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = slices.Clone(n.Content)
	return &c
}

// Clone copies a tree, including lines and columns.
func Clone(n *Node) *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = make([]*Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = Clone(child)
	}
	return &c
}

// Size returns the number of nodes of a tree.
func Size(n *Node) int {
	count := 1
	for _, child := range n.Content {
		count += Size(child)
	}
	return count
}

// Difference returns the JSON pointer of the first place where the values of two trees
// differ, and whether they differ. Styles, lines and the order of keys are ignored.
func Difference(a, b *Node) (pointer string, differ bool) { return difference(a, b, "") }

// Equal reports whether two trees have the same value.
func Equal(a, b *Node) bool {
	_, differ := difference(a, b, "")
	return !differ
}

func difference(a, b *Node, at string) (string, bool) {
	switch {
	case a == nil || b == nil:
		return at, a != b
	case a.Kind != b.Kind:
		return at, true
	case a.Kind == yaml.MappingNode:
		return differentKeys(a, b, at)
	case a.Kind == yaml.SequenceNode && len(a.Content) != len(b.Content):
		return at, true
	case a.Kind == yaml.SequenceNode:
		for i := range a.Content {
			if p, differ := difference(a.Content[i], b.Content[i], Index(at, i)); differ {
				return p, true
			}
		}
		return "", false
	}
	return at, Canonical(a) != Canonical(b)
}

func differentKeys(a, b *Node, at string) (string, bool) {
	others := maps.Collect(Pairs(b))
	for key, value := range Pairs(a) {
		if p, differ := difference(value, others[key], Join(at, key)); differ {
			return p, true
		}
		delete(others, key)
	}
	for key := range Pairs(b) {
		if others[key] != nil {
			return Join(at, key), true
		}
	}
	return "", false
}
