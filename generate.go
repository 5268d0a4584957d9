// Package exportbuckets is the module's root; it holds no code of its own. What
// happens in the module, in the order in which things are made:
//
//  1. openapi/   the contract. `make openapi UPSTREAM=FILE` cuts it from the
//     specification that MongoDB publishes, and corrects it where real answers
//     prove that wrong (packages openapi, openapi/trim, openapi/pipeline).
//  2. gen/       models and plain clients, generated from the contract by the lines
//     below; nothing in them is written by hand.
//  3. client/    what users import: authentication, retries, paging, typed errors,
//     built on gen.
//  4. contracttest/  holds recorded answers of the real Atlas against the contract,
//     and contracttest/fakeatlas is an Atlas to test against.
//  5. openapi/drift  tells what a newer upstream document changes for a client.
//  6. cmd/exportbuckets  the command that brings it all to a shell.
//
// `go generate ./...` needs no network and gives the same bytes on every machine:
// the generator's version stands in go.mod (tools.go holds it there).
package exportbuckets

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.models.yaml -package v1 -o gen/v1/models.gen.go openapi/v1.0.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.client.yaml -package v1 -o gen/v1/client.gen.go openapi/v1.0.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.models.yaml -package v20230101 -o gen/v20230101/models.gen.go openapi/v2-2023-01-01.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.client.yaml -package v20230101 -o gen/v20230101/client.gen.go openapi/v2-2023-01-01.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.models.yaml -package v20240530 -o gen/v20240530/models.gen.go openapi/v2-2024-05-30.yaml
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen.client.yaml -package v20240530 -o gen/v20240530/client.gen.go openapi/v2-2024-05-30.yaml
