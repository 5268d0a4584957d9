package pipeline_test

import (
	"bytes"
	"slices"
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

// TestOverlayInOrder checks that actions which search and actions which do not are applied in
// the order of the overlay, and that the descriptions of those with a target are returned.
func TestOverlayInOrder(t *testing.T) {
	doc, err := oas.ParseBytes("small.yaml", []byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	changed, applied, err := pipeline.Overlaid(doc, "changes.yaml", overlayOf(`  - {target: $.info, description: adds, update: {x-list: [{a: 0}, {a: 1}]}}
  - {target: '$..x-list[*]', update: {b: 2}}
  - {target: $.info, update: {x-undescribed: true}}
  - {target: $.none, description: nowhere, remove: true}
  - {target: $..none, description: found nowhere, remove: true}
  - {target: "$.info['x-list'][1]", update: {c: 3}}
  - {target: '$..get', description: searches, update: {x-found: true}}
  - {target: "$.info['x-list'][?(@.a==0)]", remove: true}
  - {target: "$.info['x-list'][0]", update: {d: 4}}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := oas.Canonical(changed.Resolve("/info/x-list")), `[{"a":1,"b":2,"c":3,"d":4}]`; got != want {
		t.Errorf("x-list is %s, want %s", got, want)
	}
	if want := []string{"adds", "searches"}; !slices.Equal(applied, want) {
		t.Errorf("applied %q, want %q", applied, want)
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

		"no path that searches":     overlayOf("  - {target: '$..[', remove: true}\n"),
		"no path before a search":   overlayOf("  - {target: '$[', remove: true}\n  - {target: $..none, remove: true}\n"),
		"a described deep search":   overlayOf("  - {target: $..*..*..*, description: d, remove: true}\n"),
		"a copy from a deep search": bytes.Replace(overlayOf("  - {target: $.info, copy: $..*..*..*}\n"), []byte("1.0.0"), []byte("1.1.0"), 1),
	} {
		if _, _, err := pipeline.Overlaid(doc, "changes.yaml", text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestOverlayWithAlias checks that an alias in an update is copied to every node that a target
// selects.
func TestOverlayWithAlias(t *testing.T) {
	doc, err := oas.ParseBytes("small.yaml", []byte(smallDocument))
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := pipeline.Overlaid(doc, "changes.yaml", overlayOf("  - {target: $..info, update: &u {x-a: &a {b: 1}, x-c: *a}}\n  - {target: $.info, update: *u}\n"))
	if err != nil {
		t.Fatal(err)
	}
	info := out.Resolve("/info")
	if a, c := oas.Canonical(oas.Get(info, "x-a")), oas.Canonical(oas.Get(info, "x-c")); a != `{"b":1}` || c != a {
		t.Errorf("x-a is %s, x-c is %s", a, c)
	}
}
