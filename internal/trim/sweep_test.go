package trim_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

const upstreamFile = "../../../shared/upstream/atlas-v2-2026-08-19.yaml"

// upstream is the real specification, which is not part of this module.
func upstream(t testing.TB) *oas.Document {
	t.Helper()
	doc, err := oas.ParseFile(upstreamFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("upstream's specification is not next to this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestEveryRealOperationCuts extracts each operation of the real specification at each of
// its versions, and checks that the result is a complete document.
func TestEveryRealOperationCuts(t *testing.T) {
	slowtest.Skip(t)
	doc := upstream(t)
	cuts := 0
	for _, op := range operations(t, doc) {
		for _, version := range op.Versions {
			cuts++
			cut, err := trim.Cut(doc, trim.Selection{Operations: []string{op.String()}, Version: version})
			if err != nil {
				t.Errorf("%s at %s: %v", op, version, err)
				continue
			}
			data, err := oas.Encode(cut.Root())
			if err != nil {
				t.Errorf("%s at %s: %v", op, version, err)
				continue
			}
			if _, err := loadValid(data); err != nil {
				t.Errorf("%s at %s: %v", op, version, err)
			}
		}
	}
	if cuts < 590 {
		t.Errorf("only %d cuts", cuts)
	}
}
