// Package schema judges JSON texts by the schemas of a contract.
//
// kin-openapi is the judge of every schema keyword. Around it stand the checks on
// which it is silent, and a fast path for texts that are plainly right:
//
//	node.go compile.go   a schema as a tree of nodes: what is declared where
//	prove.go             walks a text once; true means that nothing can be wrong with it
//	parse.go             the strict parser for everything else: syntax, duplicate keys
//	kin.go flatten.go    runs kin-openapi and takes its nested errors apart
//	undeclared.go        members that the contract does not declare
//	fault.go             what is found, with its place in the text and in the contract
//	slots.go             what a text can show of a schema, for coverage
//
// The fast path only ever proves a text right. Whatever it cannot prove goes to
// kin-openapi, so a gap in it costs time and never a verdict. A differential test
// holds that what it proves, kin-openapi accepts too.
package schema
