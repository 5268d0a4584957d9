package pipeline

import (
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

const correctionsFile = "corrections.overlay.yaml"

// Cut cuts operations out of upstream and applies the contract's corrections to them. It
// returns the effect of each correction. Errors are those of trim.Document.Cut.
func Cut(upstream *trim.Document, sel trim.Selection) (*trim.Document, []Correction, error) {
	cut, err := upstream.Cut(sel)
	if err != nil {
		return nil, nil, err
	}
	return Correct(cut)
}

// Correct applies the contract's corrections to a document that is already cut.
func Correct(cut *trim.Document) (*trim.Document, []Correction, error) {
	corrections, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, nil, err
	}
	return correct(cut, correctionsFile, corrections)
}
