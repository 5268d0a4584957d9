// Package codegen makes Go code of an OpenAPI document with oapi-codegen, for
// repositories that generate their own models or client: the verb generate.
//
//	document, settings -> the pinned oapi-codegen -> Accept headers -> header -> Go code
//
// The steps, a file each:
//
//   - settings.go takes the settings that gen/ is generated with, without what only
//     gen/ has use for.
//   - prepare.go gives a foreign document the names that a reader expects.
//   - pin.go holds the generator's version and those of all it is built of.
//   - run.go builds and runs it with the go command, in a folder and an environment
//     of its own (environ.go): nothing of the caller's module takes part.
//   - accept.go makes each request ask for its resource version, which Atlas demands
//     and the generator leaves out.
//   - header.go says what the code was made from.
//
// The generator is not linked into this module's command: it takes a minute of CPU
// to build. The go command keeps it in its build cache, so that only the first run
// pays.
package codegen
