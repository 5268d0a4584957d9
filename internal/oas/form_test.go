package oas

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// form describes an effective schema in one line. A schema inside itself is described as "cycle".
func form(s *Schema) string { return formIn(s, nil) }

func formIn(s *Schema, outer []*Schema) string {
	if s == nil {
		return "any"
	}
	if slices.Contains(outer, s) {
		return "cycle"
	}
	outer = append(slices.Clip(outer), s)
	words := []string{}
	add := func(is bool, format string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(s.Never, "never")
	add(s.Types != nil, "%s", cmp.Or(strings.Join(s.Types, "|"), "none"))
	add(s.Nullable, "null")
	add(s.ReadOnly, "readOnly")
	add(s.WriteOnly, "writeOnly")
	add(s.Deprecated, "deprecated")
	add(s.Default != "", "default=%s", s.Default)
	add(s.Enum != nil, "enum=[%s]", strings.Join(Values(s.Enum), ","))
	add(len(s.Assertions) > 0, "%s", assertions(s))
	for _, name := range slices.Sorted(maps.Keys(s.Required)) {
		add(true, "%s!", name)
	}
	for name, p := range sorted(s.Properties) {
		add(true, "%s:(%s)", name, formIn(p.Schema, outer))
	}
	add(s.Closed, "closed")
	add(s.Additional != nil, "more:(%s)", formIn(s.Additional, outer))
	add(s.Items != nil, "items:(%s)", formIn(s.Items, outer))
	for key, sub := range sorted(s.Subschemas) {
		add(true, "/%s:(%s)", key, formIn(sub, outer))
	}
	if u := s.Union; u != nil {
		add(true, "%s", map[bool]string{true: "oneOf", false: "anyOf"}[u.Exclusive])
		add(u.Property != "", "by %s", u.Property)
		for _, b := range u.Branches {
			add(true, "%s->(%s)", b.Value, formIn(b.Schema, outer))
		}
	}
	return strings.Join(words, " ")
}

// assertions describes the assertions of a schema.
func assertions(s *Schema) string {
	var out []string
	for keyword, item := range sorted(s.Assertions) {
		out = append(out, keyword+"="+item.Value)
	}
	return strings.Join(out, " ")
}

// TestForms checks the effective form of schemas, which are written in YAML's flow style. The
// components are Base, a schema with a discriminator, and two schemas that inherit from it.
func TestForms(t *testing.T) {
	const v30, v31 = "3.0.3", "3.1.0"
	for _, c := range []struct{ version, schema, want string }{
		// Types and null.
		{v31, "{type: [string, number, integer]}", "number|string"},
		{v31, "{allOf: [{type: [string, integer]}, {type: [integer, boolean]}]}", "integer"},
		{v31, "{allOf: [{type: integer}, {type: number}]}", "integer"},
		{v31, "{allOf: [{type: [number, string]}, {type: [integer, boolean]}]}", "integer"},
		{v31, "{allOf: [{type: number}, {type: number}]}", "number"},
		{v31, "{allOf: [{type: string}, {type: integer}]}", `integer type="string"`},
		{v31, "{allOf: [{type: string}, {type: boolean}]}", `boolean type="string"`},
		{v31, "{allOf: [{type: string}, {type: number}]}", `number type="string"`},
		{v31, "{allOf: [{type: integer}, {type: string}]}", `string type="integer"`},
		{v31, "{allOf: [{type: string}, {type: 'null'}]}", "none"},
		{v31, "{type: 'null'}", "none null"},
		{v31, "{type: object, oneOf: [{type: string}, {type: integer}]}", "object oneOf ->(string) ->(integer)"},
		{v30, "{nullable: true, allOf: [{type: string}]}", "string null"},
		{v30, "{type: string, nullable: true, allOf: [{type: string}]}", "string"},
		{v31, "{allOf: [{enum: [a]}, {type: [string, 'null']}]}", `string enum=["a"]`},
		{v31, "{allOf: [{enum: [a, null]}, {type: [string, 'null']}]}", `string null enum=["a"]`},
		{v31, "{allOf: [{const: a}, {type: [string, 'null']}]}", `string enum=["a"]`},
		{v31, "{enum: [a, null]}", `null enum=["a"]`},
		{v30, "{enum: [a, null]}", `enum=["a"]`},
		{v31, "{type: [string, 'null'], oneOf: [{type: string}]}", "string"},
		{v31, "{anyOf: [{type: string}, {type: 'null'}]}", "string null"},
		{v31, "{type: [string, 'null'], oneOf: [{type: string, minLength: 1}, {type: string, maxLength: 5}]}", "string oneOf ->(string minLength=1) ->(string maxLength=5)"},
		{v31, "{type: [string, 'null'], anyOf: [{type: string, minLength: 1}, {type: string, maxLength: 5}]}", "string anyOf ->(string minLength=1) ->(string maxLength=5)"},
		{v31, "{type: [string, 'null'], anyOf: [{minLength: 1}, {maxLength: 5}]}", "string null anyOf ->(string null minLength=1) ->(string null maxLength=5)"},

		// Bounds.
		{v31, "{type: integer, multipleOf: 1}", "integer"},
		{v31, "{type: integer, multipleOf: 2}", "integer multipleOf=2"},
		{v31, "{type: number, multipleOf: 1}", "number multipleOf=1"},
		{v31, "{type: integer, minimum: 3, minLength: 1, minItems: 1, foo: 1}", "integer foo=1 minimum=3"},
		{v31, "{type: string, minimum: 3, minLength: 1}", "string minLength=1"},
		{v31, "{type: string, contains: {type: string}, prefixItems: [{}]}", "string"},
		{v30, "{format: uuid, pattern: '(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'}", `format="uuid"`},
		{v30, "{format: date, pattern: '(?i)^a$'}", `format="date" pattern="(?i-m:\\AA$)"`},
		{v31, "{allOf: [{minLength: 2}, {minLength: 3}, {minLength: 2}, {maxLength: 9}, {maxLength: 8}, {maxLength: 9}]}", "maxLength=8 minLength=3"},
		{v31, "{allOf: [{exclusiveMinimum: 3}, {minimum: 3}]}", `minimum="above 3"`},
		{v31, "{allOf: [{exclusiveMinimum: 3}, {minimum: 4}]}", "minimum=4"},
		{v31, "{allOf: [{exclusiveMaximum: 3}, {maximum: 3}]}", `maximum="below 3"`},
		{v31, "{allOf: [{exclusiveMaximum: 3}, {maximum: 2}]}", "maximum=2"},
		{v31, "{type: integer, exclusiveMaximum: 3}", "integer maximum=2"},
		{v30, "{exclusiveMinimum: true, maximum: 3, exclusiveMaximum: false}", "maximum=3"},

		// Other keywords.
		{v31, "{additionalProperties: false, unevaluatedProperties: false, unevaluatedItems: false}", "closed /unevaluatedItems:(never)"},
		{v31, "{items: {type: string}, unevaluatedProperties: {type: string}, unevaluatedItems: false}", "items:(string) /unevaluatedProperties:(string)"},
		{v31, "{additionalProperties: {}}", ""},
		{v31, "{additionalProperties: true}", ""},
		{v31, "{allOf: [{additionalProperties: {type: string}}, {additionalProperties: {minLength: 2}}]}", "more:(string minLength=2)"},
		{v31, "{not: {}}", "never /not:()"},
		{v31, "{not: true}", "never /not:()"},
		{v31, "{not: {type: string}}", "/not:(string)"},
		{v31, "{if: {}, then: {minLength: 1}}", "/if:() /then:(minLength=1)"},
		{v31, "{allOf: [{not: {const: a}}, {not: {const: b}}]}", `/not:(enum=["a"]) /not':(enum=["b"])`},
		{v31, "{allOf: [{propertyNames: {minLength: 2}}, {propertyNames: {maxLength: 3}}]}", "/propertyNames:(maxLength=3 minLength=2)"},
		{v31, "{properties: {a/b: {type: string}}, patternProperties: {a/b: {type: string}}}", "a/b:(string) /patternProperties/a~1b:(string)"},
		{v31, "{items: [{type: string}, {}]}", "/prefixItems/0:(string) /prefixItems/1:()"},
		{v31, "{allOf: [{default: 1}, {default: 2}], readOnly: true, writeOnly: false}", "readOnly default=1"},
		{v31, "{allOf: [{enum: [a, b, c]}, {enum: [d, c, b]}], required: [x, y, x]}", `enum=["b","c"] x! y!`},

		// Unions.
		{v31, "{oneOf: [{enum: [a], foo: 1}, {enum: [b]}]}", `oneOf ->(enum=["a"] foo=1) ->(enum=["b"])`},
		{v31, "{oneOf: [{enum: [a], minLength: 1, properties: {x: {}}}, {enum: [b]}]}", `oneOf ->(enum=["a"] minLength=1 x:()) ->(enum=["b"])`},
		{v31, "{oneOf: [{enum: [a], default: a}, {enum: [b]}]}", `oneOf ->(default="a" enum=["a"]) ->(enum=["b"])`},
		{v31, "{anyOf: [{enum: [a, b]}, {enum: [b, c]}]}", `enum=["a","b","c"]`},
		{v31, "{oneOf: [{enum: [a]}, {enum: [b, null]}]}", `null enum=["a","b"]`},
		{v31, "{oneOf: [false, {type: string}, {type: integer}]}", "oneOf ->(string) ->(integer)"},
		{v31, "{oneOf: [false, {not: true}]}", "never"},
		{v31, "{oneOf: [{minLength: 1}, {maxLength: 2}], anyOf: [{type: string}]}", "string oneOf ->(string minLength=1) ->(string maxLength=2)"},
		{v30, "{discriminator: {propertyName: k, mapping: {a: A, b: B}}, oneOf: [{$ref: '#/components/schemas/A'}], anyOf: [{required: [k]}]}", "k! a:()"},
		{v30, "{discriminator: {propertyName: k, mapping: {a: A, b: B}}, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], anyOf: [{required: [k]}]}", "k! oneOf by k a->(k! a:()) b->(k! b:())"},
		{v30, "{discriminator: {propertyName: k, mapping: {a: A, b: B}}, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], anyOf: [{minProperties: 1}, {minProperties: 2}]}",
			"oneOf by k a->(a:() anyOf by k ->(minProperties=1 a:()) ->(minProperties=2 a:())) b->(b:() anyOf by k ->(minProperties=1 b:()) ->(minProperties=2 b:()))"},
		{v30, "{discriminator: {propertyName: k, mapping: {a: A}}, anyOf: [{$ref: '#/components/schemas/B'}]}", "anyOf by k a->(a:()) B->(b:())"},
		{v31, "{type: [object, 'null'], discriminator: {propertyName: k, mapping: {a: A, b: B}}}", "object null anyOf by k a->(object null a:()) b->(object null b:())"},
		{v31, "{type: [object, 'null'], discriminator: {propertyName: k, mapping: {o: Object, p: Object}}}", "object null anyOf by k o->(object) p->(object)"},
		{v30, "{discriminator: {propertyName: k}, oneOf: [{minLength: 1}, {$ref: '#/components/schemas/A'}]}", "oneOf by k ->(minLength=1) A->(a:())"},
		{v30, "{$ref: '#/components/schemas/Animal'}", "k:() anyOf by k Animal->(k:()) Cat->(c:() k:()) Dog->(d:() k:())"},
		{v30, "{$ref: '#/components/schemas/Cat'}", "c:() k:()"},

		// A base that is written inline, with a mapping that names the branches.
		{v30, "{allOf: [" + inlineBase + "]}", "k:() anyOf by k a->(a:() k:()) b->(b:() k:())"},
		{v30, "{allOf: [" + inlineBase + "], properties: {x: {}}}", "k:() x:()"},
		{v30, "{allOf: [" + inlineBase + "], required: [x]}", "x! k:()"},
		{v30, "{allOf: [" + inlineBase + ", {minProperties: 1}]}", "minProperties=1 k:()"},
		{v30, "{allOf: [{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}, {required: [x]}]}", "x! oneOf ->(x! a:()) ->(x! b:())"},
		{v30, "{allOf: [{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {b: B}}}, {required: [x]}]}", "x! oneOf by k b->(x! b:()) A->(x! a:())"},
		{v30, "{allOf: [{anyOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {b: B}}}, {required: [x]}]}", "x! anyOf by k b->(x! b:()) A->(x! a:())"},
	} {
		got := form(bodyOf(t, c.version, c.schema, "A: {properties: {a: {}}}", "B: {properties: {b: {}}}", "Object: {type: object}",
			"Animal: {discriminator: {propertyName: k, mapping: {}}, properties: {k: {}}}",
			"Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {c: {}}}]}", "Dog: {allOf: [{$ref: '#/components/schemas/Animal'}], properties: {d: {}}}"))
		if got != c.want {
			t.Errorf("%s in %s:\n got %s\nwant %s", c.schema, c.version, got, c.want)
		}
	}
}

const inlineBase = "{discriminator: {propertyName: k, mapping: {a: A, b: B}}, properties: {k: {}}}"
