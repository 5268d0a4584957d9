package trim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// cutSchemas cuts an operation whose response is the schema Pet, and returns the component
// schemas of the result.
func cutSchemas(t *testing.T, schemas string) *oas.Node {
	t.Helper()
	doc, err := oas.ParseBytes("pets.yaml", []byte(`openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pet:
    get:
      operationId: getPet
      responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
`+schemas))
	if err != nil {
		t.Fatal(err)
	}
	out, err := trim.Cut(doc, trim.Selection{Operations: []string{"getPet"}})
	if err != nil {
		t.Fatal(err)
	}
	return oas.At(out.Root(), "components", "schemas")
}

// TestBaseInheritsItself checks that a base that inherits from itself, directly or through
// another schema, passes on its properties once.
func TestBaseInheritsItself(t *testing.T) {
	for name, schemas := range map[string]string{
		"directly": `
    Pet: {allOf: [{$ref: '#/components/schemas/Pet'}], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {claws: {type: integer}}}]}
`,
		"through another": `
    Pet: {allOf: [{$ref: '#/components/schemas/Being'}], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Being: {allOf: [{$ref: '#/components/schemas/Pet'}], properties: {alive: {type: boolean}}, discriminator: {propertyName: alive, mapping: {pet: '#/components/schemas/Pet'}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {claws: {type: integer}}}]}
`,
	} {
		cat := oas.Get(cutSchemas(t, schemas), "Cat")
		if oas.Get(cat, "allOf") != nil || oas.At(cat, "properties", "kind") == nil || oas.At(cat, "properties", "claws") == nil {
			t.Errorf("%s: Cat is %s", name, oas.Canonical(cat))
		}
	}
}

// TestConstIsNotNarrowed checks that a discriminator property with a const is not changed,
// because it already selects one branch.
func TestConstIsNotNarrowed(t *testing.T) {
	schemas := cutSchemas(t, `
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}}
    Cat: {type: object, properties: {kind: {const: cat}}}
    Dog: {type: object, properties: {kind: {type: string}}}
`)
	if got := oas.Canonical(oas.At(schemas, "Cat", "properties", "kind")); got != `{"const":"cat"}` {
		t.Errorf("Cat's kind is %s", got)
	}
	if got := oas.Canonical(oas.At(schemas, "Dog", "properties", "kind")); got != `{"enum":["dog"],"type":"string"}` {
		t.Errorf("Dog's kind is %s", got)
	}
}

// TestDoubledParents checks that a schema that inherits from a base both by allOf and by
// the base's mapping inherits once, and that a schema that two values select is one branch.
func TestDoubledParents(t *testing.T) {
	schemas := cutSchemas(t, `
    Pet: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat, lion]}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', lion: '#/components/schemas/Cat'}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Pet'}, {required: [kind], properties: {claws: {type: integer}}}]}
`)
	if got, want := oas.Canonical(oas.Get(schemas, "Cat")), `{"properties":{"claws":{"type":"integer"},"kind":{"enum":["cat","lion"],"type":"string"}},"required":["kind"],"type":"object"}`; got != want {
		t.Errorf("Cat is\n%s, want\n%s", got, want)
	}
	if got := oas.Canonical(oas.At(schemas, "Pet", "oneOf")); strings.Count(got, "$ref") != 1 {
		t.Errorf("Pet's branches are %s", got)
	}
}

// TestMappedWithoutInheritance checks that a schema in the mapping of a base has the base's
// properties, even if it does not inherit from the base by allOf.
func TestMappedWithoutInheritance(t *testing.T) {
	schemas := cutSchemas(t, `
    Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', pet: '#/components/schemas/Pet'}}}
    Cat: {properties: {claws: {type: integer}}}
`)
	const want = `{"properties":{"claws":{"type":"integer"},"kind":{"enum":["cat"],"type":"string"}},"required":["kind"],"type":"object"}`
	if got := oas.Canonical(oas.Get(schemas, "Cat")); got != want {
		t.Errorf("Cat is\n%s, want\n%s", got, want)
	}
}

// TestMappingWithoutBranches checks that a base keeps its properties if its mapping names
// only the base itself, or nothing: the base then describes one object, not a union.
func TestMappingWithoutBranches(t *testing.T) {
	for _, mapping := range []string{"{}", "{pet: '#/components/schemas/Pet'}"} {
		schemas := cutSchemas(t, `
    Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: `+mapping+`}}
`)
		pet := oas.Get(schemas, "Pet")
		if oas.At(pet, "properties", "kind") == nil || oas.Get(pet, "required") == nil || oas.Get(pet, "oneOf") != nil {
			t.Errorf("with the mapping %s Pet is %s", mapping, oas.Canonical(pet))
		}
	}
}

