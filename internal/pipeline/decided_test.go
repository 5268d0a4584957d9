package pipeline_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

// TestDecided checks that each correction that decides a place has an id and a reason, and that
// the place is in an object of the contract.
func TestDecided(t *testing.T) {
	decided, err := pipeline.Decided()
	if err != nil || len(decided) == 0 {
		t.Fatalf("%d decisions, %v", len(decided), err)
	}
	contract, err := pipeline.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for place, d := range decided {
		if d.ID == "" || d.Reason == "" || !json.Valid([]byte(d.Wrong)) {
			t.Errorf("%s: %+v", place, d)
		}
		object := place[:strings.LastIndex(place, "/")] // the place itself may be missing after the correction
		object = strings.TrimSuffix(object, "/required")
		if !slices.ContainsFunc(contract, func(doc *oas.Document) bool { return doc.Resolve(object) != nil }) {
			t.Errorf("%s is in no contract", place)
		}
	}
}
