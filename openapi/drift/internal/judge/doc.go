// Package judge tells how two shapes of one operation differ and what each
// difference means to a client that was written for the first.
//
// The rules are a table (rules.go, generated into RULES.md): what happened, on which
// way (request or answer), the verdict and the reason. The comparison
// (operation.go, schema.go, union.go) only finds out what happened; it never looks
// at verdicts. The way decides: what a server demands of a request is breaking when
// it grows, what it may answer is news when it grows.
package judge
