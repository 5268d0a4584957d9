// Package openapi holds the contract: what Atlas promises of snapshot export
// buckets, as one OpenAPI document a version.
//
//	v1.0.yaml              /api/atlas/v1.0, written by hand from Atlas's documentation
//	v2-2023-01-01.yaml     /api/atlas/v2, AWS only, sunset announced
//	v2-2024-05-30.yaml     /api/atlas/v2, AWS, Azure and GCP: what the client speaks
//
// The two of v2 are cut from the specification that MongoDB publishes and are never
// edited by hand. UPSTREAM records which one; select.yaml says what is cut,
// corrections.overlay.yaml mends what real answers prove wrong, each with its
// reason, and prose.overlay.yaml brings our descriptions and the names of the
// generated Go code. Package pipeline runs that; `make openapi UPSTREAM=FILE`
// starts it.
//
// The documents are embedded, so that Load works offline in every program.
package openapi
