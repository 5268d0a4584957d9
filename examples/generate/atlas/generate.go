// Package atlas is a client of this repository's own, with the operations that it needs.
//
// The version in the line below is all that ties it to the contract: raise it and run
// go generate. In CI, the same line with --check fails when somebody forgot to.
package atlas

//go:generate go run github.com/atlas-exportbuckets/exportbuckets/cmd/exportbuckets@v0.1.0 generate --package atlas --output atlas.gen.go --operations listExportBuckets,getExportBucket
