package pipeline

import (
	"bytes"
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	"go.yaml.in/yaml/v3"
	overlayyaml "gopkg.in/yaml.v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// describe applies an overlay that may change only prose and Go names. It refuses an
// overlay that adds or changes anything else, because that would hide a change of the
// upstream specification.
func describe(doc *oas.Document, name string, overlayYAML []byte) (*oas.Document, error) {
	described, _, err := Overlaid(doc, name, overlayYAML)
	if err != nil {
		return nil, err
	}
	before, err := withoutProse(doc)
	if err != nil {
		return nil, err
	}
	after, err := withoutProse(described)
	if err != nil {
		return nil, err
	}
	if place, differ := oas.Difference(before.Root(), after.Root()); differ {
		return nil, fmt.Errorf("%s: it changes more than prose at %s of the %s cut; if upstream removed that part, remove it here too", name, place, doc.Info("version"))
	}
	return described, keepUpstreamIDs(doc, described)
}

// upstreamID is the extension with upstream's operationId. The prose overlay adds it where it
// replaces the operationId, so that a reader finds the operation in upstream's documentation.
const upstreamID = "x-upstream-operation-id"

func keepUpstreamIDs(upstream, described *oas.Document) error {
	before, err := upstream.Operations()
	if err != nil {
		return err
	}
	after, err := described.Operations()
	ids := make(map[string]string)
	for _, op := range before {
		ids[op.String()] = op.ID
	}
	for _, op := range after {
		if id := ids[op.String()]; id != op.ID {
			oas.Set(op.Node(), upstreamID, oas.String(id))
		}
	}
	return err
}

// withoutProse returns the document without the parts that a prose overlay may change.
func withoutProse(doc *oas.Document) (*oas.Document, error) {
	out, err := trim.Stripped(doc)
	if err != nil {
		return nil, err
	}
	return out, trim.DropNames(out)
}

// Overlaid returns a copy of a document with an overlay (OpenAPI Overlay 1.0 or 1.1) applied,
// and the descriptions of the actions that had a target. An action without a target is
// skipped. Lines are those of the document; nodes that the overlay adds have line 0. name is
// the overlay's name in errors.
func Overlaid(doc *oas.Document, name string, overlayYAML []byte) (*oas.Document, []string, error) {
	budget := limits.New(overlayLimits)
	o, err := parseOverlay(name, overlayYAML, budget)
	if err != nil {
		return nil, nil, err
	}
	for i := range o.Actions {
		o.Actions[i].Update = *plain(&o.Actions[i].Update)
	}
	root := toOverlay(doc.Root())
	whole := &overlayyaml.Node{Kind: overlayyaml.DocumentNode, Content: []*overlayyaml.Node{root}}
	reasons, err := targeted(o, whole, budget)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := apply(o, whole, budget); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	corrected, err := doc.WithRoot(fromOverlay(root))
	return corrected, reasons, err
}

// targeted lists the descriptions of the actions that have a target in a document.
func targeted(o *overlay.Overlay, root *overlayyaml.Node, budget *limits.Budget) ([]string, error) {
	var reasons []string
	for _, action := range o.Actions {
		if action.Description == "" {
			continue
		}
		spent := budget
		if !searches(action.Target) {
			spent = nil // the search takes a few steps
		}
		targets, err := spendSearch(o, action.Target, root, spent)
		if err != nil {
			return nil, err
		}
		if len(targets) > 0 {
			reasons = append(reasons, action.Description)
		}
	}
	return reasons, nil
}

// plain returns a copy of an update without lines, in which each alias is replaced by a
// copy of its target. The overlay's limits bound the result.
func plain(n *overlayyaml.Node) *overlayyaml.Node {
	if n.Kind == overlayyaml.AliasNode {
		return plain(n.Alias)
	}
	out := *n
	out.Anchor, out.Line, out.Column = "", 0, 0
	out.Content = nil // an action without an update has no node
	for _, child := range n.Content {
		out.Content = append(out.Content, plain(child))
	}
	return &out
}

func parseOverlay(name string, data []byte, budget *limits.Budget) (*overlay.Overlay, error) {
	if err := checkTree(data, budget, maxOverlayKeys); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	o, err := overlay.ParseReader(bytes.NewReader(data))
	if err == nil {
		err = o.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: no OpenAPI Overlay: %w", name, err)
	}
	return o, nil
}

// toOverlay copies a tree into the nodes of the overlay library's YAML package, an older
// version of ours whose nodes have the same fields.
func toOverlay(n *yaml.Node) *overlayyaml.Node {
	out := &overlayyaml.Node{
		Kind: overlayyaml.Kind(n.Kind), Style: overlayyaml.Style(n.Style), Tag: n.Tag, Value: n.Value, Line: n.Line, Column: n.Column,
		Content: make([]*overlayyaml.Node, len(n.Content)),
	}
	for i, child := range n.Content {
		out.Content[i] = toOverlay(child)
	}
	return out
}

func fromOverlay(n *overlayyaml.Node) *yaml.Node {
	out := &yaml.Node{
		Kind: yaml.Kind(n.Kind), Style: yaml.Style(n.Style), Tag: n.Tag, Value: n.Value, Line: n.Line, Column: n.Column,
		Content: make([]*yaml.Node, len(n.Content)),
	}
	for i, child := range n.Content {
		out.Content[i] = fromOverlay(child)
	}
	return out
}
