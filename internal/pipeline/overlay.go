package pipeline

import (
	"bytes"
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	"go.yaml.in/yaml/v3"
	overlayyaml "gopkg.in/yaml.v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// Correction is an action of a corrections overlay, and its effect.
type Correction struct {
	// ID is the action's x-correction; several actions may make one correction.
	ID string
	// Reason is the action's description.
	Reason string
	// Target is the JSONPath that the action changes.
	Target string
	// Needed reports whether the action changed the document. If not, upstream has fixed
	// the error, or the document lacks the target.
	Needed bool
}

// correct applies an overlay action by action, to find out which of them were needed.
// Actions without a target are skipped.
func correct(doc *trim.Document, name string, overlayYAML []byte) (*trim.Document, []Correction, error) {
	o, err := parseOverlay(name, overlayYAML)
	if err != nil {
		return nil, nil, err
	}
	var done []Correction
	for i, action := range o.Actions {
		single := *o
		single.Actions = []overlay.Action{action}
		changed, err := apply(doc, &single)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: action %d, target %s: %w", name, i+1, action.Target, err)
		}
		changed.DedupeParameters()
		id, _ := action.Extensions["x-correction"].(string)
		done = append(done, Correction{ID: id, Reason: action.Description, Target: action.Target, Needed: trim.Difference(doc, changed) != ""})
		doc = changed
	}
	return doc, done, doc.Prune()
}

// describe applies an overlay that may change only prose and Go names. It refuses one that
// adds or changes anything else, because that would hide a change of upstream.
func describe(doc *trim.Document, name string, overlayYAML []byte) (*trim.Document, error) {
	o, err := parseOverlay(name, overlayYAML)
	if err != nil {
		return nil, err
	}
	described, err := apply(doc, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	before, err := wordless(doc)
	if err != nil {
		return nil, err
	}
	after, err := wordless(described)
	if err != nil {
		return nil, err
	}
	if place := trim.Difference(before, after); place != "" {
		return nil, fmt.Errorf("%s: it changes more than words at %s of the %s cut; if upstream dropped that, drop it here too", name, place, doc.Info("version"))
	}
	keepUpstreamIDs(doc, described)
	return described, nil
}

// upstreamID is the extension that keeps upstream's operationId where the prose overlay
// replaces it, so that a reader finds the operation in upstream's documentation.
const upstreamID = "x-upstream-operation-id"

func keepUpstreamIDs(upstream, described *trim.Document) {
	ids := make(map[string]string)
	for _, op := range upstream.Operations() {
		ids[op.String()] = op.ID
	}
	for _, op := range described.Operations() {
		if id := ids[op.String()]; id != op.ID {
			oas.Set(op.Node(), upstreamID, oas.String(id))
		}
	}
}

// wordless returns the document without the parts that a prose overlay may change.
func wordless(doc *trim.Document) (*trim.Document, error) {
	out, err := doc.Stripped()
	if err == nil {
		out.DropNames()
	}
	return out, err
}

// Overlay applies an overlay (OpenAPI Overlay 1.0 or 1.1) to a copy of a document. name
// is used in errors. A target that is not in the document is skipped.
func Overlay(doc *trim.Document, name string, overlayYAML []byte) (*trim.Document, error) {
	o, err := parseOverlay(name, overlayYAML)
	if err != nil {
		return nil, err
	}
	changed, err := apply(doc, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return changed, nil
}

func parseOverlay(name string, data []byte) (*overlay.Overlay, error) {
	o, err := overlay.ParseReader(bytes.NewReader(data))
	if err == nil {
		err = o.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: no OpenAPI Overlay: %w", name, err)
	}
	return o, nil
}

// apply applies an overlay to a copy of a document. Nodes that it does not change keep
// their lines.
func apply(doc *trim.Document, o *overlay.Overlay) (*trim.Document, error) {
	root := toOverlay(doc.Root())
	if err := o.ApplyTo(&overlayyaml.Node{Kind: overlayyaml.DocumentNode, Content: []*overlayyaml.Node{root}}); err != nil {
		return nil, err
	}
	return doc.WithRoot(fromOverlay(root))
}

// toOverlay copies a tree into the nodes of the overlay library's YAML package,
// which is an older edition of ours; the nodes are alike field by field.
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
