package oas

import (
	"maps"
	"slices"
	"testing"
)

// fuzzDocument is a document with one operation, whose request body has the schema S of
// the component schemas.
func fuzzDocument(version, schemas string) []byte {
	return []byte("openapi: " + version + `
info: {title: t, version: "1"}
servers: [{url: 'https://example.com/{stage}', variables: {stage: {default: v1}}}]
paths:
  /a/{id}:
    post:
      operationId: doA
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}
      responses: {'200': {description: OK, content: {application/vnd.atlas.2024-05-30+json: {schema: {$ref: '#/components/schemas/S'}}}}}
components: {schemas: {` + schemas + "}}\n")
}

// fuzzSeeds are documents with each kind of reference, cycle, union and notation.
var fuzzSeeds = [][]byte{
	[]byte(`{"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": {"200": {"description": "OK"}}}}}}`),
	fuzzDocument("3.0.3", "S: {type: object, required: [a], properties: {a: {type: string, nullable: true, maxLength: 3}}}"),
	// References: to a component, into one, percent-encoded, to an anchor, dangling,
	// external, and to itself.
	fuzzDocument("3.0.3", "S: {$ref: '#/components/schemas/T'}, T: {$ref: '#/components/schemas/U/properties/x'}, U: {properties: {x: {type: integer, minimum: 1, exclusiveMinimum: true}}}"),
	fuzzDocument("3.1.0", "S: {$ref: '#once', minLength: 2}, T: {$anchor: once, type: string}"),
	fuzzDocument("3.0.3", "S: {items: {$ref: '#/components/schemas/a%20b'}}, 'a b': {type: string}"),
	fuzzDocument("3.0.3", "S: {properties: {a: {$ref: '#/components/schemas/T'}, b: {$ref: 'other.yaml#/T'}}}"),
	fuzzDocument("3.0.3", "S: {$ref: '#/components/schemas/S'}"),
	// Cycles: of properties, of items, and of allOf.
	fuzzDocument("3.0.3", "S: {properties: {next: {$ref: '#/components/schemas/S'}, all: {items: {$ref: '#/components/schemas/T'}}}}, T: {additionalProperties: {$ref: '#/components/schemas/S'}}"),
	fuzzDocument("3.0.3", "S: {allOf: [{$ref: '#/components/schemas/T'}]}, T: {allOf: [{$ref: '#/components/schemas/S'}]}"),
	// Notation of OpenAPI 3.1, and schemas that are booleans.
	fuzzDocument("3.1.0", "S: {type: [object, 'null'], properties: {a: {const: 1}, b: true, c: false}, patternProperties: {'^x-': {exclusiveMinimum: 1e2}}, prefixItems: [true], if: {required: [a]}, then: {required: [b]}, dependentRequired: {a: [b]}, unevaluatedProperties: false}"),
	fuzzDocument("3.1.0", "S: {allOf: [true, false, {not: {type: string}}]}"),
	// Unions: oneOf, anyOf, a mapping, an inherited base, and unions in unions.
	fuzzDocument("3.0.3", "S: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {a: A, b: '#/components/schemas/B'}}}, A: {properties: {k: {enum: [a, b]}}}, B: {properties: {k: {type: string}}}"),
	fuzzDocument("3.0.3", "S: {discriminator: {propertyName: k}, properties: {k: {type: string}}}, A: {allOf: [{$ref: '#/components/schemas/S'}, {properties: {x: {type: string}}}]}"),
	fuzzDocument("3.1.0", "S: {anyOf: [{type: 'null'}, {oneOf: [{enum: [a]}, {enum: [b]}]}], allOf: [{oneOf: [{minLength: 1}, {pattern: '^[a-f]{3}$'}]}]}"),
	[]byte("openapi: 3.1.0\nwebhooks: {a: {post: {requestBody: {$ref: '#/components/requestBodies/b'}, responses: {}}}}\ncomponents: {requestBodies: {b: &b {content: {}}, c: *b}}\n"),
}

// FuzzOperations checks that no document makes the reader panic, and that operations are
// the same after the document is encoded and parsed again.
func FuzzOperations(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := ParseBytes("input", data)
		if err != nil {
			return
		}
		_ = doc.Complete() // most documents are invalid
		_, _ = doc.DiscriminatorMap()
		doc.Webhooks(true)
		doc.Parts(true)
		doc.closure(doc.Root(), isProse)
		text, err := Encode(doc.Root())
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseBytes("encoded", text)
		if err != nil {
			t.Fatalf("the encoded document can't be read: %v\n%s", err, text)
		}
		if at, differ := Difference(doc.Root(), again.Root()); differ {
			t.Fatalf("the encoded document differs at %q:\n%s", at, text)
		}
		var same Sameness
		first, firstSchemas := requirements(doc)
		second, secondSchemas := requirements(again)
		if !slices.Equal(first, second) || !slices.EqualFunc(firstSchemas, secondSchemas, same.Of) {
			t.Errorf("the encoded document reads as\n%q, want\n%q", second, first)
		}
	})
}

// requirements describes the requirements of each operation in each of its versions, and returns
// the schemas. An operation that cannot be read has no requirements.
func requirements(doc *Document) (out []string, schemas []*Schema) {
	ops, err := doc.Operations()
	if err != nil {
		return nil, nil
	}
	for _, o := range ops {
		for _, version := range append([]string{Unversioned}, o.Versions...) {
			op, err := doc.Reader().Operation(o, version)
			if err != nil {
				out = append(out, o.Key()+" can't be read")
				continue
			}
			named, of := requirementsOf(op)
			out, schemas = append(out, named...), append(schemas, of...)
		}
	}
	return out, schemas
}

func requirementsOf(op *Effective) (out []string, schemas []*Schema) {
	add := func(name string, s *Schema) {
		out = append(out, op.Key()+" "+op.Version+" "+name)
		schemas = append(schemas, s)
	}
	for _, name := range slices.Sorted(maps.Keys(op.Parameters)) {
		add(name, op.Parameters[name].Schema)
	}
	bodies := map[string]*Body{}
	if op.Body != nil {
		bodies["request"] = op.Body
	}
	for status, response := range op.Responses {
		bodies[status] = &response.Body
	}
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		for _, mediaType := range slices.Sorted(maps.Keys(bodies[name].Media)) {
			add(name+" "+mediaType, bodies[name].Media[mediaType].Schema)
		}
	}
	for _, requirement := range slices.Sorted(maps.Keys(op.Security)) {
		out = append(out, "security "+requirement)
	}
	return append(out, slices.Sorted(maps.Keys(op.Servers))...), schemas
}
