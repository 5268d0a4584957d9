package trim_test

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// versioned has an operation for each kind of version: two dates, a preview, and no
// version.
const versioned = `openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /old: {get: {operationId: old, tags: [things], responses: {'200': {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}}}}}}
  /new: {get: {operationId: new, tags: [things], responses: {'200': {description: OK, content: {application/vnd.atlas.2024-05-30+json: {}}}}}}
  /newer: {get: {operationId: newer, tags: [things], responses: {'200': {description: OK, content: {application/vnd.atlas.2024-05-30+json: {}}}}}}
  /trial: {get: {operationId: trial, tags: [things], responses: {'200': {description: OK, content: {application/vnd.atlas.preview+json: {}}}}}}
  /plain: {get: {operationId: plain, tags: [things], responses: {'200': {description: OK}}}}
`

// TestChooseCounts checks which operations "all" selects in a version, and how many it
// skips because they exist only as a preview or do not exist in the version.
func TestChooseCounts(t *testing.T) {
	doc, err := oas.ParseBytes("versioned.yaml", []byte(versioned))
	if err != nil {
		t.Fatal(err)
	}
	for version, c := range map[string]struct {
		operations       string
		previews, absent int
	}{
		"":           {"old new newer plain", 1, 0},
		"2024-05-30": {"old new newer plain", 1, 0},
		"2023-01-01": {"old plain", 1, 2},
		"preview":    {"trial", 0, 4},
	} {
		got, err := trim.Choose(doc, trim.Selection{Operations: []string{"tag:things"}, Version: version})
		if err != nil {
			t.Errorf("%q: %v", version, err)
			continue
		}
		var ids []string
		for _, op := range got.Operations {
			ids = append(ids, op.ID)
		}
		if all := strings.Join(ids, " "); all != c.operations || got.Previews != c.previews || got.Absent != c.absent {
			t.Errorf("%q: got %s without %d previews and %d absent, want %s without %d and %d", version, all, got.Previews, got.Absent, c.operations, c.previews, c.absent)
		}
	}
}
