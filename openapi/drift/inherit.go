package drift

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
)

// inherited joins losses that one edit of a base schema made. Upstream's branches
// inherit from a base; the embedded contract's are flat, each with a copy of what it
// inherits. When upstream takes a property out of the base, every branch loses it,
// each in a place of its own.
func (c *comparison) inherited(causes []*cause) []*cause {
	for i := 0; i < len(causes); i++ {
		for j := i + 1; j < len(causes); j++ {
			if sameBase(causes[i], causes[j]) {
				causes[i].differences = append(causes[i].differences, causes[j].differences...)
				causes = slices.Delete(causes, j, j+1)
				j--
			}
		}
	}
	return causes
}

// sameBase reports whether two losses are of schemas that share a base upstream and
// are flat in the baseline, so that the baseline does not show whose the loss is.
func sameBase(a, b *cause) bool {
	x, y := a.differences[0], b.differences[0]
	if !isLoss(x) || !isLoss(y) || x.Is.IsZero() || x.Is.Doc != y.Is.Doc {
		return false
	}
	mine, theirs := ownerName(x.Is), ownerName(y.Is)
	if mine == "" || theirs == "" || mine == theirs {
		return false
	}
	return sharesBase(x.Is.Doc, mine, theirs) && !sharesBase(x.Was.Doc, ownerName(x.Was), ownerName(y.Was))
}

// isLoss reports whether something is gone that an object declares as a whole.
func isLoss(d judge.Difference) bool {
	return d.Lost && !d.Found && (d.Family == "property" || d.Family == "property-optional")
}

// ownerName returns the component whose property or requirement a place is.
func ownerName(p oas.Place) string {
	if steps := oas.Split(p.Declared()); len(steps) >= 5 && steps[0] == "components" && steps[1] == "schemas" {
		return steps[2]
	}
	return ""
}

// sharesBase reports whether two schemas inherit from one by allOf.
func sharesBase(doc *oas.Document, a, b string) bool {
	schemas := oas.At(doc.Root(), "components", "schemas")
	for _, base := range basesOf(schemas, a) {
		if slices.Contains(basesOf(schemas, b), base) {
			return true
		}
	}
	return false
}

func basesOf(schemas *oas.Node, name string) []string {
	var out []string
	for _, member := range oas.Items(oas.At(schemas, name, "allOf")) {
		if ref := oas.Ref(member); ref != "" {
			out = append(out, ref)
		}
	}
	return out
}
