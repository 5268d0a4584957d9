// Package exportbuckets is the module's root; it holds no code of its own. What
// happens in the module, in the order in which things are made:
//
//  1. openapi/   the contract. `make openapi UPSTREAM=FILE` cuts it from the
//     specification that MongoDB publishes, and corrects it where real answers
//     prove that wrong (packages openapi, internal/trim, internal/pipeline).
//  2. gen/       models and a client for each version, made by the lines below: what
//     `exportbuckets generate` makes for everybody.
//  3. client/    what users import: authentication, retries, paging, typed errors,
//     built on gen.
//  4. contracttest/  holds recorded answers of the real Atlas against the contract,
//     and contracttest/fakeatlas is an Atlas to test against, with the fields of the
//     contract's request bodies from the last line below.
//  5. openapi/drift  tells what a newer upstream document changes for a client.
//  6. cmd/exportbuckets  the command that brings it all to a shell.
//
// `go generate ./...` needs no network and writes the same bytes on every machine: the
// command pins the generator and all that it is built of (internal/codegen), at the
// versions in go.mod (tools.go keeps them there).
package exportbuckets

//go:generate go run ./cmd/exportbuckets generate --package v1 --api-version v1.0 --output gen/v1/exportbuckets.gen.go
//go:generate go run ./cmd/exportbuckets generate --package v20230101 --api-version 2023-01-01 --output gen/v20230101/exportbuckets.gen.go
//go:generate go run ./cmd/exportbuckets generate --package v20240530 --api-version 2024-05-30 --output gen/v20240530/exportbuckets.gen.go
//go:generate go run ./contracttest/fakeatlas/internal/requestfields -output contracttest/fakeatlas/request_fields.gen.go
