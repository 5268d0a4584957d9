package schema

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Direction is which way a text travels.
type Direction int

// The directions.
const (
	Response Direction = iota
	Request
)

// Schema judges texts by one schema.
type Schema struct {
	index     *Index
	written   *openapi3.Schema
	pointer   string
	root      *node
	direction Direction
	options   []openapi3.SchemaValidationOption
	firstOnly []openapi3.SchemaValidationOption // options for large texts
	recursive bool                              // a union may hold itself
	strict    bool                              // kin-openapi does not judge all of it
	enum      int                               // the length of the longest enumeration
	slots     []Slot
}

// Compile makes a judge of the schema at a pointer, whose effective form is given. It is
// called while an operation is built.
func (ix *Index) Compile(pointer string, effective *oas.Schema, d Direction) *Schema {
	ref := ix.Written(pointer)
	modern := ix.isModern(ref)
	c := compiler{index: ix, direction: d, modern: modern}
	s := &Schema{index: ix, direction: d, written: ref.Value, pointer: ix.pointers[ref.Value]}
	s.root = c.node(effective, spot{})
	s.slots = c.slots
	s.recursive = c.recursive && c.unions
	s.strict = c.strict
	s.enum = c.enum
	s.firstOnly = kinOptions(d, modern)
	s.options = append(slices.Clone(s.firstOnly), openapi3.MultiErrors())
	return s
}

// Pointer is the schema's place in the contract.
func (s *Schema) Pointer() string { return s.pointer }

// Slots are what a text can show of the schema.
func (s *Schema) Slots() []Slot { return s.slots }

