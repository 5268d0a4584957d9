// Package codegen generates Go code from an OpenAPI document with oapi-codegen, for
// repositories that generate their own models or client. The verb generate uses it.
//
//	document -> names, plain media types -> the pinned oapi-codegen -> clashes renamed
//	-> headers of the requests -> header of the file -> go vet -> Go code
//
// The steps, one per file:
//
//   - settings.go reads the settings and templates for all generated code, from package
//     openapi.
//   - prepare.go sets the usual short names in a specification of the user, and names.go
//     replaces names that are not valid in Go code.
//   - pin.go contains the versions of the generator and of all its dependencies.
//   - run.go builds and runs it with the go command, in its own folder and
//     environment (environ.go), independent of the caller's module.
//   - clashes.go finds names that are declared twice, and renames them in the document for
//     a second run.
//   - mediatype.go hides the dated media types from the generator, which would include
//     them in names. request.go puts them back into the requests as Accept, which Atlas
//     requires and the generator omits, and as Content-Type.
//   - header.go writes the header, which names the sources of the code.
//   - check.go type-checks and vets the code in a separate module.
//
// The generator is not linked into this module's command: it takes a minute of CPU to
// build. The go command keeps it in its build cache, so that only the first run takes that
// time.
package codegen
