package compare

import (
	"fmt"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const around = `
openapi: 3.1.0
paths:
  /a:
    post:
      operationId: a
      requestBody: {content: {application/json: {schema: {}}}}
      responses: {'200': {content: {application/json: {schema: {}}}}}
components:
  schemas:
    Text: {type: string, minLength: 1}
    Pair: {type: object, properties: {a: {type: string, enum: [x]}, b: {$ref: '#/components/schemas/Pair'}}, required: [a]}
    Choice:
      discriminator: {propertyName: a, mapping: {x: '#/components/schemas/Pair', y: '#/components/schemas/Choice'}}
      properties: {a: {type: string, enum: [x, y, z]}}
    One: {type: object, properties: {n: {type: integer}}}
    Two: {type: object, properties: {m: {type: integer}}}
  securitySchemes:
    Digest: {type: http, scheme: digest}
    Basic: {type: http, scheme: basic}
    Key: {type: apiKey, in: header, name: X-Key}
    Account: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {read: r, write: w}}}}
    Moved: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/elsewhere', scopes: {read: r, write: w}}}}
`

// withSchema returns a document with the schema in a request and a response. It returns nil
// if source is not a schema.
func withSchema(t *testing.T, source string) *yaml.Node {
	t.Helper()
	var doc, schema yaml.Node
	if yaml.Unmarshal([]byte(source), &schema) != nil || len(schema.Content) != 1 || !isPlain(&schema) {
		return nil
	}
	if err := yaml.Unmarshal([]byte(around), &doc); err != nil {
		t.Fatal(err)
	}
	root := doc.Content[0]
	op := oas.At(root, "paths", "/a", "post")
	for _, media := range []*yaml.Node{
		oas.At(op, "requestBody", "content", "application/json"),
		oas.At(op, "responses", "200", "content", "application/json"),
	} {
		oas.Set(media, "schema", schema.Content[0])
	}
	return root
}

// isPlain reports whether a tree has neither aliases nor keys that are not strings, like
// the tree of a parsed specification.
func isPlain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		return false
	}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && child.Kind != yaml.ScalarNode || !isPlain(child) {
			return false
		}
	}
	return true
}

// FuzzSchemas compares any two schemas. The comparison must not panic, must end, and must
// find the same differences on every run and none between equal schemas. If it finds
// differences, it must also find some with the sides exchanged.
func FuzzSchemas(f *testing.F) {
	for _, pair := range [][2]string{
		{"{type: string}", "{type: [string, 'null'], maxLength: 3}"},
		{"{$ref: '#/components/schemas/Choice'}", "{oneOf: [{$ref: '#/components/schemas/Pair'}, {type: 'null'}]}"},
		{"{allOf: [{$ref: '#/components/schemas/Choice'}, {properties: {c: {not: {$ref: '#/components/schemas/Pair'}}}}]}", "{$ref: '#/components/schemas/Pair'}"},
		{"{anyOf: [{type: integer, exclusiveMinimum: 3}, {type: object, additionalProperties: false}]}", "{type: array, items: {$ref: '#/components/schemas/Text'}, uniqueItems: true}"},
		{"{type: string, pattern: '^(?!a)[b-c]{2,3}$', maxLength: 3}", "{type: string, format: uuid, readOnly: true, default: x}"},
		{"{type: number, multipleOf: 4, minimum: 1e3}", "{type: integer, multipleOf: 2, enum: [1, null, a, 1.0]}"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)+len(after) > 4<<10 {
			return
		}
		base, revision := build(t, before), build(t, after)
		if base == nil || revision == nil {
			return
		}
		first := compare(base, revision)
		if again := compare(base, revision); fmt.Sprint(first) != fmt.Sprint(again) {
			t.Errorf("%v and then %v", first, again)
		}
		if same := compare(base, build(t, before)); len(same) > 0 {
			t.Errorf("equal schemas differ: %v", same)
		}
		if back := compare(revision, base); (len(first) == 0) != (len(back) == 0) {
			t.Errorf("%d differences one way, %d the other", len(first), len(back))
		}
	})
}

func build(t *testing.T, source string) *oas.Effective {
	t.Helper()
	root := withSchema(t, source)
	if root == nil {
		return nil
	}
	op, err := effective(root, oas.Unversioned)
	if err != nil {
		return nil
	}
	return op
}

// effective reads the first operation of a document.
func effective(root *oas.Node, version string) (*oas.Effective, error) {
	doc, err := oas.New("doc", root)
	if err != nil {
		return nil, err
	}
	ops, err := doc.Operations()
	if err != nil {
		return nil, err
	}
	reader := doc.Reader()
	reader.WithProse = true
	return reader.Operation(ops[0], version)
}

// compare compares two operations with all options and without a budget.
func compare(base, revision *oas.Effective) []Difference {
	differences, _ := Operations(base, revision, Options{ // without a budget there is no error
		Prose: true, Base: oas.BranchValuesByPlace([]*oas.Effective{base}), Revision: oas.BranchValuesByPlace([]*oas.Effective{revision}),
	})
	return differences
}
