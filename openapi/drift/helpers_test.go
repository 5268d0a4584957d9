package drift

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// someDay is the date of the comparisons in tests. No sunset is near.
var someDay = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// stride is the step with which tests go through long lists of cases: with -short and under
// the race detector, which is ten times slower, they run every ninth case.
func stride() int {
	if slowtest.Reduced() {
		return 9
	}
	return 1
}

// contractTree returns a version of the embedded contract as a new tree.
func contractTree(t testing.TB, version string) *yaml.Node {
	t.Helper()
	source, err := openapi.Source(version)
	if err != nil {
		t.Fatal(err)
	}
	return parseTree(t, source)
}

func parseTree(t testing.TB, source []byte) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

func encodeTree(t testing.TB, root *yaml.Node) []byte {
	t.Helper()
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func input(t testing.TB, name string, root *yaml.Node) Input {
	t.Helper()
	return Input{Name: name, Data: encodeTree(t, root)}
}

// compareTexts compares all operations of two specifications.
func compareTexts(t testing.TB, before, after string) *Report {
	t.Helper()
	r, err := Compare(t.Context(), Options{
		Upstream: Input{Name: "now.yaml", Data: []byte(after)}, Baseline: &Input{Name: "was.yaml", Data: []byte(before)},
		Operations: []string{AllOperations}, AsOf: someDay,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// compareTrees compares upstream with a baseline; nil means the embedded contract.
func compareTrees(t testing.TB, baseline, upstream *yaml.Node) *Report {
	t.Helper()
	o := Options{Upstream: input(t, "upstream.yaml", upstream), AsOf: someDay}
	if baseline != nil {
		b := input(t, "baseline.yaml", baseline)
		o.Baseline = &b
	}
	r, err := Compare(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	checkPlaces(t, r, map[string]*yaml.Node{"upstream.yaml": upstream, "baseline.yaml": baseline}, false)
	return r
}

// formatChanges returns a report's changes as text.
func formatChanges(r *Report) string {
	var out strings.Builder
	for _, c := range r.Changes {
		fmt.Fprintf(&out, "  %s %s %s %v %v %s\n    %s\n", c.Verdict, c.Rule, c.Direction, c.Operations, c.Versions, c.Pointer, c.Message)
	}
	return out.String()
}

// node returns the node at a pointer, which must exist.
func node(t testing.TB, root *yaml.Node, pointer string) *yaml.Node {
	t.Helper()
	n := oas.Resolve(root, pointer)
	if n == nil {
		t.Fatalf("there is no node at %s", pointer)
	}
	return n
}

// shared returns the content of a file that may exist next to the checkout. Without the
// file, it skips the test.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../../shared/upstream/" + name)
	if err != nil {
		t.Skipf("upstream's specifications are not next to this checkout: %v", err)
	}
	return data
}
