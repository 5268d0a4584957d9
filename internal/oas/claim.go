package oas

import "slices"

// UnmappedValues is the extension that keeps the enum values of a discriminator
// property which no branch of the union has, where a cut takes them from the enum.
const UnmappedValues = "x-unmapped-values"

// Claim is what a discriminated union says of one of its branches.
type Claim struct {
	// Property is the one that selects the branch, by one of Values.
	Property string
	Values   []string
	// Implicit reports that the value is the name of the schema, because no mapping
	// names the branch (OpenAPI 3.0.4, Discriminator Object).
	Implicit bool
	// Mapped are all values that select a branch of the union, this one or another.
	Mapped []string
}

// Claims are the claims of all unions of a document on their branches.
type Claims struct {
	doc *Document
	// Of are the claims by branch, Order the branches in the order in which the
	// document refers to them.
	Of    map[*Node][]Claim
	Order []*Node
}

// Claims collects what the discriminated unions of the document, as it is now, claim
// of the schemas that they refer to.
func (d *Document) Claims() *Claims {
	c := &Claims{doc: d, Of: make(map[*Node][]Claim)}
	c.collect(d.root)
	return c
}

func (c *Claims) collect(n *Node) {
	if n == nil || n.Content == nil {
		return
	}
	if Get(n, "discriminator") != nil {
		for _, branch := range c.branches(n) {
			c.add(branch, claimOn(n, branch, c), nil)
		}
	}
	for _, child := range n.Content {
		c.collect(child)
	}
}

// branch is a component that a union refers to.
type branch struct {
	node *Node
	name string
}

// branches returns the schemas that a discriminated union refers to, in its lists of
// branches or in its mapping. References that dangle are left out.
func (c *Claims) branches(union *Node) []branch {
	if Text(At(union, "discriminator", "propertyName")) == "" {
		return nil
	}
	var out []branch
	add := func(ref string) {
		n, pointer, err := c.doc.Target(ref)
		if err == nil && !slices.ContainsFunc(out, func(b branch) bool { return b.node == n }) {
			out = append(out, branch{n, lastStep(pointer)})
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, member := range Items(Get(union, keyword)) {
			if ref := Ref(member); ref != "" {
				add(ref)
			}
		}
	}
	for _, target := range Pairs(At(union, "discriminator", "mapping")) {
		add(MappingRef(target.Value))
	}
	return out
}

func claimOn(union *Node, of branch, c *Claims) Claim {
	claim := Claim{Property: Text(At(union, "discriminator", "propertyName"))}
	for _, sibling := range c.branches(union) {
		claim.Mapped = append(claim.Mapped, sibling.name)
	}
	for value, target := range Pairs(At(union, "discriminator", "mapping")) {
		claim.Mapped = append(claim.Mapped, value)
		if n, _, err := c.doc.Target(MappingRef(target.Value)); err == nil && n == of.node {
			claim.Values = append(claim.Values, value)
		}
	}
	if len(claim.Values) == 0 {
		claim.Values, claim.Implicit = []string{of.name}, true
	}
	return claim
}

// add records a claim on a branch. One on a branch that is a union itself is a claim on
// the branches of that union, unless the same property selects among them.
func (c *Claims) add(of branch, claim Claim, seen []*Node) {
	inner := c.branches(of.node)
	if len(inner) == 0 {
		c.record(of.node, claim)
		return
	}
	if Text(At(of.node, "discriminator", "propertyName")) == claim.Property || slices.Contains(seen, of.node) {
		return
	}
	for _, b := range inner {
		c.add(b, claim, append(seen, of.node))
	}
}

// record merges the claims of several unions on one branch: each of their values is admitted.
func (c *Claims) record(n *Node, claim Claim) {
	if _, known := c.Of[n]; !known {
		c.Order = append(c.Order, n)
	}
	i := slices.IndexFunc(c.Of[n], func(other Claim) bool { return other.Property == claim.Property })
	if i < 0 {
		c.Of[n] = append(c.Of[n], claim)
		return
	}
	merged := &c.Of[n][i]
	merged.Values = addMissing(merged.Values, claim.Values)
	merged.Mapped = addMissing(merged.Mapped, claim.Mapped)
	merged.Implicit = merged.Implicit && claim.Implicit
}

func addMissing(list, more []string) []string {
	for _, value := range more {
		if !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	return list
}

// Split sorts the values of the enum of a claimed property: those that select the
// branch, and those that select none. Values of other branches are in neither. ok is
// false when the enum does not agree with a claim that is only implicit: it holds then.
func (c Claim) Split(enum []string) (own, unmapped []string, ok bool) {
	for _, value := range enum {
		switch {
		case slices.Contains(c.Values, value):
			own = append(own, value)
		case !slices.Contains(c.Mapped, value):
			unmapped = append(unmapped, value)
		}
	}
	if len(own) == 0 {
		if c.Implicit && len(enum) > 0 {
			return nil, nil, false
		}
		own = c.Values
	}
	return own, unmapped, true
}
