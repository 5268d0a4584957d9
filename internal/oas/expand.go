package oas

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// expand replaces aliases by their targets and refuses duplicate keys, so that later steps
// work on a plain tree. It spends one node of the budget for each node of that tree, and
// aliasCost for a node that an alias copies.
func expand(n *Node, budget *limits.Budget) (*Node, error) { return expandNode(n, budget, 0, 1) }

// aliasCost is higher than the cost of other nodes, because a document of a few KB can have
// many copies, and its memory is bounded by its size.
const aliasCost = 4

func expandNode(n *Node, budget *limits.Budget, depth int, cost int64) (*Node, error) {
	if err := errors.Join(budget.Nodes(cost), budget.Depth(depth)); err != nil {
		return nil, limits.At(err, "", fmt.Sprintf("line %d", n.Line))
	}
	if n.Kind == yaml.AliasNode {
		target := *n.Alias
		target.Content = slices.Clone(target.Content)
		return expandNode(&target, budget, depth, aliasCost)
	}
	n.Anchor = ""
	for i, child := range n.Content {
		expanded, err := expandNode(child, budget, depth+1, cost)
		if err != nil {
			return nil, err
		}
		n.Content[i] = expanded
	}
	return n, checkKeys(n)
}

// maxPairwiseKeys is the largest number of keys that are compared pair by pair instead of in a set.
const maxPairwiseKeys = 12

func checkKeys(n *Node) error {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	var seen map[string]bool
	if len(n.Content) > 2*maxPairwiseKeys {
		seen = make(map[string]bool, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: the key of a mapping is not a scalar", k.Line)
		}
		if k.Tag == "!!null" {
			return fmt.Errorf("line %d: the key of a mapping is null", k.Line)
		}
		if k.Tag == "!!merge" {
			return fmt.Errorf("line %d: YAML merge keys (<<) are not supported", k.Line)
		}
		if seen[k.Value] || seen == nil && hasKey(n.Content[:i], k.Value) {
			return fmt.Errorf("line %d: duplicate key %q", k.Line, k.Value)
		}
		if seen != nil {
			seen[k.Value] = true
		}
	}
	return nil
}

func hasKey(content []*Node, key string) bool {
	for i := 0; i < len(content); i += 2 {
		if content[i].Value == key {
			return true
		}
	}
	return false
}
