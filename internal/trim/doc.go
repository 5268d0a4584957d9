// Package trim extracts operations from a large OpenAPI specification.
//
// The Atlas Administration API is published as one document of four megabytes that contains
// all resource versions. This package extracts a small, self-contained document from it, in
// which the selected operations have the same meaning:
//
//	upstream, err := oas.ParseFile("atlas-v2.yaml")
//	contract, err := trim.Cut(upstream, trim.Selection{
//		Operations: []string{"listExportBuckets"},
//		Version:    "2024-05-30",
//	})
//	yaml, err := oas.Encode(contract.Root())
//
// Cut goes through these steps, one per file:
//
//   - select.go finds the operations, by upstream's operationId, by its short
//     name (x-xgen-operation-id-override) or by method and path;
//   - project.go keeps one resource version of each operation: the newest that is not later
//     than the requested one, as Atlas does with an Accept header;
//   - refs.go follows $ref and discriminator.mapping to everything that the operations
//     need;
//   - lift.go converts each discriminator.mapping to a oneOf of flat branches, because the
//     branches of the upstream unions are reachable only through the mapping, which
//     validators and generators ignore;
//   - narrow.go restricts the discriminator property of each branch of a union to the
//     values that select the branch, so that a body matches at most one branch;
//   - strip.go drops prose, examples and the extensions that do not affect the
//     contract.
//
// Input is not trusted: references that leave the document are refused.
package trim
