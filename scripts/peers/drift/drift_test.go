package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

func TestPairUp(t *testing.T) {
	files := []string{
		"a/x_base.yaml", "a/x_revision.yaml", "a/x_modified.yaml", // the first naming scheme is used
		"b/base/spec.json", "b/revision/spec.json",
		"c/base-path.yaml", "c/modified-path.yaml",
		"d/old.yaml", "d/new.yaml",
		"e/spec1.yml", "e/spec2.yml", "e/spec11.yml",
		"f/database.yaml", "f/datarevision.yaml", // not a separate word
		"g/base.yaml", // alone
	}
	want := []pair{
		{"a/x_base.yaml", "a/x_revision.yaml"},
		{"b/base/spec.json", "b/revision/spec.json"},
		{"c/base-path.yaml", "c/modified-path.yaml"},
		{"d/old.yaml", "d/new.yaml"},
		{"e/spec1.yml", "e/spec2.yml"},
	}
	if got := pairUp(files); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAgrees(t *testing.T) {
	for _, test := range []struct {
		oasdiff, drift string
		want           bool
	}{
		{"ERR", "breaking", true},
		{"ERR", "tolerate", false},
		{"WARN", "tolerate", true},
		{"WARN", "breaking", false},
		{"INFO", "planning", true},
		{"INFO", "in-sync", false},
		{"none", "in-sync", true},
		{"none", "docs", true},
		{"none", "additive", false},
		{refused, refused, true},
		{crashed, crashed, false},
		{"ERR", refused, false},
	} {
		if got := (verdict{"", test.oasdiff, test.drift}).agrees(); got != test.want {
			t.Errorf("%s and %s: got %v, want %v", test.oasdiff, test.drift, got, test.want)
		}
	}
}

func TestReport(t *testing.T) {
	table := []verdict{{"a", "ERR", "breaking"}, {"b", "INFO", "additive"}, {"gone", "none", "in-sync"}}
	got := report([]verdict{{"a", "ERR", "breaking"}, {"b", "INFO", "planning"}, {"new", "ERR", crashed}}, table)
	wantFailures := []result.Failure{
		{Case: "new", Code: "oasdiff ERR, drift crashed"},
		{Case: "b", Code: "not as in verdicts.tsv", Text: "oasdiff INFO, drift planning: in the table: oasdiff INFO, drift additive"},
		{Case: "new", Code: "not as in verdicts.tsv", Text: "oasdiff ERR, drift crashed: not in the table"},
		{Case: "gone", Code: "not as in verdicts.tsv", Text: "in the table, and not among the pairs"},
	}
	if !slices.Equal(got.Failures, wantFailures) {
		t.Errorf("failures:\n got %v\nwant %v", got.Failures, wantFailures)
	}
	wantCounts := []result.Count{
		{Case: "pairs", Count: 3},
		{Case: "pairs with one verdict", Count: 2},
		{Case: "agreed: oasdiff ERR, drift breaking", Count: 1},
		{Case: "agreed: oasdiff INFO, drift planning", Count: 1},
		{Case: "crashes", Count: 1},
		{Case: "hangs", Count: 0},
	}
	if !slices.Equal(got.Counts, wantCounts) {
		t.Errorf("counts:\n got %v\nwant %v", got.Counts, wantCounts)
	}
}

func TestTable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "verdicts.tsv")
	want := []verdict{{"a/base.yaml", "ERR", "breaking"}, {"b", "none", "in-sync"}}
	if err := writeTable(file, want); err != nil {
		t.Fatal(err)
	}
	if got, err := readTable(file); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// Every pair of the table either has equal verdicts or is pinned with a reason, so that
// neither file is changed without the other.
func TestPinsAreOfTheTable(t *testing.T) {
	table, err := readTable("verdicts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	differing := make(map[string]string)
	for _, v := range table {
		if !v.agrees() {
			differing[v.Pair] = v.String()
		}
	}
	for _, stay := range readStays(t) {
		if differing[stay.Case] != stay.Code {
			t.Errorf("%s: pinned %q, in the table %q", stay.Case, stay.Code, differing[stay.Case])
		}
		delete(differing, stay.Case)
	}
	for pair, verdicts := range differing {
		t.Errorf("%s: %s: not pinned", pair, verdicts)
	}
}

func readStays(t *testing.T) []result.Failure {
	t.Helper()
	text, err := os.ReadFile("pins.json")
	if err != nil {
		t.Fatal(err)
	}
	var pins struct{ Stays []result.Failure }
	if err := json.Unmarshal(text, &pins); err != nil {
		t.Fatal(err)
	}
	return pins.Stays
}
