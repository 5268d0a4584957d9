package trim

import (
	"strings"
	"testing"
)

// Two documents that differ at the bottom of a deep tree, and in nothing else but
// the order of keys, are compared in one walk: comparing each level from both sides
// would take 2^60 steps.
func TestDifferenceOfDeepTrees(t *testing.T) {
	const depth = 60
	nested := func(bottom string) *Document {
		doc, err := ParseBytes("deep.yaml", []byte("openapi: 3.0.1\npaths: {}\nx: "+strings.Repeat("{b: 1, a: ", depth)+bottom+strings.Repeat("}", depth)+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	reordered := func(bottom string) *Document {
		doc, err := ParseBytes("deep.yaml", []byte("paths: {}\nopenapi: 3.0.1\nx: "+strings.Repeat("{a: ", depth)+bottom+strings.Repeat(", b: 1}", depth)+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	if at := Difference(nested("1"), reordered("1")); at != "" {
		t.Errorf("they differ at %s", at)
	}
	if at, want := Difference(nested("1"), reordered("2")), "/x"+strings.Repeat("/a", depth); at != want {
		t.Errorf("they differ at %s, want %s", at, want)
	}
	if at, want := Difference(nested("1"), nested("{c: 1}")), "/x"+strings.Repeat("/a", depth); at != want {
		t.Errorf("they differ at %s, want %s", at, want)
	}
}
