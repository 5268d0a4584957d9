package pipeline_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// listed returns a document with a list of n items.
func listed(n int) string {
	return strings.Replace(smallDocument, "paths:", "x-list:\n"+limitstest.Numbered(n, "  - {a: 1}\n")+"paths:", 1)
}

// TestOverlayIsBounded checks overlays that are small but would take minutes or gigabytes.
func TestOverlayIsBounded(t *testing.T) {
	slowtest.Skip(t)
	doc, err := oas.ParseBytes("listed.yaml", []byte(listed(4_000)))
	if err != nil {
		t.Fatal(err)
	}
	const bomb = "  - target: $.info\n    update:\n      a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
	for want, actions := range map[string]string{
		"1,048,576 bytes":           "  # " + strings.Repeat("x", 1<<20),
		"1,000 keys of a mapping":   "  - target: $.info\n    update:\n" + limitstest.Numbered(1_001, "      k%d: 1\n"),
		"200 levels of nesting":     "  - target: $.info\n    update: " + strings.Repeat("[", 300) + strings.Repeat("]", 300),
		"200,000 nodes at line":     bomb + limitstest.Numbered(8, "      b%d: &b%d [*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0,*a0]\n") + "      c: [" + strings.Repeat("*b0,", 2_000) + "*b1]\n",
		"10,000,000 steps of work":  limitstest.Numbered(1_000, "  - {target: $..none, remove: true}\n"),
		"200,000 nodes at action":   limitstest.Numbered(40, "  - {target: $..*, update: {z%d: {}}}\n"),
		"at action 1 ($.x-list[?":   "  - {target: '$.x-list[?(@.a==$.info.version)]', remove: true}\n",
		`2 ".." in a target`:        "  - {target: $..*..*..*, update: {z: 1}}\n",
		"200,000 nodes at action 5": limitstest.Numbered(40, "  - {target: $.info, copy: $}\n"),
	} {
		_, _, err := pipeline.Overlaid(doc, "changes.yaml", []byte(strings.Replace(string(overlayOf(actions)), "1.0.0", "1.1.0", 1)))
		var exceeded *limits.ExceededError
		if !errors.As(err, &exceeded) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %.300v", want, err)
		}
	}
}

// TestOverlayAtTheLimits applies overlays that have as much of a thing as is allowed.
func TestOverlayAtTheLimits(t *testing.T) {
	for name, c := range map[string]struct {
		items   int
		actions string
	}{
		"keys":                     {3, "  - target: $.info\n    update:\n" + limitstest.Numbered(1_000, "      k%d: 1\n")},
		"descents":                 {3, "  - {target: $..x-list..a, update: 2}\n"},
		"the root in a filter":     {3, "  - {target: '$.x-list[?(@.a==$.info.version)]', remove: true}\n"},
		"actions without a search": {4_000, limitstest.Numbered(1_000, "  - {target: $.info, description: d, update: {a: 1}}\n")},
	} {
		doc, err := oas.ParseBytes("listed.yaml", []byte(listed(c.items)))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := pipeline.Overlaid(doc, "changes.yaml", overlayOf(c.actions)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOverlayGrowth checks that applying an overlay allocates in proportion to the overlay,
// and to the document that its targets search.
func TestOverlayGrowth(t *testing.T) {
	slowtest.Skip(t)
	for name, test := range map[string]struct{ doc, actions func(n int) string }{
		"actions":  {func(int) string { return smallDocument }, func(n int) string { return limitstest.Numbered(n, "  - {target: $.info, update: {a: 1}}\n") }},
		"a list":   {func(int) string { return smallDocument }, func(n int) string { return "  - target: $.info\n    update: {a: [" + strings.Repeat("1,", n) + "1]}\n" }},
		"a search": {listed, func(int) string { return "  - {target: $..a, update: 2}\n" }},
		"targets":  {listed, func(int) string { return "  - {target: '$.x-list[*]', update: {b: 2}}\n" }},
	} {
		limitstest.MemoryGrowth(t, name, 250, func(n int) string { return test.doc(n) + "\x00" + test.actions(n) }, func(text string) {
			document, actions, _ := strings.Cut(text, "\x00")
			doc, err := oas.ParseBytes("small.yaml", []byte(document))
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := pipeline.Overlaid(doc, "changes.yaml", overlayOf(actions)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
