// Package codegen makes Go code of an OpenAPI document with oapi-codegen, for
// repositories that generate their own models or client: the verb generate.
//
//	document -> plain media types -> the pinned oapi-codegen -> dated headers -> Go code
//
// The steps, a file each:
//
//   - settings.go takes the settings that gen/ is generated with, without what only
//     gen/ has use for.
//   - prepare.go gives a foreign document the names that a reader expects.
//   - pin.go holds the generator's version and those of all it is built of.
//   - run.go builds and runs it with the go command, in a folder and an environment
//     of its own (environ.go): nothing of the caller's module takes part.
//   - mediatype.go hides the dated media types from the generator, which would make
//     names of them, and request.go gives them back to the requests as Accept, which
//     Atlas demands and the generator leaves out, and as Content-Type.
//   - header.go says what the code was made from.
//
// The generator is not linked into this module's command: it takes a minute of CPU
// to build. The go command keeps it in its build cache, so that only the first run
// pays.
package codegen
