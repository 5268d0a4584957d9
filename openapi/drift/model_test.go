package drift

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// sample returns a report with a change of every verdict, an accepted change, an unused
// acceptance, and notes.
func sample(t *testing.T) *Report {
	t.Helper()
	accepted := &Acceptances{Accepted: []Acceptance{
		{ID: "nothing-00000000", Reason: "once there was something", Expires: "2026-01-01"},
	}}
	steps := []step{
		shorter, moved,
		put("/components/schemas/ApiError/properties/detail/nullable", "true"),
		put(listPath+"/get/responses/404", "{$ref: '#/components/responses/notFound'}"),
		put(listPath+"/get/summary", "Other words."),
		put(itemPath+"/delete/responses/404", ""),
	}
	for _, c := range compareAccepted(t, nil, "2026-09-01", steps...).Changes {
		if c.Rule == "error-status-removed" {
			accepted.Accepted = append(accepted.Accepted, Acceptance{ID: c.ID, Reason: "we never look at it"})
		}
	}
	return compareAccepted(t, accepted, "2026-09-01", steps...)
}

// TestFormats checks that every format contains, for each change, its rule, place, old and
// new value, the affected operations and the next step, and the command that updates the
// baseline.
func TestFormats(t *testing.T) {
	r := sample(t)
	for _, format := range report.Formats() {
		var out bytes.Buffer
		if err := report.Write(&out, format, r.model("v1.2.3", Planning), report.Options{}); err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		text := strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "%3A", ":", "%2C", ",", "\\/", "/").Replace(out.String())
		for _, want := range []string{
			"request-bound-tightened", "maxLength was tightened from none to 63", "63",
			"createExportBucket", "client.AWS.BucketName", "gen/v20240530.AWSExportBucketRequest.BucketName",
			"Change what your code sends", "after.yaml", "sunset-moved", "2031-01-01", "response-nullable-added",
			"we never look at it",
		} {
			if want == "we never look at it" && format == report.GitHub {
				continue // annotations are only for changes that need attention
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s does not contain %q", format, want)
			}
		}
		if format != report.JSON && format != report.JUnit && !strings.Contains(text, "make openapi UPSTREAM=after.yaml") {
			t.Errorf("%s does not contain the command that updates the contract", format)
		}
		if format != report.JSON && format != report.JUnit && !strings.Contains(text, "change the code that calls createExportBucket") {
			t.Errorf("%s does not contain the step before the update", format)
		}
		var again bytes.Buffer
		if err := report.Write(&again, format, sample(t).model("v1.2.3", Planning), report.Options{}); err != nil || again.String() != out.String() {
			t.Errorf("%s differs from run to run (%v)", format, err)
		}
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := report.Write(&out, report.JSON, sample(t).model("", Planning), report.Options{}); err != nil {
		t.Fatal(err)
	}
	var top map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &top); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for key := range top {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if want := []string{"accepted", "changes", "notes", "unusedAcceptances", "verdict"}; !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	var changes []map[string]any
	if err := json.Unmarshal(top["changes"], &changes); err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, key := range []string{"id", "verdict", "rule", "direction", "operations", "versions", "pointer", "old", "new", "message"} {
			if _, ok := c[key]; !ok {
				t.Errorf("%v has no %s", c["id"], key)
			}
		}
	}
	first := changes[0]
	if first["verdict"] != "breaking" || first["old"] != nil || first["new"] != 63.0 || first["direction"] != "request" ||
		first["pointer"] != schemas+"AWSExportBucketRequest/allOf/1/properties/bucketName/maxLength" {
		t.Errorf("%v", first)
	}
}

// TestEmptyJSON checks that the lists of an empty report are empty, not null.
func TestEmptyJSON(t *testing.T) {
	var out bytes.Buffer
	r := compareTrees(t, nil, contractTree(t, "2023-01-01"))
	r.Notes = []Note{}
	if err := report.Write(&out, report.JSON, r.model("", Planning), report.Options{}); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"verdict\": \"in-sync\",\n  \"changes\": [],\n  \"notes\": [],\n  \"accepted\": [],\n  \"unusedAcceptances\": []\n}\n"
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}

func TestExitCode(t *testing.T) {
	for _, test := range []struct {
		verdict, failOn Verdict
		want            int
	}{
		{InSync, Planning, 0}, {Docs, Planning, 0}, {Planning, Planning, 3}, {Additive, Planning, 3}, {Tolerate, Planning, 3}, {Breaking, Planning, 1},
		{Tolerate, Breaking, 0}, {Breaking, Breaking, 1}, {Additive, Tolerate, 0}, {Tolerate, Tolerate, 3}, {Planning, Additive, 0},
		{Docs, Docs, 3}, {InSync, Docs, 0},
	} {
		if got := (&Report{Verdict: test.verdict}).ExitCode(test.failOn); got != test.want {
			t.Errorf("%s with --fail-on %s: %d, want %d", test.verdict, test.failOn, got, test.want)
		}
	}
}

func TestNextCommand(t *testing.T) {
	change := []Change{{}}
	embedded := updatePlan{contract: true}
	cut := updatePlan{contract: true, baseline: "ours.yaml", operations: []string{"listExportBuckets"}, only: "2024-05-30"}
	one := updatePlan{baseline: "api/our clusters.yaml", operations: []string{"listClusters", "getCluster"}, only: "2024-08-05"}
	for _, test := range []struct {
		updatePlan updatePlan
		report     Report
		want       string
	}{
		{embedded, Report{Upstream: "atlas.yaml", Changes: change}, "make openapi UPSTREAM=atlas.yaml"},
		{embedded, Report{Upstream: "it's $(here)", Changes: change}, `make openapi UPSTREAM='it'\''s $(here)'`},
		{embedded, Report{Upstream: "https://example.com/v2.yaml", Changes: change}, "curl -fsSL --compressed -o upstream.yaml https://example.com/v2.yaml && make openapi UPSTREAM=upstream.yaml"},
		{embedded, Report{Upstream: "standard input", Stdin: true, Changes: change}, "make openapi UPSTREAM=FILE"},
		{embedded, Report{Upstream: "atlas.yaml"}, ""},
		{cut, Report{Upstream: "atlas.yaml", Changes: change}, "make openapi UPSTREAM=atlas.yaml # or, for your own file: exportbuckets trim --upstream atlas.yaml --operations listExportBuckets --api-version 2024-05-30 --output ours.yaml"},
		{one, Report{Upstream: "atlas.yaml", Changes: change}, "exportbuckets trim --upstream atlas.yaml --operations listClusters,getCluster --api-version 2024-08-05 --output 'api/our clusters.yaml'"},
		{updatePlan{baseline: "v2.yaml"}, Report{Upstream: "atlas.yaml", Changes: change}, "cp atlas.yaml v2.yaml"},
		{updatePlan{}, Report{Upstream: "atlas.yaml", Changes: change}, ""},
	} {
		if got := test.updatePlan.command(&test.report); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}
