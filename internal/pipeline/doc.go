// Package pipeline makes the contract from the upstream specification:
//
//	upstream -> trim (cut, project, lift unions) -> corrections -> prose -> openapi/*.yaml
//
// Cut does the first three steps, for callers that compare with a foreign specification:
// verify with the user's specification, and drift on both of its sides. Recipe.Build does
// all of them for `make openapi`.
package pipeline
