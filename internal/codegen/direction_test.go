package codegen

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// directions is a document with read-only and write-only properties in requests, in
// responses and in both.
const directions = `
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/a'}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Reply'}}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}}}}}}
      responses:
        default: {$ref: '#/components/responses/error'}
components:
  requestBodies:
    a: {content: {application/json: {schema: {$ref: '#/components/schemas/Request'}}}}
  responses:
    error: {content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Request:
      required: [id, name]
      properties:
        id: {type: string, readOnly: true}
        links: {$ref: '#/components/schemas/Links'}
        name: {type: string}
        inner: {$ref: '#/components/schemas/Inner'}
        shared: {$ref: '#/components/schemas/Shared'}
        readOnly: {type: boolean}
    Inner: {properties: {made: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}}}
    Links: {type: array, readOnly: true, items: {type: string}}
    Reply: {required: [secret], properties: {id: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}, shared: {$ref: '#/components/schemas/Shared'}}}
    Shared: {properties: {id: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}}}
    Error: {properties: {secret: {type: string, writeOnly: true}, detail: {type: string}}}
    Unused: {properties: {id: {type: string, readOnly: true}}}
`

func TestDropOtherDirection(t *testing.T) {
	doc, err := oas.ParseBytes("x.yaml", []byte(directions))
	if err != nil {
		t.Fatal(err)
	}
	dropOtherDirection(doc)
	for pointer, want := range map[string]string{
		"/components/schemas/Request":                                 "name inner shared readOnly",
		"/components/schemas/Inner":                                   "secret",
		"/components/schemas/Reply":                                   "id shared",
		"/components/schemas/Shared":                                  "id secret",
		"/components/schemas/Error":                                   "detail",
		"/components/schemas/Unused":                                  "id",
		"/paths/~1a/put/requestBody/content/application~1json/schema": "name",
	} {
		var names []string
		for name := range oas.Pairs(oas.Get(oas.Resolve(doc.Root(), pointer), "properties")) {
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s has %q, want %q", pointer, got, want)
		}
	}
	for pointer, want := range map[string][]string{"/components/schemas/Request/required": {"name"}, "/components/schemas/Reply/required": nil} {
		if got := oas.Texts(oas.Resolve(doc.Root(), pointer)); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", pointer, got, want)
		}
	}
}
