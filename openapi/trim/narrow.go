package trim

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// unmappedValues is the extension that keeps the enum values which narrow took out of
// a discriminator property although no branch of the union has them.
const unmappedValues = "x-unmapped-values"

// narrow restricts the discriminator property of each branch of a discriminated
// union to the values that select the branch.
//
// Upstream repeats the enum of the base in every branch, with the values of all
// branches. A discriminator does not change the meaning of oneOf: to a validator,
// such a body of one branch is also a body of its siblings. After narrow, a body
// matches one branch at most, whether or not a tool knows about discriminators.
//
// An enum value that selects no branch is removed and recorded in the extension
// x-unmapped-values. With keepUnmapped it stays in the enum, so that a comparison
// reports it.
func (d *Document) narrow(keepUnmapped bool) {
	n := &narrowing{doc: d, keepUnmapped: keepUnmapped, claims: make(map[component][]claim)}
	n.collect(d.root)
	for _, branch := range n.order {
		for _, c := range n.claims[branch] {
			n.restrict(d.lookup(branch.ref()), c)
		}
	}
}

// claim is a discriminator property and the values of it that select a branch.
type claim struct {
	property string
	values   []string
	// implicit reports that the value is the name of the schema, because no mapping names the branch.
	implicit bool
	// mapped are all values that select a branch of the union, this one or another.
	mapped []string
}

type narrowing struct {
	doc          *Document
	keepUnmapped bool
	claims       map[component][]claim
	// order has the branches in the order in which the document refers to them.
	order []component
}

// collect finds the unions below n and records what they claim of their branches.
func (n *narrowing) collect(node *yaml.Node) {
	if node == nil {
		return
	}
	for _, branch := range branchesOf(node) {
		n.add(branch, claimOn(node, branch), nil)
	}
	for _, child := range node.Content {
		n.collect(child)
	}
}

// branchesOf returns the components that a discriminated union refers to, in its lists
// of branches or in its mapping.
func branchesOf(schema *yaml.Node) []component {
	if text(get(get(schema, "discriminator"), "propertyName")) == "" {
		return nil
	}
	var branches []component
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, member := range items(get(schema, keyword)) {
			if c, err := parseRef(text(get(member, "$ref"))); err == nil {
				branches = append(branches, c)
			}
		}
	}
	for _, target := range pairs(get(get(schema, "discriminator"), "mapping")) {
		if c, err := mappingTarget(target.Value); err == nil && !slices.Contains(branches, c) {
			branches = append(branches, c)
		}
	}
	return branches
}

// claimOn returns what a union claims of a branch: the mapped values or, without
// any, the name of the schema (OpenAPI 3.0.4, Discriminator Object).
func claimOn(union *yaml.Node, branch component) claim {
	c := claim{property: text(get(get(union, "discriminator"), "propertyName"))}
	for _, sibling := range branchesOf(union) {
		c.mapped = append(c.mapped, sibling.name)
	}
	for value, target := range pairs(get(get(union, "discriminator"), "mapping")) {
		c.mapped = append(c.mapped, value.Value)
		if t, err := mappingTarget(target.Value); err == nil && t == branch {
			c.values = append(c.values, value.Value)
		}
	}
	if len(c.values) == 0 {
		c.values, c.implicit = []string{branch.name}, true
	}
	return c
}

// add records a claim on a branch. One on a branch that is a union itself is a claim
// on the branches of that union, unless the same property selects among them.
func (n *narrowing) add(branch component, c claim, seen []component) {
	schema := n.doc.lookup(branch.ref())
	if inner := branchesOf(schema); len(inner) > 0 {
		if text(get(get(schema, "discriminator"), "propertyName")) == c.property || slices.Contains(seen, branch) {
			return
		}
		for _, b := range inner {
			n.add(b, c, append(seen, branch))
		}
		return
	}
	if schema != nil {
		n.record(branch, c)
	}
}

// record merges the claims of several unions on one branch: each of their values is admitted.
func (n *narrowing) record(branch component, c claim) {
	claims, known := n.claims[branch]
	if !known {
		n.order = append(n.order, branch)
	}
	i := slices.IndexFunc(claims, func(other claim) bool { return other.property == c.property })
	if i < 0 {
		n.claims[branch] = append(claims, c)
		return
	}
	merged := &claims[i]
	merged.values = addMissing(merged.values, c.values)
	merged.mapped = addMissing(merged.mapped, c.mapped)
	merged.implicit = merged.implicit && c.implicit
}

