package trim

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Helpers over yaml.Node mappings, whose Content alternates keys and values. All
// of them take nil, and give nothing for it.

func get(m *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(m) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

func pairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		if m == nil || m.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			if !yield(m.Content[i], m.Content[i+1]) {
				return
			}
		}
	}
}

func items(s *yaml.Node) []*yaml.Node {
	if s == nil || s.Kind != yaml.SequenceNode {
		return nil
	}
	return s.Content
}

func text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// set replaces key's value in place, or adds the pair at the end.
func set(m *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, scalar(key), value)
}

// keep drops each pair that the predicate refuses.
func keep(m *yaml.Node, wanted func(key string, value *yaml.Node) bool) {
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

func remove(m *yaml.Node, keys ...string) {
	keep(m, func(key string, _ *yaml.Node) bool { return !slices.Contains(keys, key) })
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func mapping(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content}
}

func sequence(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: content}
}

func clone(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = clone(child)
	}
	return &c
}

// equal compares by value: styles, comments and places do not count.
func equal(a, b *yaml.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Value != b.Value || a.ShortTag() != b.ShortTag() {
		return false
	}
	return slices.EqualFunc(a.Content, b.Content, equal)
}

// maxNodes bounds what aliases may expand to; the Atlas specification of 2026 has 150,000.
const maxNodes = 5_000_000

// maxDepth bounds nesting; OpenAPI documents stay under 40.
const maxDepth = 200

// expand replaces aliases by what they stand for and refuses duplicate keys, so
// that everything behind it sees a plain tree.
func expand(n *yaml.Node) (*yaml.Node, error) {
	budget := maxNodes
	return expandNode(n, &budget, 0)
}

func expandNode(n *yaml.Node, budget *int, depth int) (*yaml.Node, error) {
	if *budget--; *budget < 0 {
		return nil, errors.New("its aliases expand to too much")
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: nested deeper than %d levels", n.Line, maxDepth)
	}
	if n.Kind == yaml.AliasNode {
		return expandAlias(n, budget, depth)
	}
	n.Anchor = ""
	for i, child := range n.Content {
		expanded, err := expandNode(child, budget, depth+1)
		if err != nil {
			return nil, err
		}
		n.Content[i] = expanded
	}
	return n, checkKeys(n)
}

func expandAlias(n *yaml.Node, budget *int, depth int) (*yaml.Node, error) {
	target := *n.Alias
	target.Content = slices.Clone(target.Content)
	return expandNode(&target, budget, depth+1)
}

func checkKeys(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for k := range pairs(n) {
		if k.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: a mapping's key is no scalar", k.Line)
		}
		if k.Tag == "!!merge" {
			return fmt.Errorf("line %d: YAML merge keys (<<) are not supported", k.Line)
		}
		if seen[k.Value] {
			return fmt.Errorf("line %d: key %q stands twice in one mapping", k.Line, k.Value)
		}
		seen[k.Value] = true
	}
	return nil
}
