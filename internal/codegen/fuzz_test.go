package codegen

import (
	"bytes"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Whatever the document, preparing it ends, gives YAML, and has nothing left to do.
func FuzzPrepare(f *testing.F) {
	f.Add([]byte("paths:\n  /a:\n    get: {operationId: a, x-xgen-operation-id-override: b, responses: {default: {}}}\n"))
	f.Add([]byte("properties: {_id: {default: a}, default: {content: {application/vnd.atlas.2024-05-30+json: {}}}}\n"))
	f.Add([]byte("a: &a {default: *a}\n"))
	f.Fuzz(func(t *testing.T, document []byte) {
		once, err := Prepare(document)
		if err != nil {
			return
		}
		var v yaml.Node
		if err := yaml.Unmarshal(once, &v); err != nil {
			t.Fatalf("%v in:\n%s", err, once)
		}
		twice, err := Prepare(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%v; once:\n%s\ntwice:\n%s", err, once, twice)
		}
		plainMediaTypes(&v)
		if err := prepareNames(v.Content[0]); err != nil {
			return
		}
		if _, err := encode(&v); err != nil {
			t.Errorf("%v in:\n%s", err, once)
		}
	})
}
