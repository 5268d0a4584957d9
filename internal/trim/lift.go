package trim

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// lift writes each discriminator.mapping among the components out as a oneOf, and flattens
// the base that contains the mapping into the branches.
//
// Upstream writes inheritance: a base schema with properties and a mapping, and subtypes
// that are allOf [base, own properties]. Read literally, the base does not describe the
// subtypes' own fields, and as a oneOf of subtypes that include it, it would contain
// itself. So the base becomes a pure union, and each branch becomes one flat object.
func lift(d *oas.Document, budget *limits.Budget) error {
	l := &lifter{doc: d, budget: budget, schemas: oas.Get(oas.Get(d.Root(), "components"), "schemas"), bases: make(map[string]*oas.Node)}
	for name, schema := range oas.Pairs(l.schemas) {
		if oas.Get(oas.Get(schema, "discriminator"), "mapping") != nil {
			l.bases[name] = oas.Clone(schema)
			l.names = append(l.names, name)
		}
	}
	if err := l.flattenAll(); err != nil {
		return err
	}
	l.unionsFromMappings()
	d.Forget()
	return nil
}

type lifter struct {
	doc     *oas.Document
	budget  *limits.Budget
	schemas *oas.Node
	// names and bases are the discriminated schemas, in order and as they were.
	names []string
	bases map[string]*oas.Node
}

// flattenAll makes a flat object of every schema that inherits from a base or is
// named by a base's mapping.
func (l *lifter) flattenAll() error {
	parents := make(map[string][]string)
	for _, name := range l.names {
		for _, target := range mappingTargets(l.bases[name]) {
			if !l.isBase(target.name) {
				parents[target.name] = append(parents[target.name], name)
			}
		}
	}
	if !oas.IsMapping(l.schemas) {
		return nil
	}
	members := l.schemas.Content
	for i := 1; i < len(members); i += 2 {
		name, schema := members[i-1].Value, members[i]
		if l.isBase(name) || len(l.inheritance(schema)) == 0 && len(parents[name]) == 0 {
			continue
		}
		flat := l.flatten(schema, parents[name])
		if err := spend(l.doc, l.budget, flat, "", oas.Join("/components/schemas", name)); err != nil {
			return err
		}
		members[i] = flat
	}
	return nil
}

func (l *lifter) isBase(name string) bool { return l.bases[name] != nil }

// inheritance names the bases that a schema's allOf refers to.
func (l *lifter) inheritance(schema *oas.Node) []string {
	var bases []string
	for _, member := range oas.Items(oas.Get(schema, "allOf")) {
		if c, ok := referred(oas.Ref(member)); ok && c.section == "schemas" && l.isBase(c.name) {
			bases = append(bases, c.name)
		}
	}
	return bases
}

// flatten merges inherited keywords, inline allOf members and the schema's own keywords
// into one object. It keeps a union of another kind.
func (l *lifter) flatten(schema *oas.Node, parents []string) *oas.Node {
	flat := oas.Mapping()
	for _, base := range append(l.inheritance(schema), parents...) {
		mergeSchema(flat, l.inherited(base, nil))
	}
	rest := oas.Sequence()
	for _, member := range oas.Items(oas.Get(schema, "allOf")) {
		c, ok := referred(oas.Ref(member))
		switch {
		case ok && l.isBase(c.name):
			mergeSchema(flat, l.besideReference(member))
		case oas.Get(member, "$ref") == nil && isPlainObject(member):
			mergeSchema(flat, member)
		default:
			rest.Content = append(rest.Content, member)
		}
	}
	own := oas.Clone(schema)
	oas.Remove(own, "allOf")
	mergeSchema(flat, own)
	if len(rest.Content) > 0 {
		oas.Set(flat, "allOf", rest)
	}
	return flat
}

// besideReference returns the keywords next to a reference, which apply in OpenAPI 3.1.
func (l *lifter) besideReference(member *oas.Node) *oas.Node {
	if !l.doc.Is31() {
		return nil
	}
	beside := oas.Clone(member)
	oas.Remove(beside, "$ref")
	return beside
}

// inherited returns the keywords that a base passes on, as an object: those of its own
// bases, then its own, without the keywords that make it a union.
func (l *lifter) inherited(name string, seen []string) *oas.Node {
	flat := oas.Mapping()
	if slices.Contains(seen, name) {
		return flat
	}
	base := l.bases[name]
	for _, grand := range l.inheritance(base) {
		mergeSchema(flat, l.inherited(grand, append(seen, name)))
	}
	for _, member := range oas.Items(oas.Get(base, "allOf")) {
		if oas.Get(member, "$ref") == nil && isPlainObject(member) {
			mergeSchema(flat, member)
		}
	}
	own := oas.Shallow(base) // mergeSchema copies what it takes
	oas.Keep(own, func(key string, _ *oas.Node) bool { return slices.Contains(handedDown, key) })
	mergeSchema(flat, own)
	return flat
}

var handedDown = []string{"type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"}

func isPlainObject(schema *oas.Node) bool {
	for _, key := range []string{"allOf", "oneOf", "anyOf", "not", "discriminator"} {
		if oas.Get(schema, key) != nil {
			return false
		}
	}
	return true
}

// unionsFromMappings makes of each base a union of the schemas that it maps to.
func (l *lifter) unionsFromMappings() {
	for _, name := range l.names {
		base := oas.Get(l.schemas, name)
		branches := oas.Sequence(slices.Clone(oas.Items(oas.Get(base, "oneOf")))...)
		for _, target := range mappingTargets(base) {
			if target.name != name {
				branches.Content = append(branches.Content, oas.Mapping(oas.String("$ref"), oas.String(target.ref())))
			}
		}
		branches.Content = distinct(branches.Content)
		if len(branches.Content) > 0 {
			oas.Remove(base, append(handedDown, "allOf", "oneOf")...)
			oas.Set(base, "oneOf", branches)
		}
	}
}

// mappingTargets lists the components that a discriminator maps to, one for each value,
// and writes its bare names as references.
func mappingTargets(schema *oas.Node) []component {
	var targets []component
	for _, value := range oas.Pairs(oas.At(schema, "discriminator", "mapping")) {
		value.Value = oas.MappingRef(value.Value)
		if target, ok := referred(value.Value); ok {
			targets = append(targets, target)
		}
	}
	return targets
}
