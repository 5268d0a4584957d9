package trim

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// lift writes each discriminator.mapping among the components out as a oneOf, and
// flattens the base that holds the mapping into the branches.
//
// Upstream writes inheritance: a base schema with properties and a mapping, and
// subtypes that are allOf [base, own properties]. Read to the letter, the base
// says nothing of the subtypes' own fields, and once it is a oneOf of subtypes
// that contain it, it contains itself. So the base becomes a pure union, and each
// branch becomes one flat object.
func (d *Document) lift() error {
	l := &lifter{schemas: get(get(d.root, "components"), "schemas"), bases: make(map[string]*yaml.Node)}
	for name, schema := range pairs(l.schemas) {
		if get(get(schema, "discriminator"), "mapping") != nil {
			l.bases[name.Value] = clone(schema)
			l.names = append(l.names, name.Value)
		}
	}
	if err := l.flattenAll(); err != nil {
		return err
	}
	return l.unionsFromMappings()
}

type lifter struct {
	schemas *yaml.Node
	// names and bases are the discriminated schemas, in order and as they were.
	names []string
	bases map[string]*yaml.Node
}

// flattenAll makes a flat object of every schema that inherits from a base or is
// named by a base's mapping.
func (l *lifter) flattenAll() error {
	parents := make(map[string][]string)
	for _, name := range l.names {
		targets, err := mappingTargets(l.bases[name])
		if err != nil {
			return err
		}
		for _, target := range targets {
			if target.name != name && !l.isBase(target.name) {
				parents[target.name] = append(parents[target.name], name)
			}
		}
	}
	for name, schema := range pairs(l.schemas) {
		if l.isBase(name.Value) {
			continue
		}
		if own := l.inheritance(schema); len(own) > 0 || len(parents[name.Value]) > 0 {
			set(l.schemas, name.Value, l.flatten(schema, parents[name.Value]))
		}
	}
	return nil
}

func (l *lifter) isBase(name string) bool { return l.bases[name] != nil }

// inheritance names the bases that a schema's allOf refers to.
func (l *lifter) inheritance(schema *yaml.Node) []string {
	var bases []string
	for _, member := range items(get(schema, "allOf")) {
		if c, err := parseRef(text(get(member, "$ref"))); err == nil && c.section == "schemas" && l.isBase(c.name) {
			bases = append(bases, c.name)
		}
	}
	return bases
}

// flatten merges into one object: what the schema inherits, its inline allOf
// members, and its own keywords. A union of other kind in it stays.
func (l *lifter) flatten(schema *yaml.Node, parents []string) *yaml.Node {
	flat := mapping()
	for _, base := range slices.Compact(append(l.inheritance(schema), parents...)) {
		mergeSchema(flat, l.inherited(base, nil))
	}
	rest := sequence()
	for _, member := range items(get(schema, "allOf")) {
		c, err := parseRef(text(get(member, "$ref")))
		switch {
		case err == nil && l.isBase(c.name):
		case get(member, "$ref") == nil && isPlainObject(member):
			mergeSchema(flat, member)
		default:
			rest.Content = append(rest.Content, member)
		}
	}
	own := clone(schema)
	remove(own, "allOf")
	mergeSchema(flat, own)
	if len(rest.Content) > 0 {
		set(flat, "allOf", rest)
	}
	return flat
}

// inherited gives what a base hands down: its keywords as an object, with its own
// bases' before them, less what makes it a union.
func (l *lifter) inherited(name string, seen []string) *yaml.Node {
	flat := mapping()
	if slices.Contains(seen, name) {
		return flat
	}
	base := l.bases[name]
	for _, grand := range l.inheritance(base) {
		mergeSchema(flat, l.inherited(grand, append(seen, name)))
	}
	for _, member := range items(get(base, "allOf")) {
		if get(member, "$ref") == nil && isPlainObject(member) {
			mergeSchema(flat, member)
		}
	}
	own := clone(base)
	keep(own, func(key string, _ *yaml.Node) bool { return slices.Contains(handedDown, key) })
	mergeSchema(flat, own)
	return flat
}

var handedDown = []string{"type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"}

func isPlainObject(schema *yaml.Node) bool {
	for _, key := range []string{"allOf", "oneOf", "anyOf", "not", "discriminator"} {
		if get(schema, key) != nil {
			return false
		}
	}
	return true
}

// unionsFromMappings makes of each base a union of the schemas that it maps to.
func (l *lifter) unionsFromMappings() error {
	for _, name := range l.names {
		base := get(l.schemas, name)
		targets, err := mappingTargets(base)
		if err != nil {
			return err
		}
		branches := sequence(slices.Clone(items(get(base, "oneOf")))...)
		for _, target := range targets {
			ref := mapping(scalar("$ref"), scalar(target.ref()))
			if target.name != name && !contains(branches.Content, ref) {
				branches.Content = append(branches.Content, ref)
			}
		}
		if len(branches.Content) > 0 {
			remove(base, append(handedDown, "allOf", "oneOf")...)
			set(base, "oneOf", branches)
		}
	}
	return nil
}

func mappingTargets(schema *yaml.Node) ([]component, error) {
	var targets []component
	for _, value := range pairs(get(get(schema, "discriminator"), "mapping")) {
		target, err := mappingTarget(value.Value)
		if err != nil {
			return nil, err
		}
		value.Value = target.ref()
		if !slices.Contains(targets, target) {
			targets = append(targets, target)
		}
	}
	return targets, nil
}
