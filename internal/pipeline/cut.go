package pipeline

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

const correctionsFile = "corrections.overlay.yaml"

// Cut extracts operations from an upstream document and applies the contract's corrections
// to them. Errors are those of trim.Cut.
func Cut(upstream *oas.Document, sel trim.Selection) (*oas.Document, error) {
	cut, err := trim.Cut(upstream, sel)
	if err != nil {
		return nil, err
	}
	return Correct(cut)
}

// Correct applies the contract's corrections to a document that trim has already extracted.
func Correct(cut *oas.Document) (*oas.Document, error) {
	corrections, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	return correct(cut, correctionsFile, corrections)
}

// Corrected returns a document with those of the contract's corrections that have a target
// in it. Lines are those of the document; nodes that a correction adds have line 0.
func Corrected(doc *oas.Document) (*oas.Document, error) {
	corrections, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	return withCorrections(doc, correctionsFile, corrections)
}

// correct applies an overlay of corrections to an extracted document, and removes
// components that are then unused.
func correct(cut *oas.Document, name string, overlayYAML []byte) (*oas.Document, error) {
	corrected, err := withCorrections(cut, name, overlayYAML)
	if err != nil {
		return nil, err
	}
	if err := trim.DedupeParameters(corrected); err != nil {
		return nil, err
	}
	return corrected, trim.Prune(corrected)
}

// withCorrections applies an overlay of corrections. References that it adds to components
// that the document lacks are omitted: a document with few operations may not have Atlas's
// error schema.
func withCorrections(doc *oas.Document, name string, overlayYAML []byte) (*oas.Document, error) {
	corrected, _, err := Overlaid(doc, name, overlayYAML)
	if err != nil {
		return nil, err
	}
	var added []oas.Reference
	err = oas.References(corrected.Root(), "", func(r oas.Reference) error {
		if _, _, err := corrected.Target(r.Ref); err != nil && r.At.Line == 0 { // of the overlay
			added = append(added, r)
		}
		return nil
	})
	for _, r := range slices.Backward(added) { // indexes of lists before it remain
		owner := corrected.Resolve(r.Pointer[:strings.LastIndexByte(r.Pointer, '/')])
		if oas.IsSequence(owner) {
			owner.Content = slices.DeleteFunc(owner.Content, func(n *oas.Node) bool { return n == r.At })
		} else {
			oas.Keep(owner, func(_ string, n *oas.Node) bool { return n != r.At })
		}
	}
	corrected.Forget()
	return corrected, err
}
