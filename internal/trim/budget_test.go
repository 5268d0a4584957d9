package trim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// specification returns a document with one operation, whose response has the schema; more
// is appended to the document.
func specification(schema, more string) string {
	return "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get: {operationId: a, responses: {'200': {description: OK, content: {application/json: {schema: " + schema + "}}}}}\n" + more
}

const toS0 = "{$ref: '#/components/schemas/S0'}"

// growing contains documents, in each of which one thing grows.
var growing = map[string]func(n int) string{
	"properties": func(n int) string {
		return specification("{properties: {"+limitstest.Numbered(n, "p%d: {type: string}, ")+"}}", "")
	},
	"values":   func(n int) string { return specification("{enum: ["+limitstest.Numbered(n, "v%d, ")+"]}", "") },
	"required": func(n int) string { return specification("{required: ["+limitstest.Numbered(n, "v%d, ")+"]}", "") },
	"allOf": func(n int) string {
		return specification(toS0, "components:\n  schemas:\n    S0: {discriminator: {propertyName: k, mapping: {a: S0}}, allOf: ["+limitstest.Numbered(n, "{properties: {p%d: {type: string}}}, ")+"]}\n")
	},
	"a chain": func(n int) string {
		links := limitstest.Numbered(n, "    S%d: {properties: {p: {$ref: '#/components/schemas/T%d'}}}\n")
		return specification(toS0, "components:\n  schemas:\n"+links+limitstest.Numbered(n, "    T%d: {items: {$ref: '#/components/schemas/S%d'}}\n"))
	},
	"components": func(n int) string {
		return specification("{oneOf: ["+limitstest.Numbered(n, "{$ref: '#/components/schemas/S%d'}, ")+"]}", "components:\n  schemas:\n"+limitstest.Numbered(n, "    S%d: {type: object}\n"))
	},
	"branches": func(n int) string {
		base := "    S0: {type: object, properties: {k: {type: string}}, discriminator: {propertyName: k, mapping: {" + limitstest.Numbered(n, "v%d: B%d, ") + "}}}\n"
		return specification(toS0, "components:\n  schemas:\n"+base+limitstest.Numbered(n, "    B%d: {allOf: ["+toS0+", {properties: {p: {type: string}}}]}\n"))
	},
	"parts in use": func(n int) string {
		return specification("{properties: {"+limitstest.Numbered(n, "p%d: {$ref: '#/x-part'}, ")+"}}", "x-part: {type: string}\n")
	},
	"operations": func(n int) string {
		return specification("{}", limitstest.Numbered(n, "  /b%d: {get: {operationId: b%d, responses: {'200': {description: OK}}}}\n"))
	},
	"parameters": func(n int) string {
		return "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    parameters: [" + limitstest.Numbered(n, "{name: p%d, in: query}, ") + "]\n    get: {operationId: a, responses: {'200': {description: OK}}}\n"
	},
}

// TestGrowth checks that the allocations of Cut grow linearly with the document.
func TestGrowth(t *testing.T) {
	for name, text := range growing {
		t.Run(name, func(t *testing.T) {
			limitstest.MemoryGrowth(t, name, 200, text, func(text string) {
				doc, err := oas.Parse("x.yaml", strings.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				cut, err := trim.Cut(doc, trim.Selection{Operations: []string{"all"}})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := oas.Encode(cut.Root()); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// TestCutIsBounded checks that a document whose parts multiply is refused, and that the
// error contains the bound and the place.
func TestCutIsBounded(t *testing.T) {
	slowtest.Skip(t)
	var levels strings.Builder
	levels.WriteString("x-parts:\n")
	for i := range 40 {
		fmt.Fprintf(&levels, "  L%[1]d: {properties: {a: {$ref: '#/x-parts/L%[2]d'}, b: {$ref: '#/x-parts/L%[2]d'}}}\n", i, i+1)
	}
	levels.WriteString("  L40: {type: string}\n")
	response := "{'200': {description: OK, content: {application/vnd.atlas.2023-01-01+json: {schema: {enum: [" + limitstest.Numbered(2_000, "v%d, ") + "]}}, application/vnd.atlas.2024-01-01+json: {}}}}"
	base := "    S0: {type: object, properties: {k: {type: string, enum: [" + limitstest.Numbered(1_000, "v%d, ") + "]}}, discriminator: {propertyName: k, mapping: {" + limitstest.Numbered(400, "v%d: B%d, ") + "}}}\n"
	for name, test := range map[string]struct{ text, place, version string }{
		"parts in parts": {specification("{$ref: '#/x-parts/L0'}", levels.String()), "line ", ""},
		"branches with the values of the base": {
			specification(toS0, "components:\n  schemas:\n"+base+limitstest.Numbered(400, "    B%d: {allOf: ["+toS0+"]}\n")), "/components/schemas/B", "",
		},
		"a response that operations share": {
			specification("{}", limitstest.Numbered(200, "  /b%d: {get: {operationId: b%d, responses: {'200': {$ref: '#/components/responses/R'}}}}\n")+"components: {responses: {R: "+response[len("{'200': "):len(response)-1]+"}}\n"),
			"in operation b", "2023-01-01",
		},
	} {
		doc, err := oas.Parse("x.yaml", strings.NewReader(test.text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = trim.Cut(doc, trim.Selection{Operations: []string{"all"}, Version: test.version})
		var exceeded *limits.ExceededError
		if !errors.As(err, &exceeded) || !strings.HasPrefix(err.Error(), "x.yaml: more than 300,000 nodes") || !strings.Contains(err.Error(), test.place) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
