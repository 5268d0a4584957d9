package trim

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// cutLimits limits the number of nodes that Cut copies: operations, the targets of
// references that it replaces, and branches of unions that it flattens. The whole Atlas
// specification takes 85,000.
var cutLimits = limits.Limits{Nodes: 300_000}

// spend takes the nodes of a tree from the budget before the tree is copied to a place.
func spend(d *oas.Document, budget *limits.Budget, tree *oas.Node, operation, place string) error {
	if err := budget.Nodes(int64(oas.Size(tree))); err != nil {
		return fmt.Errorf("%s: %w", d.Name(), limits.At(err, operation, place))
	}
	return nil
}
