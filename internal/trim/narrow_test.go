package trim_test

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

// pets is a document with one operation, whose response is a union of Cat and Dog.
const pets = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pet:
    get:
      operationId: getPet
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
components:
  schemas:
%s`

// mappedPet is a union whose discriminator maps three values.
const mappedPet = "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]," +
	" discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', lion: Cat, dog: '#/components/schemas/Dog'}}}\n"

// implicitPet is the union without the mapping.
var implicitPet = strings.NewReplacer(", mapping: {cat: '#/components/schemas/Cat', lion: Cat, dog: '#/components/schemas/Dog'}", "").Replace(mappedPet)

// narrowedPets contains schemas, and the discriminator property that each branch must have
// after Cut.
var narrowedPets = []struct {
	what, schemas string
	cat, dog      string // at /properties/kind, as YAML in flow style
}{
	{
		"a wide enum", mappedPet + "Cat: {properties: {kind: {type: string, enum: [cat, dog, lion]}}}\nDog: {properties: {kind: {type: string, enum: [cat, dog, lion]}}}",
		"{type: string, enum: [cat, lion]}", "{type: string, enum: [dog]}",
	},
	{
		"no enum", mappedPet + "Cat: {properties: {kind: {type: string}}}\nDog: {properties: {kind: {type: string, enum: [dog]}}}",
		"{type: string, enum: [cat, lion]}", "{type: string, enum: [dog]}",
	},
	{
		"a value that selects no branch", mappedPet + "Cat: {properties: {kind: {type: string, enum: [cat, fish]}}}\nDog: {properties: {kind: {type: string, enum: [dog]}}}",
		"{type: string, enum: [cat], x-unmapped-values: [fish]}", "{type: string, enum: [dog]}",
	},
	{
		"an enum with only the values of another branch", mappedPet + "Cat: {properties: {kind: {type: string, enum: [dog]}}}\nDog: {properties: {kind: {type: string, enum: [dog]}}}",
		"{type: string, enum: [cat, lion]}", "{type: string, enum: [dog]}",
	},
	{
		"an enum by reference", mappedPet + "Cat: {properties: {kind: {$ref: '#/components/schemas/Kind'}}}\nDog: {properties: {kind: {$ref: '#/components/schemas/Kind'}}}\nKind: {type: string, enum: [dog, cat]}",
		"{type: string, enum: [cat]}", "{type: string, enum: [dog]}",
	},
	{
		"a property that the mapping's base declares", strings.Replace(mappedPet, "Pet: {", "Pet: {properties: {kind: {type: string, enum: [cat, dog]}}, ", 1) +
			"Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}\nDog: {allOf: [{$ref: '#/components/schemas/Pet'}]}",
		"{type: string, enum: [cat]}", "{type: string, enum: [dog]}",
	},
	{
		"names of schemas", implicitPet + "Cat: {properties: {kind: {type: string, enum: [Cat, Dog]}}}\nDog: {properties: {kind: {type: string}}}",
		"{type: string, enum: [Cat]}", "{type: string, enum: [Dog]}",
	},
	{
		"an enum without the names of the schemas", implicitPet + "Cat: {properties: {kind: {type: string, enum: [cat]}}}\nDog: {properties: {kind: {type: string, enum: [dog]}}}",
		"{type: string, enum: [cat]}", "{type: string, enum: [dog]}",
	},
	{
		"a property of another type", mappedPet + "Cat: {properties: {kind: {type: integer}}}\nDog: {properties: {kind: {const: dog}}}",
		"{type: integer}", "{const: dog}",
	},
	{
		"an enum in an allOf with one member", mappedPet + "Cat: {properties: {kind: {allOf: [{type: string, enum: [cat, dog]}]}}}\nDog: {properties: {kind: {type: string, enum: [dog]}}}",
		"{allOf: [{type: string, enum: [cat]}]}", "{type: string, enum: [dog]}",
	},
	{
		"two unions", mappedPet + "Cat: {properties: {kind: {type: string}}}\nDog: {properties: {kind: {type: string}, friend: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {tom: Cat}}}}}",
		"{type: string, enum: [cat, lion, tom]}", "{type: string, enum: [dog]}",
	},
}

// TestNarrowedDiscriminators checks which values the discriminator property of each branch
// allows after Cut.
func TestNarrowedDiscriminators(t *testing.T) {
	for _, tc := range narrowedPets {
		t.Run(tc.what, func(t *testing.T) {
			schemas := "    " + strings.ReplaceAll(strings.TrimSpace(tc.schemas), "\n", "\n    ") + "\n"
			narrowed := cutPets(t, fmt.Sprintf(pets, schemas))
			for name, want := range map[string]string{"Cat": tc.cat, "Dog": tc.dog} {
				if got := narrowed.Components.Schemas[name].Properties["kind"]; flow(t, got) != flow(t, parse(t, want)) {
					t.Errorf("%s: %s, want %s", name, flow(t, got), want)
				}
			}
			again, err := yaml.Marshal(narrowed)
			if err != nil {
				t.Fatal(err)
			}
			if twice := cutPets(t, string(again)); flow(t, twice) != flow(t, narrowed) {
				t.Errorf("a second cut returns\n%s for\n%s", flow(t, twice), flow(t, narrowed))
			}
		})
	}
}

// TestNarrowedInheritedProperty checks that a branch that inherits its discriminator
// property gets a narrower property of its own, and that the shared schema is not changed.
func TestNarrowedInheritedProperty(t *testing.T) {
	const schemas = `    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {claws: {type: integer}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Animal'}]}
    Animal: {allOf: [{$ref: '#/components/schemas/Being'}]}
    Being: {type: object, properties: {kind: {type: string}}}
`
	narrowed := cutPets(t, fmt.Sprintf(pets, schemas)).Components.Schemas
	want := "{type: object, properties: {kind: {type: string, enum: [Cat]}}}"
	if got := narrowed["Cat"].AllOf[2]; flow(t, got) != flow(t, parse(t, want)) {
		t.Errorf("Cat has %s, want %s", flow(t, got), want)
	}
	if got := flow(t, narrowed["Being"].Properties["kind"]); got != flow(t, parse(t, "{type: string}")) {
		t.Errorf("Being has %s", got)
	}
}

// petDocument is the part of a document that these tests read.
type petDocument struct {
	OpenAPI    string         `yaml:"openapi"`
	Info       map[string]any `yaml:"info"`
	Paths      map[string]any `yaml:"paths"`
	Components struct {
		Schemas map[string]petSchema `yaml:"schemas"`
	} `yaml:"components"`
}

type petSchema struct {
	Properties map[string]map[string]any `yaml:"properties,omitempty"`
	AllOf      []map[string]any          `yaml:"allOf,omitempty"`
	Rest       map[string]any            `yaml:",inline"`
}

func cutPets(t *testing.T, source string) petDocument {
	t.Helper()
	doc, err := oas.ParseBytes("pets.yaml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var out petDocument
	if err := yaml.Unmarshal(cut(t, doc, trim.Selection{Operations: []string{"getPet"}}), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func parse(t *testing.T, source string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := yaml.Unmarshal([]byte(source), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// flow writes a value as YAML, for comparison.
func flow(t *testing.T, v any) string {
	t.Helper()
	data, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
