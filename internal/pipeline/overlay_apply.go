package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/speakeasy-api/openapi/overlay"
	overlayyaml "gopkg.in/yaml.v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// overlayLimits bound an overlay and its application. Nodes counts those of the overlay and
// those that updates and copies of many nodes add. Work counts the nodes of the document
// that targets search, and the added ones. The overlays of this module have 700 nodes, and
// their targets do not search.
var overlayLimits = limits.Limits{Bytes: MaxOverlayBytes, Nodes: maxOverlayNodes, Depth: 200, Work: maxOverlayWork}

const (
	// MaxOverlayBytes is the size of the largest overlay.
	MaxOverlayBytes = 1 << 20
	maxOverlayNodes = 200_000
	maxOverlayWork  = 10_000_000
	// maxOverlayKeys is the largest number of keys that one mapping of an overlay may have,
	// because an update compares each key with those of its target.
	maxOverlayKeys = 1000
	// maxDescents is the largest number of ".." that a target may contain, because each of
	// them multiplies the work.
	maxDescents = 2
)

// apply applies the actions of an overlay in turn. It spends the work of each action before
// doing it. Successive actions that neither search nor copy are applied together, because
// their work is limited by the size of the overlay.
func apply(o *overlay.Overlay, root *overlayyaml.Node, budget *limits.Budget) error {
	done := 0
	applyTo := func(end int) error {
		part := *o
		part.Actions = o.Actions[done:end]
		done = end
		return part.ApplyTo(root)
	}
	for i, action := range o.Actions {
		if !searches(action.Target) && action.Copy == "" {
			continue
		}
		if err := applyTo(i); err != nil {
			return err
		}
		if err := spendAction(o, action, root, budget); err != nil {
			return limits.At(err, "", fmt.Sprintf("action %d (%s)", i+1, action.Target))
		}
		if err := applyTo(i + 1); err != nil {
			return err
		}
	}
	return applyTo(len(o.Actions))
}

// searches reports whether a target may select many nodes.
func searches(target string) bool {
	return strings.ContainsAny(target, "*?:,") || strings.Contains(target, "..")
}

// spendAction spends the work of an action that searches or copies.
func spendAction(o *overlay.Overlay, action overlay.Action, root *overlayyaml.Node, budget *limits.Budget) error {
	added := count(&action.Update)
	if action.Copy != "" {
		sources, err := spendSearch(o, action.Copy, root, budget)
		if err != nil {
			return err
		}
		for _, source := range sources {
			added += count(source)
		}
	}
	targets, err := spendSearch(o, action.Target, root, budget)
	if err != nil {
		return err
	}
	added *= int64(len(targets))
	return errors.Join(budget.Work(added), budget.Nodes(added))
}

// spendSearch returns the nodes that a path selects, nil for an invalid path, whose error
// ApplyTo returns. A path that refers to the root in a filter searches the document again
// for each node.
func spendSearch(o *overlay.Overlay, target string, root *overlayyaml.Node, budget *limits.Budget) ([]*overlayyaml.Node, error) {
	if strings.Count(target, "..") > maxDescents {
		return nil, &limits.ExceededError{Bound: `".." in a target`, Limit: maxDescents}
	}
	nodes := count(root)
	if strings.Count(target, "$") > 1 {
		nodes *= nodes
	}
	if err := budget.Work(nodes); err != nil {
		return nil, err
	}
	path, err := o.NewPath(target, nil)
	if err != nil {
		return nil, nil //nolint:nilerr // ApplyTo returns it
	}
	return path.Query(root), nil
}

// count returns the number of nodes of a tree.
func count(n *overlayyaml.Node) int64 {
	total := int64(1)
	for _, child := range n.Content {
		total += count(child)
	}
	return total
}
