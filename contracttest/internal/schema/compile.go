package schema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Direction is the direction of a message: request or response.
type Direction int

// The directions.
const (
	Response Direction = iota
	Request
)

// Schema validates texts against one schema.
type Schema struct {
	index         *Index
	written       *openapi3.Schema
	pointer       string
	root          *node
	direction     Direction
	options       []openapi3.SchemaValidationOption
	firstOnly     []openapi3.SchemaValidationOption // options for large texts
	recursive     bool                              // a union may contain itself
	strict        bool                              // kin-openapi does not check every keyword of the schema
	enum          int                               // the length of the longest enumeration
	coverageItems []CoverageItem
}

// Compile compiles the schema at a pointer, whose effective form is given. It is called
// while an operation is built.
func (ix *Index) Compile(pointer string, effective *oas.Schema, d Direction) *Schema {
	ref := ix.Written(pointer)
	modern := ix.isModern(ref)
	c := compiler{index: ix, direction: d, modern: modern}
	s := &Schema{index: ix, direction: d, written: ref.Value, pointer: ix.pointers[ref.Value]}
	s.root = c.node(effective, spot{})
	s.coverageItems = c.coverageItems
	s.recursive = c.recursive && c.unions
	s.strict = c.strict
	s.enum = c.enum
	s.firstOnly = kinOptions(d, modern)
	s.options = append(slices.Clone(s.firstOnly), openapi3.MultiErrors())
	return s
}

// Pointer returns the schema's place in the contract.
func (s *Schema) Pointer() string { return s.pointer }

// CoverageItems returns the items of the schema that a text can show.
func (s *Schema) CoverageItems() []CoverageItem { return s.coverageItems }

// isModern reports whether kin-openapi's engine for OpenAPI 3.1 must validate the schema:
// if it, or a schema that it refers to, has keywords of 3.1, or keywords of 3.0 with another
// meaning in 3.1. That engine does not support discriminators, and its errors locate
// failures less precisely.
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

// differsIn31 reports whether a schema has another meaning in OpenAPI 3.1 than in 3.0: a
// schema without a type allows null, and not may contain any schema.
func differsIn31(s *openapi3.Schema) bool {
	return s.Not != nil || s.Type == nil && s.Always == nil && !isComposed(s)
}

func isComposed(s *openapi3.Schema) bool { return len(slices.Concat(s.AllOf, s.OneOf, s.AnyOf)) > 0 }

// compiler builds nodes.
type compiler struct {
	index     *Index
	direction Direction
	modern    bool // no node is supported by the fast path
	// recursive is true if a schema contains itself, unions if there is a union.
	recursive, unions bool
	strict            bool // a node has strict rules
	enum              int  // the length of the longest enumeration
	coverageItems     []CoverageItem
	numbers           map[CoverageItem]int // two schemas that apply together may declare the same member
	nodes             int
	// building contains the schemas being compiled, to detect schemas that contain
	// themselves.
	building []*node
	shared   map[*oas.Schema]*node
}

// spot is the position of a node in a text.
type spot struct {
	pointer string
	branch  string
	// tag is the discriminator of the union that the node is a branch of. only is the single
	// value that the discriminator can have there.
	tag, onlyTag string
}

// maxNodes bounds the number of separate nodes for one root schema. Export buckets need 60.
// Another contract may have schemas that expand without limit. Occurrences beyond the bound
// share one node.
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

// source returns the written form of an effective schema, at its outermost place.
func (ix *Index) source(s *oas.Schema) *openapi3.Schema {
	if s.At.IsZero() {
		return &openapi3.Schema{}
	}
	return ix.Written(s.At.Pointer).Value
}

// values stores the texts of an enumeration.
func (c *compiler) values(n *node, at spot) {
	for _, item := range n.effective.Enum {
		if text := oas.Unquote(item.Value); text != item.Value {
			n.values = append(n.values, value{text, c.valueItem(text, at)})
		}
	}
	if len(n.values) > manyNames {
		n.positions = make(map[string]int, len(n.values))
		for i, v := range n.values {
			n.positions[v.text] = i
		}
	}
}

