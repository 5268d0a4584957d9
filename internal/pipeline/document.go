package pipeline

import (
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	overlayyaml "gopkg.in/yaml.v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Corrected returns a document with the contract's corrections, as far as it has their
// targets. Lines are those of the document; nodes that a correction adds have line 0.
func Corrected(doc *oas.Document) (*oas.Document, error) {
	corrections, err := openapi.Recipe(correctionsFile)
	if err != nil {
		return nil, err
	}
	corrected, _, err := Overlaid(doc, correctionsFile, corrections)
	return corrected, err
}

// Overlaid returns a document with an overlay applied, and the descriptions of the actions
// that had a target. An action without a target is skipped. Lines are those of the
// document; nodes that the overlay adds have line 0. name is the overlay's name in errors.
func Overlaid(doc *oas.Document, name string, overlayYAML []byte) (*oas.Document, []string, error) {
	o, err := parseOverlay(name, overlayYAML)
	if err != nil {
		return nil, nil, err
	}
	for i := range o.Actions {
		withoutLines(&o.Actions[i].Update)
	}
	document, root := doc.Name(), toOverlay(doc.Root())
	whole := &overlayyaml.Node{Kind: overlayyaml.DocumentNode, Content: []*overlayyaml.Node{root}}
	reasons := targeted(o, whole)
	if err := o.ApplyTo(whole); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	corrected, err := oas.New(document, fromOverlay(root))
	return corrected, reasons, err
}

// targeted lists the descriptions of the actions that have a target in a document.
func targeted(o *overlay.Overlay, root *overlayyaml.Node) []string {
	var reasons []string
	for _, action := range o.Actions {
		path, err := o.NewPath(action.Target, nil)
		if err == nil && action.Description != "" && len(path.Query(root)) > 0 {
			reasons = append(reasons, action.Description)
		}
	}
	return reasons
}

func withoutLines(n *overlayyaml.Node) {
	n.Line, n.Column = 0, 0
	for _, child := range n.Content {
		withoutLines(child)
	}
}
