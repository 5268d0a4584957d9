package drift

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// originals returns the documents to rewrite, in the notation of the contract and in that
// of upstream.
func originals(t *testing.T) map[string]*yaml.Node {
	out := map[string]*yaml.Node{
		"the contract of 2023-01-01": contractTree(t, openapi.V20230101),
		"the contract of 2024-05-30": contractTree(t, openapi.V20240530),
	}
	t.Run("upstream's", func(t *testing.T) {
		out["upstream's"] = parseTree(t, shared(t, "history/5-nullable-after.yaml"))
	})
	return out
}

func TestNotationIsIgnored(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	all := originals(t)
	for _, original := range slices.Sorted(maps.Keys(all)) {
		root := all[original]
		for name, rewrite := range rewritings() {
			t.Run(original+", "+name, func(t *testing.T) {
				mutated := clone(root)
				rewrite(mutated)
				if string(encodeTree(t, mutated)) == string(encodeTree(t, root)) {
					t.Skip("the rewriting does not apply to this document")
				}
				for _, baseline := range []*yaml.Node{nil, root} {
					r := compareTrees(t, baseline, mutated)
					if n := len(counted(r)); n > 0 {
						t.Errorf("%s against %v: %d entries\n%s", r.Verdict, r.Baseline, n, formatChanges(r))
					}
				}
				if r := compareTrees(t, mutated, root); len(counted(r)) > 0 {
					t.Errorf("the other way round: %s\n%s", r.Verdict, formatChanges(r))
				}
			})
		}
	}
}

// TestEachNotationAlone checks that rewriting one reference, name or schema changes nothing
// in the report.
func TestEachNotationAlone(t *testing.T) {
	t.Parallel()
	for original, root := range originals(t) {
		single := make(map[string]func(*yaml.Node))
		branches := branchReferences(root)
		for _, at := range everyReference(root) {
			if slices.Contains(branches, oas.Text(oas.Get(oas.Resolve(root, at), "$ref"))) {
				continue
			}
			single["inline "+at] = func(root *yaml.Node) {
				n := oas.Resolve(root, at)
				*n = *clone(oas.Resolve(root, oas.Text(oas.Get(n, "$ref"))[1:]))
			}
		}
		for section, members := range oas.Pairs(oas.Get(root, "components")) {
			for name := range oas.Pairs(members) {
				if section != "securitySchemes" {
					single["rename "+name] = func(root *yaml.Node) { renameComponent(root, section, name, "X"+name) }
				}
			}
		}
		for _, at := range everySchema(root) {
			single["wrap "+at] = func(root *yaml.Node) { wrap(oas.Resolve(root, at), "allOf") }
		}
		for i, name := range slices.Sorted(maps.Keys(single)) {
			if i%(6*stride()) != 0 {
				continue
			}
			mutated := clone(root)
			single[name](mutated)
			if r := compareTrees(t, nil, mutated); len(counted(r)) > 0 {
				t.Errorf("%s, %s: %s\n%s", original, name, r.Verdict, formatChanges(r))
			}
		}
	}
}

func everyReference(root *yaml.Node) []string {
	var out []string
	var walk func(n *yaml.Node, pointer string)
	walk = func(n *yaml.Node, pointer string) {
		if strings.HasPrefix(oas.Text(oas.Get(n, "$ref")), "#/") {
			out = append(out, pointer)
		}
		for key, value := range oas.Pairs(n) {
			walk(value, oas.Join(pointer, key))
		}
		for i, item := range oas.Items(n) {
			walk(item, oas.Index(pointer, i))
		}
	}
	walk(root, "")
	return out
}

func TestJSONIsYAML(t *testing.T) {
	var value any
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(source, &value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Compare(t.Context(), Options{Upstream: Input{Name: "contract.json", Data: data}, AsOf: someDay})
	if err != nil || r.Verdict != InSync {
		t.Errorf("%v, %v", r, err)
	}
	changed := strings.Replace(string(data), `"maxLength":2048`, `"maxLength":99`, 1)
	r, err = Compare(t.Context(), Options{Upstream: Input{Name: "contract.json", Data: []byte(changed)}, AsOf: someDay})
	if err != nil || len(r.Changes) != 1 || r.Changes[0].Upstream.Line != 1 {
		t.Errorf("%v, %v", fmt.Sprint(r), err)
	}
}

// TestSplitSchemaIsCorrected checks that corrections of a schema also apply if upstream
// splits it into two different schemas: only the new differences are reported.
func TestSplitSchemaIsCorrected(t *testing.T) {
	root := base(t)
	v2 := clone(node(t, root, "/components/schemas/ApiError"))
	apply(t, v2, []step{put("/properties/hint", "{type: string}")})
	oas.Set(node(t, root, "/components/schemas"), "ApiErrorV2", v2)
	apply(t, root, []step{put("/components/responses/notFound/content/application~1json/schema/$ref", "'#/components/schemas/ApiErrorV2'")})
	before := clone(base(t))
	for name, r := range map[string]*Report{
		"the second form is a component": compareTrees(t, before, root),
		"both forms are inline schemas": compareTrees(t, before, func() *yaml.Node {
			out := clone(root)
			inlineAll(out, out, branchReferences(out))
			return out
		}()),
	} {
		if changes := counted(r); len(changes) != 1 || changes[0].Rule != "response-property-added" {
			t.Errorf("%s: %s\n%s", name, r.Verdict, formatChanges(r))
		}
	}
}
