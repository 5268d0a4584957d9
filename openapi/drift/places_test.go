package drift

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// contractTrees returns the documents of the embedded contract by file name. Tests must
// not change them.
var contractTrees = sync.OnceValue(func() map[string]*yaml.Node {
	trees := make(map[string]*yaml.Node)
	for _, version := range openapi.Versions() {
		var doc yaml.Node
		source, err := openapi.Source(version)
		if err != nil || yaml.Unmarshal(source, &doc) != nil {
			panic("the embedded contract is not YAML")
		}
		trees[openapi.FileName(version)] = doc.Content[0]
	}
	return trees
})

// checkPlaces checks that each place in a report exists: its pointer leads to a node of the
// tree of that file, and its line is not 0. If lines is true, the line is that of the node.
func checkPlaces(t testing.TB, r *Report, trees map[string]*yaml.Node, lines bool) {
	t.Helper()
	check := func(id string, p Place) {
		root := trees[p.File]
		if root == nil {
			root = contractTrees()[p.File]
		}
		n := oas.Resolve(root, p.Pointer)
		switch {
		case n == nil:
			t.Errorf("%s: the pointer %q does not exist in %q", id, p.Pointer, p.File)
		case p.Line < 1, lines && p.Line != n.Line:
			t.Errorf("%s: line %d of %s at %s, want %d", id, p.Line, p.File, p.Pointer, n.Line)
		}
	}
	for _, c := range r.Changes {
		check(c.ID, c.Upstream)
		check(c.ID, c.Baseline)
		if c.Pointer != c.Upstream.Pointer && c.Pointer != c.Baseline.Pointer {
			t.Errorf("%s: %s is the place neither in upstream nor in the baseline", c.ID, c.Pointer)
		}
	}
	for _, n := range r.Notes {
		if n.Pointer != "" {
			check(n.Kind, Place{r.Upstream, n.Line, n.Pointer})
		}
	}
}

// TestPlacesOfCases checks the places in the reports of the pairs of specifications next to
// this checkout, in both directions.
func TestPlacesOfCases(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../../shared/cases/drift/*a.yaml")
	if err != nil || len(names) == 0 {
		t.Skip("the cases are not next to this checkout")
	}
	compared := 0
	for _, name := range names {
		old, latest := readInput(t, name), readInput(t, strings.TrimSuffix(name, "a.yaml")+"b.yaml")
		for _, o := range []Options{{Baseline: &old, Upstream: latest}, {Baseline: &latest, Upstream: old}} {
			o.Operations, o.AsOf = []string{AllOperations}, someDay
			r, err := Compare(t.Context(), o)
			if err != nil {
				continue // some pairs must be refused
			}
			compared++
			checkPlaces(t, r, map[string]*yaml.Node{old.Name: parseTree(t, old.Data), latest.Name: parseTree(t, latest.Data)}, true)
		}
	}
	if compared < len(names) {
		t.Errorf("%d comparisons of %d pairs", compared, len(names))
	}
}

func readInput(t testing.TB, name string) Input {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return Input{Name: name, Data: data}
}
