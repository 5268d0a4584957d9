package contract

import (
	"strings"
	"testing"
)

// TestSelect checks which exchanges are in scope of a selection: those of selected
// operations, and those with undeclared methods at the same paths.
func TestSelect(t *testing.T) {
	const thing, ping = "/api/atlas/v2/things/a", "/api/atlas/v2/ping"
	for _, tt := range []struct{ words, inScope string }{
		{"getThing", "GET thing, PUT thing"},
		{"deleteThing", "DELETE thing, PUT thing"},
		{"all,-deleteThing", "GET thing, PUT thing, GET ping, PUT ping"},
		{"/api/atlas/v2/p*", "GET ping, PUT ping"},
		{"GET /api/atlas/v2/things/{thingId}", "GET thing, PUT thing"},
	} {
		c := foreignOf(t, two)
		if err := c.Select(strings.Split(tt.words, ","), false); err != nil {
			t.Fatalf("%s: %v", tt.words, err)
		}
		var found []string
		for _, call := range []struct{ method, name, path string }{
			{"GET", "thing", thing}, {"DELETE", "thing", thing}, {"PUT", "thing", thing}, {"GET", "ping", ping}, {"PUT", "ping", ping},
		} {
			if m := matchOf(t, c, call.method, call.path, "", ""); m != nil {
				found = append(found, call.method+" "+call.name)
			}
		}
		if got := strings.Join(found, ", "); got != tt.inScope {
			t.Errorf("%s: in scope are %s, want %s", tt.words, got, tt.inScope)
		}
	}
}

// TestSelectEmbedded checks selections from the documents of the module's own contract: an
// operation may be in any of them, and limiting the contract to a version keeps the
// selection.
func TestSelectEmbedded(t *testing.T) {
	c, err := Embedded(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Select([]string{"updateBackupExportBucket"}, false); err != nil {
		t.Fatal(err)
	}
	only, err := c.Only("2024-05-30")
	if err != nil {
		t.Fatal(err)
	}
	operations, errs := only.Operations("2024-05-30")
	if len(errs) > 0 || len(operations) != 1 || operations[0].Name != "updateBackupExportBucket" {
		t.Errorf("got %v, %v", operations, errs)
	}
	if err := c.Select([]string{"getExportBuckets"}, false); err == nil || !strings.Contains(err.Error(), `did you mean "getExportBucket"`) {
		t.Errorf("an unknown operation: %v", err)
	}
}

// TestSelectPreviews checks that operations that exist only as a preview are skipped and
// counted unless they are requested.
func TestSelectPreviews(t *testing.T) {
	const source = `
openapi: 3.0.1
info: {title: P, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}}}}}}
  /b: {get: {operationId: b, responses: {"200": {description: OK, content: {application/vnd.atlas.preview+json: {}}}}}}
`
	for _, tt := range []struct {
		word     string
		previews bool
		inScope  bool
		leftOut  int
	}{
		{"all", false, false, 1}, {"all", true, true, 0}, {"b", false, true, 0},
	} {
		c := foreignOf(t, source)
		if err := c.Select([]string{tt.word}, tt.previews); err != nil {
			t.Fatal(err)
		}
		if got := matchOf(t, c, "GET", "/b", "", "preview") != nil; got != tt.inScope || c.PreviewsLeftOut() != tt.leftOut {
			t.Errorf("%s, previews %v: in scope %v, skipped %d", tt.word, tt.previews, got, c.PreviewsLeftOut())
		}
	}
	if err := foreignOf(t, source).Select([]string{"b*"}, false); err == nil || !strings.Contains(err.Error(), "no operation is left: 1 of those selected exist only as a preview") {
		t.Errorf("only a preview is selected: %v", err)
	}
}
