package drift

import (
	"maps"
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// proseChanges changes prose and other parts that do not change the contract.
func proseChanges(root *yaml.Node) map[string]func(*yaml.Node) {
	out := make(map[string]func(*yaml.Node))
	put := func(pointer, keyword, value string) {
		out[pointer+" "+keyword] = func(root *yaml.Node) { oas.Set(oas.Resolve(root, pointer), keyword, literal(value)) }
	}
	for _, s := range sites(root) {
		if s.ways.request || s.ways.response {
			put(s.pointer, "description", "Other words.")
			put(s.pointer, "example", "[1, 2]")
		}
	}
	eachOperation(root, func(pointer string, op *yaml.Node) {
		put(pointer, "summary", "Other words.")
		put(pointer, "description", "Other words.")
		put(pointer, "externalDocs", "{url: 'https://example.com'}")
		put(pointer, "tags", "[Other]")
		put(pointer+"/responses/"+successOf(op), "description", "Other words.")
	})
	return out
}

func TestProseIsDocs(t *testing.T) {
	t.Parallel()
	root := contractTree(t, openapi.V20240530)
	changes := proseChanges(root)
	if len(changes) < 100 {
		t.Errorf("only %d changes of prose", len(changes))
	}
	for i, name := range slices.Sorted(maps.Keys(changes)) {
		if i%(6*stride()) != 0 {
			continue
		}
		change, mutated := changes[name], clone(root)
		change(mutated)
		if r := compareTrees(t, root, mutated); r.Verdict != Docs || len(r.Changes) != 1 {
			t.Errorf("%s against a file: %s with %d entries, want one of docs\n%s", name, r.Verdict, len(r.Changes), formatChanges(r))
		}
		if r := compareTrees(t, nil, mutated); r.Verdict != InSync {
			t.Errorf("%s against the embedded contract: %s\n%s", name, r.Verdict, formatChanges(r))
		}
	}
}

// TestNoChangesForEqualMeaning checks that changes without meaning for the API are not
// reported.
func TestNoChangesForEqualMeaning(t *testing.T) {
	for name, change := range map[string]func(*yaml.Node){
		"the fingerprint of the source": func(root *yaml.Node) { oas.Set(oas.Get(root, "info"), "x-xgen-sha", oas.String("0")) },
		"the title and version": func(root *yaml.Node) {
			oas.Set(oas.Get(root, "info"), "title", oas.String("Other"))
			oas.Set(oas.Get(root, "info"), "version", oas.String("9"))
		},
		"an extension": func(root *yaml.Node) {
			eachOperation(root, func(_ string, op *yaml.Node) { oas.Set(op, "x-rolesRequirements", literal("[Owner]")) })
		},
		"operationIds": func(root *yaml.Node) {
			eachOperation(root, func(pointer string, op *yaml.Node) {
				oas.Set(op, "operationId", oas.String("renamed"+successOf(op)+pointer[len(pointer)-3:]))
			})
		},
	} {
		mutated := contractTree(t, openapi.V20240530)
		change(mutated)
		for _, baseline := range []*yaml.Node{nil, contractTree(t, openapi.V20240530)} {
			if r := compareTrees(t, baseline, mutated); r.Verdict != InSync {
				t.Errorf("%s: %s\n%s", name, r.Verdict, formatChanges(r))
			}
		}
	}
}

// TestBaselineWithoutProseIsInSync checks that prose is not compared with a baseline that
// was extracted without prose.
func TestBaselineWithoutProseIsInSync(t *testing.T) {
	data, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := oas.ParseBytes("base.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	stripped, err := trim.Stripped(doc)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := oas.Encode(stripped.Root())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Compare(t.Context(), Options{Upstream: Input{Name: "base.yaml", Data: data}, Baseline: &Input{Name: "bare.yaml", Data: bare}, AsOf: someDay})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Changes {
		if c.Verdict == Docs {
			t.Errorf("%s at %s", c.Rule, c.Pointer)
		}
	}
}
