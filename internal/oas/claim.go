package oas

import (
	"fmt"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// UnmappedValues is the extension that lists the enum values of a discriminator property
// that select no branch of the union. trim moves them there from the enum.
const UnmappedValues = "x-unmapped-values"

// Claim describes which discriminator values select one branch of a union.
type Claim struct {
	// Property is the discriminator property; the branch is selected by any of Values.
	Property string
	Values   []string
	// Implicit reports that the value is the name of the schema, because no mapping
	// names the branch (OpenAPI 3.0.4, Discriminator Object).
	Implicit bool
	// Mapped are all values that select a branch of the union, this branch or another.
	Mapped []string
}

// Claims are the claims that all unions of a document make about their branches.
type Claims struct {
	// Of contains the claims by branch, Order the branches in the order in which the
	// document refers to them.
	Of    map[*Node][]Claim
	Order []*Node

	doc    *Document
	unions map[*Node]*claiming
	budget *limits.Budget
}

// claimLimits bounds the work of collecting claims. Each value in a claim is one step; the
// whole Atlas specification takes 20,000.
var claimLimits = limits.Limits{Work: 5_000_000}

// Claims collects the claims that the document's discriminated unions, in its current
// state, make about the schemas that they refer to. If it exceeds the limits, the error is
// a *limits.ExceededError.
func (d *Document) Claims() (*Claims, error) {
	c := &Claims{doc: d, Of: make(map[*Node][]Claim), unions: make(map[*Node]*claiming), budget: limits.New(claimLimits)}
	c.collect(d.root)
	if err := c.budget.Err(); err != nil {
		return nil, fmt.Errorf("%s: discriminators: %w", d.name, err)
	}
	return c, nil
}

func (c *Claims) collect(n *Node) {
	u := c.union(n)
	for _, b := range u.branches {
		claim := Claim{Property: u.property, Values: b.values, Mapped: u.mapped}
		if len(b.values) == 0 {
			claim.Values, claim.Implicit = []string{b.name}, true
		}
		c.add(b.node, claim, nil)
	}
	for _, child := range n.Content {
		c.collect(child)
	}
}

// claiming is a discriminated union with the schemas that it refers to, in its lists of
// branches or in its mapping. A schema without a discriminator has no branches.
type claiming struct {
	property string
	branches []claimed
	mapped   []string
}

// claimed is a branch and the values that a mapping assigns to it.
type claimed struct {
	node   *Node
	name   string
	values []string
}

// union reads a union. Dangling references, and branches without a reference, are skipped.
func (c *Claims) union(n *Node) *claiming {
	if known := c.unions[n]; known != nil {
		return known
	}
	u := &claiming{property: Text(At(n, "discriminator", "propertyName"))}
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
			u.branches = append(u.branches, claimed{node: target, name: LastStep(pointer)})
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

// add adds a claim about a branch. If the branch is itself a union, the claim applies to
// the branches of that union, unless the same property selects among them.
func (c *Claims) add(on *Node, claim Claim, seen []*Node) {
	inner := c.union(on)
	switch {
	case c.budget.Work(int64(1+len(claim.Mapped))) != nil:
	case len(inner.branches) == 0:
		c.record(on, claim)
	case inner.property != claim.Property && !slices.Contains(seen, on):
		for _, b := range inner.branches {
			c.add(b.node, claim, append(seen, on))
		}
	}
}

// record merges the claims of several unions about one branch: the values of all of them
// are allowed.
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

// Split returns the enum values of a claimed property that select the branch, and those
// that select no branch. Values that select another branch are in neither list. ok is false
// if the enum contradicts an implicit claim; then the enum takes precedence.
func (c Claim) Split(enum []string) (own, unmapped []string, ok bool) {
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
