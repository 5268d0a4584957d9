// Package pipeline makes a contract of upstream's specification:
//
//	upstream -> trim (cut, project, lift unions) -> corrections -> prose -> openapi/*.yaml
//
// Cut does the first three steps for anybody who holds a foreign specification
// against something: verify with a specification of the user's, and drift on both
// of its sides. Recipe.Build does all of them for `make openapi`.
package pipeline
