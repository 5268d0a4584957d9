// Package pipeline builds the contract from the upstream specification:
//
//	upstream -> trim (cut, project, lift unions) -> corrections -> prose -> openapi/*.yaml
//
// Recipe.Build does all steps, for `make openapi`. Cut does the steps up to the corrections,
// for the verb generate. Corrected applies the corrections to a whole document, for
// `verify --spec`. Decided lists the places that corrections decide, for drift, which corrects
// effective operations instead of documents.
package pipeline
