package pipeline_test

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

const smallDocument = `openapi: 3.0.1
info: {title: Small, version: "1"}
paths:
  /a:
    get: {operationId: getA, responses: {"200": {description: x}}}
`

func overlayOf(actions string) []byte {
	return []byte("overlay: 1.0.0\ninfo: {title: Changes, version: '1'}\nactions:\n" + actions)
}

func TestOverlay(t *testing.T) {
	doc, err := oas.ParseBytes("small.yaml", []byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	changed, _, err := pipeline.Overlaid(doc, "changes.yaml", overlayOf("  - {target: \"$.paths['/a'].get\", update: {x-go-name: FetchA}}\n  - {target: \"$.paths['/b']\", remove: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := oas.Encode(changed.Root())
	if err != nil || !strings.Contains(string(text), "x-go-name: FetchA") {
		t.Errorf("%v\n%s", err, text)
	}
	if before, err := oas.Encode(doc.Root()); err != nil || strings.Contains(string(before), "FetchA") {
		t.Errorf("the document itself was changed: %v", err)
	}
}

func TestOverlayThatFails(t *testing.T) {
	doc, err := oas.ParseBytes("small.yaml", []byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"another document": []byte(smallDocument),
		"not YAML":         []byte("]["),
		"no path":          overlayOf("  - {target: '$[', remove: true}\n"),
		"without paths":    overlayOf("  - {target: $.paths, remove: true}\n"),
	} {
		if _, _, err := pipeline.Overlaid(doc, "changes.yaml", text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
