package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// recipeLimits bound a recipe. A recipe that extracts all operations of the Atlas
// specification of 2026 in five versions has 100 KB and 3,000 nodes.
var recipeLimits = limits.Limits{Bytes: 256 << 10, Nodes: 20_000, Depth: 10}

// maxRecipeKeys is the largest number of keys that one mapping of a recipe may have,
// because the decoder compares each key of a mapping with all others. A recipe uses six.
const maxRecipeKeys = 20

// ReadRecipe reads a recipe of at most 256 KiB. Paths in it are relative to the folder of
// the recipe.
func ReadRecipe(name string) (*Recipe, error) {
	data, err := limits.ReadFile(name, recipeLimits.Bytes)
	if err != nil {
		return nil, err
	}
	r, err := ParseRecipe(name, data)
	if err != nil {
		return nil, err
	}
	r.folder = filepath.Dir(name)
	return r, nil
}

// ReadOverlay reads the file of an overlay for [Overlaid], of at most 1 MiB.
func ReadOverlay(name string) ([]byte, error) { return limits.ReadFile(name, MaxOverlayBytes) }

// ParseRecipe reads a recipe from memory; name is its name in errors. The error for a recipe
// that exceeds a limit is a *limits.ExceededError.
func ParseRecipe(name string, data []byte) (*Recipe, error) {
	r, err := decodeRecipe(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(r.Cuts) == 0 {
		return nil, fmt.Errorf("%s: it has no cuts", name)
	}
	for i, c := range r.Cuts {
		if c.Output == "" || len(c.Operations) == 0 {
			return nil, fmt.Errorf("%s: cut %d needs an output and operations", name, i+1)
		}
	}
	return r, nil
}

// decodeRecipe checks the size of a recipe before it decodes it.
func decodeRecipe(data []byte) (*Recipe, error) {
	if err := checkTree(data, limits.New(recipeLimits), maxRecipeKeys); err != nil {
		return nil, err
	}
	r := new(Recipe)
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(r); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r, nil
}

// checkTree refuses a YAML text that exceeds the budget, or that has a mapping with more than
// maxKeys keys, before it is decoded.
func checkTree(data []byte, budget *limits.Budget, maxKeys int64) error {
	if err := budget.Bytes(int64(len(data))); err != nil {
		return err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return err
	}
	return spendTree(&root, budget, 0, maxKeys)
}

// spendTree spends the nodes and the depth of a tree, and refuses mappings with more than
// maxKeys keys. The nodes that an alias copies count each time.
func spendTree(n *yaml.Node, budget *limits.Budget, depth int, maxKeys int64) error {
	if err := errors.Join(budget.Nodes(1), budget.Depth(depth)); err != nil {
		return limits.At(err, "", fmt.Sprintf("line %d", n.Line))
	}
	if n.Kind == yaml.MappingNode && int64(len(n.Content)) > 2*maxKeys {
		return &limits.ExceededError{Bound: "keys of a mapping", Limit: maxKeys, Place: fmt.Sprintf("line %d", n.Line)}
	}
	for _, child := range n.Content {
		if err := spendTree(child, budget, depth+1, maxKeys); err != nil {
			return err
		}
	}
	if n.Alias != nil {
		return spendTree(n.Alias, budget, depth, maxKeys)
	}
	return nil
}
