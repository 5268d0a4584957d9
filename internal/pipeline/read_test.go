package pipeline_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// recipeShapes are recipes in which one thing grows, by the name of that thing.
var recipeShapes = map[string]func(n int) string{
	"operations": func(n int) string {
		return "cuts:\n  - output: a.yaml\n    operations:\n" + strings.Repeat("      - listThings\n", n)
	},
	"cuts": func(n int) string {
		return "cuts:\n" + strings.Repeat("  - {output: a.yaml, operations: [listThings]}\n", n)
	},
	"keys": func(n int) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, "key%d: x\n", i)
		}
		return out.String()
	},
	"unknown keys of cuts": func(n int) string { return "cuts:\n" + strings.Repeat("  - {cutz: x}\n", n) },
	"aliases": func(n int) string {
		return "sections: &s [a, b]\ncuts:\n" + strings.Repeat("  - {output: a.yaml, operations: *s}\n", n)
	},
	"nests": func(n int) string { return "cuts: " + strings.Repeat("[", n) + strings.Repeat("]", n) },
	"text":  func(n int) string { return "title: " + strings.Repeat("x", n) },
}

// TestRecipeGrowth checks that the memory for a recipe grows linearly with its size.
func TestRecipeGrowth(t *testing.T) {
	shapes := maps.Clone(recipeShapes)
	for name, text := range limitstest.JSON {
		shapes["JSON, "+name] = func(n int) string { return "cuts: " + text(n) }
	}
	for name, text := range shapes {
		limitstest.MemoryGrowth(t, name, 500, text, func(text string) {
			_, _ = pipeline.ParseRecipe("select.yaml", []byte(text)) // some are refused
		})
	}
}

// TestRecipeBounds checks recipes that exceed a bound.
func TestRecipeBounds(t *testing.T) {
	for name, c := range map[string]struct {
		n    int
		want string
	}{
		"operations": {20_000, "bytes"},
		"text":       {256 << 10, "bytes"},
		"cuts":       {5000, "nodes"},
		"keys":       {21, "keys of a mapping"},
		"nests":      {20, "levels of nesting"},
	} {
		_, err := pipeline.ParseRecipe("select.yaml", []byte(recipeShapes[name](c.n)))
		var exceeded *limits.ExceededError
		if !errors.As(err, &exceeded) || exceeded.Bound != c.want {
			t.Errorf("%d %s: got %v, want too many %s", c.n, name, err, c.want)
		}
	}
	r, err := pipeline.ParseRecipe("select.yaml", []byte(recipeShapes["operations"](2500)))
	if err != nil || len(r.Cuts[0].Operations) != 2500 {
		t.Errorf("a recipe of 2,500 operations: %v", err)
	}
	_, err = pipeline.ParseRecipe("select.yaml", []byte(recipeShapes["keys"](20)))
	var exceeded *limits.ExceededError
	if err == nil || errors.As(err, &exceeded) || !strings.Contains(err.Error(), "key0") {
		t.Errorf("20 unknown keys: got %v, want an error that names them", err)
	}
}

// TestFilesAreBounded checks that a recipe, a specification or an overlay that is too large is
// an error.
func TestFilesAreBounded(t *testing.T) {
	slowtest.Skip(t)
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, oas.MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	_, recipe := pipeline.ReadRecipe(large)
	_, upstream := pipeline.ReadUpstream(large, time.Now())
	_, overlay := build(t, smallRecipe, strings.Repeat("#", 1<<20+1), small)
	for name, err := range map[string]error{"recipe": recipe, "upstream": upstream, "overlay": overlay} {
		var exceeded *limits.ExceededError
		if !errors.As(err, &exceeded) || exceeded.Bound != "bytes" {
			t.Errorf("%s: got %v, want too many bytes", name, err)
		}
	}
}
