// Package schema validates JSON texts against the schemas of a contract.
//
// kin-openapi validates the schema keywords. This package adds the checks that kin-openapi
// lacks, and a fast path for valid texts:
//
//	compile.go node.go    a schema as a tree of nodes, with the declarations of each place
//	check.go              validates a text: the fast path first, then everything below
//	prove.go              the fast path: walks a text once and reports whether it is valid
//	strict.go             checks that kin-openapi lacks: exact numbers, equal items,
//	ecma.go               and patterns with look-around
//	text.go pattern.go    the constraints of strings, for the fast path
//	parse.go              the strict parser: syntax, duplicate keys
//	walk.go               visits a value with the schemas that apply to it, for
//	                      strict.go, undeclared.go and coverage_items.go
//	undeclared.go         members that the contract does not declare
//	kin.go kin_union.go   run kin-openapi and convert its nested errors
//	leaf.go               converts the error of one keyword
//	envelope.go           bodies of requests with envelope=true
//	plain.go              values without JSON notation: parameters, headers
//	failure.go hint.go      failures, with places, expected and actual values and hints
//	coverage_items.go declares.go  the items that coverage counts; whether an item is declared
//	index.go keywords.go  the schemas of a document in the form of kin-openapi, with the
//	                      place of each
//
// The fast path only proves that a text is valid. kin-openapi validates all other texts, so
// a keyword that the fast path does not support costs time but does not change a verdict. A
// differential test checks that kin-openapi accepts every text that the fast path accepts.
package schema