// TestInheritedEnum checks that if a base and a branch both limit a property to values, the
// result allows the values that both allow.
func TestInheritedEnum(t *testing.T) {
	for values, want := range map[string]string{"[small, tiny]": `["small"]`, "[large]": `["large"]`} {
		schemas := cutSchemas(t, `
    Pet: {type: object, properties: {size: {type: string, enum: [small, large]}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {size: {type: string, enum: `+values+`}}}]}
`)
		if got := oas.Canonical(oas.At(schemas, "Cat", "properties", "size", "enum")); got != want {
			t.Errorf("Cat's sizes are %s, want %s", got, want)
		}
	}
}

// TestInlinedReferences cuts a document with a chain of references into a component. The
// result must contain a copy of the last target, and a chain that is too long must be an
// error.
func TestInlinedReferences(t *testing.T) {
	for _, references := range []int{1, 2, 51, 52} {
		var properties strings.Builder
		for i := 1; i < references; i++ {
			fmt.Fprintf(&properties, "p%d: {$ref: '#/components/schemas/Parts/properties/p%d'}, ", i, i+1)
		}
		doc, err := oas.ParseBytes("pets.yaml", fmt.Appendf(nil, `openapi: 3.1.0
info: {title: Pets, version: "1"}
paths: {/pet: {get: {operationId: getPet, responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Parts/properties/p1'}}}}}}}}
components: {schemas: {Parts: {properties: {%sp%d: {type: integer}}}}}
`, properties.String(), references))
		if err != nil {
			t.Fatal(err)
		}
		got, err := trim.Cut(doc, trim.Selection{Operations: []string{"getPet"}})
		if references > 51 {
			if err == nil {
				t.Errorf("%d references: no error", references)
			}
			continue
		}
		if err != nil {
			t.Errorf("%d references: %v", references, err)
			continue
		}
		schema := oas.At(got.Root(), "paths", "/pet", "get", "responses", "200", "content", "application/json", "schema")
		if oas.Canonical(schema) != `{"type":"integer"}` {
			t.Errorf("%d references: the schema is %s", references, oas.Canonical(schema))
		}
	}
}

// TestKeywordsNextToReferenceAreKept checks that keywords next to a reference are kept when
// the reference is replaced by its target.
func TestKeywordsNextToReferenceAreKept(t *testing.T) {
	pet := oas.Get(cutSchemas(t, `
    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Parts/properties/name', minLength: 2, description: x}}}
    Parts: {properties: {name: {type: string}}}
`), "Pet")
	if got := oas.Canonical(oas.At(pet, "properties", "name")); got != `{"allOf":[{"type":"string"}],"minLength":2}` {
		t.Errorf("the name is %s", got)
	}
}

