package oas

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// shop is a small specification in JSON, in the form that some tools print.
const shop = `{
  "openapi": "3.0.1",
  "info": {"title": "Shop", "version": "1"},
  "paths": {
    "/items": {
      "parameters": [{"$ref": "#/components/parameters/Pretty"}],
      "get": {
        "operationId": "listAllItems", "x-xgen-operation-id-override": "listItems", "summary": "Items",
        "parameters": [{"name": "a", "in": "query"}, {"in": "query", "name": "a"}, {"name": "b", "in": "query"}],
        "responses": {"200": {"description": "ok", "content": {"application/vnd.atlas.2024-01-01+json": {}, "application/vnd.atlas.2025-01-01+json": {}}}}
      },
      "post": {"operationId": "createItem", "responses": {"204": {"description": "ok"}}}
    }
  },
  "components": {"parameters": {"Pretty": {"name": "pretty", "in": "query", "description": "words"}}}
}`

func TestDifference(t *testing.T) {
	for _, test := range []struct{ old, replacement, want string }{
		{`"pretty"`, `"plain"`, "/components/parameters/Pretty/name"},
		{`{"name": "b", "in": "query"}`, `{"name": "c", "in": "query"}`, "/paths/~1items/get/parameters/2/name"},
		{`, {"name": "b", "in": "query"}`, ``, "/paths/~1items/get/parameters"},
		{`"summary": "Items",`, ``, "/paths/~1items/get/summary"},
		{`"in": "query", "description"`, `"in": "query", "required": true, "description"`, "/components/parameters/Pretty/required"},
		{`"204": {"description": "ok"}`, `"204": 1`, "/paths/~1items/post/responses/204"},
		{`{"in": "query", "name": "a"}`, `{"name": "a", "in": "query"}`, ""},
	} {
		a, b := parse(t, shop), parse(t, strings.Replace(shop, test.old, test.replacement, 1))
		if got, differ := Difference(a.Root(), b.Root()); got != test.want || differ != (got != "") {
			t.Errorf("with %s: they differ at %q, want %q", test.replacement, got, test.want)
		}
	}
}

// TestDifferenceOfDeepTrees compares documents that differ at the bottom of a deep tree and
// in the order of keys. Comparing each level twice would take 2^60 steps.
func TestDifferenceOfDeepTrees(t *testing.T) {
	const depth = 60
	nested := func(bottom string) *Node {
		doc, err := ParseBytes("deep.yaml", []byte("openapi: 3.0.1\npaths: {}\nx: "+strings.Repeat("{b: 1, a: ", depth)+bottom+strings.Repeat("}", depth)+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		return doc.Root()
	}
	reordered := func(bottom string) *Node {
		doc, err := ParseBytes("deep.yaml", []byte("paths: {}\nopenapi: 3.0.1\nx: "+strings.Repeat("{a: ", depth)+bottom+strings.Repeat(", b: 1}", depth)+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		return doc.Root()
	}
	if at, differ := Difference(nested("1"), reordered("1")); differ {
		t.Errorf("they differ at %s", at)
	}
	want := "/x" + strings.Repeat("/a", depth)
	for _, other := range []*Node{reordered("2"), nested("{c: 1}")} {
		if at, _ := Difference(nested("1"), other); at != want {
			t.Errorf("they differ at %s, want %s", at, want)
		}
	}
}

func TestNew(t *testing.T) {
	doc := parse(t, shop)
	again, err := New("shop.json", Clone(doc.Root()))
	if err != nil || !Equal(doc.Root(), again.Root()) || again.Name() != "shop.json" {
		t.Errorf("%v, %v", again, err)
	}
	for what, source := range map[string]string{
		"not an OpenAPI document":   "{a: b}",
		"key of a mapping is not":   "openapi: 3.0.1\npaths: {}\n? [x]\n: y\n",
		"shop.json: not an OpenAPI": "openapi: 2\npaths: {}",
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(source), &n); err != nil {
			t.Fatal(err)
		}
		if _, err := New("shop.json", n.Content[0]); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v, want %q", source, err, what)
		}
	}
}

// TestStripKeepsData checks that stripping descriptions keeps the members of example and
// enum values, regardless of their names.
func TestStripKeepsData(t *testing.T) {
	for _, key := range []string{"default", "enum", "const", "example", "examples", "x-values"} {
		want := `{"schema":{"` + key + `":[{"description":"a value"}]}}`
		doc, err := ParseBytes("x.json", []byte(`{"openapi":"3.1.0","paths":{},"x":{"schema":{"description":"prose","`+key+`":[{"description":"a value"}]}}}`))
		if err != nil {
			t.Fatal(err)
		}
		n := Clone(Get(doc.Root(), "x"))
		Strip(n, func(key string) bool { return key == "description" })
		if got := Canonical(n); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
}
