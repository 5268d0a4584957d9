package codegen

import (
	"bytes"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// FuzzPrepare checks that Prepare ends for every document, and that a second call changes
// nothing.
func FuzzPrepare(f *testing.F) {
	const head = "openapi: 3.0.3\npaths: {}\n"
	f.Add([]byte("openapi: 3.0.3\npaths:\n  /a:\n    get: {operationId: a, x-xgen-operation-id-override: b, responses: {default: {}}}\n"))
	f.Add([]byte(head + "properties: {_id: {default: a}, default: {content: {application/vnd.atlas.2024-05-30+json: {}}}}\n"))
	f.Add([]byte(head + "a: &a {default: 1}\nb: *a\n"))
	f.Add([]byte(head + "0:\n 0:\n#"))
	f.Add([]byte(head + "&0000 \"\":\n000:000000:\n"))
	f.Fuzz(func(t *testing.T, document []byte) {
		once, ok := preparedBytes(t, document)
		if !ok {
			return
		}
		if twice, ok := preparedBytes(t, once); !ok || !bytes.Equal(once, twice) {
			t.Errorf("once:\n%s\ntwice:\n%s", once, twice)
		}
		if root, err := prepared(once); err == nil {
			if _, err := oas.Encode(root); err != nil {
				t.Errorf("%v in:\n%s", err, once)
			}
		}
	})
}

func preparedBytes(t *testing.T, document []byte) (encoded []byte, ok bool) {
	doc, err := oas.ParseBytes("a.yaml", document)
	if err != nil {
		return nil, false
	}
	Prepare(doc.Root())
	if encoded, err = oas.Encode(doc.Root()); err != nil {
		t.Fatal(err)
	}
	return encoded, true
}
