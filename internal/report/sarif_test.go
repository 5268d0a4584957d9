package report

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// parseSARIF parses a document strictly and validates it against the official schema of SARIF
// 2.1.0.
func parseSARIF(t testing.TB, doc []byte) *sarif.Run {
	t.Helper()
	report, err := sarif.FromBytes(doc, sarif.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(report.Runs) != 1 {
		t.Fatalf("%d runs", len(report.Runs))
	}
	return report.Runs[0]
}

func TestSARIFKeepsItsSchema(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			doc := written(t, SARIF, r, Options{})
			parseSARIF(t, doc)
			// The library validates the value that it parsed, so the test also checks that parsing
			// lost nothing.
			report, err := sarif.FromBytes(doc, sarif.WithStrictValidation())
			if err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(report)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, doc), decoded(t, again)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func decoded(t *testing.T, doc []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSARIFValidationRefuses(t *testing.T) {
	report := sarif.NewReport()
	if err := report.AddRun(sarif.NewRun()).Validate(); err == nil {
		t.Error("a run without a tool passes the schema")
	}
}

func TestSARIFNamesBothPlaces(t *testing.T) {
	run := parseSARIF(t, written(t, SARIF, verifySample(), Options{}))
	got := run.Results[0]
	place := got.Locations[0].PhysicalLocation
	if *place.ArtifactLocation.URI != "recordings/har/a.har" || *place.Region.StartLine != 210 {
		t.Errorf("location %s:%d", *place.ArtifactLocation.URI, *place.Region.StartLine)
	}
	spec := got.RelatedLocations[0].PhysicalLocation
	if *spec.ArtifactLocation.URI != "v2-2024-05-30.yaml" || *spec.Region.StartLine != 88 {
		t.Errorf("related %s:%d", *spec.ArtifactLocation.URI, *spec.Region.StartLine)
	}
	if *got.OccurrenceCount != 12 || len(got.RelatedLocations) != 3 {
		t.Errorf("%d occurrences, %d related", *got.OccurrenceCount, len(got.RelatedLocations))
	}
	if rule := run.Tool.Driver.Rules[got.RuleIndex]; *rule.ID != "schema" || *rule.Help.Text == "" {
		t.Errorf("rule %+v", rule)
	}
	if inv := run.Invocations[0]; *inv.ExecutionSuccessful || len(inv.ToolExecutionNotifications) != 1 {
		t.Error("the unreadable file is not reported")
	}
}

// TestSARIFWithoutLine checks that a place without a known line has no region: SARIF's lines
// start at 1.
func TestSARIFWithoutLine(t *testing.T) {
	for line, want := range map[int]bool{0: false, 1: true} {
		got := location(Location{File: "a.har", Line: line}, "")
		if has := got.PhysicalLocation.Region != nil; has != want {
			t.Errorf("line %d: a region: %t, want %t", line, has, want)
		}
	}
}

func TestSARIFSuppressesAcceptedChanges(t *testing.T) {
	run := parseSARIF(t, written(t, SARIF, driftSample(), Options{}))
	for n, result := range run.Results {
		if suppressed := len(result.Suppressions) == 1; suppressed != (n == len(run.Results)-1) {
			t.Errorf("result %d suppressed: %t", n, suppressed)
		}
	}
}

// TestSARIFFingerprints checks that fingerprints do not depend on lines, because code scanning
// closes and reopens an alert if its fingerprint changes.
func TestSARIFFingerprints(t *testing.T) {
	base := Item{Rule: "schema", Location: Location{"a.har", entry(1), 5, "/_id"}, Related: &Location{File: "c.yaml", Line: 9}}
	moved := base
	moved.Location = Location{"a.har", entry(8), 50, "/_id"}
	moved.Count, moved.Related = 7, &Location{File: "c.yaml", Line: 10}
	other := base
	other.Location.Pointer = "/bucketName"
	if fingerprint(base) != fingerprint(moved) {
		t.Error("a finding that moved has a new fingerprint")
	}
	if fingerprint(base) == fingerprint(other) {
		t.Error("two findings have one fingerprint")
	}
	base.ID, other.ID = "x", "x"
	if fingerprint(base) != fingerprint(other) {
		t.Error("one change has two fingerprints")
	}
}

func TestSARIFAddresses(t *testing.T) {
	tests := map[string]string{
		"a/b c.har":             "a/b%20c.har",
		"/srv/a.har":            "file:///srv/a.har",
		"../a#1.har":            "../a%231.har",
		"javascript:alert(1)":   "./javascript:alert%281%29",
		"https://host/spec?a=b": "https://host/spec?a=b",
		"-":                     "-",
		"a%zz.har":              "a%25zz.har",
	}
	for file, want := range tests {
		if got := fileURI(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}
