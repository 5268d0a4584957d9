package trim

import (
	"slices"
	"strings"
	"testing"

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

func parsed(t *testing.T, source string) *oas.Document {
	t.Helper()
	doc, err := oas.ParseBytes("shop.json", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// listed returns a document's operations.
func listed(t testing.TB, doc *oas.Document) []*oas.Operation {
	t.Helper()
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func TestDocumentProperties(t *testing.T) {
	doc := parsed(t, shop)
	if doc.Name() != "shop.json" || doc.Info("title") != "Shop" || doc.Info("nothing") != "" {
		t.Errorf("%s is called %q", doc.Name(), doc.Info("title"))
	}
	ops := listed(t, doc)
	if got := oas.VersionsOf(ops); !slices.Equal(got, []string{"2024-01-01", "2025-01-01"}) {
		t.Errorf("versions %q", got)
	}
	if len(ops) != 2 || ops[0].String() != "GET /items" || ops[0].ShortName != "listItems" || ops[1].ShortName != "createItem" || len(ops[1].Versions) != 0 {
		t.Fatalf("operations %+v", ops)
	}
	if !ops[0].Described() || ops[1].Described() {
		t.Errorf("described: %t and %t, want only the first", ops[0].Described(), ops[1].Described())
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
		{[]string{"createItems"}, "", `shop.json: no operation matches "createItems" (of 2); did you mean "createItem"?`},
		{[]string{"launchRocket"}, "", `shop.json: no operation matches "launchRocket" (of 2)`},
		{nil, "", "no operation was selected"},
	} {
		chosen, err := Choose(doc, Selection{Operations: test.names})
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

// TestDropping checks that removing parts changes neither the other parts nor the original.
func TestDropping(t *testing.T) {
	doc := parsed(t, shop)
	if err := DedupeParameters(doc); err != nil {
		t.Fatal(err)
	}
	if got := len(oas.Items(oas.Get(listed(t, doc)[0].Node(), "parameters"))); got != 2 {
		t.Errorf("%d parameters remain, want 2", got)
	}
	stripped, err := Stripped(doc)
	if err != nil {
		t.Fatal(err)
	}
	if !listed(t, doc)[0].Described() || listed(t, stripped)[0].Described() {
		t.Errorf("described: %t and %t, want only the original", listed(t, doc)[0].Described(), listed(t, stripped)[0].Described())
	}
	if err := DropNames(stripped); err != nil {
		t.Fatal(err)
	}
	if op := listed(t, stripped)[0]; op.ID != "" || stripped.Info("title") != "" || op.ShortName != "listItems" {
		t.Errorf("names remain: %+v", op)
	}
}

func TestTooLarge(t *testing.T) {
	if _, err := oas.ParseBytes("big.yaml", make([]byte, oas.MaxBytes+1)); err == nil || err.Error() != "big.yaml: more than 67,108,864 bytes; that is the limit" {
		t.Error(err)
	}
}
