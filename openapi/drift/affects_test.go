package drift

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/gonames"
)

// TestAffects checks that a change lists Go names of its version's package, and that prose
// affects none.
func TestAffects(t *testing.T) {
	source, err := pipeline.EmbeddedProvenance()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range openapi.Versions() {
		embedded := contractTree(t, version)
		const schema = "/components/schemas/Link/properties/href"
		r := compareTrees(t, nil, changed(t, embedded, put(schema+"/maxLength", "9")))
		ofVersion := func(name string) bool { return strings.HasPrefix(name, gonames.Package(version)+".") }
		if len(r.Changes) != 1 || !slices.ContainsFunc(r.Changes[0].Affects, ofVersion) {
			t.Errorf("%s: %v", version, r.Changes)
		}
		if want := "the embedded contract, cut from upstream's of " + source.Date; r.Baseline != want {
			t.Errorf("the baseline is %q, want %q", r.Baseline, want)
		}
		words := compareTrees(t, embedded, changed(t, embedded, put(schema+"/description", "Other words.")))
		if len(words.Changes) != 1 || len(words.Changes[0].Affects) != 0 {
			t.Errorf("%s: %v", version, words.Changes)
		}
	}
}

// TestReasonsOfOneCorrection checks that a correction with several reasons is noted with the
// same one on every run.
func TestReasonsOfOneCorrection(t *testing.T) {
	c := corrections{decided: map[string]pipeline.Decision{
		"/a": {ID: "x", Reason: "second"}, "/b": {ID: "x", Reason: "first"}, "/c": {ID: "x", Reason: "third"},
	}}
	for range 50 {
		if got := c.notNeeded()["x"]; got != "first" {
			t.Fatalf("reason %q", got)
		}
	}
}
