package oas

import (
	"fmt"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// UnmappedValues is the extension that lists the enum values of a discriminator property
// that select no branch of the union. trim moves them there from the enum.
const UnmappedValues = "x-unmapped-values"

// BranchValues are the discriminator values that select one branch of a union.
type BranchValues struct {
	// Property is the discriminator property; the branch is selected by any of Values.
	Property string
	Values   []string
	// Implicit reports that the value is the name of the schema, because no mapping
	// names the branch (OpenAPI 3.0.4, Discriminator Object).
	Implicit bool
	// Mapped are all values that select a branch of the union, this branch or another.
	Mapped []string
}

// DiscriminatorMap contains, for each branch of a document's unions, the discriminator
// values that select it.
type DiscriminatorMap struct {
	// ByBranch has the values by branch, Order the branches in the order in which the
	// document refers to them.
	ByBranch map[*Node][]BranchValues
	Order    []*Node

	doc    *Document
	unions map[*Node]*discriminatedUnion
	budget *limits.Budget
}

// discriminatorLimits bounds the work of a DiscriminatorMap. Each value is one step; the
// whole Atlas specification takes 20,000.
var discriminatorLimits = limits.Limits{Work: 5_000_000}

// DiscriminatorMap collects the discriminator values of the document's unions, in its
// current state, by the schemas that they select. If it exceeds the limits, the error is
// a *limits.ExceededError.
func (d *Document) DiscriminatorMap() (*DiscriminatorMap, error) {
	c := &DiscriminatorMap{doc: d, ByBranch: make(map[*Node][]BranchValues), unions: make(map[*Node]*discriminatedUnion), budget: limits.New(discriminatorLimits)}
	c.collect(d.root)
	if err := c.budget.Err(); err != nil {
		return nil, fmt.Errorf("%s: discriminators: %w", d.name, err)
	}
	return c, nil
}

func (c *DiscriminatorMap) collect(n *Node) {
	u := c.union(n)
	for _, b := range u.branches {
		values := BranchValues{Property: u.property, Values: b.values, Mapped: u.mapped}
		if len(b.values) == 0 {
			values.Values, values.Implicit = []string{b.name}, true
		}
		c.add(b.node, values, nil)
	}
	for _, child := range n.Content {
		c.collect(child)
	}
}

// discriminatedUnion is a discriminated union with the schemas that it refers to, in its lists of
// branches or in its mapping. A schema without a discriminator has no branches.
type discriminatedUnion struct {
	property string
	branches []mappedBranch
	mapped   []string
}

// mappedBranch is a branch and the values that a mapping assigns to it.
type mappedBranch struct {
	node   *Node
	name   string
	values []string
}

// union reads a union. Dangling references, and branches without a reference, are skipped.
func (c *DiscriminatorMap) union(n *Node) *discriminatedUnion {
	if known := c.unions[n]; known != nil {
		return known
	}
	u := &discriminatedUnion{property: Text(At(n, "discriminator", "propertyName"))}
	if u.property == "" {
		return u
	}
	c.unions[n] = u
	index := make(map[*Node]int)
	add := func(ref string, values ...string) {
		target, pointer, err := c.doc.Target(ref)
		if err != nil {
			return
		}
		if _, known := index[target]; !known {
			index[target] = len(u.branches)
			u.branches = append(u.branches, mappedBranch{node: target, name: LastStep(pointer)})
		}
		of := &u.branches[index[target]]
		of.values = append(of.values, values...)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, member := range Items(Get(n, keyword)) {
			add(Ref(member))
		}
	}
	for value, target := range Pairs(At(n, "discriminator", "mapping")) {
		add(MappingRef(target.Value), value)
		u.mapped = append(u.mapped, value)
	}
	for _, b := range u.branches {
		u.mapped = append(u.mapped, b.name)
	}
	return u
}

// add adds the values of a branch. If the branch is itself a union, the values apply to
// the branches of that union, unless the same property selects among them.
func (c *DiscriminatorMap) add(on *Node, values BranchValues, seen []*Node) {
	inner := c.union(on)
	switch {
	case c.budget.Work(int64(1+len(values.Mapped))) != nil:
	case len(inner.branches) == 0:
		c.record(on, values)
	case inner.property != values.Property && !slices.Contains(seen, on):
		for _, b := range inner.branches {
			c.add(b.node, values, append(seen, on))
		}
	}
}

// record merges the values that several unions have for one branch: the values of all of them
// are allowed.
func (c *DiscriminatorMap) record(n *Node, values BranchValues) {
	if _, known := c.ByBranch[n]; !known {
		c.Order = append(c.Order, n)
	}
	i := slices.IndexFunc(c.ByBranch[n], func(other BranchValues) bool { return other.Property == values.Property })
	if i < 0 {
		c.ByBranch[n] = append(c.ByBranch[n], values)
		return
	}
	merged := &c.ByBranch[n][i]
	merged.Values = addMissing(merged.Values, values.Values)
	merged.Mapped = addMissing(merged.Mapped, values.Mapped)
	merged.Implicit = merged.Implicit && values.Implicit
}

func setOf(values []string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, value := range values {
		set[value] = true
	}
	return set
}

// addMissing returns list, followed by those elements of more that it does not contain.
func addMissing(list, more []string) []string {
	seen := setOf(list)
	out := slices.Clip(list)
	for _, value := range more {
		if !seen[value] {
			seen[value] = true
			out = append(out, value)
		}
	}
	return out
}

// Split returns the enum values of the discriminator property that select the branch, and those
// that select no branch. Values that select another branch are in neither list. ok is false
// if the enum lacks an implicit value; then the enum takes precedence.
func (c BranchValues) Split(enum []string) (own, unmapped []string, ok bool) {
	selects, others := setOf(c.Values), setOf(c.Mapped)
	for _, value := range enum {
		switch {
		case selects[value]:
			own = append(own, value)
		case !others[value]:
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
