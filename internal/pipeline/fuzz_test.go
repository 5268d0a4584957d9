package pipeline_test

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
)

// FuzzOverlaid checks that an overlay of a user is applied or refused, and that the result
// is a document that can be written and read again.
func FuzzOverlaid(f *testing.F) {
	for _, actions := range []string{
		"  - {target: $.info, update: {title: u}, description: d}\n",
		"  - {target: $..info, update: &u {x-a: &a {b: 1}, x-c: *a}}\n  - {target: $.info, update: *u}\n",
		"  - {target: $.paths, remove: true}\n",
		"  - {target: '$[', remove: true}\n",
		"  - {target: \"$.paths[?(@.get.operationId=='a')]\", update: {x-b: [1, null, 1e400]}}\n",
	} {
		f.Add(overlayOf(actions))
	}
	doc, err := oas.ParseBytes("small.yaml", []byte(smallDocument))
	if err != nil {
		f.Fatal(err)
	}
	before := oas.Canonical(doc.Root())
	f.Fuzz(func(t *testing.T, text []byte) {
		out, _, err := pipeline.Overlaid(doc, "changes.yaml", text)
		if oas.Canonical(doc.Root()) != before {
			t.Fatal("the document itself was changed")
		}
		if err != nil {
			return
		}
		written, err := oas.Encode(out.Root())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := oas.ParseBytes("written.yaml", written); err != nil {
			t.Errorf("%v\n%s", err, written)
		}
	})
}
