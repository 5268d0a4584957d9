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
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(tokens[i])
	}
	w := walk{root: l.root, steps: maxSteps}
	return w.to(place{node: l.root}, tokens).line
}

// walk follows a pointer.
type walk struct {
	root  *yaml.Node
	steps int // that may still be taken
}

// maxSteps bounds a walk: references and allOf of a hostile file may lead in circles,
// and fork at each.
const maxSteps = 10_000

// place is how far a pointer led: to a node and its line, with so many steps to go.
type place struct {
	node *yaml.Node
	line int
	left int
}

// to goes as far as the tokens lead from a place.
func (w *walk) to(from place, tokens []string) place {
	from.left = len(tokens)
	if w.steps--; len(tokens) == 0 || w.steps < 0 {
		return from
	}
	best := from
	try := func(next place, tokens []string) {
		if reached := w.to(next, tokens); reached.left < best.left {
			best = reached
		}
	}
	n := from.node
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(tokens[0]); err == nil && i >= 0 && i < len(n.Content) {
			try(place{node: n.Content[i], line: n.Content[i].Line}, tokens[1:])
		}
		return best
	}
	if key, value := member(n, tokens[0]); value != nil {
		try(place{node: value, line: key.Line}, tokens[1:])
	}
	for _, other := range w.behind(n) {
		if best.left > 0 {
			try(place{node: other, line: from.line}, tokens)
		}
	}
	return best
}

// behind gives the nodes whose members count as those of n: what it refers to, and
// the parts of its allOf.
func (w *walk) behind(n *yaml.Node) []*yaml.Node {
	var others []*yaml.Node
	if _, ref := member(n, "$ref"); ref != nil {
		if to := w.resolve(ref.Value); to != nil {
			others = append(others, to)
		}
	}
	if _, parts := member(n, "allOf"); parts != nil {
		others = append(others, parts.Content...)
	}
	return others
}

// resolve gives the node that a local reference leads to.
func (w *walk) resolve(ref string) *yaml.Node {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	at := w.root
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