func addMissing(list, more []string) []string {
	for _, value := range more {
		if !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	return list
}

// restrict narrows a branch's property where the branch declares it. A branch that
// inherits the declaration gets a second one beside it.
func (n *narrowing) restrict(branch *yaml.Node, c claim) {
	for _, part := range append([]*yaml.Node{branch}, items(get(branch, "allOf"))...) {
		if properties := get(part, "properties"); get(properties, c.property) != nil {
			n.restrictProperty(n.ownProperty(properties, c.property), c)
			return
		}
	}
	inherited := n.inherited(branch, c.property, nil)
	if inherited == nil {
		return
	}
	property := clone(inherited)
	n.restrictProperty(property, c)
	allOf := get(branch, "allOf")
	allOf.Content = append(allOf.Content, mapping(scalar("type"), scalar("object"), scalar("properties"), mapping(scalar(c.property), property)))
}

// inherited returns the declaration of a property in what a schema's allOf refers to.
func (n *narrowing) inherited(schema *yaml.Node, property string, seen []*yaml.Node) *yaml.Node {
	for _, member := range items(get(schema, "allOf")) {
		target := n.resolve(member)
		if target == nil || slices.Contains(seen, target) {
			continue
		}
		if declared := n.resolve(get(get(target, "properties"), property)); declared != nil {
			return declared
		}
		if declared := n.inherited(target, property, append(seen, target)); declared != nil {
			return declared
		}
	}
	return nil
}

// resolve follows references; nil is a schema whose references dangle or go in circles.
func (n *narrowing) resolve(schema *yaml.Node) *yaml.Node {
	for range maxDepth {
		if get(schema, "$ref") == nil {
			return schema
		}
		schema = n.doc.deref(schema)
	}
	return nil
}

// ownProperty returns a property's schema, the only member of a list of one where it
// is wrapped. A reference is replaced by a copy of its target, because others may
// refer to the target as well.
func (n *narrowing) ownProperty(properties *yaml.Node, name string) *yaml.Node {
	declared := get(properties, name)
	schema := n.resolve(declared)
	if schema != nil && schema != declared {
		schema = clone(schema)
		set(properties, name, schema)
	}
	return unwrap(schema)
}

// unwrap returns the schema in lists of one: allOf, oneOf or anyOf.
func unwrap(schema *yaml.Node) *yaml.Node {
	for _, keyword := range []string{"allOf", "oneOf", "anyOf"} {
		if members := items(get(schema, keyword)); len(members) == 1 && get(members[0], "$ref") == nil {
			return unwrap(members[0])
		}
	}
	return schema
}

// restrictProperty narrows the enum of a discriminator property, or gives it one. An
// enum without any of the values that select the branch contradicts the mapping: the
// mapping holds, because it is what selects the branch. The name of a schema that no
// mapping has gives way to the enum.
func (n *narrowing) restrictProperty(schema *yaml.Node, c claim) {
	if schema == nil || !isPlainObject(schema) || get(schema, "const") != nil || !slices.Contains([]string{"", "string"}, text(get(schema, "type"))) {
		return
	}
	var own, unmapped []*yaml.Node
	for _, value := range items(get(schema, "enum")) {
		switch {
		case slices.Contains(c.values, value.Value):
			own = append(own, value)
		case !slices.Contains(c.mapped, value.Value):
			unmapped = append(unmapped, value)
		}
	}
	if len(own) == 0 {
		if c.implicit && get(schema, "enum") != nil {
			return
		}
		for _, value := range c.values {
			own = append(own, scalar(value))
		}
	}
	n.setValues(schema, own, append(unmapped, items(get(schema, unmappedValues))...))
}

func (n *narrowing) setValues(schema *yaml.Node, own, unmapped []*yaml.Node) {
	remove(schema, unmappedValues)
	if n.keepUnmapped {
		own, unmapped = append(own, unmapped...), nil
	}
	set(schema, "enum", sequence(own...))
	if len(unmapped) > 0 {
		set(schema, unmappedValues, sequence(unmapped...))
	}
}
