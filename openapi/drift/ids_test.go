package drift

import (
	"fmt"
	"testing"
)

// shelf is a document with one path, its operation and one schema S, which the response has.
func shelf(path, operation, schema string) string {
	return fmt.Sprintf(`
openapi: 3.0.3
info: {title: Shelf, version: '1'}
servers: [{url: 'https://h.example'}]
paths:
  %s:
    get:
      operationId: getShelf
      %s
      responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}, '201': {description: x, content: {application/json: {schema: {type: string}}}}}
components:
  parameters:
    A: {name: a, in: query, schema: {type: string}}
    B: {name: b, in: query, schema: {type: string}}
  schemas:
    S: %s
`, path, operation, schema)
}

// shelfEdit is a change of the shelf.
type shelfEdit struct{ before, after string }

func schemaEdit(before, after string) shelfEdit {
	return shelfEdit{shelf("/s", "", before), shelf("/s", "", after)}
}

func operationEdit(path, before, after string) shelfEdit {
	return shelfEdit{shelf(path, before, "{}"), shelf(path, after, "{}")}
}

func (e shelfEdit) id(t *testing.T) string {
	t.Helper()
	r := compareTexts(t, e.before, e.after)
	if len(r.Changes) != 1 {
		t.Fatal(formatChanges(r))
	}
	return r.Changes[0].ID
}

// TestIDsOfNotations checks that the id of a change is the same in every notation, so that an
// acceptance remains valid when upstream rewrites the declaration.
func TestIDsOfNotations(t *testing.T) {
	const few, many = "{properties: {k: {enum: [a]}}}", "{properties: {k: {enum: [a, b]}}}"
	plain := schemaEdit(few, many)
	parameters := func(list, more string) shelfEdit {
		return operationEdit("/s/{id}", "parameters: "+list, "parameters: "+more)
	}
	const id, q, bounded = "{name: id, in: path, required: true, schema: {type: string}}", "{name: q, in: query, schema: {type: string}}", "{name: q, in: query, schema: {type: string, maxLength: 9}}"
	for name, tt := range map[string]struct{ first, second shelfEdit }{
		"allOf":                  {plain, schemaEdit("{allOf: ["+few+"]}", "{allOf: ["+many+"]}")},
		"allOf with more":        {plain, schemaEdit("{allOf: [{title: x}, "+few+"]}", "{allOf: [{title: x}, "+many+"]}")},
		"oneOf with one member":  {plain, schemaEdit("{oneOf: ["+few+"]}", "{oneOf: ["+many+"]}")},
		"anyOf with one member":  {plain, schemaEdit("{anyOf: ["+few+"]}", "{anyOf: ["+many+"]}")},
		"order of parameters":    {parameters("["+id+", "+q+"]", "["+id+", "+bounded+"]"), parameters("["+q+", "+id+"]", "["+bounded+", "+id+"]")},
		"order of required":      {schemaEdit("{required: [a, b, c]}", "{required: [a, b]}"), schemaEdit("{required: [c, a, b]}", "{required: [a, b]}")},
		"name of path parameter": {parameters("["+id+", "+q+"]", "["+id+", "+bounded+"]"), shelfEdit{shelf("/s/{key}", "parameters: [{name: key, in: path, required: true, schema: {type: string}}, "+q+"]", "{}"), shelf("/s/{key}", "parameters: [{name: key, in: path, required: true, schema: {type: string}}, "+bounded+"]", "{}")}},
	} {
		if first, second := tt.first.id(t), tt.second.id(t); first != second {
			t.Errorf("%s: the ids are %s and %s", name, first, second)
		}
	}
}

// TestIDsOfPlaces checks that equal changes of different declarations have different ids.
func TestIDsOfPlaces(t *testing.T) {
	const few, many, other = "{type: object, properties: {k: {type: string, maxLength: 3}}}", "{type: object, properties: {k: {type: string, maxLength: 9}}}", "{type: string}"
	refs := func(list string) shelfEdit {
		return operationEdit("/s", "parameters: [{$ref: '#/components/parameters/A'}, {$ref: '#/components/parameters/B'}]", "parameters: "+list)
	}
	const longer = "{type: string, maxLength: 9}"
	inline := func(first, second string) string {
		return "parameters: [{name: p, in: query, schema: " + first + "}, {name: q, in: query, schema: " + second + "}]"
	}
	for name, tt := range map[string]struct{ first, second shelfEdit }{
		"branches": {
			schemaEdit("{oneOf: ["+few+", "+other+"]}", "{oneOf: ["+many+", "+other+"]}"),
			schemaEdit("{oneOf: ["+other+", "+few+"]}", "{oneOf: ["+other+", "+many+"]}"),
		},
		"parameters": {
			operationEdit("/s", inline(other, other), inline(longer, other)),
			operationEdit("/s", inline(other, other), inline(other, longer)),
		},
		"referenced parameters": {refs("[{$ref: '#/components/parameters/B'}]"), refs("[{$ref: '#/components/parameters/A'}]")},
		"members with numbers for names": {
			schemaEdit("{properties: {'1': {properties: {k: {type: string}}}}}", "{properties: {'1': {properties: {k: {type: string, maxLength: 9}}}}}"),
			schemaEdit("{properties: {'2': {properties: {k: {type: string}}}}}", "{properties: {'2': {properties: {k: {type: string, maxLength: 9}}}}}"),
		},
		"member of properties named parameters": {
			schemaEdit("{properties: {parameters: {properties: {'1': {type: string}}}}}", "{properties: {parameters: {properties: {'1': {type: string, maxLength: 9}}}}}"),
			schemaEdit("{properties: {parameters: {properties: {'2': {type: string}}}}}", "{properties: {parameters: {properties: {'2': {type: string, maxLength: 9}}}}}"),
		},
	} {
		if first, second := tt.first.id(t), tt.second.id(t); first == second {
			t.Errorf("%s: both ids are %s", name, first)
		}
	}
}
