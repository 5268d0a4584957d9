package trim

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// shop is a small specification in JSON, as some tools print it.
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

func parsed(t *testing.T, source string) *Document {
	t.Helper()
	doc, err := ParseBytes("shop.json", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentTellsOfItself(t *testing.T) {
	doc := parsed(t, shop)
	if doc.Name() != "shop.json" || doc.Info("title") != "Shop" || doc.Info("nothing") != "" {
		t.Errorf("%s is called %q", doc.Name(), doc.Info("title"))
	}
	if got := doc.Versions(); !slices.Equal(got, []string{"2024-01-01", "2025-01-01"}) {
		t.Errorf("versions %q", got)
	}
	ops := doc.Operations()
	if len(ops) != 2 || ops[0].String() != "GET /items" || ops[0].ShortName != "listItems" || ops[1].ShortName != "createItem" || len(ops[1].Versions) != 0 {
		t.Fatalf("operations %+v", ops)
	}
	if !ops[0].Described() || ops[1].Described() {
		t.Errorf("described: %t and %t, want the first alone", ops[0].Described(), ops[1].Described())
	}
	if oas.Get(ops[1].Node(), "operationId").Value != "createItem" || oas.Get(doc.Root(), "openapi").Line != 2 {
		t.Error("the nodes are not those of the source")
	}
}

func TestSelect(t *testing.T) {
	doc := parsed(t, shop)
	for _, test := range []struct {
		names []string
		want  string
		err   string
	}{
		{[]string{"listItems"}, "GET /items", ""},
		{[]string{"createItem", "listAllItems"}, "GET /items, POST /items", ""},
		{[]string{"get /items"}, "GET /items", ""},
		{[]string{"createItems"}, "", `shop.json: operation "createItems" is not there (of 2); did you mean "createItem"?`},
		{[]string{"launchRocket"}, "", `shop.json: operation "launchRocket" is not there (of 2)`},
		{nil, "", "no operation was selected"},
	} {
		chosen, err := doc.Choose(Selection{Operations: test.names})
		var got []string
		if err == nil {
			for _, op := range chosen.Operations {
				got = append(got, op.String())
			}
		}
		if strings.Join(got, ", ") != test.want || (err == nil) != (test.err == "") || err != nil && !strings.HasSuffix(err.Error(), test.err) {
			t.Errorf("%q: %q, %v; want %q, %q", test.names, got, err, test.want, test.err)
		}
	}
}

// What is dropped leaves the rest, and the original, as they are.
func TestDropping(t *testing.T) {
	doc := parsed(t, shop)
	doc.DedupeParameters()
	if got := len(oas.Items(oas.Get(doc.Operations()[0].Node(), "parameters"))); got != 2 {
		t.Errorf("%d parameters are left, want 2", got)
	}
	stripped, err := doc.Stripped()
	if err != nil {
		t.Fatal(err)
	}
	if at := Difference(doc, stripped); at == "" || !doc.Operations()[0].Described() || stripped.Operations()[0].Described() {
		t.Errorf("stripping changed %q; described: %t", at, stripped.Operations()[0].Described())
	}
	stripped.DropNames()
	if op := stripped.Operations()[0]; op.ID != "" || stripped.Info("title") != "" || op.ShortName != "listItems" {
		t.Errorf("names are left: %+v", op)
	}
}

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
		a, b := parsed(t, shop), parsed(t, strings.Replace(shop, test.old, test.replacement, 1))
		if got := Difference(a, b); got != test.want {
			t.Errorf("with %s: they differ at %q, want %q", test.replacement, got, test.want)
		}
	}
}

func TestWithRoot(t *testing.T) {
	doc := parsed(t, shop)
	again, err := doc.WithRoot(oas.Clone(doc.Root()))
	if err != nil || Difference(doc, again) != "" || again.Name() != doc.Name() {
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
		if _, err := doc.WithRoot(n.Content[0]); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v, want %q", source, err, what)
		}
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := ParseBytes("big.yaml", make([]byte, MaxBytes+1)); err == nil || err.Error() != "big.yaml: more than 67,108,864 bytes; that is the limit" {
		t.Error(err)
	}
}
