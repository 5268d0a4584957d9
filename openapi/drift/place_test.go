package drift

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// Every value is found again by its line and column, also where many stand in one line.
func TestFind(t *testing.T) {
	root := parseTree(t, []byte(pets))
	seen := 0
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		seen++
		pointer, found := find(root, n.Line, n.Column, "")
		if at := tree.Resolve(root, pointer); !found || at == nil || at.Line != n.Line || at.Column != n.Column {
			t.Errorf("what stands at %d:%d is found at %q", n.Line, n.Column, pointer)
		}
		for _, child := range childrenOf(n, "") {
			walk(child.value)
		}
	}
	walk(root)
	if seen < 50 {
		t.Errorf("%d values were looked for", seen)
	}
	if pointer, found := find(root, 1, 1000, ""); found {
		t.Errorf("nothing is found at %q", pointer)
	}
}
