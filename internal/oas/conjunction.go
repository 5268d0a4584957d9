package oas

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// part is a schema node whose requirements a value must satisfy together with those of
// other parts.
type part struct {
	place
	// chosen are the node's choices for which a branch is already selected. The part then
	// has only the keywords next to them.
	chosen choices
	// proseOnly is true if only the node's prose counts, because the node has a $ref.
	proseOnly bool
	// orNull is true if the part is the only branch of a choice other than null.
	orNull bool
	// followed reports whether the parts already include the targets of the node.
	followed bool
}

// choices are the keywords with which a node allows several forms.
type choices uint8

const (
	byOneOf    choices             = 1 << iota // oneOf, or a discriminator without a list
	byAnyOf                                    // anyOf
	allChoices = byOneOf | byAnyOf             // both
	noChoice   = choices(0)
)

// key identifies a part. The other fields follow from the node.
func (p part) key() string { return strconv.Itoa(int(p.chosen)) + p.pointer + "\n" }

// schemaAt builds the schema of one node; it returns nil if there is no node.
func (r *Reader) schemaAt(at place) *Schema {
	if at.node == nil {
		return nil
	}
	return r.schema([]part{{place: at}})
}

// schema builds one schema that has the requirements of all parts.
func (r *Reader) schema(parts []part) *Schema {
	x := expansion{Reader: r, seen: make(map[*Node]bool)}
	for _, p := range parts {
		if p.followed {
			x.seen[p.node] = true
		}
	}
	for _, p := range parts {
		x.add(p)
	}
	key := x.key()
	if known := r.schemas[key]; known != nil {
		return known
	}
	s := &Schema{At: x.at(), BranchValues: x.branchValues, places: make(map[string]Place)}
	r.schemas[key] = s
	if most := r.doc.schemaLimit(); len(r.schemas) > most {
		r.check(&limits.ExceededError{Bound: "schemas", Limit: int64(most)}, parts[0].place)
	}
	r.depth++
	defer func() { r.depth-- }()
	if r.check(r.budget.Depth(r.depth), parts[0].place) {
		r.fill(s, x.parts)
	}
	return s
}

// expansion collects the nodes that contain keywords: it follows references, allOf, and
// choices with only one branch.
type expansion struct {
	*Reader
	parts        []part
	seen         map[*Node]bool
	trail        []*Node
	branchValues *BranchValues
}

func (x *expansion) key() string {
	var key strings.Builder
	for _, p := range x.parts {
		key.WriteString(p.key())
	}
	return key.String()
}

// at is the outermost place that contains more than prose.
func (x *expansion) at() Place {
	for _, p := range x.parts {
		if !p.proseOnly {
			return x.place(p.place)
		}
	}
	return Place{}
}

func (x *expansion) add(p part) {
	if p.followed {
		x.parts = append(x.parts, p)
		return
	}
	if slices.Contains(x.trail, p.node) {
		x.fail("%s, line %d: a loop of references that leads to no schema", p.pointer, p.node.Line)
		return
	}
	if len(x.trail) > maxTrail {
		x.check(&limits.ExceededError{Bound: "levels of references and allOf", Limit: maxTrail}, p.place)
		return
	}
	if x.seen[p.node] || x.err != nil {
		return
	}
	if x.isBaseOfTrail(part{place: p.place}) {
		p.chosen = allChoices
	}
	x.seen[p.node] = true
	x.trail = append(x.trail, p.node)
	defer func() { x.trail = x.trail[:len(x.trail)-1] }()
	ref := Ref(p.node)
	p.proseOnly = ref != "" && !x.doc.Is31()
	if ref == "" || len(p.node.Content) > 2 {
		x.parts = append(x.parts, p)
	}
	if ref != "" {
		x.target(p, ref)
	}
	if !p.proseOnly {
		x.nested(p)
	}
}

// target adds the target of a part's reference.
func (x *expansion) target(p part, ref string) {
	n, pointer, err := x.doc.Target(ref)
	if err != nil {
		x.fail("at %s, line %d: %w", p.pointer, p.node.Line, err)
		return
	}
	x.add(part{place: place{n, pointer}, chosen: p.chosen, orNull: p.orNull})
}

// nested adds the members of a part's allOf, and the branch of each choice that has only
// one.
func (x *expansion) nested(p part) {
	for i, m := range Items(Get(p.node, "allOf")) {
		x.add(part{place: place{m, Index(Join(p.pointer, "allOf"), i)}, chosen: inheritedInline(p.node, m), orNull: p.orNull})
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if only := p.listed(keyword); len(only) == 1 && p.byMapping() != choiceOf(keyword) {
			x.add(part{place: only[0], orNull: p.orNull || len(Items(Get(p.node, keyword))) > 1})
		}
	}
}

// isBaseOfTrail reports whether a part is the base of one of the schemas on the path to it. In
// that case the choice between that schema and the other branches is already made. It
// records the discriminator values with which the base selects the schema.
func (x *expansion) isBaseOfTrail(p part) bool {
	if !p.hasChoice(x.Reader) {
		return false
	}
	values := BranchValues{Property: Text(At(p.node, "discriminator", "propertyName"))}
	found := false
	for _, m := range x.members(p, allChoices) {
		values.Mapped = append(values.Mapped, m.value)
		if n, _, _ := x.doc.Follow(m.node, m.pointer); slices.Contains(x.trail, n) { // n is nil for a reference to nothing
			found = true
			values.Values = append(values.Values, m.value)
		}
	}
	if found && values.Property != "" {
		x.branchValues = &values
	}
	return found
}

// inheritedInline returns the choices that are already made for a member of the allOf of n.
// A member with a mapping is an inline base: the mapping lists n and the other branches.
func inheritedInline(n, member *Node) choices {
	inherits := Get(At(member, "discriminator"), "mapping") != nil && Get(member, "oneOf") == nil && Get(member, "anyOf") == nil &&
		(len(Items(Get(n, "allOf"))) > 1 || Get(n, "properties") != nil || Get(n, "required") != nil)
	if inherits {
		return allChoices
	}
	return noChoice
}

// sizeOf counts a part and the properties, names and values in its keywords.
func (r *Reader) sizeOf(p part) int {
	size := 1
	for _, keyword := range []string{"properties", "enum", "required", "patternProperties", "dependentSchemas", "dependentRequired", "prefixItems"} {
		if n := Get(p.node, keyword); n != nil {
			size += len(n.Content)
		}
	}
	return size
}

// fill merges the keywords of all parts into s.
func (r *Reader) fill(s *Schema, parts []part) {
	m := merger{Reader: r, Schema: s}
	for _, p := range parts {
		if r.spend(r.sizeOf(p), p.place) {
			m.keywords(p)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.properties)) {
		of := m.properties[name]
		if s.Properties == nil {
			s.Properties = make(map[string]*Property)
		}
		s.Properties[name] = &Property{Schema: r.schema(of), At: r.place(of[0].place)}
	}
	for _, key := range slices.Sorted(maps.Keys(m.subschemas)) {
		if s.Subschemas == nil {
			s.Subschemas = make(map[string]*Schema)
		}
		s.Subschemas[key] = r.schema(m.subschemas[key])
	}
	if len(m.items) > 0 {
		s.Items = r.schema(m.items)
	}
	if len(m.additional) > 0 {
		s.Additional = r.schema(m.additional)
	}
	s.Nullable = s.Nullable && (m.nulls.untypedNullable || !m.nulls.excluded)
	r.union(s, parts)
	s.normalize()
	if !r.AsWritten {
		s.normalizePattern(r.patterns)
		s.normalizeLengths(r.patterns)
	}
}
