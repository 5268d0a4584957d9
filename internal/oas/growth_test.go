package oas

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// growing contains documents in which one thing grows, by the name of that thing. A
// document consists of the schema of one operation's response and the component schemas.
var growing = map[string]func(n int) (schema, schemas string){
	"properties": func(n int) (string, string) {
		return `{"properties": {` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"p%d": {"type": "string"}`, i) }) + `}}`, ""
	},
	"enum": func(n int) (string, string) {
		return `{"enum": [` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"v%d"`, i) }) + `]}`, ""
	},
	"enum of allOf": func(n int) (string, string) {
		values := `{"enum": [` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"v%d"`, i) }) + `]}`
		return `{"allOf": [` + values + ", " + values + `]}`, ""
	},
	"lists of values": func(n int) (string, string) {
		return `{"anyOf": [` + limitstest.List(2, func(b int) string {
			return `{"enum": [` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"v%d-%d"`, b, i) }) + `]}`
		}) + `]}`, ""
	},
	"required": func(n int) (string, string) {
		return `{"required": [` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"p%d"`, i) }) + `]}`, ""
	},
	"description": func(n int) (string, string) {
		return `{"description": "` + strings.Repeat("x", n) + `"}`, ""
	},
	"nest of properties": func(n int) (string, string) {
		return ref(0), chain(n, func(i int) string { return `{"properties": {"p": ` + ref(i+1) + `}}` })
	},
	"diamonds": func(n int) (string, string) {
		return ref(0), chain(n, func(i int) string { return `{"properties": {"a": ` + ref(i+1) + `, "b": ` + ref(i+1) + `}}` })
	},
	"cycle": func(n int) (string, string) {
		return ref(0), chain(n, func(i int) string { return `{"properties": {"next": ` + ref(i+1) + `, "first": ` + ref(0) + `}}` })
	},
	"allOf": func(n int) (string, string) {
		return `{"allOf": [` + limitstest.List(n, ref) + `]}`, chain(n, func(i int) string { return fmt.Sprintf(`{"properties": {"p%d": {"type": "string"}}}`, i) })
	},
	"patternProperties": func(n int) (string, string) {
		return `{"patternProperties": {` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"^p%d": {"type": "string"}`, i) }) + `}}`, ""
	},
}

func ref(i int) string { return fmt.Sprintf(`{"$ref": "#/components/schemas/s%d"}`, i) }

func chain(n int, link func(i int) string) string {
	return limitstest.List(n, func(i int) string { return fmt.Sprintf(`"s%d": %s`, i, link(i)) }) + fmt.Sprintf(`, "s%d": {"type": "string"}`, n)
}

func growingDocument(schema, schemas string) []byte {
	return []byte(`{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/x": {"get": {"operationId": "getX", "responses": {"200": {"description": "OK",
		"content": {"application/json": {"schema": ` + schema + `}}}}}}}, "components": {"schemas": {` + schemas + `}}}`)
}

