package drift

import (
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// inherited returns the bases from which a removed part may have been inherited. Upstream's
// branches inherit from a base; those of the embedded contract are flat, and each has a
// copy of the inherited properties. If upstream removes a property from the base, every
// branch loses it at its own place, although one edit was the cause.
func inherited(d compare.Difference) []string {
	isLoss := d.Lost && !d.Found && (d.Family == "property" || d.Family == "property-optional")
	if !isLoss || len(basesOf(d.Base)) > 0 { // the baseline contains the base itself
		return nil
	}
	return basesOf(d.Revision)
}

// basesOf lists the schemas from which a component inherits by allOf. p is the place of one
// of the component's properties or requirements.
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