// isModern reports whether kin-openapi's engine for OpenAPI 3.1 must judge the schema:
// where it, or one that it leads to, has keywords that came with 3.1, and where a
// document of 3.1 means something else by those of 3.0. That engine does not know
// discriminators, and names the places of what it finds less well.
func (ix *Index) isModern(ref *openapi3.SchemaRef) bool {
	modern, differs, discriminates := false, false, false
	_ = ref.WalkSubtree(func(_ string, ref *openapi3.SchemaRef) error {
		modern = modern || hasModernKeyword(ref.Value)
		differs = differs || differsIn31(ref.Value)
		discriminates = discriminates || ref.Value.Discriminator != nil
		return nil
	})
	return modern || ix.doc.Is31() && differs && !discriminates
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
	index     *Index
	direction Direction
	modern    bool // no node is provable
	// recursive tells that a schema holds itself, unions that there is one.
	recursive, unions bool
	strict            bool // a node has strict rules
	enum              int  // the length of the longest enumeration
	slots             []Slot
	numbers           map[Slot]int // two schemas that hold together may declare one member
	nodes             int
	// building are the schemas under way, for schemas that hold themselves.
	building []*node
	shared   map[*oas.Schema]*node
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

func (c *compiler) node(s *oas.Schema, at spot) *node {
	for _, n := range c.building {
		if n.effective == s {
			c.recursive = true
			return n
		}
	}
	if n := c.shared[s]; n != nil {
		return n
	}
	n := &node{effective: s, schema: c.index.source(s), open: isOpen(s)}
	if c.nodes++; c.nodes > maxNodes {
		if c.shared == nil {
			c.shared = map[*oas.Schema]*node{}
		}
		c.shared[s] = n
	}
	c.building = append(c.building, n)
	defer func() { c.building = c.building[:len(c.building)-1] }()
	if s.Union != nil {
		c.union(n, at)
	} else {
		c.members(n, at)
	}
	c.enum = max(c.enum, len(s.Enum))
	c.values(n, at)
	c.constrain(n)
	if n.strict = compileStrict(s, c.modern, &c.index.patterns); n.strict.any() {
		c.strict = true
	}
	return n
}

// source returns an effective schema as it is written, at its outermost place.
func (ix *Index) source(s *oas.Schema) *openapi3.Schema {
	if s.At.IsZero() {
		return &openapi3.Schema{}
	}
	return ix.Written(s.At.Pointer).Value
}

// values notes the texts of an enumeration.
func (c *compiler) values(n *node, at spot) {
	for _, item := range n.effective.Enum {
		if text := oas.Unquote(item.Value); text != item.Value {
			n.values = append(n.values, value{text, c.valueSlot(text, at)})
		}
	}
	if len(n.values) > manyNames {
		n.positions = make(map[string]int, len(n.values))
		for i, v := range n.values {
			n.positions[v.text] = i
		}
	}
}

func (c *compiler) valueSlot(text string, at spot) int {
	if at.only != "" && at.only != text {
		return noSlot
	}
	return c.slot(Slot{ValueSlot, at.pointer, at.branch, text})
}

// isOpen reports whether members that are not declared are allowed by name. Silence
// allows them in JSON Schema; for a contract it declares nothing.
func isOpen(s *oas.Schema) bool {
	if s.Additional != nil || !s.Closed && s.Place("additionalProperties").Below == "" {
		return true
	}
	for keyword, sub := range s.Subschemas {
		if strings.HasPrefix(keyword, "patternProperties/") || strings.HasPrefix(keyword, "unevaluatedProperties") && !sub.Never {
			return true
		}
	}
	return false
}

func (c *compiler) members(n *node, at spot) {
	for _, name := range sortedNames(n.effective.Properties) {
		member := n.effective.Properties[name].Schema
		there := spot{pointer: oas.Join(at.pointer, name), branch: at.branch}
		if name == at.tag {
			there.only = at.branch
		}
		p := prop{name: name, slot: -1, notInDirection: c.notInDirection(member)}
		if !p.notInDirection {
			p.slot = c.slot(Slot{Kind: FieldSlot, Pointer: there.pointer, Branch: at.branch})
		}
		p.node = c.node(member, there)
		n.props = append(n.props, p)
	}
	if n.effective.Items != nil {
		n.items = c.node(n.effective.Items, spot{pointer: at.pointer + "/*", branch: at.branch})
	}
}

// notInDirection reports whether a member does not belong in messages of this direction.
func (c *compiler) notInDirection(s *oas.Schema) bool {
	if c.direction == Request {
		return s.ReadOnly
	}
	return s.WriteOnly
}

func (c *compiler) slot(s Slot) int {
	if c.nodes > maxNodes {
		return noSlot
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
	declared := n.effective.Union
	n.union = &union{property: declared.Property}
	c.unions = true
	for _, form := range declared.Branches {
		b := branch{name: branchName(form), slot: noSlot}
		if b.name != "" {
			b.slot = c.slot(Slot{Kind: BranchSlot, Pointer: at.pointer, Branch: b.name})
		}
		b.node = c.node(form.Schema, spot{pointer: at.pointer, branch: b.name, tag: declared.Property})
		n.union.branches = append(n.union.branches, b)
	}
}

// branchName is the discriminator's value, or the name of the schema: "" for a schema
// that is written in place.
func branchName(b *oas.Branch) string {
	at := b.Schema.At.Pointer
	if b.Value != "" || at == b.At.Pointer {
		return b.Value
	}
	return lastToken(at)
}

// constrain writes what the schema demands in the terms of the fast path, as far as
// that knows them. The effective form has all of it: allOf is merged, and what is demanded
// next to a union is part of every branch.
func (c *compiler) constrain(n *node) {
	s := n.effective
	if c.modern || s.Never || s.Closed || s.Nullable && !s.Demands() || len(n.props) > maxProvableProps || s.Additional != nil || len(s.Subschemas) > 0 || len(n.values) != len(s.Enum) {
		return
	}
	n.types = allowedTypes(s)
	n.provable = n.bound(s.Assertions) && n.rules.compile(s.Assertions, &c.index.patterns) && n.require(s) && n.provableUnion()
}

// maxProvableProps is how many members an object may have on the fast path, which notes
// those that it meets in 64 bits.
const maxProvableProps = 64

// knownAssertions are the keywords that the fast path checks.
var knownAssertions = map[string]bool{"format": true, "pattern": true, "minLength": true, "maxLength": true, "minimum": true, "maximum": true}

// bound takes the bounds of numbers. It reports false for keywords and bounds that the fast
// path does not know.
func (n *node) bound(assertions map[string]oas.Item) bool {
	n.least, n.most = math.Inf(-1), math.Inf(1)
	for keyword, item := range assertions {
		if !knownAssertions[keyword] {
			return false
		}
		limit := &n.least
		switch keyword {
		case "minimum":
		case "maximum":
			limit = &n.most
		default:
			continue
		}
		var err error
		if *limit, err = strconv.ParseFloat(item.Value, 64); err != nil {
			return false // a bound that is itself excluded
		}
	}
	if oas.Unquote(assertions["format"].Value) == "int32" && n.types&typeNumber == 0 {
		n.least, n.most = max(n.least, math.MinInt32), min(n.most, math.MaxInt32)
	}
	return true
}

// require notes the members that must be there. A member that is no part of this
// direction need not be.
func (n *node) require(s *oas.Schema) bool {
	for name := range s.Required {
		i := n.find([]byte(name), 0)
		if i < 0 {
			return false
		}
		if !n.props[i].notInDirection {
			n.required |= 1 << i
		}
	}
	return true
}

// provableUnion reports whether the fast path knows the schema's union: none, or a oneOf
// with a discriminator that has a value for every branch.
func (n *node) provableUnion() bool {
	u := n.effective.Union
	if u == nil {
		return true
	}
	if !u.Exclusive || u.Property == "" {
		return false
	}
	for i := range n.union.branches {
		b := &n.union.branches[i]
		member := b.node.find([]byte(u.Property), 0)
		if u.Branches[i].Value == "" || member < 0 || !b.node.provable {
			return false
		}
		b.tag = tag{member, []byte(strconv.Quote(b.name))}
	}
	return true
}

func allowedTypes(s *oas.Schema) types {
	set := types(0)
	for _, name := range s.Types {
		set |= typeNames[name]
	}
	if s.Types == nil {
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
