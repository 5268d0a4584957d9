package contract

import (
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// lines finds the line of a pointer in a specification file. The file is parsed for
// that when the first line is asked for.
type lines struct {
	source []byte
	once   sync.Once
	root   *yaml.Node
}

// line gives the line of the place that pointer leads to, following references and
// looking into allOf, since a cut document has both resolved. Where the file lacks
// the last steps, the line is that of the place before them.
func (l *lines) line(pointer string) int {
	l.once.Do(func() {
		var doc yaml.Node
		if yaml.Unmarshal(l.source, &doc) == nil && len(doc.Content) == 1 {
			l.root = doc.Content[0]
		}
	})
	if l.root == nil || pointer == "" {
		return 0
	}
	at, line := l.root, 0
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		key, value := l.step(at, strings.NewReplacer("~1", "/", "~0", "~").Replace(token), 0)
		if value == nil {
			return line
		}
		at, line = value, key.Line
	}
	return line
}

// maxHops bounds the references followed for one step.
const maxHops = 16

func (l *lines) step(n *yaml.Node, token string, hops int) (key, value *yaml.Node) {
	if hops > maxHops {
		return nil, nil
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	case yaml.MappingNode:
		if key, value = member(n, token); value != nil {
			return key, value
		}
		if _, ref := member(n, "$ref"); ref != nil {
			if to := l.resolve(ref.Value); to != nil {
				return l.step(to, token, hops+1)
			}
		}
		return l.stepParts(n, token, hops)
	}
	return nil, nil
}

func (l *lines) stepParts(n *yaml.Node, token string, hops int) (key, value *yaml.Node) {
	_, parts := member(n, "allOf")
	if parts == nil {
		return nil, nil
	}
	for _, part := range parts.Content {
		if key, value = l.step(part, token, hops+1); value != nil {
			return key, value
		}
	}
	return nil, nil
}

// resolve gives the node that a local reference leads to.
func (l *lines) resolve(ref string) *yaml.Node {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	at := l.root
	for token := range strings.SplitSeq(pointer, "/") {
		if _, at = member(at, strings.NewReplacer("~1", "/", "~0", "~").Replace(token)); at == nil {
			return nil
		}
	}
	return at
}

func member(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}
