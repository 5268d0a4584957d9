package trim

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// narrow restricts the discriminator property of each branch of a discriminated
// union to the values that select the branch.
//
// Upstream repeats the enum of the base in every branch, with the values of all branches. A
// discriminator does not change the meaning of oneOf: for a validator, a body of one branch
// would also match the other branches. After narrow, a body matches at most one branch,
// whether or not a tool supports discriminators.
//
// An enum value that selects no branch is removed and recorded in the extension
// x-unmapped-values.
func narrow(d *oas.Document) error {
	n := &narrowing{doc: d}
	discriminators, err := d.DiscriminatorMap()
	if err != nil {
		return err
	}
	for _, branch := range discriminators.Order {
		for _, c := range discriminators.ByBranch[branch] {
			n.restrict(branch, c)
		}
	}
	return nil
}

type narrowing struct{ doc *oas.Document }

// restrict narrows a branch's property, if the branch declares it. A branch that inherits
// the declaration gets a second declaration of its own.
func (n *narrowing) restrict(branch *oas.Node, c oas.BranchValues) {
	for _, part := range append([]*oas.Node{branch}, oas.Items(oas.Get(branch, "allOf"))...) {
		if properties := oas.Get(part, "properties"); oas.Get(properties, c.Property) != nil {
			restrictProperty(n.ownProperty(properties, c.Property), c)
			return
		}
	}
	inherited := n.inherited(branch, c.Property, nil)
	if inherited == nil {
		return
	}
	property := oas.Clone(inherited)
	restrictProperty(property, c)
	allOf := oas.Get(branch, "allOf")
	allOf.Content = append(allOf.Content, oas.Mapping(oas.String("type"), oas.String("object"), oas.String("properties"), oas.Mapping(oas.String(c.Property), property)))
}

// inherited returns the declaration of a property in the targets of a schema's allOf.
func (n *narrowing) inherited(schema *oas.Node, property string, seen []*oas.Node) *oas.Node {
	for _, member := range oas.Items(oas.Get(schema, "allOf")) {
		target := n.resolve(member)
		if target == nil || slices.Contains(seen, target) {
			continue
		}
		if declared := n.resolve(oas.Get(oas.Get(target, "properties"), property)); declared != nil {
			return declared
		}
		if declared := n.inherited(target, property, append(seen, target)); declared != nil {
			return declared
		}
	}
	return nil
}

// resolve follows references. It returns nil if they dangle or form a loop.
func (n *narrowing) resolve(schema *oas.Node) *oas.Node {
	target, _, err := n.doc.Follow(schema, "")
	if err != nil {
		return nil
	}
	return target
}

// ownProperty returns a property's schema. It unwraps allOf, oneOf and anyOf with one
// member. It replaces a reference by a copy of the target, because others may refer to the
// target, too.
func (n *narrowing) ownProperty(properties *oas.Node, name string) *oas.Node {
	declared := oas.Get(properties, name)
	schema := n.resolve(declared)
	if schema != nil && schema != declared {
		schema = oas.Clone(schema)
		oas.Set(properties, name, schema)
	}
	return unwrap(schema)
}

// unwrap returns the only member of an allOf, oneOf or anyOf, or else the schema itself.
func unwrap(schema *oas.Node) *oas.Node {
	for _, keyword := range []string{"allOf", "oneOf", "anyOf"} {
		if members := oas.Items(oas.Get(schema, keyword)); len(members) == 1 && oas.Get(members[0], "$ref") == nil {
			return unwrap(members[0])
		}
	}
	return schema
}

// restrictProperty narrows the enum of a discriminator property, or adds one. An enum
// without any of the values that select the branch contradicts the mapping. Then the
// mapping takes precedence, because it selects the branch. If the branch is selected only
// by the schema's name, the enum takes precedence.
func restrictProperty(schema *oas.Node, c oas.BranchValues) {
	if schema == nil || !isPlainObject(schema) || oas.Get(schema, "const") != nil || !slices.Contains([]string{"", "string"}, oas.Text(oas.Get(schema, "type"))) {
		return
	}
	enum := oas.Items(oas.Get(schema, "enum"))
	own, unmapped, ok := c.Split(oas.Texts(oas.Get(schema, "enum")))
	if !ok {
		return
	}
	removed := append(nodesOf(unmapped, enum), oas.Items(oas.Get(schema, oas.UnmappedValues))...)
	oas.Remove(schema, oas.UnmappedValues)
	oas.Set(schema, "enum", oas.Sequence(nodesOf(own, enum)...))
	if len(removed) > 0 {
		oas.Set(schema, oas.UnmappedValues, oas.Sequence(removed...))
	}
}

// nodesOf returns a node for each value: the node in list, or a new one.
func nodesOf(values []string, list []*oas.Node) []*oas.Node {
	known := make(map[string]*oas.Node, len(list))
	for _, n := range list {
		known[n.Value] = n
	}
	var out []*oas.Node
	for _, value := range values {
		if known[value] == nil {
			known[value] = oas.String(value)
		}
		out = append(out, known[value])
	}
	return out
}
