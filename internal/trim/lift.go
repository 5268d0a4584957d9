package trim

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// lift converts each discriminator.mapping of the components to a oneOf, and flattens the
// base that contains the mapping into the branches.
//
// Upstream represents inheritance as a base schema with properties and a mapping, and
// subtypes that are allOf [base, own properties]. Interpreted literally, the base does not
// describe the subtypes' own fields. As a oneOf of subtypes that include it, the base would
// contain itself. Therefore the base becomes a pure union, and each branch becomes one flat
// object.
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
	// names lists the discriminated schemas in order. bases contains their original
	// content.
	names []string
	bases map[string]*oas.Node
}

// flattenAll creates a flat object for every schema that inherits from a base or that a
// base's mapping names.
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

// inheritance is the set of bases to which a schema's allOf refers.
func (l *lifter) inheritance(schema *oas.Node) []string {
	var bases []string
	for _, member := range oas.Items(oas.Get(schema, "allOf")) {
		if base := l.baseOf(member); base != "" {
			bases = append(bases, base)
		}
	}
	return bases
}

// baseOf returns the name of the base to which a member of allOf refers, "" if there is
// none.
func (l *lifter) baseOf(member *oas.Node) string {
	if c, ok := referred(oas.Ref(member)); ok && c.section == "schemas" && l.isBase(c.name) {
		return c.name
	}
	return ""
}

// flatten merges inherited keywords, inline allOf members and the schema's own keywords
// into one object. It keeps a union that has no mapping.
func (l *lifter) flatten(schema *oas.Node, parents []string) *oas.Node {
	flat := oas.Mapping()
	l.mergeMembers(flat, schema, parents, nil)
	own := oas.Clone(schema)
	oas.Remove(own, "allOf")
	mergeSchema(flat, own)
	return flat
}

// mergeMembers merges the members of a schema's allOf, and its further parents, into flat:
// first the parts inherited from bases, then the rest. A member that is neither a base nor
// a plain object, such as a reference to another component, stays a member of flat's allOf.
func (l *lifter) mergeMembers(flat, schema *oas.Node, parents, seen []string) {
	for _, base := range append(l.inheritance(schema), parents...) {
		mergeSchema(flat, l.inherited(base, seen))
	}
	for _, member := range oas.Items(oas.Get(schema, "allOf")) {
		if l.baseOf(member) != "" {
			member = l.keywordsNextTo(member)
		}
		if oas.Get(member, "$ref") == nil && isPlainObject(member) {
			mergeSchema(flat, member)
		} else {
			addMembers(flat, member)
		}
	}
}

// keywordsNextTo returns the keywords next to a reference, which apply in OpenAPI 3.1.
func (l *lifter) keywordsNextTo(member *oas.Node) *oas.Node {
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
	l.mergeMembers(flat, base, nil, append(seen, name))
	own := oas.Shallow(base) // mergeSchema copies the parts that it uses
	oas.Keep(own, func(key string, _ *oas.Node) bool { return slices.Contains(inheritedKeywords, key) })
	mergeSchema(flat, own)
	return flat
}

// inheritedKeywords are those that a branch takes over from its base.
var inheritedKeywords = []string{"type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"}

// nonObjectKeywords are the keywords of a schema whose meaning depends on the other
// keywords next to them, or that may occur only once in an object.
var nonObjectKeywords = []string{"allOf", "oneOf", "anyOf", "not", "if", "then", "else", "discriminator", "exclusiveMinimum", "exclusiveMaximum"}

// isPlainObject reports whether each keyword of a schema can be merged separately into
// another schema.
func isPlainObject(schema *oas.Node) bool {
	return !slices.ContainsFunc(nonObjectKeywords, func(key string) bool { return oas.Get(schema, key) != nil })
}

// unionsFromMappings turns each base into a union of the schemas that it maps to.
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
			oas.Remove(base, append(inheritedKeywords, "allOf", "oneOf")...)
			oas.Set(base, "oneOf", branches)
		}
	}
}

// mappingTargets lists the components that a discriminator selects, one for each value, and
// replaces its bare names by references.
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
