// Package pipeline builds the contract from the upstream specification:
//
//	upstream -> trim (cut, project, lift unions) -> corrections -> prose -> openapi/*.yaml
//
// Cut does the steps up to the corrections. verify uses it for the user's specification,
// and drift for both documents that it compares. Recipe.Build does all steps for
// `make openapi`.
package pipeline
