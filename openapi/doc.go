// Package openapi contains the contract: Atlas's snapshot export bucket operations as one
// OpenAPI document per version.
//
//	v1.0.yaml              /api/atlas/v1.0, written by hand from Atlas's documentation
//	v2-2023-01-01.yaml     /api/atlas/v2, AWS only, sunset announced
//	v2-2024-05-30.yaml     /api/atlas/v2, AWS, Azure and GCP: used by the client
//
// The two v2 documents are extracted from the specification that MongoDB publishes and
// are never edited by hand. UPSTREAM records which specification; select.yaml lists what
// to extract. corrections.overlay.yaml corrects values that recorded responses contradict,
// each with its reason, and prose.overlay.yaml adds this module's descriptions and the
// names for the generated Go code. Package pipeline applies them; `make openapi
// UPSTREAM=FILE` runs it.
//
// The documents are embedded, so Load needs no files and no network.
package openapi
