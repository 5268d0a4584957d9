package drift

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/gonames"
)

// affects lists the exported names in packages client and gen that would change if the
// contract included the change. Changes of prose affect none.
func (c *comparison) affects(cause *cause) []string {
	names := []string{}
	for _, d := range cause.differences {
		version := slices.Index(openapi.Versions(), d.Version)
		if version < 0 || d.Rule.Verdict == compare.Docs {
			continue
		}
		at := d.Revision
		if c.base.embedded && !d.Base.IsZero() || at.IsZero() || d.Lost && !d.Found {
			at = d.Base
		}
		names = append(names, gonames.Of(c.contract.docs[version].Root(), gonames.Place{
			Version: d.Version, Operation: d.Operation, Pointer: normalPointer(at), In: d.In, Parameter: d.Parameter,
		})...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
