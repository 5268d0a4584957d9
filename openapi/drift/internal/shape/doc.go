// Package shape gives the normal form of an API: its operations as a client sees
// them, free of notation.
//
// Two specifications that mean the same have the same shape, however they are
// written. A document that is cut to one resource version is read like this:
//
//   - references are followed, allOf is merged into what it demands together, and a
//     component's name never matters (conjunction.go);
//   - a union is a set of branches by discriminator value, whether it is written as
//     oneOf, anyOf, a discriminator.mapping or all of them, and what stands beside it
//     is part of every branch (union.go);
//   - security, servers and parameters are the ones in effect at the operation,
//     whether declared there, on the path or at the root (operation.go, security.go);
//   - what adds nothing is dropped: required: false, nullable: false, a length that
//     the pattern beside it implies, minLength: 0 (bounds.go, pattern.go).
//
// Everything remembers its Place: where in the user's own file it is declared. Two
// differences with the same place have one cause.
package shape
