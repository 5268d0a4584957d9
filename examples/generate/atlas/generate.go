// Package atlas is a client generated in this repository, with only the operations that it
// needs.
//
// To update the client to a newer contract, raise the version in the line below and run go
// generate. In CI, the same command with --check fails if the generated code is out of date.
package atlas

//go:generate go run github.com/atlas-exportbuckets/exportbuckets/cmd/exportbuckets@v0.1.0 generate --package atlas --output atlas.gen.go --operations listExportBuckets,getExportBucket
