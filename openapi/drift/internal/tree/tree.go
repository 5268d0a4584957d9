// Package tree reads YAML mappings and sequences of a specification, and names
// places in it. All of its functions take nil, and give nothing for it.
package tree

import (
	"iter"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Get gives the value of a mapping's key, nil when there is none.
func Get(m *yaml.Node, key string) *yaml.Node {
	for k, v := range Pairs(m) {
		if k == key {
			return v
		}
	}
	return nil
}

// At follows keys down from n.
func At(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		n = Get(n, key)
	}
	return n
}

// Pairs goes through a mapping in the order of the source.
func Pairs(m *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
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

// Items gives the members of a sequence.
func Items(s *yaml.Node) []*yaml.Node {
	if s == nil || s.Kind != yaml.SequenceNode {
		return nil
	}
	return s.Content
}

// Text gives a scalar as it is written.
func Text(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// Texts gives the scalars of a sequence.
func Texts(s *yaml.Node) []string {
	var out []string
	for _, item := range Items(s) {
		if item.Kind == yaml.ScalarNode {
			out = append(out, item.Value)
		}
	}
	return out
}

// True tells whether n is the boolean true.
func True(n *yaml.Node) bool {
	return n != nil && n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, "true") && n.ShortTag() == "!!bool"
}

// Scalar gives a new string node.
func Scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// Set replaces a key's value in place, or adds the pair at the end.
func Set(m *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, Scalar(key), value)
}

// Remove drops a key.
func Remove(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i:i], m.Content[i+2:]...)
			return
		}
	}
}

// Clone copies a tree; lines and columns stay.
func Clone(n *yaml.Node) *yaml.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		c.Content[i] = Clone(child)
	}
	return &c
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Join adds steps to a JSON pointer (RFC 6901).
func Join(pointer string, steps ...string) string {
	for _, step := range steps {
		pointer += "/" + escaper.Replace(step)
	}
	return pointer
}

// Index adds a sequence's index to a JSON pointer.
func Index(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

// Split takes a JSON pointer apart.
func Split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	steps := strings.Split(pointer[1:], "/")
	for i, step := range steps {
		steps[i] = unescaper.Replace(step)
	}
	return steps
}

// ComponentPointer gives the JSON pointer of a reference within the document
// ("#/components/schemas/Link"), "" for any other text.
func ComponentPointer(ref string) string {
	if !strings.HasPrefix(ref, "#/") {
		return ""
	}
	return ref[1:]
}

// Resolve gives the node at a JSON pointer, nil when there is none.
func Resolve(root *yaml.Node, pointer string) *yaml.Node {
	n := root
	for _, step := range Split(pointer) {
		if n == nil {
			return nil
		}
		if n.Kind == yaml.SequenceNode {
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = n.Content[i]
			continue
		}
		n = Get(n, step)
	}
	return n
}
