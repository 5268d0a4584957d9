// Package codegen makes Go code of an OpenAPI document with oapi-codegen, for
// repositories that generate their own models or client: the verb generate.
//
//	document -> names, plain media types -> the pinned oapi-codegen -> clashes renamed
//	-> headers of the requests -> header of the file -> go vet -> Go code
//
// The steps, a file each:
//
//   - settings.go reads the settings and the templates that all generated code is made
//     with, from package openapi.
//   - prepare.go gives a foreign document the names that a reader expects, and names.go
//     gives any document names that can be Go code.
//   - pin.go has the version of the generator and of all that it is built of.
//   - run.go builds and runs it with the go command, in a folder and an environment
//     of its own (environ.go): nothing of the caller's module takes part.
//   - clashes.go finds names that are declared twice, so that the document gets other
//     ones for a second run.
//   - mediatype.go hides the dated media types from the generator, which would make
//     names of them, and request.go returns them to the requests as Accept, which
//     Atlas demands and the generator leaves out, and as Content-Type.
//   - header.go writes what the code was made from.
//   - check.go type-checks and vets the code in a module of its own.
//
// The generator is not linked into this module's command: it takes a minute of CPU
// to build. The go command keeps it in its build cache, so that only the first run
// pays.
package codegen
