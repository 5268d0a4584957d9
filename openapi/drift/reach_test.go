package drift

import (
	"strings"
	"testing"
)

// leadingTo contains documents in which a schema, EDIT, is used in various ways. An edit
// changes it from a string to an integer.
var leadingTo = []struct{ name, keys string }{
	{"a component", "components: {schemas: {S: EDIT}}, " + sent("{$ref: '#/components/schemas/S'}")},
	{"a property of a component", "components: {schemas: {S: {properties: {x: EDIT}}}}, " + sent("{$ref: '#/components/schemas/S/properties/x'}")},
	{"another operation's schema", "paths: {/others: {get: {responses: {'200': {description: x, content: {application/json: {schema: EDIT}}}}}}}, " +
		sent("{$ref: '#/paths/~1others/get/responses/200/content/application~1json/schema'}")},
	{"$defs of a component", "components: {schemas: {S: {$defs: {D: EDIT}}}}, " + sent("{$ref: '#/components/schemas/S/$defs/D'}")},
	{"$defs of the schema itself", sent("{type: object, $defs: {D: EDIT}, properties: {a: {$ref: '#/paths/~1things/post/requestBody/content/application~1json/schema/$defs/D'}}}")},
	{"an anchor", "components: {schemas: {S: {$defs: {D: {$anchor: d, allOf: [EDIT]}}}}}, " + sent("{$ref: '#d'}")},
	{"an escaped name", "components: {schemas: {'a/b~c d': EDIT}}, " + sent("{$ref: '#/components/schemas/a~1b~0c%20d'}")},
	{"an item of allOf", "components: {schemas: {S: {allOf: [{}, EDIT]}}}, " + sent("{$ref: '#/components/schemas/S/allOf/1'}")},
	{"a chain of references", "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: EDIT}}, " + sent("{$ref: '#/components/schemas/A'}")},
	{"a parameter of the components", "components: {parameters: {P: {name: q, in: query, schema: EDIT}}}, parameters: [{$ref: '#/components/parameters/P'}]"},
	{"a parameter with content", "parameters: [{name: q, in: query, content: {application/json: {schema: EDIT}}}]"},
	{"a request body of the components", "components: {requestBodies: {B: {content: {application/json: {schema: EDIT}}}}}, requestBody: {$ref: '#/components/requestBodies/B'}"},
	{"a response of the components", "components: {responses: {R: {description: x, content: {application/json: {schema: EDIT}}}}}, responses: {'200': {$ref: '#/components/responses/R'}}"},
	{"a header of the components", "components: {headers: {H: {schema: EDIT}}}, responses: {'200': {description: x, headers: {X-A: {$ref: '#/components/headers/H'}}}}"},
	{"a path item of the components", "components: {pathItems: {I: {get: {parameters: [{name: q, in: query, schema: EDIT}], responses: {'200': {description: x}}}}}}, paths: {/others: {$ref: '#/components/pathItems/I'}}"},
	{"a path item of another path", "paths: {/others: {$ref: '#/paths/~1more'}, /more: {get: {parameters: [{name: q, in: query, schema: EDIT}], responses: {'200': {description: x}}}}}"},
	{"a parameter of the path item", "paths: {/others: {parameters: [{name: q, in: query, schema: EDIT}], get: {responses: {'200': {description: x}}}}}"},
	{"a keyword next to $ref", "components: {schemas: {S: {}}}, " + sent("{$ref: '#/components/schemas/S', allOf: [EDIT]}")},

	{"a cycle through a property", "components: {schemas: {S: {type: object, properties: {next: {$ref: '#/components/schemas/S'}, x: EDIT}}}}, " + sent("{$ref: '#/components/schemas/S'}")},
	{"a cycle through items", "components: {schemas: {S: {type: array, items: {oneOf: [{$ref: '#/components/schemas/S'}, EDIT]}}}}, " + sent("{$ref: '#/components/schemas/S'}")},
	{"a cycle of two", "components: {schemas: {A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}, B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, x: EDIT}}}}, " + sent("{$ref: '#/components/schemas/A'}")},
	{"a branch that inherits, by a mapping", inheriting("discriminator: {propertyName: kind, mapping: {child: '#/components/schemas/Child'}}")},
	{"a branch that inherits, by a bare name", inheriting("discriminator: {propertyName: kind, mapping: {child: Child}}")},
	{"a branch that inherits, listed", inheriting("oneOf: [{$ref: '#/components/schemas/Child'}, {$ref: '#/components/schemas/Other'}]")},
	{"a branch that inherits, listed and mapped", inheriting("oneOf: [{$ref: '#/components/schemas/Child'}, {$ref: '#/components/schemas/Other'}], discriminator: {propertyName: kind, mapping: {child: '#/components/schemas/Child'}}")},
	{"a branch that inherits, listed in anyOf", inheriting("anyOf: [{$ref: '#/components/schemas/Child'}, {$ref: '#/components/schemas/Other'}], discriminator: {propertyName: kind}")},
	{"a branch that inherits, not listed", inheriting("discriminator: {propertyName: kind}")},
	{"a branch that is reached in a list", strings.Replace(inheriting("discriminator: {propertyName: kind, mapping: {child: Child}}"), "schema: {$ref: '#/components/schemas/Base'}", "schema: {type: array, items: {$ref: '#/components/schemas/Base'}}", 1)},

	{"prefixItems", sent("{prefixItems: [{}, EDIT]}")},
	{"items of JSON Schema before 2020-12", sent("{items: [{}, EDIT]}")},
	{"patternProperties", sent("{patternProperties: {'^x/': EDIT}}")},
	{"additionalProperties", sent("{additionalProperties: EDIT}")},
	{"unevaluatedProperties", sent("{type: object, unevaluatedProperties: EDIT}")},
	{"unevaluatedItems", sent("{type: array, unevaluatedItems: EDIT}")},
	{"propertyNames", sent("{propertyNames: EDIT}")},
	{"contains", sent("{contains: EDIT}")},
	{"not", sent("{not: EDIT}")},
	{"if", sent("{if: EDIT, then: {minLength: 1}}")},
	{"then", sent("{if: {minLength: 1}, then: EDIT}")},
	{"else", sent("{if: {minLength: 1}, else: EDIT}")},
	{"dependentSchemas", sent("{dependentSchemas: {a: EDIT}}")},
	{"contentSchema", sent("{type: string, contentMediaType: application/json, contentSchema: EDIT}")},
	{"a branch of anyOf", sent("{anyOf: [EDIT, {type: boolean}]}")},
	{"the only branch of oneOf", sent("{oneOf: [EDIT]}")},
	{"a branch next to null", sent("{oneOf: [EDIT, {type: 'null'}]}")},
	{"a base next to a union", sent("{type: object, properties: {x: EDIT}, oneOf: [{required: [a]}, {required: [b]}]}")},
	{"oneOf next to anyOf", sent("{oneOf: [{minLength: 1}, {maxLength: 3}], anyOf: [EDIT, {minimum: 4}]}")},
}

