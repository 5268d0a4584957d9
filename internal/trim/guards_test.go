package trim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// cutSchemas cuts an operation whose response is the schema Pet, and returns the
// component schemas of the cut.
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

// A base that inherits from itself, directly or through another, hands down its
// properties once.
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

// A discriminator property that is a const is kept as it is: it selects one branch.
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

// A schema that inherits from a base by allOf and by the base's mapping inherits once, and
// one that two values map to is one branch.
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

// TestMappedWithoutInheritance checks that a schema that a base maps to has the base's
// properties, also when it does not inherit from the base by allOf.
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

// TestInlinedReferences cuts a document in which a reference into a component leads to
// others: the cut has a copy of the last one's target, unless there are too many.
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

// Keywords next to a reference that is replaced by its target are kept.
func TestKeywordsNextToReferenceAreKept(t *testing.T) {
	pet := oas.Get(cutSchemas(t, `
    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Parts/properties/name', minLength: 2, description: x}}}
    Parts: {properties: {name: {type: string}}}
`), "Pet")
	if got := oas.Canonical(oas.At(pet, "properties", "name")); got != `{"allOf":[{"type":"string"}],"minLength":2}` {
		t.Errorf("the name is %s", got)
	}
}

// Keywords next to the reference to a base are handed down with the base.
func TestKeywordsNextToBaseAreKept(t *testing.T) {
	cat := oas.Get(cutSchemas(t, `
    Pet: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet', minProperties: 2}, {properties: {claws: {type: integer}}}]}
`), "Cat")
	if got := oas.Text(oas.Get(cat, "minProperties")); got != "2" || oas.At(cat, "properties", "kind") == nil {
		t.Errorf("Cat is %s", oas.Canonical(cat))
	}
}

// TestServersOfPathItem checks that an operation without servers gets those of its path
// item, and that one with servers keeps its own.
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
