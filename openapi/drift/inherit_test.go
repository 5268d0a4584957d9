package drift

import (
	"fmt"
	"testing"
)

// catAndDog is a document with two operations, whose responses are the schemas Cat and Dog.
func catAndDog(cat, dog, base string) string {
	return fmt.Sprintf(`
openapi: 3.0.3
info: {title: Pair, version: '1'}
servers: [{url: 'https://h.example'}]
paths:
  /cat: {get: {operationId: getCat, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}}}
  /dog: {get: {operationId: getDog, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}}}}}
components:
  schemas:
    Cat: %s
    Dog: %s
    Base: %s
    Other: {type: object}
`, cat, dog, base)
}

// TestInheritedLosses checks that a loss in a base is one entry, although a baseline whose
// schemas are flat has a copy of the property in each schema, and that changes of two
// declarations stay two entries.
func TestInheritedLosses(t *testing.T) {
	const (
		flat      = "{type: object, properties: {name: {type: string}, n: {type: integer}}}"
		required  = "{type: object, required: [name], properties: {name: {type: string}}}"
		heir      = "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {n: {type: integer}}}]}"
		otherHeir = "{allOf: [{$ref: '#/components/schemas/Other'}, {type: object, properties: {n: {type: integer}}}]}"
		named     = "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}, n: {type: integer}}}]}"
		written   = "{allOf: [{type: object}, {type: object, properties: {n: {type: integer}}}]}"
		renamed   = "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: integer}, n: {type: integer}}}]}"
		added     = "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}, n: {type: integer}, more: {type: string}}}]}"
		optional  = "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object}]}"
		bare      = "{type: object}"
		base      = "{type: object, properties: {name: {type: string}}}"
	)
	for name, tt := range map[string]struct {
		before, after string
		want          int
	}{
		"property of the base":          {catAndDog(flat, flat, base), catAndDog(heir, heir, bare), 1},
		"requirement of the base":       {catAndDog(required, required, base), catAndDog(optional, optional, base), 1},
		"two bases":                     {catAndDog(flat, flat, base), catAndDog(heir, otherHeir, bare), 2},
		"schemas without a base":        {catAndDog(flat, flat, base), catAndDog(written, written, bare), 2},
		"properties next to the base":   {catAndDog(named, named, bare), catAndDog(heir, heir, bare), 2},
		"types next to the base":        {catAndDog(flat, flat, base), catAndDog(renamed, renamed, bare), 2},
		"new properties next to a base": {catAndDog(flat, flat, base), catAndDog(added, added, bare), 2},
	} {
		if r := compareTexts(t, tt.before, tt.after); len(r.Changes) != tt.want {
			t.Errorf("%s: want %d entries\n%s", name, tt.want, formatChanges(r))
		}
	}
}