// inheriting returns an operation whose request body is a base. Two schemas inherit from
// it, and one of them contains EDIT. choice contains the keywords that make the base a
// union.
func inheriting(choice string) string {
	return "components: {schemas: {Base: {type: object, properties: {kind: {type: string}}, " + choice + "}, " +
		"Child: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {x: EDIT}}]}, " +
		"Other: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {y: {type: boolean}}}]}}}, " + sent("{$ref: '#/components/schemas/Base'}")
}

// TestEverySchemaPathIsCompared edits the schema of each case. The edit must be reported, and a
// comparison without the edit must report nothing.
func TestEverySchemaPathIsCompared(t *testing.T) {
	t.Parallel()
	for _, test := range leadingTo {
		before, after := strings.ReplaceAll(test.keys, "EDIT", "{type: string}"), strings.ReplaceAll(test.keys, "EDIT", "{type: integer}")
		if r := compareThings(t, before, after); len(r.Changes) == 0 {
			t.Errorf("%s: the edit is not reported", test.name)
		}
		if r := compareThings(t, before, before); r.Verdict != InSync {
			t.Errorf("%s: %s without an edit\n%s", test.name, r.Verdict, formatChanges(r))
		}
	}
}

// TestNotations compares notations of OpenAPI 3.0 and 3.1 that have the same meaning, and
// numbers that differ in only one digit.
func TestNotations(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, old, latest string
		same              bool
	}{
		{"a boolean schema", "{properties: {a: true}}", "{properties: {a: {}}}", true},
		{"false", "{properties: {a: true}}", "{properties: {a: false}}", false},
		{"additionalProperties: {}", "{additionalProperties: true}", "{additionalProperties: {}}", true},
		{"a list of one type", "{type: [string]}", "{type: string}", true},
		{"another list of types", "{type: [string, integer]}", "{type: [string, boolean]}", false},
		{"const", "{const: a}", "{enum: [a]}", true},
		{"another const", "{const: a}", "{const: b}", false},
		{"const: null", "{const: null}", "{const: a}", false},
		{"a numeric exclusive bound", "{type: number, minimum: 3, exclusiveMinimum: true}", "{type: number, exclusiveMinimum: 3}", true},
		{"another numeric exclusive bound", "{type: number, exclusiveMaximum: 3}", "{type: number, exclusiveMaximum: 4}", false},
		{"an exclusive bound that becomes inclusive", "{type: number, exclusiveMaximum: 3}", "{type: number, maximum: 3}", false},
		{"dependentRequired", "{dependentRequired: {a: [b]}}", "{dependentRequired: {a: [c]}}", false},
		{"2^53 and one more", "{maximum: 9007199254740992}", "{maximum: 9007199254740993}", false},
		{"2^63 and one less", "{maximum: 9223372036854775808}", "{maximum: 9223372036854775807}", false},
		{"beyond float64", "{maximum: 1e400}", "{maximum: 1e401}", false},
		{"one number beyond float64", "{maximum: 1e400}", "{maximum: 10e399}", true},
		{"a large exponent", "{maximum: 1e1000000000}", "{maximum: 1e1000000001}", false},
		{"digits of a value", "{enum: [9007199254740993]}", "{enum: [9007199254740992]}", false},
		{"digits of a default", "{default: 9007199254740993}", "{default: 9007199254740992}", false},
		{"one number in two notations", "{enum: [100]}", "{enum: [1e2]}", true},
		{"a number and its text", "{enum: [1]}", "{enum: ['1']}", false},
		{"$ref as data", "{enum: [{$ref: '#/nowhere'}], default: {$ref: 'x.yaml'}, example: {$ref: x}, const: {$ref: '#/nowhere'}}", "{enum: [{$ref: '#/nowhere'}], default: {$ref: 'x.yaml'}, const: {$ref: '#/nowhere'}}", true},
		{"another $ref as data", "{enum: [{$ref: '#/nowhere'}]}", "{enum: [{$ref: '#/elsewhere'}]}", false},
		{"a property called $ref", "{type: object, properties: {$ref: {type: string}}}", "{type: object, properties: {$ref: {type: integer}}}", false},
	} {
		r := compareThings(t, sent(test.old), sent(test.latest))
		if same := r.Verdict == InSync || r.Verdict == Docs; same != test.same {
			t.Errorf("%s: %s, equal should be %v %s", test.name, r.Verdict, test.same, formatChanges(r))
		}
	}
}