// cost returns the bytes allocated by reading a document and its operation. A reader that
// reads a part twice, or compares it with all others, allocates more.
func cost(t *testing.T, data []byte) int64 {
	t.Helper()
	return limitstest.Memory(func() {
		doc, err := ParseBytes("x.json", data)
		if err != nil {
			t.Fatal(err)
		}
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.Reader().Operation(ops[0], Unversioned); err != nil {
			t.Fatal(err)
		}
		if _, err := doc.DiscriminatorMap(); err != nil {
			t.Fatal(err)
		}
		if _, err := Encode(doc.Root()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReadingGrowsLinearly(t *testing.T) {
	slowtest.Skip(t)
	for name, shape := range growing {
		t.Run(name, func(t *testing.T) {
			cost(t, growingDocument(shape(400))) // so that later calls do not count one-time allocations
			limitstest.Growth(t, name, 400, func(n int) int64 { return cost(t, growingDocument(shape(n))) })
		})
	}
}

// TestParsingGrowsLinearly checks that the number of nodes of a document grows linearly
// with its text, also after aliases are expanded.
func TestParsingGrowsLinearly(t *testing.T) {
	shapes := map[string]func(n int) string{
		"aliases": func(n int) string {
			return "{a: &a {b: 1}, c: [" + limitstest.List(n, func(int) string { return "*a" }) + "]}"
		},
		"block YAML": func(n int) string {
			return "\n  " + strings.ReplaceAll(limitstest.List(n, func(i int) string { return fmt.Sprintf("k%d: 1", i) }), ", ", "\n  ")
		},
	}
	for name, shape := range limitstest.JSON {
		shapes[name] = shape
		shapes[name+" in YAML"] = func(n int) string { return shape(n) + "\n" }
	}
	for name, shape := range shapes {
		limitstest.Growth(t, name, 400, func(n int) int64 {
			budget := limits.New(readLimits(0))
			text := "openapi: 3.0.3\npaths: {}\nx: " + shape(n)
			if limitstest.JSON[name] != nil {
				text = `{"openapi": "3.0.3", "paths": {}, "x": ` + shape(n) + `}`
			}
			if _, err := parseTree(t.Context(), []byte(text), budget); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return budget.Used().Nodes
		})
	}
}

// TestTooMuchIsRefused checks that the error for a document that exceeds a bound names the
// bound, the operation and the place.
func TestTooMuchIsRefused(t *testing.T) {
	slowtest.Skip(t)
	for name, test := range map[string]struct {
		schema, schemas string
		bound, place    string
	}{
		"a chain of references": {ref(0), chain(600, func(i int) string { return ref(i + 1) }), "500 levels of references and allOf", "/components/schemas/s"},
		"a nest":                {ref(0), chain(2100, func(i int) string { return `{"properties": {"p": ` + ref(i+1) + `}}` }), "2,000 levels of nesting", "/components/schemas/s1999/properties/p"},
		"a union":               {`{"oneOf": [` + limitstest.List(501, ref) + `]}`, chain(501, func(int) string { return `{"type": "object"}` }), "500 branches of a union", "/paths/~1x/get/responses/200/content/application~1json/schema"},
		"properties":            {`{"properties": {` + limitstest.List(17_000, func(i int) string { return fmt.Sprintf(`"p%d": {}`, i) }) + `}}`, "", "16,000 schemas", "/schema/properties/p"},
		"properties repeated in branches": {`{"oneOf": [` + limitstest.List(200, ref) + `], "properties": {` + limitstest.List(4000, func(i int) string { return fmt.Sprintf(`"p%d": true`, i) }) + `}}`,
			chain(200, func(int) string { return `{"type": "object"}` }), "600,000 nodes", "/schema"},
	} {
		doc, err := ParseBytes("x.json", growingDocument(test.schema, test.schemas))
		if err != nil {
			t.Fatal(err)
		}
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		_, err = doc.Reader().Operation(ops[0], Unversioned)
		var exceeded *limits.ExceededError
		if !errors.As(err, &exceeded) || exceeded.Operation != "getX" || !strings.Contains(exceeded.Place, test.place) || !strings.Contains(err.Error(), test.bound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTooManyNodesAreRefused(t *testing.T) {
	many := strings.Repeat("1,", 400_000) + "1"
	for name, text := range map[string]string{
		"JSON": `{"openapi": "3.0.3", "paths": {}, "x": [` + many + `]}`, "YAML": "openapi: 3.0.3\npaths: {}\nx: [" + many + "]",
	} {
		var exceeded *limits.ExceededError
		if _, err := ParseBytes("x.yaml", []byte(text)); !errors.As(err, &exceeded) || exceeded.Bound != "nodes" {
			t.Errorf("%s: %v", name, err)
		}
	}
	doc := []byte("openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/r0'}}}}}\ncomponents:\n  responses:\n")
	for i := range 600 {
		doc = fmt.Appendf(doc, "    r%d: {$ref: '#/components/responses/r%d'}\n", i, i+1)
	}
	long, err := ParseBytes("x.yaml", doc)
	if err != nil {
		t.Fatal(err)
	}
	var exceeded *limits.ExceededError
	if _, _, err := long.Follow(Resolve(long.Root(), "/components/responses/r0"), ""); !errors.As(err, &exceeded) || exceeded.Limit != maxTrail {
		t.Errorf("a chain of 600 responses: %v", err)
	}
}
