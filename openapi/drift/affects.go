package drift

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/gonames"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
)

// affects lists the exported names of this module's client and gen packages that
// would change with the contract. Prose changes none.
func (c *comparison) affects(cause *cause) []string {
	names := []string{}
	for _, d := range cause.differences {
		if d.Rule.Verdict == judge.Docs {
			continue
		}
		doc := c.contract.docs[d.Version]
		if doc == nil {
			continue
		}
		at := d.Is.Pointer
		if d.isDoc == nil || d.Lost && !d.Found {
			at = d.Was.Pointer
		}
		names = append(names, gonames.Of(doc.Root(), gonames.Place{
			Version: d.Version, Operation: d.Operation, Pointer: at, In: d.In, Parameter: d.Parameter,
		})...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