func (c *compiler) valueItem(text string, at spot) int {
	if at.onlyTag != "" && at.onlyTag != text {
		return noCoverageItem
	}
	return c.coverageItem(CoverageItem{ValueItem, at.pointer, at.branch, text})
}

// isOpen reports whether the schema explicitly allows undeclared members. A schema without
// additionalProperties allows them in JSON Schema, but a contract does not declare them.
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
			there.onlyTag = at.branch
		}
		p := prop{name: name, coverageItem: -1, notInDirection: c.notInDirection(member)}
		if !p.notInDirection {
			p.coverageItem = c.coverageItem(CoverageItem{Kind: FieldItem, Pointer: there.pointer, Branch: at.branch})
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

func (c *compiler) coverageItem(s CoverageItem) int {
	if c.nodes > maxNodes {
		return noCoverageItem
	}
	i, known := c.numbers[s]
	if !known {
		i = len(c.coverageItems)
		c.coverageItems = append(c.coverageItems, s)
		if c.numbers == nil {
			c.numbers = map[CoverageItem]int{}
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
		b := branch{name: branchName(form), coverageItem: noCoverageItem}
		if b.name != "" {
			b.coverageItem = c.coverageItem(CoverageItem{Kind: BranchItem, Pointer: at.pointer, Branch: b.name})
		}
		b.node = c.node(form.Schema, spot{pointer: at.pointer, branch: b.name, tag: declared.Property})
		n.union.branches = append(n.union.branches, b)
	}
}

// branchName returns the discriminator's value, or the name of the schema, "" for an inline
// schema.
func branchName(b *oas.Branch) string {
	at := b.Schema.At.Pointer
	if b.Value != "" || at == b.At.Pointer {
		return b.Value
	}
	return oas.LastStep(at)
}

// constrain stores the constraints of the schema that the fast path supports. The effective
// form contains all constraints: allOf is merged, and constraints next to a union are part of
// every branch.
func (c *compiler) constrain(n *node) {
	s := n.effective
	if c.modern || s.Never || s.Closed || s.Nullable && !s.HasRequirements() || len(n.props) > maxProvableProps || s.Additional != nil || len(s.Subschemas) > 0 || len(n.values) != len(s.Enum) {
		return
	}
	n.types = allowedTypes(s)
	n.provable = n.bound(s.Assertions) && n.rules.compile(s.Assertions, &c.index.patterns) && n.require(s) && n.provableUnion()
}

// maxProvableProps bounds the number of members of an object on the fast path, which stores
// the members present in 64 bits.
const maxProvableProps = 64

// knownAssertions are the keywords that the fast path checks.
var knownAssertions = map[string]bool{"format": true, "pattern": true, "minLength": true, "maxLength": true, "minimum": true, "maximum": true}

// bound stores the bounds of numbers. It returns false for keywords and bounds that the fast
// path does not support.
func (n *node) bound(assertions map[string]oas.Item) bool {
	n.least, n.most = math.Inf(-1), math.Inf(1)
	for keyword, item := range assertions {
		if oas.IsAssertion(keyword) && (!knownAssertions[keyword] || item.All != nil) {
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
		if *limit, err = strconv.ParseFloat(item.Value, 64); err != nil || inexact(json.Number(item.Value)) {
			return false // an exclusive bound, or a bound that float64 cannot represent
		}
	}
	if oas.Unquote(assertions["format"].Value) == "int32" && n.types&typeNumber == 0 {
		n.least, n.most = max(n.least, math.MinInt32), min(n.most, math.MaxInt32)
	}
	return true
}

// require stores the required members. A member that does not belong in this direction is
// not required.
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

// provableUnion reports whether the fast path supports the schema's union: there is none, or
// it is a oneOf with a discriminator that has a value for every branch.
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
