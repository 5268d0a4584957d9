// Package genruntime holds the few helpers that the code in gen/ calls. It stands in
// for github.com/oapi-codegen/runtime, which the generator's output imports otherwise:
// that module's requirements (and those of its tests) would become requirements of
// everyone who imports our client. The names are those that the generator writes;
// openapi/codegen.imports.tmpl makes the generated code import this package.
//
// Only what the contract needs is here: parameters that are one string, number or
// boolean, in a path or a query. Anything else is an error, never a wrong address.
package genruntime
