package drift

import (
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
)

// inherited returns the bases that a loss may be inherited from. Upstream's branches
// inherit from a base; the embedded contract's branches are flat, each with a copy of the
// inherited properties. If upstream removes a property from the base, every branch loses
// it, each at its own place: one edit caused all of these losses.
func inherited(d judge.Difference) []string {
	isLoss := d.Lost && !d.Found && (d.Family == "property" || d.Family == "property-optional")
	if !isLoss || len(basesOf(d.Base)) > 0 { // the baseline shows whose the loss is
		return nil
	}
	return basesOf(d.Revision)
}

// basesOf lists the schemas that a component inherits from by allOf, given the place of one
// of its properties or requirements.
func basesOf(p oas.Place) []string {
	steps := oas.Split(p.Declared())
	if p.IsZero() || len(steps) < 5 || steps[0] != "components" || steps[1] != "schemas" {
		return nil
	}
	var out []string
	for _, member := range oas.Items(p.Doc.Resolve(oas.Join("", steps[:3]...) + "/allOf")) {
		if ref := oas.Ref(member); ref != "" {
			out = append(out, "base "+ref)
		}
	}
	return out
}
