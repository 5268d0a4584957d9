package shape

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// part is a schema node that a value has to satisfy together with other parts.
type part struct {
	node    *yaml.Node
	pointer string
	// beside leaves out what makes the node a union, and what is said of the union
	// as a whole: it is the part that every branch has to satisfy as well.
	beside bool
	// words takes the node's prose alone: it stands beside a $ref.
	words bool
	// followed tells that what the node leads to is among the parts already.
	followed bool
}

func (p part) key() string {
	switch {
	case p.beside:
		return p.pointer + " beside"
	case p.words:
		return p.pointer + " words"
	}
	return p.pointer
}

// schemaAt builds the schema of one node; nil for none.
func (b *builder) schemaAt(n *yaml.Node, pointer string) *Schema {
	if n == nil {
		return nil
	}
	return b.schema([]part{{node: n, pointer: pointer}})
}

// schema builds what the parts demand together.
func (b *builder) schema(parts []part) *Schema {
	x := expansion{builder: b, seen: make(map[*yaml.Node]bool)}
	for _, p := range parts {
		x.add(p)
	}
	key := x.key()
	if known := b.schemas[key]; known != nil {
		return known
	}
	s := &Schema{At: x.at(), Assertions: make(map[string]Item), places: make(map[string]Place)}
	b.schemas[key] = s
	if len(b.schemas) > maxSchemas {
		b.fail("%w", errTooMuch)
	}
	if b.err == nil {
		b.fill(s, x.parts)
	}
	return s
}

// expansion follows references, allOf and choices of one to the nodes that hold
// keywords themselves.
type expansion struct {
	*builder
	parts []part
	seen  map[*yaml.Node]bool
	trail []*yaml.Node
}

func (x *expansion) key() string {
	var key strings.Builder
	for _, p := range x.parts {
		key.WriteString(p.key())
		key.WriteByte('\n')
	}
	return key.String()
}

// at is the outermost place that says more than words.
func (x *expansion) at() Place {
	for _, p := range x.parts {
		if !p.words {
			return x.place(p.pointer)
		}
	}
	return Place{}
}

// maxTrail bounds how many references and allOf may stand inside one another.
const maxTrail = 500

func (x *expansion) add(p part) {
	if slices.Contains(x.trail, p.node) {
		x.fail("%s is part of a loop of references that leads to no schema", p.pointer)
		return
	}
	if len(x.trail) > maxTrail {
		x.fail("%s: references and allOf are nested deeper than %d levels", p.pointer, maxTrail)
		return
	}
	if x.seen[p.node] || x.err != nil {
		return
	}
	x.seen[p.node] = true
	x.trail = append(x.trail, p.node)
	defer func() { x.trail = x.trail[:len(x.trail)-1] }()
	if ref := tree.Text(tree.Get(p.node, "$ref")); ref != "" && !p.followed {
		x.follow(p, ref)
		return
	}
	x.parts = append(x.parts, p)
	if p.followed {
		return
	}
	for i, member := range tree.Items(tree.Get(p.node, "allOf")) {
		x.add(part{node: member, pointer: tree.Index(tree.Join(p.pointer, "allOf"), i), beside: isInherited(p.node, member)})
	}
	if only := choices(p); len(only) == 1 && !hasMapping(p) {
		x.add(only[0])
	}
}

// isInherited tells whether a member of allOf is a base that the schema inherits
// from, written out: its discriminator's mapping then lists the schema and its
// siblings, and leaves no choice.
func isInherited(n, member *yaml.Node) bool {
	return len(pairsOf(tree.At(member, "discriminator", "mapping"))) > 0 &&
		tree.Get(member, "oneOf") == nil && tree.Get(member, "anyOf") == nil &&
		(len(tree.Items(tree.Get(n, "allOf"))) > 1 || tree.Get(n, "properties") != nil || tree.Get(n, "required") != nil)
}

func (x *expansion) follow(p part, ref string) {
	if len(p.node.Content) > 2 {
		p.words = !x.siblings
		x.parts = append(x.parts, p)
	}
	if n, pointer := x.target(ref); n != nil {
		x.add(part{node: n, pointer: pointer})
	}
}

// fill merges the keywords of all parts into s.
func (b *builder) fill(s *Schema, parts []part) {
	m := merger{builder: b, Schema: s, properties: make(map[string][]part)}
	for _, p := range parts {
		m.keywords(p)
	}
	for _, name := range slices.Sorted(maps.Keys(m.properties)) {
		of := m.properties[name]
		if s.Properties == nil {
			s.Properties = make(map[string]*Property)
		}
		s.Properties[name] = &Property{Schema: b.schema(of), At: b.place(of[0].pointer)}
	}
	if len(m.items) > 0 {
		s.Items = b.schema(m.items)
	}
	if len(m.additional) > 0 {
		s.Additional = b.schema(m.additional)
	}
	b.union(s, parts)
	s.tidy()
}
