package schema

import (
	"maps"
	"math"
	"path"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// Direction is which way a text travels.
type Direction int

// The directions.
const (
	Answer Direction = iota
	Request
)

// Schema judges texts by one schema.
type Schema struct {
	index     *Index
	root      *node
	direction Direction
	options   []openapi3.SchemaValidationOption
	firstOnly []openapi3.SchemaValidationOption // options for texts over maxWhole
	recursive bool                              // a union may hold itself
	strict    bool                              // kin-openapi does not judge all of it
	slots     []Slot
}

// Compile makes a judge of the schema that ref refers to.
func (ix *Index) Compile(ref *openapi3.SchemaRef, d Direction) *Schema {
	modern := ix.isModern(ref)
	c := compiler{direction: d, modern: modern}
	s := &Schema{index: ix, direction: d}
	s.root = c.node(ref.Value, spot{})
	s.slots = c.slots
	s.recursive = c.recursive && c.unions
	s.strict = c.strict
	s.firstOnly = kinOptions(d, modern)
	s.options = append(slices.Clone(s.firstOnly), openapi3.MultiErrors())
	return s
}

// Pointer is the schema's place in the contract.
func (s *Schema) Pointer() string { return s.index.Pointer(s.root.schema) }

// Slots are what a text can show of the schema.
func (s *Schema) Slots() []Slot { return s.slots }

// isModern reports whether kin-openapi's engine for OpenAPI 3.1 must judge the schema:
// where it, or one that it leads to, has keywords that came with 3.1, and where a
// document of 3.1 means something else by those of 3.0. That engine does not know
// discriminators, and names the places of what it finds less well.
func (ix *Index) isModern(ref *openapi3.SchemaRef) bool {
	modern, differs, discriminates := false, false, false
	//nolint:errcheck // the function returns no error
	_ = ref.WalkSubtree(func(_ string, ref *openapi3.SchemaRef) error {
		modern = modern || hasModernKeyword(ref.Value)
		differs = differs || differsIn31(ref.Value)
		discriminates = discriminates || ref.Value.Discriminator != nil
		return nil
	})
	return modern || ix.is31 && differs && !discriminates
}

func hasModernKeyword(s *openapi3.Schema) bool {
	return s.Const != nil || len(s.PrefixItems) > 0 || s.Contains != nil || len(s.PatternProperties) > 0 || len(s.DependentSchemas) > 0 ||
		s.PropertyNames != nil || s.UnevaluatedItems.Has != nil || s.UnevaluatedItems.Schema != nil || s.UnevaluatedProperties.Has != nil ||
		s.UnevaluatedProperties.Schema != nil || s.If != nil || len(s.DependentRequired) > 0 || s.ContentSchema != nil
}

// differsIn31 reports whether a schema means another thing in OpenAPI 3.1 than in 3.0:
// one without a type allows null, and not may hold any schema.
func differsIn31(s *openapi3.Schema) bool {
	composed := len(s.AllOf) > 0 || len(s.OneOf) > 0 || len(s.AnyOf) > 0
	return s.Not != nil || s.Type == nil && s.Always == nil && !composed
}

// compiler builds nodes.
type compiler struct {
	direction Direction
	modern    bool // no node is provable
	// recursive tells that a schema holds itself, unions that there is one.
	recursive, unions bool
	strict            bool // a node has strict rules
	slots             []Slot
	numbers           map[Slot]int // two schemas that hold together may declare one member
	nodes             int
	// building are the schemas under way, for schemas that hold themselves.
	building []*node
	shared   map[*openapi3.Schema]*node
}

// spot is where a node stands in a text.
type spot struct {
	pointer string
	branch  string
	// tag is the discriminator of the union that the node is a branch of, and only,
	// below it, the one value that the discriminator can have there.
	tag, only string
}

// maxNodes is how many occurrences of schemas are told apart below one root. The
// export buckets need 60; a foreign contract may hold schemas that fan out without
// end, whose further occurrences are then taken as one.
const maxNodes = 4000

func (c *compiler) node(s *openapi3.Schema, at spot) *node {
	for _, n := range c.building {
		if n.schema == s {
			c.recursive = true
			return n
		}
	}
	if n := c.shared[s]; n != nil {
		return n
	}
	n := &node{schema: s, open: isOpen(s)}
	if c.nodes++; c.nodes > maxNodes {
		if c.shared == nil {
			c.shared = map[*openapi3.Schema]*node{}
		}
		c.shared[s] = n
	}
	c.building = append(c.building, n)
	defer func() { c.building = c.building[:len(c.building)-1] }()
	c.members(n, at)
	c.union(n, at)
	for _, text := range s.Enum {
		if text, ok := text.(string); ok {
			n.values = append(n.values, value{text, c.valueSlot(text, at)})
		}
	}
	c.constrain(n)
	if n.strict = compileStrict(s, c.modern); n.strict.any() {
		c.strict = true
	}
	return n
}

func (c *compiler) valueSlot(text string, at spot) int {
	if at.only != "" && at.only != text {
		return -1
	}
	return c.slot(Slot{ValueSlot, at.pointer, at.branch, text})
}

// isOpen tells whether members that are not declared are allowed by name. Silence
// allows them in JSON Schema; for a contract it declares nothing.
func isOpen(s *openapi3.Schema) bool {
	extra := s.AdditionalProperties
	return extra.Schema != nil || (extra.Has != nil && *extra.Has) || len(s.PatternProperties) > 0
}

func (c *compiler) members(n *node, at spot) {
	for _, name := range slices.Sorted(maps.Keys(n.schema.Properties)) {
		member := n.schema.Properties[name].Value
		there := spot{pointer: Join(at.pointer, name), branch: at.branch}
		if name == at.tag {
			there.only = at.branch
		}
		p := prop{name: name, slot: -1, barred: c.barred(member)}
		if !p.barred {
			p.slot = c.slot(Slot{Kind: FieldSlot, Pointer: there.pointer, Branch: at.branch})
		}
		p.node = c.node(member, there)
		n.props = append(n.props, p)
	}
	if n.schema.Items != nil && n.schema.Items.Value != nil {
		n.items = c.node(n.schema.Items.Value, spot{pointer: at.pointer + "/*", branch: at.branch})
	}
	for _, part := range n.schema.AllOf {
		n.parts = append(n.parts, c.node(part.Value, at))
	}
}

func (c *compiler) barred(s *openapi3.Schema) bool {
	if c.direction == Request {
		return s.ReadOnly
	}
	return s.WriteOnly
}

func (c *compiler) slot(s Slot) int {
	if c.nodes > maxNodes {
		return -1
	}
	i, known := c.numbers[s]
	if !known {
		i = len(c.slots)
		c.slots = append(c.slots, s)
		if c.numbers == nil {
			c.numbers = map[Slot]int{}
		}
		c.numbers[s] = i
	}
	return i
}

func (c *compiler) union(n *node, at spot) {
	u := &union{keyword: "oneOf"}
	list := n.schema.OneOf
	if len(list) == 0 {
		u.keyword, list = "anyOf", n.schema.AnyOf
	}
	if len(list) == 0 {
		return
	}
	n.union = u
	c.unions = true
	if d := n.schema.Discriminator; d != nil {
		u.property = d.PropertyName
	}
	for _, ref := range list {
		for _, name := range branchNames(n.schema.Discriminator, ref.Ref) {
			b := branch{name: name, slot: noSlot}
			if name != "" {
				b.slot = c.slot(Slot{Kind: BranchSlot, Pointer: at.pointer, Branch: name})
			}
			b.node = c.node(ref.Value, spot{pointer: at.pointer, branch: name, tag: u.property})
			u.branches = append(u.branches, b)
		}
	}
}

// branchNames gives the discriminator values that lead to the schema ref, or, where
// no mapping names it, the schema's own name: "" for a schema that is written in place.
func branchNames(d *openapi3.Discriminator, ref string) []string {
	var names []string
	if d != nil {
		for _, name := range slices.Sorted(maps.Keys(d.Mapping)) {
			if to := d.Mapping[name].Ref; to == ref || to == path.Base(ref) {
				names = append(names, name)
			}
		}
	}
	switch {
	case names != nil:
		return names
	case ref == "":
		return []string{""}
	}
	return []string{path.Base(ref)}
}

// constrain writes what the schema demands in the terms of the fast path, as far as
// that knows them.
func (c *compiler) constrain(n *node) {
	s := n.schema
	if c.modern || len(n.parts) > 0 || len(n.props) > 64 || !plainKeywords(s) {
		return
	}
	n.types = schemaTypes(s)
	n.least, n.most = math.Inf(-1), math.Inf(1)
	if s.Min != nil {
		n.least = *s.Min
	}
	if s.Max != nil {
		n.most = *s.Max
	}
	if s.Format == "int32" && n.types&typeNumber == 0 {
		n.least, n.most = max(n.least, math.MinInt32), min(n.most, math.MaxInt32)
	}
	n.provable = n.rules.compile(s) && c.require(n) && provableUnion(n)
}

// require notes the members that must be there. A member that is no part of this
// direction need not be.
func (c *compiler) require(n *node) bool {
	for _, name := range n.schema.Required {
		i := n.find([]byte(name), 0)
		if i < 0 {
			return false
		}
		if !n.props[i].barred {
			n.required |= 1 << i
		}
	}
	return true
}

// provableUnion wants a oneOf with a discriminator that names every branch, in a
// schema that says nothing else.
func provableUnion(n *node) bool {
	if n.union == nil {
		return true
	}
	s := n.schema
	if n.union.keyword != "oneOf" || len(s.AnyOf) > 0 || len(n.props) > 0 || s.Type != nil || len(s.Required) > 0 || len(s.Enum) > 0 ||
		s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 {
		return false
	}
	for i := range n.union.branches {
		b := &n.union.branches[i]
		member := b.node.find([]byte(s.Discriminator.PropertyName), 0)
		if _, named := s.Discriminator.Mapping[b.name]; !named || member < 0 || !b.node.provable {
			return false
		}
		b.tag = tag{member, []byte(strconv.Quote(b.name))}
	}
	return true
}

// plainKeywords tells whether the schema keeps to the keywords that the fast path
// knows. Unions are looked at apart.
func plainKeywords(s *openapi3.Schema) bool {
	for _, text := range s.Enum {
		if _, ok := text.(string); !ok {
			return false
		}
	}
	return s.Not == nil && !s.UniqueItems && s.MultipleOf == nil && !s.ExclusiveMin.IsSet() && !s.ExclusiveMax.IsSet() &&
		s.MinItems == 0 && s.MaxItems == nil && s.MinProps == 0 && s.MaxProps == nil && s.Const == nil && s.Always == nil &&
		s.AdditionalProperties.Schema == nil && s.AdditionalProperties.Has == nil
}

func schemaTypes(s *openapi3.Schema) types {
	set := types(0)
	for _, name := range s.Type.Slice() {
		set |= typeNames[name]
	}
	if s.Type == nil {
		set = anyType
	}
	if len(s.Enum) > 0 {
		set &= typeString
	}
	if s.Nullable {
		set |= typeNull
	}
	return set
}
