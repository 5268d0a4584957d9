// Package schema judges JSON texts by the schemas of a contract.
//
// kin-openapi is the judge of every schema keyword. Around it stand the checks on
// which it is silent, and a fast path for texts that are plainly right:
//
//	compile.go node.go    a schema as a tree of nodes: what is declared where
//	check.go              judging a text: first prove, then all of the below
//	prove.go              walks a text once; true means that nothing is wrong with it
//	strict.go number.go   what kin-openapi does not judge: exact numbers, equal items,
//	ecma.go               and patterns with look-around
//	text.go pattern.go    what a string must keep, for the fast path
//	parse.go              the strict parser: syntax, duplicate keys
//	undeclared.go         members that the contract does not declare
//	kin.go kin_union.go   runs kin-openapi and takes its nested errors apart
//	leaf.go               one failed keyword
//	envelope.go           a body that was asked for with envelope=true
//	plain.go              values that are written as bare text: parameters, headers
//	fault.go hint.go      what is found: its places, what was due, what was meant
//	slots.go declares.go  what a text can show, for coverage; what is declared
//	index.go keywords.go  the schemas of a document in the form of kin-openapi, and where
//	                      each is described
//
// The fast path only ever proves a text right. Whatever it cannot prove goes to
// kin-openapi, so a gap in it costs time and never a verdict. A differential test
// holds that what it proves, kin-openapi accepts too.
package schema
