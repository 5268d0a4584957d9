package drift

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// inherited joins losses that one edit of a base schema made. Upstream's branches
// inherit from a base; the embedded contract's are flat, each with a copy of what
// it inherits. When upstream takes a property out of the base, every branch loses
// it, each in a place of its own.
func (c *comparison) inherited(causes []*cause) []*cause {
	for i := 0; i < len(causes); i++ {
		for j := i + 1; j < len(causes); j++ {
			if c.sameBase(causes[i], causes[j]) {
				causes[i].differences = append(causes[i].differences, causes[j].differences...)
				causes = slices.Delete(causes, j, j+1)
				j--
			}
		}
	}
	return causes
}

// sameBase tells whether two losses are of schemas that share a base upstream and
// are flat in the baseline, so that the baseline can't tell whose the loss is.
func (c *comparison) sameBase(a, b *cause) bool {
	x, y := a.differences[0], b.differences[0]
	if !isLoss(x) || !isLoss(y) || x.isDoc == nil || x.isDoc != y.isDoc {
		return false
	}
	mine, theirs := c.ownerName(x), c.ownerName(y)
	if mine == "" || theirs == "" || mine == theirs {
		return false
	}
	return sharesBase(x.isDoc, mine, theirs) && !sharesBase(x.wasDoc, mine, theirs)
}

// isLoss tells whether something that only an object as a whole can tell of is gone.
func isLoss(d located) bool {
	return d.Lost && !d.Found && (d.Family == "property" || d.Family == "property-optional")
}

// ownerName gives the component, by upstream's name, whose property or requirement it is.
func (c *comparison) ownerName(d located) string {
	steps := tree.Split(d.Is.Pointer)
	if len(steps) != 5 || steps[0] != "components" || steps[1] != "schemas" {
		return ""
	}
	for _, from := range slices.Sorted(maps.Keys(c.names)) {
		if to := c.names[from]; to == tree.Join("/components/schemas", steps[2]) {
			return tree.Split(from)[2]
		}
	}
	return steps[2]
}

// sharesBase tells whether two schemas inherit from one: by allOf, or as what its
// discriminator maps to.
func sharesBase(doc *trim.Document, a, b string) bool {
	schemas := tree.At(doc.Root(), "components", "schemas")
	for _, base := range basesOf(schemas, a) {
		if slices.Contains(basesOf(schemas, b), base) {
			return true
		}
	}
	return false
}

func basesOf(schemas *yaml.Node, name string) []string {
	var out []string
	for _, member := range tree.Items(tree.At(schemas, name, "allOf")) {
		if steps := tree.Split(tree.ComponentPointer(tree.Text(tree.Get(member, "$ref")))); len(steps) == 3 {
			out = append(out, steps[2])
		}
	}
	return out
}
