package pipeline

import (
	overlayyaml "gopkg.in/yaml.v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

const correctionsFile = "corrections.overlay.yaml"

// Cut cuts operations out of upstream and corrects them by the overlay that the
// contract itself is corrected by. It reports what each correction did. Errors are
// those of trim.Document.Cut.
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

// Corrected returns a document with the contract's corrections, as far as it has their
// targets. Lines are those of the document; what a correction adds has the line 0.
func Corrected(doc *oas.Document) (*oas.Document, error) {
	corrections, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	o, err := parseOverlay(correctionsFile, corrections)
	if err != nil {
		return nil, err
	}
	for i := range o.Actions {
		withoutLines(&o.Actions[i].Update)
	}
	name, root := doc.Name(), toOverlay(doc.Root())
	if err := o.ApplyTo(&overlayyaml.Node{Kind: overlayyaml.DocumentNode, Content: []*overlayyaml.Node{root}}); err != nil {
		return nil, err
	}
	return oas.New(name, fromOverlay(root))
}

func withoutLines(n *overlayyaml.Node) {
	n.Line, n.Column = 0, 0
	for _, child := range n.Content {
		withoutLines(child)
	}
}
