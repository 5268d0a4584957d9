package shape

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// answered gives the shape of an answer's schema, in a document of a version.
func answered(t *testing.T, openapi, schema string) (*Schema, error) {
	t.Helper()
	var doc yaml.Node
	source := "openapi: " + openapi + "\npaths: {/a: {get: {responses: {'200': {content: {application/json: {schema: " + schema + "}}}}}}}\n" +
		"components: {schemas: {Text: {type: string}, Letter: {type: string, enum: [a]}, Pair: {type: object, properties: {a: {type: string}, b: {type: integer}}, required: [a]}}}\n"
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		t.Fatal(err)
	}
	ops, err := Build(doc.Content[0], Options{Name: "doc"})
	if err != nil {
		return nil, err
	}
	return ops[0].Responses["200"].Media["application/json"].Schema, nil
}

// Two ways to write the same have one fingerprint.
func TestSameShape(t *testing.T) {
	for _, same := range []struct{ a, b string }{
		{"3.0.1 {type: string, nullable: true}", "3.1.0 {type: [string, 'null']}"},
		{"3.0.1 {type: string, nullable: true}", "3.1.0 {oneOf: [{type: string}, {type: 'null'}]}"},
		{"3.0.1 {type: string, enum: [a]}", "3.1.0 {type: string, const: a}"},
		{"3.0.1 {type: string, nullable: true, enum: [a]}", "3.1.0 {type: [string, 'null'], enum: [a, null]}"},
		{"3.0.1 {type: number, minimum: 3, exclusiveMinimum: true}", "3.1.0 {type: number, exclusiveMinimum: 3}"},
		{"3.0.1 {type: integer, minimum: 3, exclusiveMinimum: true}", "3.0.1 {type: integer, minimum: 4}"},
		{"3.0.1 {type: integer, maximum: 3, exclusiveMaximum: true}", "3.0.1 {type: integer, maximum: 2}"},
		{"3.0.1 {$ref: '#/components/schemas/Text', maxLength: 3}", "3.0.1 {type: string}"},
		{"3.1.0 {$ref: '#/components/schemas/Text', maxLength: 3}", "3.1.0 {type: string, maxLength: 3}"},
		{"3.0.1 {allOf: [{$ref: '#/components/schemas/Text'}, {maxLength: 3}], minLength: 1}", "3.0.1 {type: string, minLength: 1, maxLength: 3}"},
		{"3.0.1 {allOf: [{type: string, maxLength: 5}, {maxLength: 3}]}", "3.0.1 {type: string, maxLength: 3}"},
		{"3.0.1 {allOf: [{type: string, enum: [a, b, c]}, {enum: [c, b]}]}", "3.0.1 {type: string, enum: [b, c]}"},
		{"3.0.1 {allOf: [{type: number}, {type: integer}]}", "3.0.1 {type: integer}"},
		{"3.0.1 {anyOf: [{$ref: '#/components/schemas/Pair'}]}", "3.0.1 {$ref: '#/components/schemas/Pair'}"},
		{"3.0.1 {type: object, allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}, required: [a]}]}", "3.0.1 {$ref: '#/components/schemas/Pair'}"},
		{"3.0.1 {oneOf: [{type: string}, {type: integer}], description: x}", "3.0.1 {oneOf: [{type: string}, {type: integer}]}"},
		{"3.0.1 {type: object, required: [x], properties: {x: {type: string}}, oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}",
			"3.0.1 {oneOf: [{type: object, required: [x], properties: {x: {type: string}, a: {type: string}}}, {type: object, required: [x], properties: {x: {type: string}, b: {type: string}}}]}"},
		{"3.0.1 {oneOf: [{type: string, enum: [a, b]}, {type: string, enum: [b, c]}]}", "3.0.1 {type: string, enum: [a, b, c]}"},
		{"3.1.0 {anyOf: [{enum: [a]}, {enum: [b]}, {type: 'null'}]}", "3.0.1 {enum: [a, b], nullable: true}"},
		{"3.0.1 {type: string, x-anything: 1, example: a, xml: {name: x}}", "3.0.1 {type: string}"},
	} {
		f := new(Fingerprints)
		var numbers [2]int
		for i, source := range []string{same.a, same.b} {
			version, schema, _ := strings.Cut(source, " ")
			s, err := answered(t, version, schema)
			if err != nil {
				t.Fatal(err)
			}
			numbers[i] = f.Of(s)
		}
		if numbers[0] != numbers[1] {
			t.Errorf("%s is not %s\n%v", same.a, same.b, fmt.Sprint(f.numbers))
		}
	}
}

// Groups of values are one list; what says more than values stays a choice.
func TestOneList(t *testing.T) {
	for _, test := range []struct {
		schema string
		list   bool
	}{
		{"{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}", true},
		{"{anyOf: [{enum: [a]}, {enum: [b]}]}", true},
		{"{oneOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}]}", false},
		{"{oneOf: [{type: string, enum: [a]}, {type: string}]}", false},
		{"{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b], deprecated: true}]}", false},
		{"{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b], maxLength: 1}]}", false},
		{"{oneOf: [{enum: [{a: 1}], required: [a]}, {enum: [{a: 2}]}]}", false},
		{"{oneOf: [{type: string, enum: [a], default: a}, {type: string, enum: [b]}]}", false},
		{"{discriminator: {mapping: {x: Letter, y: Letter}}}", false},
	} {
		s, err := answered(t, "3.0.1", test.schema)
		if err != nil {
			t.Fatal(err)
		}
		if (s.Union == nil) != test.list {
			t.Errorf("%s: union %v, enum %v", test.schema, s.Union, s.Enum)
		}
		if at := s.Place("enum").Pointer; test.list && !strings.HasSuffix(at, "/schema/oneOf") && !strings.HasSuffix(at, "/schema/anyOf") {
			t.Errorf("%s: the list is at %s", test.schema, at)
		}
	}
}

func TestWhatCanNotBeBuilt(t *testing.T) {
	for schema, says := range map[string]string{
		"{$ref: '#/components/schemas/Nobody'}":                                            "dangles",
		"{$ref: 'other.yaml#/x'}":                                                          "dangles",
		"{discriminator: {propertyName: x, mapping: {a: Nobody}}}":                         "dangles",
		"{not: {$ref: '#/components/schemas/Nobody'}}":                                     "dangles",
		"{oneOf: [" + strings.Repeat("{type: string}, ", maxBranches) + "{type: string}]}": "branches",
	} {
		if _, err := answered(t, "3.0.1", schema); err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "doc: ") {
			t.Errorf("%.60s: %v, want one that says %q", schema, err, says)
		}
	}
}

func TestKey(t *testing.T) {
	server := func(url string) *yaml.Node {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte("[{url: '"+url+"'}]"), &n); err != nil {
			t.Fatal(err)
		}
		return n.Content[0]
	}
	for _, test := range []struct {
		path, server, want string
	}{
		{"/a/{b}/c/{d}", "https://example.com", "GET /a/{}/c/{}"},
		{"/a/{b}", "https://example.com/api/v1/", "GET /api/v1/a/{}"},
		{"/a/{b", "/x", "GET /x/a/"},
		{"/a", "http://[::1", "GET /a"},
	} {
		if got := Key("get", test.path, server(test.server)); got != test.want {
			t.Errorf("%s at %s: %s, want %s", test.path, test.server, got, test.want)
		}
	}
	if got := NeutralType("Application/VND.atlas.2024-05-30+JSON; charset=utf-8"); got != "application/vnd.atlas+json" {
		t.Error(got)
	}
}
