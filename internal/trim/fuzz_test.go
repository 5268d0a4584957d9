package trim_test

import (
	"os"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// FuzzCut checks that no input makes Cut panic, and that its result can be parsed and cut
// again to the same bytes.
func FuzzCut(f *testing.F) {
	zoo, err := os.ReadFile("testdata/zoo.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zoo, "")
	f.Add(zoo, "2023-01-01")
	f.Add([]byte(`{"openapi":"3.0.1","paths":{"/x":{"get":{"operationId":"x","responses":{}}}}}`), "v1.0")
	f.Add([]byte("openapi: 3.0.1\npaths: {/x: {get: {parameters: [{$ref: '#/components/parameters/a'}]}}}\ncomponents: {parameters: {a: {$ref: '#/components/parameters/a'}}}\n"), "")
	f.Add([]byte("openapi: 3.0.1\npaths: {/x: {get: {responses: {200: {$ref: '#/components/schemas/A'}}}}}\ncomponents: {schemas: {A: {discriminator: {mapping: {a: A}}, allOf: [{$ref: '#/components/schemas/A'}]}}}\n"), "")
	f.Fuzz(func(t *testing.T, data []byte, version string) {
		doc, err := oas.ParseBytes("input", data)
		if err != nil {
			return
		}
		ops, err := doc.Operations()
		if err != nil {
			return
		}
		for _, op := range ops {
			cutAgain(t, doc, trim.Selection{Operations: []string{op.String()}, Version: version})
		}
	})
}

func cutAgain(t *testing.T, doc *oas.Document, sel trim.Selection) {
	first, err := trim.Cut(doc, sel)
	if err != nil {
		return
	}
	data, err := oas.Encode(first.Root())
	if err != nil {
		t.Fatal(err)
	}
	reread, err := oas.ParseBytes("cut", data)
	if err != nil {
		t.Fatalf("the cut cannot be parsed: %v %s", err, data)
	}
	if place, differ := oas.Difference(first.Root(), reread.Root()); differ {
		t.Fatalf("the parsed cut differs at %s: %s", place, data)
	}
}
