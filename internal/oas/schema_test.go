package oas

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// operationOf reads the operation of a document. schema, that of its request body, and
// components, the entries of components/schemas, are YAML in flow style.
func operationOf(t testing.TB, version, schema string, components ...string) *Effective {
	t.Helper()
	doc := parse(t, "openapi: "+version+"\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: "+schema+
		"}}}, responses: {'200': {description: ok}}}}}\ncomponents: {schemas: {"+strings.Join(components, ", ")+"}}")
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Reader().Operation(ops[0], Unversioned)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// bodyOf reads the schema of the request body of an operation.
func bodyOf(t testing.TB, version, schema string, components ...string) *Schema {
	t.Helper()
	return operationOf(t, version, schema, components...).Body.Media["application/json"].Schema
}

// TestSameMeaning checks that schemas that admit the same values have equal effective schemas.
func TestSameMeaning(t *testing.T) {
	for name, c := range map[string]struct{ version, a, b string }{
		"nullable":              {"", "{type: string, nullable: true}", "{type: [string, 'null']}"},
		"anyOf null":            {"", "{type: string, nullable: true}", "{anyOf: [{type: string}, {type: 'null'}]}"},
		"const":                 {"", "{enum: [a]}", "{const: a}"},
		"exclusive bound":       {"", "{type: number, minimum: 1, exclusiveMinimum: true}", "{type: number, exclusiveMinimum: 1}"},
		"exclusive integer":     {"", "{type: integer, minimum: 2}", "{type: integer, exclusiveMinimum: 1}"},
		"type order":            {"3.1.0", "{type: [integer, string]}", "{type: [string, integer]}"},
		"notation of numbers":   {"3.1.0", "{maximum: 1e2}", "{maximum: 100.0}"},
		"choice of one":         {"3.1.0", "{oneOf: [{type: string}]}", "{type: string}"},
		"allOf":                 {"3.1.0", "{allOf: [{type: string}, {minLength: 2}, {minLength: 1}]}", "{type: string, minLength: 2}"},
		"$ref sibling":          {"3.1.0", "{$ref: '#/components/schemas/S', minLength: 2}", "{type: string, minLength: 2}"},
		"implied length":        {"3.0.3", "{pattern: '^[a-f]{3}$', minLength: 3, maxLength: 3}", "{pattern: '^([a-f]{3})$'}"},
		"uuid":                  {"3.0.3", "{format: uuid}", "{pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'}"},
		"pattern of everything": {"3.0.3", "{type: string, pattern: '.*'}", "{type: string}"},
		"everything anchored":   {"3.0.3", "{type: string, pattern: '^.*$'}", "{type: string}"},
		"lists of values":       {"3.0.3", "{oneOf: [{enum: [a]}, {enum: [b]}]}", "{enum: [a, b]}"},
		"uniqueItems false":     {"3.0.3", "{uniqueItems: false, minLength: 0}", "{}"},
		"patterns in two parts": {"3.0.3", "{allOf: [{pattern: '^a'}, {pattern: 'b$'}, {pattern: '^a'}]}", "{allOf: [{pattern: 'b$'}, {pattern: '^a'}]}"},
		"equal choices":         {"", "{oneOf: [{$ref: '#/components/schemas/S'}, {minimum: 1}]}", "{allOf: [{oneOf: [{type: string}, {minimum: 1}], title: T}, {oneOf: [{minimum: 1}, {type: string, description: x}]}]}"},
		"an equal choice twice": {"", "{anyOf: [{minLength: 2}, {minimum: 1}], maxLength: 3}", "{anyOf: [{minLength: 2}, {minimum: 1}], allOf: [{anyOf: [{minLength: 2}, {minimum: 1}]}, {maxLength: 3, anyOf: [{minimum: 1}, {minLength: 2}]}]}"},
		"choices of a property": {"", "{properties: {p: {oneOf: [{minLength: 2}, {minimum: 1}]}}}", "{allOf: [{properties: {p: {oneOf: [{minLength: 2}, {minimum: 1}]}}}, {properties: {p: {oneOf: [{minLength: 2}, {minimum: 1}]}}}]}"},
		"equal discriminators":  {"", "{discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/S'}, {minimum: 1}]}", "{allOf: [{discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/S'}, {minimum: 1}]}, {discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/S'}, {minimum: 1}]}]}"},
		"equal nots":            {"", "{not: {enum: [a]}}", "{allOf: [{not: {enum: [a]}}, {not: {enum: [a], title: x}}]}"},
		"order of values":       {"3.1.0", "{enum: [a, b]}", "{enum: [b, a]}"},
		"discriminated":         {"3.1.0", "{oneOf: [{minLength: 1}, {$ref: '#/components/schemas/S'}], discriminator: {propertyName: k}}", "{anyOf: [{minLength: 1}, {$ref: '#/components/schemas/S'}], discriminator: {propertyName: k}}"},
		"dependentRequired":     {"3.1.0", "{dependentRequired: {a: [b, c]}}", "{dependentRequired: {a: [c, b]}}"},
	} {
		versions := [2]string{c.version, c.version}
		if c.version == "" {
			versions = [2]string{"3.0.3", "3.1.0"}
		}
		const s = "S: {type: string}"
		a, b := bodyOf(t, versions[0], c.a, s), bodyOf(t, versions[1], c.b, s)
		if !new(Sameness).Of(a, b) {
			t.Errorf("%s: %+v and %+v differ", name, a, b)
		}
		fingerprints := new(Fingerprints)
		if x, y, again := fingerprints.Of(a), fingerprints.Of(b), fingerprints.Of(a); x != y || again != x {
			t.Errorf("%s: the fingerprints are %d, %d and %d", name, x, y, again)
		}
	}
}

// TestOtherMeaning checks that schemas that do not admit the same values have different
// effective schemas.
func TestOtherMeaning(t *testing.T) {
	for name, c := range map[string]struct{ a, b string }{
		"false":                  {"{type: object, properties: {x: true}}", "{type: object, properties: {x: false}}"},
		"large integers":         {"{maximum: 9007199254740993}", "{maximum: 9007199254740992}"},
		"beyond float64":         {"{maximum: 1e400}", "{maximum: 1e401}"},
		"patternProperties":      {"{patternProperties: {'^x': {type: string}}}", "{patternProperties: {'^x': {type: integer}}}"},
		"prefixItems":            {"{prefixItems: [{type: string}]}", "{prefixItems: [{type: integer}]}"},
		"then":                   {"{if: {const: a}, then: {minLength: 1}}", "{if: {const: a}, then: {minLength: 2}}"},
		"empty pattern":          {"{pattern: '^$'}", "{pattern: '.*'}"},
		"a value of two lists":   {"{oneOf: [{enum: [a, b]}, {enum: [b]}]}", "{enum: [a, b]}"},
		"oneOf and anyOf":        {"{oneOf: [{type: string}, {minLength: 2}]}", "{anyOf: [{type: string}, {minLength: 2}]}"},
		"two choices":            {"{allOf: [{oneOf: [{minLength: 1}, {minimum: 1}]}, {oneOf: [{minLength: 1}, {minimum: 2}]}]}", "{oneOf: [{minLength: 1}, {minimum: 1}]}"},
		"oneOf and equal anyOf":  {"{allOf: [{anyOf: [{minLength: 1}, {minimum: 1}]}, {oneOf: [{minLength: 1}, {minimum: 1}]}]}", "{anyOf: [{minLength: 1}, {minimum: 1}]}"},
		"other discriminators":   {"{allOf: [{discriminator: {propertyName: a}, oneOf: [{minLength: 1}, {minimum: 1}]}, {discriminator: {propertyName: b}, oneOf: [{minLength: 1}, {minimum: 1}]}]}", "{discriminator: {propertyName: a}, oneOf: [{minLength: 1}, {minimum: 1}]}"},
		"equal conditions":       {"{allOf: [{if: {const: a}, then: {minLength: 1}}, {if: {const: b}, then: {minLength: 1}}]}", "{allOf: [{if: {const: a}, then: {minLength: 1}}, {if: {const: b}}]}"},
		"two nots":               {"{allOf: [{not: {const: a}}, {not: {const: b}}]}", "{not: {const: a}}"},
		"oneOf next to anyOf":    {"{oneOf: [{minLength: 1}, {maxLength: 3}], anyOf: [{const: a}, {minimum: 4}]}", "{oneOf: [{minLength: 1}, {maxLength: 3}]}"},
		"a required name's type": {"{required: [a]}", "{required: [b]}"},
		"values":                 {"{enum: [a]}", "{enum: [b]}"},
		"more values":            {"{enum: [a]}", "{enum: [a, b]}"},
		"no value":               {"{enum: []}", "{}"},
		"no type":                {"{type: 'null'}", "{nullable: true}"},
		"null":                   {"{type: [string, 'null']}", "{type: string}"},
		"closed":                 {"{additionalProperties: false}", "{}"},
		"additionalProperties":   {"{additionalProperties: {type: string}}", "{additionalProperties: {type: integer}}"},
		"more next to items":     {"{items: {type: string}, additionalProperties: {type: integer}}", "{items: {type: string}}"},
		"items":                  {"{items: {type: string}}", "{}"},
		"properties":             {"{properties: {a: {}}}", "{properties: {b: {}}}"},
		"more properties":        {"{properties: {a: {}}}", "{properties: {a: {}, b: {}}}"},
		"default":                {"{default: a}", "{default: b}"},
		"readOnly":               {"{readOnly: true}", "{writeOnly: true}"},
		"deprecated":             {"{deprecated: true}", "{}"},
		"discriminator":          {pets31("k", "cat"), pets31("j", "cat")},
		"discriminator value":    {pets31("k", "cat"), pets31("k", "lion")},
		"union":                  {pets31("k", "cat"), "{}"},
		"branches":               {"{oneOf: [{type: string}, {minLength: 2}]}", "{oneOf: [{type: string}, {minLength: 2}, {maxLength: 1}]}"},
		"branch":                 {"{oneOf: [{type: string}, {minLength: 2}]}", "{oneOf: [{type: string}, {minLength: 3}]}"},
		"next to branches":       {"{oneOf: [{type: string}, {minLength: 2}], maxLength: 5}", "{oneOf: [{type: string}, {minLength: 2}], maxLength: 6}"},
		"two patterns, a length": {"{allOf: [{pattern: a}, {pattern: b}], minLength: 1}", "{allOf: [{pattern: a}, {pattern: b}]}"},
	} {
		const cat, dog = "Cat: {properties: {c: {}}}", "Dog: {properties: {d: {}}}"
		a, b := bodyOf(t, "3.1.0", c.a, cat, dog), bodyOf(t, "3.1.0", c.b, cat, dog)
		if new(Sameness).Of(a, b) {
			t.Errorf("%s: both are %+v", name, a)
		}
		fingerprints := new(Fingerprints)
		if x, y := fingerprints.Of(a), fingerprints.Of(b); x == y {
			t.Errorf("%s: both have the fingerprint %d", name, x)
		}
	}
}

// pets31 is a union of two components with a discriminator.
func pets31(property, value string) string {
	return "{discriminator: {propertyName: " + property + ", mapping: {" + value + ": Cat, dog: Dog}}}"
}

// TestSameCycles compares schemas that contain themselves.
func TestSameCycles(t *testing.T) {
	const s, twice, other = "S: {items: {$ref: '#/components/schemas/S'}}", "{items: {items: {$ref: '#/components/schemas/S'}}}", "{items: {items: {items: {$ref: '#/components/schemas/S'}}, minItems: 1}}"
	a := bodyOf(t, "3.0.3", "{$ref: '#/components/schemas/S'}", s)
	for schema, want := range map[string]bool{twice: true, other: false} {
		if got := new(Sameness).Of(a, bodyOf(t, "3.0.3", schema, s)); got != want {
			t.Errorf("%s: %v", schema, got)
		}
	}
}

// TestSamenessIsBounded checks that schemas count as different after the budget is used up.
func TestSamenessIsBounded(t *testing.T) {
	a, b := bodyOf(t, "3.1.0", "{enum: [a, b, c], properties: {x: {}, y: {}}}"), bodyOf(t, "3.1.0", "{enum: [a, b, c], properties: {x: {}, y: {}}}")
	const work = 1 + 3 + 2 + 2 // the schema, its values, its properties, and their schemas
	for _, least := range []int64{work, work - 1} {
		same := Sameness{Budget: limits.New(limits.Limits{Work: least})}
		if got := same.Of(a, b); got != (least == work) {
			t.Errorf("with %d steps: %v", least, got)
		}
	}
}

// TestSchemaFacts checks the predicates and places of schemas.
func TestSchemaFacts(t *testing.T) {
	for text, c := range map[string]struct{ requirements, scalar bool }{
		"{}": {}, "{description: x, nullable: true, default: 1, foo: 1, additionalProperties: true}": {},
		"false": {true, false}, "{type: string}": {true, true}, "{type: object}": {true, false}, "{type: array}": {true, false}, "{enum: [a]}": {true, false},
		"{type: integer, enum: [1]}": {true, true}, "{oneOf: [{minLength: 1}, {maxLength: 2}]}": {true, false}, "{minLength: 1}": {true, false}, "{format: x}": {true, false},
		"{properties: {a: {}}}": {true, false}, "{required: [a]}": {true, false}, "{additionalProperties: false}": {true, false}, "{items: {}}": {true, false},
		"{additionalProperties: {type: string}}": {true, false}, "{patternProperties: {a: {}}}": {true, false}, "{dependentRequired: {a: [b]}}": {true, false},
	} {
		s := readText(t, "%s", text)
		if s.HasRequirements() != c.requirements || s.IsScalar() != c.scalar {
			t.Errorf("%s: requirements %v, scalar %v", text, s.HasRequirements(), s.IsScalar())
		}
	}
	var none *Schema
	if none.HasRequirements() || none.IsScalar() {
		t.Error("a missing schema has requirements")
	}
	s := readText(t, "{allOf: [{properties: {a: {}}, enum: [a], required: [b]}, {properties: {c: {}}, enum: [a]}], minLength: 1}")
	for keyword, want := range map[string]string{
		"properties": "/x-schema/allOf/0/properties", "enum": "/x-schema/allOf/0/enum", "required": "/x-schema/allOf/0/required", "minLength": "/x-schema/minLength", "maxLength": "/x-schema/maxLength",
	} {
		if got := s.Place(keyword).Declared(); got != want {
			t.Errorf("%s is at %s, want %s", keyword, got, want)
		}
	}
	for _, text := range []string{"[", "{a: b, a: c}", "{$ref: '#/none'}"} {
		if s, err := ReadSchema(text); err == nil {
			t.Errorf("%s: no error, but %s", text, form(s))
		}
	}
}

// TestSchemaPlace checks that the place of a schema with a reference is that of the target,
// unless the keywords next to the reference count.
func TestSchemaPlace(t *testing.T) {
	for version, want := range map[string]string{"3.0.3": "/components/schemas/S", "3.1.0": "/paths/~1a/post/requestBody/content/application~1json/schema"} {
		if got := bodyOf(t, version, "{$ref: '#/components/schemas/S', minLength: 1}", "S: {type: string}").At.Pointer; got != want {
			t.Errorf("%s: at %s, want %s", version, got, want)
		}
	}
}

// TestOperationSchemas checks the list of an operation's schemas, and that it can be stopped
// at each of them.
func TestOperationSchemas(t *testing.T) {
	doc := parse(t, `
openapi: 3.1.0
paths:
  /a:
    get: {responses: {}}
    put:
      parameters: [{name: q, in: query, schema: {type: string}}, {name: r, in: query}]
      requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/T'}}}}
      responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/T'}}}, headers: {h: {schema: {type: integer}}}}}
components: {schemas: {T: {title: T, properties: {next: {$ref: '#/components/schemas/T'}, list: {items: {type: boolean}}}, patternProperties: {a: {type: number}}, additionalProperties: {type: array}, oneOf: [{minLength: 1}, {minLength: 2}]}}}
`)
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	if op, err := doc.Reader().Operation(ops[0], Unversioned); err != nil || len(slices.Collect(maps.Keys(maps.Collect(op.Schemas())))) != 0 {
		t.Errorf("an operation without schemas: %v", err)
	}
	op, err := doc.Reader().Operation(ops[1], Unversioned)
	if err != nil {
		t.Fatal(err)
	}
	const schema = "/components/schemas/T"
	want := []string{
		" /paths/~1a/put/parameters/0/schema", " " + schema, "list " + schema + "/properties/list", "list " + schema + "/properties/list/items",
		" " + schema + "/patternProperties/a", " " + schema + "/additionalProperties", " " + schema + "/oneOf/0", " " + schema + "/oneOf/1", " /paths/~1a/put/responses/200/headers/h/schema",
	}
	for stop := 1; stop <= len(want); stop++ {
		var got []string
		for name, s := range op.Schemas() {
			if got = append(got, name+" "+s.At.Pointer); len(got) == stop {
				break
			}
		}
		if !slices.Equal(got, want[:stop]) {
			t.Errorf("\n got %q\nwant %q", got, want[:stop])
		}
	}
}

// TestAsWritten checks that a reader keeps the forms that the canonical form would replace.
func TestAsWritten(t *testing.T) {
	doc := parse(t, "openapi: 3.0.3\npaths: {}\nx-schema: {pattern: '^([a-f]{3})$', minLength: 3}")
	for asWritten, want := range map[bool]string{false: `"(?-m:\\A[a-f][a-f][a-f]$)" `, true: `"^([a-f]{3})$" 3`} {
		r := doc.Reader()
		r.AsWritten = asWritten
		s, err := r.Schema("/x-schema")
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Assertions["pattern"].Value + " " + s.Assertions["minLength"].Value; got != want {
			t.Errorf("AsWritten %v: pattern and minLength are %s, want %s", asWritten, got, want)
		}
	}
}

// TestUnionsOfABase checks that all notations for a union of two schemas that inherit from
// a base have the same effective form.
func TestUnionsOfABase(t *testing.T) {
	const refs = "[{$ref: '#/components/schemas/Aws'}, {$ref: '#/components/schemas/Gcp'}]"
	const mapping = "mapping: {AWS: '#/components/schemas/Aws', GCP: Gcp}"
	derived := []string{
		"Aws: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {id: {type: string}}}]}",
		"Gcp: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {project: {type: string}}}]}",
	}
	for name, c := range map[string]struct {
		base   string
		values []string
	}{
		"mapping":           {"discriminator: {propertyName: kind, " + mapping + "}", []string{"AWS", "GCP"}},
		"mapping and oneOf": {"discriminator: {propertyName: kind, " + mapping + "}, oneOf: " + refs, []string{"AWS", "GCP"}},
		"mapping and anyOf": {"discriminator: {propertyName: kind, " + mapping + "}, anyOf: " + refs, []string{"AWS", "GCP"}},
		"implicit names":    {"discriminator: {propertyName: kind}, oneOf: " + refs, []string{"Aws", "Gcp"}},
		"no discriminator":  {"oneOf: " + refs, []string{"", ""}},
		"derived":           {"discriminator: {propertyName: kind}", []string{"Base", "Aws", "Gcp"}},
	} {
		base := "Base: {type: object, required: [kind], properties: {kind: {type: string}}, " + c.base + "}"
		s := bodyOf(t, "3.0.3", "{$ref: '#/components/schemas/Base'}", append(derived, base)...)
		var values []string
		if s.Union == nil {
			t.Errorf("%s: not a union", name)
			continue
		}
		for _, b := range s.Union.Branches {
			values = append(values, b.Value)
			if b.Schema.Union != nil || b.Schema.Properties["kind"] == nil || len(b.Schema.Required) != 1 {
				t.Errorf("%s: branch %q has %v and union %v", name, b.Value, slices.Sorted(maps.Keys(b.Schema.Properties)), b.Schema.Union)
			}
		}
		if !slices.Equal(values, c.values) {
			t.Errorf("%s: %q, want %q", name, values, c.values)
		}
		if first := s.Union.Branches[len(s.Union.Branches)-2].Schema; first.Properties["id"] == nil || first.Properties["project"] != nil {
			t.Errorf("%s: the branch of AWS has %v", name, slices.Sorted(maps.Keys(first.Properties)))
		}
	}
}

func TestCyclesAreCycles(t *testing.T) {
	s := bodyOf(t, "3.0.3", "{$ref: '#/components/schemas/Tree'}", "Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}")
	if s.Properties["children"].Items != s {
		t.Error("the items of children are not the schema itself")
	}
}

func TestDeepReferences(t *testing.T) {
	s := bodyOf(t, "3.0.3", "{type: object, properties: {a: {$ref: '#/components/schemas/S/properties/x'}, b: {$ref: '#/paths/~1a/post/requestBody/content/application~1json/schema/properties/a'}}}",
		"S: {type: object, properties: {x: {type: integer}}}")
	for _, name := range []string{"a", "b"} {
		if got := s.Properties[name].Types; !slices.Equal(got, []string{"integer"}) {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestReaderRefusesLoops(t *testing.T) {
	for name, c := range map[string]string{
		"a reference to itself": "S: {$ref: '#/components/schemas/S'}",
		"allOf of itself":       "S: {allOf: [{$ref: '#/components/schemas/S'}]}",
		"external":              "S: {allOf: [{$ref: 'x.yaml'}]}",
		"dangling":              "S: {allOf: [{$ref: '#/components/schemas/T'}]}",
	} {
		doc := parse(t, "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}}}}\ncomponents: {schemas: {"+c+"}}")
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.Reader().Operation(ops[0], Unversioned); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
