package notation

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// contract is what the documents of the tests are brought into the notation of.
const contract = `openapi: 3.0.1
servers:
  - url: https://example.com
paths:
  /v2/groups/{groupId}/pets:
    get:
      operationId: listPets
      parameters:
        - $ref: '#/components/parameters/Page'
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                properties:
                  results: {type: array, items: {$ref: '#/components/schemas/Pet'}}
        '404': {$ref: '#/components/responses/NotFound'}
components:
  parameters:
    Page: {name: page, in: query, schema: {type: integer}}
  responses:
    NotFound: {description: gone, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Error: {type: object, properties: {error: {type: integer}}}
    Name: {type: string, maxLength: 9}
    Pet: {type: object, required: [name], properties: {name: {$ref: '#/components/schemas/Name'}, kind: {type: string}}}
`

func document(t *testing.T, source string) *trim.Document {
	t.Helper()
	doc, err := trim.ParseBytes("upstream.yaml", []byte(source))
	if err != nil {
		t.Fatalf("%v in\n%s", err, source)
	}
	return doc
}

func uncorrected(doc *trim.Document) (*trim.Document, error) { return doc, nil }

// Whatever way a document says what the contract says, it comes out in the contract's.
func TestNotations(t *testing.T) {
	const pet = "{type: object, required: [name], properties: {name: {$ref: '#/components/schemas/Name'}, kind: {type: string}}}"
	for _, test := range []struct {
		name    string
		replace []string
		renamed map[string]string
	}{
		{"the same", nil, nil},
		{"another name of a schema", []string{"schemas/Pet'", "schemas/Animal'", "    Pet:", "    Animal:"}, map[string]string{"/components/schemas/Animal": "/components/schemas/Pet"}},
		{"two schemas that swapped their names", []string{"schemas/Pet'", "schemas/Name'", "schemas/Name'", "schemas/Pet'", "    Pet:", "    Name:", "    Name:", "    Pet:"},
			map[string]string{"/components/schemas/Name": "/components/schemas/Pet", "/components/schemas/Pet": "/components/schemas/Name"}},
		{"another name of an answer and of a parameter", []string{"responses/NotFound", "responses/Missing", "    NotFound:", "    Missing:", "parameters/Page", "parameters/PageNum", "    Page:", "    PageNum:"},
			map[string]string{"/components/responses/Missing": "/components/responses/NotFound", "/components/parameters/PageNum": "/components/parameters/Page"}},
		{"a schema is written out", []string{"items: {$ref: '#/components/schemas/Pet'}", "items: " + pet, "    Pet: " + pet + "\n", ""}, nil},
		{"a parameter is written out", []string{"- $ref: '#/components/parameters/Page'", "- {name: page, in: query, schema: {type: integer}}"}, nil},
		{"allOf of one reference", []string{"items: {$ref: '#/components/schemas/Pet'}", "items: {allOf: [{$ref: '#/components/schemas/Pet'}]}"}, nil},
		{"oneOf of one reference", []string{"items: {$ref: '#/components/schemas/Pet'}", "items: {oneOf: [{$ref: '#/components/schemas/Pet'}]}"}, nil},
		{"allOf of two halves", []string{"    Pet: " + pet, "    Pet: {allOf: [{type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}, {type: object, required: [name], properties: {kind: {type: string}}}]}"}, nil},
		{"allOf with a base", []string{"    Pet: " + pet, "    Base: {type: object, required: [name], properties: {name: {$ref: '#/components/schemas/Name'}}}\n    Pet: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {kind: {type: string}}}]}"}, nil},
		{"another name of a path's parameter", []string{"{groupId}", "{project}"}, nil},
		{"the path's beginning stands in the server's address", []string{"https://example.com", "https://example.com/v2", "/v2/groups", "/groups"}, nil},
	} {
		doc := document(t, strings.NewReplacer(test.replace...).Replace(contract))
		want := document(t, contract)
		result, err := Correct(doc, want.Root(), uncorrected)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got, err := doc.WithRoot(result.Root)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		for _, d := range []*trim.Document{got, want} {
			if err := d.Prune(); err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
		}
		if at := trim.Difference(want, got); at != "" {
			text, _ := yaml.Marshal(got.Root())
			t.Errorf("%s: it differs at %s\n%s", test.name, at, text)
		}
		if !maps.Equal(result.Names, test.renamed) {
			t.Errorf("%s: renamed %v, want %v", test.name, result.Names, test.renamed)
		}
	}
}

// What says something else keeps saying it.
func TestDifferencesStay(t *testing.T) {
	for _, test := range []struct{ name, old, replacement, at string }{
		{"a longer name", "maxLength: 9", "maxLength: 10", "/components/schemas/Name/maxLength"},
		{"halves that contradict", "    Name: {type: string, maxLength: 9}", "    Name: {allOf: [{type: string, maxLength: 9}, {type: integer}]}", "/components/schemas/Name"},
		{"another property", "kind: {type: string}", "sort: {type: string}", "/components/schemas/Pet/properties/kind"},
		{"no such answer", "        '404': {$ref: '#/components/responses/NotFound'}\n", "", "/paths/~1v2~1groups~1{groupId}~1pets/get/responses/404"},
	} {
		doc := document(t, strings.Replace(contract, test.old, test.replacement, 1))
		want := document(t, contract)
		result, err := Correct(doc, want.Root(), uncorrected)
		if err != nil {
			t.Fatal(err)
		}
		got, err := doc.WithRoot(result.Root)
		if err != nil {
			t.Fatal(err)
		}
		if at := trim.Difference(want, got); !strings.HasPrefix(at, test.at) {
			t.Errorf("%s: they differ at %q, want %s", test.name, at, test.at)
		}
	}
}

// A correction reaches a thing that was split in two under the name of the one that
// it was written for.
func TestEachHalfIsCorrected(t *testing.T) {
	split := strings.Replace(contract, "application/json: {schema: {$ref: '#/components/schemas/Error'}}",
		"application/json: {schema: {type: object, properties: {error: {type: string}, x: {$ref: '#/components/schemas/Error'}}}}", 1)
	split = strings.Replace(split, "        '404':", "        '403': {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}\n        '404':", 1)
	calls := 0
	result, err := Correct(document(t, split), document(t, contract).Root(), func(doc *trim.Document) (*trim.Document, error) {
		calls++
		return doc, nil
	})
	if err != nil || result.Root == nil || calls < 2 {
		t.Errorf("corrected %d times, %v", calls, err)
	}
	broken := errors.New("a correction fails")
	if _, err := Correct(document(t, contract), nil, func(*trim.Document) (*trim.Document, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("%v, want the correction's error", err)
	}
}
