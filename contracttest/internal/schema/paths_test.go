package schema

import "testing"

// TestEveryPathIsChecked validates a text against a schema behind each kind of path to it.
func TestEveryPathIsChecked(t *testing.T) {
	for _, test := range []struct{ name, root, others, right, wrong string }{
		{"a property of a component", "{$ref: '#/components/schemas/S/properties/x'}", "S: {properties: {x: {type: string}}}", `"a"`, `1`},
		{"another operation's schema", "{$ref: '#/paths/~1a/get/responses/200/content/application~1json/schema'}", "", `"a"`, `1`},
		{"$defs of a component", "{$ref: '#/components/schemas/S/$defs/D'}", "S: {$defs: {D: {type: string}}}", `"a"`, `1`},
		{"$defs of the schema itself", "{type: object, $defs: {D: {type: string}}, properties: {a: {$ref: '#/components/schemas/Root/$defs/D'}}}", "", `{"a":"a"}`, `{"a":1}`},
		{"an anchor", "{$ref: '#d'}", "S: {$defs: {D: {$anchor: d, type: string}}}", `"a"`, `1`},
		{"an escaped name", "{$ref: '#/components/schemas/a~1b~0c%20d'}", "'a/b~c d': {type: string}", `"a"`, `1`},
		{"an item of allOf", "{$ref: '#/components/schemas/S/allOf/1'}", "S: {allOf: [{}, {type: string}]}", `"a"`, `1`},
		{"a chain of references", "{$ref: '#/components/schemas/A'}", "A: {$ref: '#/components/schemas/B'}, B: {type: string}", `"a"`, `1`},
		{"a keyword next to $ref", "{$ref: '#/components/schemas/S', minLength: 2}", "S: {type: string}", `"ab"`, `"a"`},
		{"allOf next to $ref", "{$ref: '#/components/schemas/S', allOf: [{minLength: 2}]}", "S: {type: string}", `"ab"`, `"a"`},
		{"oneOf next to $ref", "{$ref: '#/components/schemas/S', oneOf: [{minLength: 2}, {enum: [a]}]}", "S: {type: string}", `"ab"`, `"b"`},
		{"a cycle through a property", "{type: object, properties: {next: {$ref: '#/components/schemas/Root'}, x: {type: string}}}", "", `{"next":{"next":{"x":"a"}}}`, `{"next":{"next":{"x":1}}}`},
		{"a cycle through items", "{type: array, items: {oneOf: [{$ref: '#/components/schemas/Root'}, {type: string}]}}", "", `[[["a"]]]`, `[[[1]]]`},
		{"a branch that inherits, by a mapping", "{type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {child: Child, other: Other}}}", derivedSchemas, `{"kind":"child","x":"a"}`, `{"kind":"child","x":1}`},
		{"a branch that inherits, listed", "{type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Child'}, {$ref: '#/components/schemas/Other'}], discriminator: {propertyName: kind, mapping: {child: Child, other: Other}}}", derivedSchemas, `{"kind":"child","x":"a"}`, `{"kind":"child","x":1}`},
		{"a branch that inherits, not listed", "{type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}}", derivedSchemas, `{"kind":"Child","x":"a"}`, `{"kind":"Child","x":1}`},
		{"a boolean schema", "{properties: {a: false, b: true}}", "", `{"b":1}`, `{"a":1}`},
		{"a list of types", "{type: [string, 'null']}", "", `null`, `1`},
		{"a list of types next to an enum without null", "{type: [string, 'null'], enum: [a]}", "", `"a"`, `null`},
		{"prefixItems", "{type: array, prefixItems: [{}, {type: string}]}", "", `[1,"a"]`, `[1,1]`},
		{"patternProperties", "{type: object, patternProperties: {'^x': {type: string}}}", "", `{"xa":"a"}`, `{"xa":1}`},
		{"additionalProperties", "{type: object, additionalProperties: {type: string}}", "", `{"a":"a"}`, `{"a":1}`},
		{"unevaluatedProperties", "{type: object, properties: {a: {}}, unevaluatedProperties: {type: string}}", "", `{"b":"a"}`, `{"b":1}`},
		{"propertyNames", "{type: object, propertyNames: {maxLength: 1}, additionalProperties: true}", "", `{"a":1}`, `{"ab":1}`},
		{"contains", "{type: array, items: {}, contains: {type: string}}", "", `[1,"a"]`, `[1]`},
		{"then", "{if: {type: string}, then: {minLength: 2}}", "", `"ab"`, `"a"`},
		{"else", "{if: {type: string}, else: {minimum: 2}}", "", `2`, `1`},
		{"dependentSchemas", "{type: object, additionalProperties: true, dependentSchemas: {a: {required: [b]}}}", "", `{"a":1,"b":1}`, `{"a":1}`},
		{"dependentRequired", "{type: object, additionalProperties: true, dependentRequired: {a: [b]}}", "", `{"a":1,"b":1}`, `{"a":1}`},
		{"const", "{const: a}", "", `"a"`, `"b"`},
		{"const: null", "{const: null}", "", `null`, `"b"`},
		{"a numeric exclusive bound", "{type: number, exclusiveMinimum: 3}", "", `3.5`, `3`},
		{"2^53 and one more", "{type: integer, maximum: 9007199254740992}", "", `9007199254740992`, `9007199254740993`},
		{"2^63", "{type: integer, format: int64}", "", `9223372036854775807`, `9223372036854775808`},
		{"digits of an enum", "{type: integer, enum: [9007199254740993]}", "", `9007199254740993`, `9007199254740992`},
		{"digits of a const", "{type: integer, const: 9007199254740993}", "", `9007199254740993`, `9007199254740992`},
		{"closed members of allOf", "{allOf: [{$ref: '#/components/schemas/S'}, {type: object, properties: {b: {type: string}}}]}", "S: {type: object, properties: {a: {type: string}}, additionalProperties: false}", `{"a":"a"}`, `{"a":"a","b":"b"}`},
	} {
		source := "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: x, content: {application/json: {schema: {type: string}}}}}}}}\ncomponents: {schemas: {Root: " + test.root
		if test.others != "" {
			source += ", " + test.others
		}
		s := compiledAt(t, indexOf(t, source+"}}\n"), root, Response)
		if failures := s.Check([]byte(test.right)).Failures; len(failures) > 0 {
			t.Errorf("%s: %s: %v", test.name, test.right, failures)
		}
		if len(s.Check([]byte(test.wrong)).Failures) == 0 {
			t.Errorf("%s: nothing is found in %s", test.name, test.wrong)
		}
	}
}

const derivedSchemas = "Child: {allOf: [{$ref: '#/components/schemas/Root'}, {properties: {x: {type: string}}}]}, Other: {allOf: [{$ref: '#/components/schemas/Root'}, {properties: {y: {type: string}}}]}"