// TestInheritanceIsComplete checks that a branch has each requirement of its base, of the
// base's own bases and of the references between them exactly once.
func TestInheritanceIsComplete(t *testing.T) {
	const pet = "Pet: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}"
	const being = "Being: {type: object, discriminator: {propertyName: alive, mapping: {pet: '#/components/schemas/Pet'}}, properties: {alive: {type: string}}"
	const cat = "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {claws: {type: integer}}}]}"
	const common = "Common: {properties: {id: {type: string}}}"
	for name, test := range map[string]struct {
		schemas, want []string
	}{
		"keywords next to the reference to the base": {
			[]string{pet + "}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet', minProperties: 2}, {properties: {claws: {type: integer}}}]}"},
			[]string{`"minProperties":2`, `"kind":`, `"claws":`},
		},
		"keywords next to the base's reference to its own base": {
			[]string{pet + ", allOf: [{$ref: '#/components/schemas/Being', minProperties: 3}]}", being + "}", cat},
			[]string{`"minProperties":3`, `"alive":`, `"kind":`, `"claws":`},
		},
		"a choice next to the reference to the base": {
			[]string{pet + "}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet', anyOf: [{required: [a]}, {required: [b]}]}]}"},
			[]string{`"allOf":[{"anyOf":[{"required":["a"]},{"required":["b"]}]}]`, `"kind":`},
		},
		"a component in the base's allOf": {
			[]string{pet + ", allOf: [{$ref: '#/components/schemas/Common'}]}", cat, common},
			[]string{`"allOf":[{"$ref":"#/components/schemas/Common"}]`, `"kind":`, `"claws":`},
		},
		"a component in the allOf of the base's base": {
			[]string{pet + ", allOf: [{$ref: '#/components/schemas/Being'}]}", being + ", allOf: [{$ref: '#/components/schemas/Common'}]}", cat, common},
			[]string{`"allOf":[{"$ref":"#/components/schemas/Common"}]`, `"alive":`, `"kind":`, `"claws":`},
		},
		"a choice in the base's allOf": {
			[]string{pet + ", allOf: [{anyOf: [{required: [a]}, {required: [b]}]}]}", cat},
			[]string{`"allOf":[{"anyOf":[{"required":["a"]},{"required":["b"]}]}]`, `"kind":`, `"claws":`},
		},
		"a component in both": {
			[]string{pet + ", allOf: [{$ref: '#/components/schemas/Common'}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Common'}]}", common},
			[]string{`"allOf":[{"$ref":"#/components/schemas/Common"}]`, `"kind":`},
		},
		"two conditions": {
			[]string{pet + "}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {if: {required: [a]}, then: {required: [b]}}, {if: {required: [c]}, then: {required: [d]}}]}"},
			[]string{`"allOf":[{"if":{"required":["a"]},"then":{"required":["b"]}},{"if":{"required":["c"]},"then":{"required":["d"]}}]`},
		},
		"two patterns of one property": {
			[]string{pet + ", allOf: [{properties: {name: {type: string, pattern: ^a}}}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {name: {type: string, pattern: z$}}}]}"},
			[]string{`"name":{"allOf":[{"pattern":"^a"}],"pattern":"z$","type":"string"}`},
		},
		"two exclusive bounds of one property": {
			[]string{pet + ", allOf: [{properties: {age: {minimum: 0, exclusiveMinimum: true}}}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {age: {minimum: 1}}}]}"},
			[]string{`"age":{"allOf":[{"exclusiveMinimum":true,"minimum":0},{"minimum":1}]}`},
		},
		"items of one list": {
			[]string{pet + ", allOf: [{properties: {all: {items: {$ref: '#/components/schemas/Common'}}}}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {all: {items: {type: object}}}}]}", common},
			[]string{`"all":{"items":{"allOf":[{"type":"object"},{"$ref":"#/components/schemas/Common"}]}}`},
		},
		"two dependencies": {
			[]string{pet + ", allOf: [{dependentRequired: {a: [b]}}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {dependentRequired: {c: [d]}}]}"},
			[]string{`"allOf":[{"dependentRequired":{"c":["d"]}}]`, `"dependentRequired":{"a":["b"]},"properties"`},
		},
		"patterns of names": {
			[]string{pet + ", allOf: [{patternProperties: {^x: {type: string}}}]}", "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {patternProperties: {^x: {minLength: 2}, ^y: {type: integer}}}]}"},
			[]string{`"patternProperties":{"^x":{"minLength":2,"type":"string"},"^y":{"type":"integer"}}`},
		},
	} {
		got := oas.Canonical(oas.Get(cutSchemas(t, "    "+strings.Join(test.schemas, "\n    ")+"\n"), "Cat"))
		for _, want := range test.want {
			if strings.Count(got, want) != 1 {
				t.Errorf("%s: Cat is %s, want %s once", name, got, want)
			}
		}
	}
}

// TestServersOfPathItem checks that an operation without servers gets those of its path
// item, and that an operation with servers keeps them.
func TestServersOfPathItem(t *testing.T) {
	doc, err := oas.ParseBytes("pets.yaml", []byte(`openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pet:
    servers: [{url: 'https://shared.example'}]
    get: {operationId: getPet, responses: {'204': {description: none}}}
    delete: {operationId: deletePet, servers: [{url: 'https://own.example'}], responses: {'204': {description: none}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	out, err := trim.Cut(doc, trim.Selection{Operations: []string{"getPet", "deletePet"}})
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]string{"get": "https://shared.example", "delete": "https://own.example"} {
		servers := oas.Items(oas.At(out.Root(), "paths", "/pet", method, "servers"))
		if len(servers) != 1 || oas.Text(oas.Get(servers[0], "url")) != want {
			t.Errorf("%s has %d servers; want %s", method, len(servers), want)
		}
	}
}

// TestParametersOfPathItem checks that an operation gets the parameters of its path item,
// except those that it declares itself. They may be references. Sections without a used
// component must be removed.
func TestParametersOfPathItem(t *testing.T) {
	doc, err := oas.ParseBytes("pets.yaml", []byte(`openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pet:
    parameters:
      - {$ref: '#/components/parameters/Shared'}
      - {name: limit, in: query, schema: {type: string}}
    get:
      operationId: getPet
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses: {'204': {description: none}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer}}
    Shared: {name: pretty, in: query, schema: {type: boolean}}
    Unused: {name: unused, in: query, schema: {type: boolean}}
  schemas:
    Unused: {type: string}
`))
	if err != nil {
		t.Fatal(err)
	}
	out, err := trim.Cut(doc, trim.Selection{Operations: []string{"getPet"}})
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, p := range oas.Items(oas.At(out.Root(), "paths", "/pet", "get", "parameters")) {
		refs = append(refs, oas.Text(oas.Get(p, "$ref")))
	}
	if want := []string{"#/components/parameters/Limit", "#/components/parameters/Shared"}; !slices.Equal(refs, want) {
		t.Errorf("parameters are %q, want %q", refs, want)
	}
	var sections []string
	for section := range oas.Pairs(oas.Get(out.Root(), "components")) {
		sections = append(sections, section)
	}
	if !slices.Equal(sections, []string{"parameters"}) {
		t.Errorf("components has %q, want only parameters", sections)
	}
}
