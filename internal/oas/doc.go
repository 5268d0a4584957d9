// Package oas parses OpenAPI 3.0 and 3.1. trim, drift, verify and generate use it for every
// specification.
//
// It has functions for four steps, each of which can be used by itself:
//
//	doc, err := oas.ParseBytes("atlas-v2.yaml", data) // bytes -> tree with lines
//	n, at, err := doc.Follow(node, pointer)           // $ref -> node
//	ops, err := doc.Operations()                      // paths -> operations
//	op, err := doc.Reader().Operation(ops[0], version) // -> effective operation
//
// An effective operation ([Effective]) has the parameters, servers and security that
// apply to it, and its schemas in one form ([Schema]): allOf is merged, a union has
// its branches by discriminator value whether it is written as oneOf, anyOf, a
// mapping or an inherited base, and the notations of 3.0 and 3.1 have the same result. A
// schema that contains itself is a cycle of pointers.
//
// Input is not trusted. Size, nesting, aliases and expansion are bounded; numbers are
// compared as decimal digits, because the value of 1e999999 would be too large to compute. A
// part that can't be read is an error; it is never treated as missing.
package oas
