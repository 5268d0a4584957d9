package oas_test

import (
	"fmt"
	"log"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const pets = `
openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: OK
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
components:
  schemas:
    Pet:
      type: object
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {claws: {type: integer}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {tail: {type: boolean}}}]}
`

func ExampleDocument_Operations() {
	doc, err := oas.ParseBytes("pets.yaml", []byte(pets))
	if err != nil {
		log.Fatal(err)
	}
	operations, err := doc.Operations()
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range operations {
		fmt.Println(o.ID, o.Key(), o.Pointer())
	}
	// Output: getPet GET /pets/{} /paths/~1pets~1{id}/get
}

// A base with a discriminator is parsed as a union of the schemas that inherit from it.
func ExampleReader_Operation() {
	doc, err := oas.ParseBytes("pets.yaml", []byte(pets))
	if err != nil {
		log.Fatal(err)
	}
	operations, err := doc.Operations()
	if err != nil {
		log.Fatal(err)
	}
	op, err := doc.Reader().Operation(operations[0], oas.Unversioned)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(op.Parameters["path {1}"].Schema.Types)
	union := op.Responses["200"].Media["application/json"].Schema.Union
	for _, branch := range union.Branches {
		fmt.Println(union.Property, branch.Value, len(branch.Schema.Properties))
	}
	// Output:
	// [integer]
	// kind cat 2
	// kind dog 2
}

func ExampleDocument_Follow() {
	doc, err := oas.ParseBytes("pets.yaml", []byte(pets))
	if err != nil {
		log.Fatal(err)
	}
	const pointer = "/paths/~1pets~1{id}/get/responses/200/content/application~1json/schema"
	schema, at, err := doc.Follow(doc.Resolve(pointer), pointer)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(at, oas.Text(oas.Get(schema, "type")))
	// Output: /components/schemas/Pet object
}
