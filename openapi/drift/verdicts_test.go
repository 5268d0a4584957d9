package drift

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// things is an API with one operation, which the tables below change.
const things = `
openapi: 3.1.0
info: {title: Things, version: '1'}
servers: [{url: 'https://api.example.com/v2'}]
security: [{}]
paths:
  /things:
    post:
      operationId: createThing
      responses: {'200': {description: x, content: {application/json: {schema: {type: object}}}}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
    Digest: {type: http, scheme: digest}
`

// thing returns the API of things after edits. Each key is one of its operation and gets a
// new value; null removes the responses. The keys "webhooks" and "jsonSchemaDialect" are
// those of the document. The members of "paths" and "components" are added or replaced.
func thing(t *testing.T, keys string) *yaml.Node {
	t.Helper()
	root := parseTree(t, []byte(things))
	for key, value := range oas.Pairs(literal("{" + keys + "}")) {
		switch key {
		case "webhooks", "jsonSchemaDialect":
			oas.Set(root, key, value)
		case "paths":
			for path, item := range oas.Pairs(value) {
				oas.Set(oas.Get(root, key), path, item)
			}
		case "components":
			for section, members := range oas.Pairs(value) {
				oas.Set(oas.Get(root, key), section, members)
			}
		case "responses":
			oas.Remove(node(t, root, "/paths/~1things/post"), key)
			if value.Tag == "!!null" {
				continue
			}
			fallthrough
		default:
			oas.Set(node(t, root, "/paths/~1things/post"), key, value)
		}
	}
	return root
}

// sent and read put a schema into the request or the response.
func sent(schema string) string {
	return "requestBody: {content: {application/json: {schema: " + schema + "}}}"
}

func read(schema string) string {
	return "responses: {'200': {description: x, content: {application/json: {schema: " + schema + "}}}}"
}

// petForms returns an operation with a union of two forms. kind is the schema of their property
// kind, with %s for the name of the form; discriminator follows the list of forms.
func petForms(put func(schema string) string, kind, discriminator string) string {
	form := "%[1]s: {type: object, required: [kind], properties: {kind: " + strings.ReplaceAll(kind, "%s", "%[1]s") + ", %[2]s: {type: string}}}"
	return "components: {schemas: {" + fmt.Sprintf(form, "Cat", "lives") + ", " + fmt.Sprintf(form, "Dog", "size") + "}}, " +
		put("{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]"+discriminator+"}")
}

// The kinds and the discriminator of petForms.
const (
	anyKind = "{type: string}"
	ownKind = "{type: string, enum: [%s]}"
	byKind  = ", discriminator: {propertyName: kind}"
)

// sharedForms returns an operation whose request and response have the same component.
func sharedForms(schema string) string {
	const ref = "{$ref: '#/components/schemas/S'}"
	return "components: {schemas: {S: " + schema + "}}, " + sent(ref) + ", " + read(ref)
}

// header returns a response with a header.
func header(fields string) string {
	return "responses: {'200': {description: x, headers: {X-A: {" + fields + "}}}}"
}

// linked returns a response with a link.
func linked(fields string) string {
	return "summary: x, responses: {'200': {description: x, links: {next: {operationId: createThing, " + fields + "}}}}"
}

// variable returns a server with a variable.
func variable(fields string) string {
	return "summary: x, servers: [{url: 'https://{x}.example.com/v2', variables: {x: {default: a, " + fields + "}}}]"
}

// tokens returns an operation that needs a token of a flow with scopes.
func tokens(scopes string) string {
	return "security: [{T: [a]}], components: {securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}, T: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/t', scopes: " + scopes + "}}}}}"
}

func query(schema string) string { return "parameters: [{name: q, in: query, " + schema + "}]" }

// compareThings compares two versions of the API of one operation.
func compareThings(t *testing.T, old, latest string) *Report {
	t.Helper()
	before, after := thing(t, old), thing(t, latest)
	baseline := input(t, "baseline.yaml", before)
	r, err := Compare(t.Context(), Options{Baseline: &baseline, Upstream: input(t, "upstream.yaml", after), Operations: []string{AllOperations}, AsOf: someDay})
	if err != nil {
		t.Fatal(err)
	}
	checkPlaces(t, r, map[string]*yaml.Node{"baseline.yaml": before, "upstream.yaml": after}, false)
	return r
}

const (
	// otherGeneration is a path of another API generation than the other paths.
	otherGeneration = "paths: {/others: {servers: [{url: 'https://api.example.com/v3'}], get: {responses: {'204': {description: x}}}}}"

	childOf  = "components: {schemas: {Base: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}}, Child: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {size: {type: %s}}}]}}}, "
	required = "{type: object, properties: {a: {type: string}, b: {type: string}}, required: [%s]}"
)

// sentChild returns an operation whose request body is a base with a child; the child's
// property size has the type kind.
func sentChild(kind string) string {
	return fmt.Sprintf(childOf, kind) + sent("{$ref: '#/components/schemas/Base'}")
}

// sentAlternatives returns an operation whose request body is oneOf or anyOf two schemas.
func sentAlternatives(keyword string) string {
	return sent("{" + keyword + ": [" + fmt.Sprintf(required, "a") + ", " + fmt.Sprintf(required, "b") + "]}")
}

// verdictTests has pairs of documents for which a wrong verdict is likely.
var verdictTests = []struct {
	name, old, latest string
	verdict           Verdict
	rules             string
}{
	{"one of two security schemes is enough", "security: [{Key: [], Digest: []}]", "security: [{Key: []}]", Additive, "login-relaxed"},
	{"one security scheme is no longer enough", "security: [{Key: []}]", "security: [{Key: [], Digest: []}]", Breaking, "login-added login-removed"},
	{"any success becomes 200", "responses: {2XX: {description: x}}", "responses: {'200': {description: x}}", Additive, "status-added status-narrowed"},
	{"200 becomes any success", "responses: {'200': {description: x}}", "responses: {2XX: {description: x}}", Tolerate, "status-generalized"},
	{"case of a host, default port", "servers: [{url: 'https://api.example.com/v2'}]", "servers: [{url: 'HTTPS://API.Example.com:443/v2/'}]", InSync, ""},
	{"another port", "servers: [{url: 'https://api.example.com/v2'}]", "servers: [{url: 'https://api.example.com:8443/v2'}]", Breaking, "server-changed"},
	{"case of an API key's header", "security: [{Key: []}]", "security: [{Key: []}], components: {securitySchemes: {Key: {type: apiKey, in: header, name: x-key}}}", InSync, ""},
	{"case of an API key's query parameter", "security: [{Key: []}], components: {securitySchemes: {Key: {type: apiKey, in: query, name: X-Key}}}",
		"security: [{Key: []}], components: {securitySchemes: {Key: {type: apiKey, in: query, name: x-key}}}", Breaking, "login-changed"},
	{"a pattern becomes a pattern that every text matches", sent("{type: string, pattern: '^a'}"), sent("{type: string, pattern: '.*'}"), Additive, "request-pattern-removed"},
	{"explode has no effect on a scalar", query("schema: {type: string}"), query("explode: false, schema: {type: string}"), InSync, ""},
	{"a list has", query("schema: {type: array}"), query("explode: false, schema: {type: array}"), Breaking, "parameter-serialization-changed"},
	{"both alternatives are no longer accepted together", sent(fmt.Sprintf(required, "a, b")), sentAlternatives("oneOf"), Breaking, "request-branch-added request-exclusive-added request-property-optional"},
	{"anyOf becomes oneOf", sentAlternatives("anyOf"), sentAlternatives("oneOf"), Breaking, "request-exclusive-added"},
	{"oneOf becomes anyOf", sentAlternatives("oneOf"), sentAlternatives("anyOf"), Additive, "request-exclusive-removed"},
	{"a separate response for a status replaces default", "responses: {'200': {description: x}, default: {description: x, content: {application/json: {schema: {type: string}}}}}",
		"responses: {'200': {description: x}, '404': {description: x, content: {application/json: {schema: {type: integer}}}}, default: {description: x, content: {application/json: {schema: {type: string}}}}}",
		Breaking, "response-type-changed status-added"},
	{"the default of a required parameter", query("required: true, schema: {type: string, default: a}"), query("required: true, schema: {type: string, default: b}"), Docs, "request-default-without-effect"},
	{"the default of an optional parameter", query("schema: {type: string, default: a}"), query("schema: {type: string, default: b}"), Tolerate, "request-default-changed"},
	{"null is removed from a list of types, in a request", sent("{type: [string, 'null']}"), sent("{type: [string]}"), Breaking, "request-nullable-removed"},
	{"null is removed from a list of types, in a response", read("{type: [string, 'null']}"), read("{type: string}"), Additive, "response-nullable-removed"},
	{"the type and null are removed, in a request", sent("{type: [string, 'null']}"), sent("{}"), Additive, "request-type-widened"},
	{"the type and null are removed, in a response", read("{type: [string, 'null']}"), read("{}"), Breaking, "response-type-widened"},
	{"the type and null are removed next to a length, in a request", sent("{type: [string, 'null'], minLength: 1}"), sent("{minLength: 1}"), Additive, "request-type-widened"},
	{"the type and null are removed next to a length, in a response", read("{type: [string, 'null'], minLength: 1}"), read("{minLength: 1}"), Breaking, "response-type-widened"},
	{"the type and null are added, in a request", sent("{minLength: 1}"), sent("{type: [string, 'null'], minLength: 1}"), Breaking, "request-type-narrowed"},
	{"null is removed from one member of allOf, in a request", sent("{allOf: [{type: [string, 'null']}, {type: [string, 'null'], minLength: 1}]}"), sent("{allOf: [{type: [string, 'null']}, {type: string, minLength: 1}]}"), Breaking, "request-nullable-removed"},
	{"null is removed from the second of two members", read("{allOf: [{type: [string, 'null']}, {type: string}]}"), read("{allOf: [{type: string}, {type: string}]}"), InSync, ""},
	{"null is removed from the values, in a request", sent("{type: [string, 'null'], enum: [a, null]}"), sent("{type: [string, 'null'], enum: [a]}"), Breaking, "request-nullable-removed"},
	{"null is removed from the forms, in a request", sent("{anyOf: [{type: string, minLength: 2}, {type: integer}, {type: 'null'}]}"), sent("{anyOf: [{type: string, minLength: 2}, {type: integer}]}"), Breaking, "request-nullable-removed"},
	{"null is removed from the type next to forms, in a request", sent("{type: [object, 'null'], anyOf: [{required: [a]}, {required: [b]}]}"), sent("{type: object, anyOf: [{required: [a]}, {required: [b]}]}"), Breaking, "request-nullable-removed"},
	{"forms without null are added next to a type with null", sent("{type: [boolean, 'null']}"), sent("{type: [boolean, 'null'], anyOf: [{type: boolean}, {type: integer}]}"), Breaking, "request-branch-added request-nullable-removed"},
	{"the same forms are required twice", sent("{oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]}"),
		sent("{allOf: [{oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]}, {oneOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]}]}"), InSync, ""},
	{"the same values are excluded twice", sent("{not: {enum: [a]}}"), sent("{allOf: [{not: {enum: [a]}}, {not: {enum: [a]}}]}"), InSync, ""},
	{"types that exclude each other are added", sent("{type: object, properties: {a: {allOf: [{type: string}, {minLength: 2}]}}}"), sent("{type: object, properties: {a: {allOf: [{type: string}, {type: integer}]}}}"), Breaking, "request-type-changed"},
	{"a type that contradicts another is added", sent("{allOf: [{minLength: 2}, {type: integer}]}"), sent("{allOf: [{minLength: 2, type: string}, {type: integer}]}"), Breaking, "request-assertion-added"},
	{"forms of another type are added", sent("{type: string, minLength: 2}"), sent("{type: string, minLength: 2, anyOf: [{type: boolean}, {type: integer}]}"), Breaking, "request-branch-added request-branch-added request-branch-removed"},
	{"no value is valid now", sent("{type: string}"), sent("{type: string, not: {}}"), Breaking, "request-type-narrowed"},
	{"no value is valid now, because of not: true", sent("{type: string}"), sent("{type: string, not: true}"), Breaking, "request-type-narrowed"},
	{"other values are excluded, in a request", sent("{not: {type: string}}"), sent("{not: {type: integer}}"), Breaking, "request-assertion-changed"},
	{"other values are excluded, in a response", read("{not: {type: string}}"), read("{not: {type: integer}}"), Tolerate, "response-assertion-changed"},
	{"more values are excluded", sent("{not: {enum: [a]}}"), sent("{not: {enum: [a, b]}}"), Breaking, "request-bound-tightened"},
	{"fewer values are excluded", sent("{not: {type: object, properties: {a: {type: string}}}}"), sent("{not: {type: object, properties: {a: {type: string}, b: {type: string}}}}"), Additive, "request-bound-loosened"},
	{"a type becomes one value of another type", sent("{type: [integer, string]}"), sent("{const: true}"), Breaking, "request-type-changed"},
	{"a type becomes one of its values", sent("{type: string}"), sent("{const: a}"), Breaking, "request-enum-added"},
	{"a keyword for other types is added", sent("{type: integer}"), sent("{type: integer, minLength: 3, minProperties: 1, uniqueItems: true, propertyNames: {maxLength: 1}}"), InSync, ""},
	{"a form that is any value is added to exclusive forms", sent("{oneOf: [{type: string}, {type: integer}]}"), sent("{oneOf: [{type: string}, {type: integer}, {}]}"), Breaking, "request-branch-added request-exclusive-added"},
	{"a child that is reachable only by the name of its base", sentChild("string"), sentChild("integer"), Breaking, "request-type-changed"},
	{"no value is accepted now", sent("{type: string}"), sent("false"), Breaking, "request-type-narrowed"},
	{"a closed list of items", sent("{type: array, prefixItems: [{type: string}]}"), sent("{type: array, prefixItems: [{type: string}], items: false}"), Breaking, "request-type-narrowed"},
	{"one value becomes a list of texts", query("schema: {type: [string, integer]}"), query("schema: {type: [array, 'null'], items: {type: string}, minItems: 1}"), Additive, "request-type-widened"},
	{"one value becomes a list of values of another type", query("schema: {type: string}"), query("schema: {type: array, items: {type: integer}}"), Breaking, "request-type-changed"},
	{"one value becomes a list of two values", query("schema: {type: string}"), query("schema: {type: array, items: {type: string}, minItems: 2}"), Breaking, "request-type-changed"},
	{"one value becomes a list with commas", query("schema: {type: string}"), query("explode: false, schema: {type: array, items: {type: string}}"), Breaking, "request-type-changed"},
	{"no value is left unevaluated", sent("{type: object, additionalProperties: true}"), sent("{type: object, additionalProperties: true, unevaluatedProperties: false}"), InSync, ""},
	{"some values are left unevaluated", sent("{type: object}"), sent("{type: object, unevaluatedProperties: false}"), Breaking, "request-assertion-added"},
	{"no responses, which OpenAPI 3.1 allows", "responses: null", "responses: {'200': {description: x}}", Additive, "status-added"},
	{"a form similar to an old form is added, and the old form changes", "components: {schemas: {Dog: {type: object, properties: {name: {type: string}, age: {type: integer}}}, Bird: {type: object, properties: {wings: {type: integer}}}}}, " +
		read("{oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Bird'}]}"),
		"components: {schemas: {Cat: {type: object, properties: {name: {type: string}, age: {type: number}}}, Dog: {type: object, properties: {name: {type: string}, age: {type: integer}, size: {type: string}}}, Bird: {type: object, properties: {wings: {type: integer}}}}}, " +
			read("{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Bird'}]}"),
		Tolerate, "response-branch-added response-property-added"},
	{"a link moves to the components", "responses: {'200': {description: x, links: {next: {operationId: createThing}}}}",
		"responses: {'200': {description: x, links: {next: {$ref: '#/components/links/N'}}}}, components: {links: {N: {operationId: createThing}}}", InSync, ""},
	{"a schema of a callback moves to the components", "callbacks: {done: {'{$url}': {post: {requestBody: {content: {application/json: {schema: {type: array, items: {type: string}}}}}, responses: {'200': {description: x}}}}}}",
		"components: {schemas: {L: {type: array, items: {$ref: '#/components/schemas/T'}}, T: {type: string}}}, callbacks: {done: {'{$url}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}, responses: {'200': {description: x}}}}}}", InSync, ""},
	{"a schema behind a callback that contains itself", "components: {schemas: {L: {properties: {next: {$ref: '#/components/schemas/L'}, v: {type: string}}}}}, callbacks: {done: {'{$url}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}, responses: {'200': {description: x}}}}}}",
		"components: {schemas: {L: {properties: {next: {$ref: '#/components/schemas/L'}, v: {type: integer}}}}}, callbacks: {done: {'{$url}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/L'}}}}, responses: {'200': {description: x}}}}}}", Tolerate, "not-judged"},
	{"a keyword that is not known", read("{type: string, frobnicate: 1}"), read("{type: string, frobnicate: 2}"), Tolerate, "not-judged"},
	{"callbacks", "", "callbacks: {done: {'{$url}': {post: {responses: {'200': {description: x}}}}}}", Tolerate, "not-judged"},
	{"an encoding", sent("{type: object}"), strings.Replace(sent("{type: object}"), "{schema:", "{encoding: {a: {contentType: text/plain}}, schema:", 1), Tolerate, "not-judged"},
	{"server variables", "servers: [{url: 'https://{x}.example.com/v2', variables: {x: {default: a}}}]", "servers: [{url: 'https://{x}.example.com/v2', variables: {x: {default: b}}}]", Tolerate, "not-judged"},
	{"links", "", "responses: {'200': {description: x, links: {next: {operationId: createThing}}, content: {application/json: {schema: {type: object}}}}}", Tolerate, "not-judged"},
	{"a webhook is added", "", "webhooks: {done: {post: {responses: {'200': {description: x}}}}}", Tolerate, "not-judged"},
	{"a condition", sent("{type: object, if: {required: [a]}, then: {required: [b]}}"), sent("{type: object, if: {required: [b]}, then: {required: [a]}}"), Tolerate, "not-judged"},
	{"a keyword that is not known is added", sent("{}"), sent("{frobnicate: 1}"), Tolerate, "not-judged"},
	{"the dialect of the schemas", "", "jsonSchemaDialect: 'https://example.com/dialect'", Tolerate, "not-judged"},
	{"the default dialect of the schemas", "", "jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base'", InSync, ""},
	{"the XML notation", strings.Replace(sent("{type: string, xml: {name: a}}"), "/json", "/xml", 1), strings.Replace(sent("{type: string, xml: {name: b}}"), "/json", "/xml", 1), Tolerate, "not-judged"},
	{"the XML notation of a value that is not XML", sent("{type: string, xml: {name: a}}"), sent("{type: string, xml: {name: b}}"), InSync, ""},
	{"the scopes that tokens can have", tokens("{a: x, b: x}"), tokens("{a: x}"), Tolerate, "not-judged"},
	{"an object in a header", header("explode: false, schema: {type: object}"), header("explode: true, schema: {type: object}"), Breaking, "header-serialization-changed"},
	{"explode has no effect on a list in a header", header("explode: false, schema: {type: array}"), header("explode: true, schema: {type: array}"), InSync, ""},
	{"a header becomes JSON", header("schema: {type: string}"), header("content: {application/json: {schema: {type: string}}}"), Breaking, "header-serialization-changed"},
	{"the description of a link", linked("description: a"), linked("description: b"), Docs, "prose-changed"},
	{"the description of a server variable", variable("description: a"), variable("description: b"), Docs, "prose-changed"},
	{"another prefix behind a host with a variable", "servers: [{url: 'https://{x}.example.com/a', variables: {x: {default: a}}}]", "servers: [{url: 'https://{x}.example.com/b', variables: {x: {default: a}}}]", Breaking, "operation-added operation-removed"},
	{"lengths of exclusive forms begin to overlap", sent("{oneOf: [{type: string, maxLength: 5}, {type: string, minLength: 6}]}"), sent("{oneOf: [{type: string, maxLength: 6}, {type: string, minLength: 6}]}"), Breaking, "request-bound-loosened request-exclusive-added"},
	{"bounds of exclusive forms begin to overlap", sent("{oneOf: [{type: number, maximum: 5, exclusiveMaximum: 5}, {type: number, minimum: 5}]}"), sent("{oneOf: [{type: number, maximum: 5}, {type: number, minimum: 5}]}"), Breaking, "request-bound-loosened request-exclusive-added"},
	{"bounds of exclusive forms no longer overlap", read("{oneOf: [{type: integer, maximum: 5}, {type: integer, minimum: 5}]}"), read("{oneOf: [{type: integer, maximum: 4}, {type: integer, minimum: 5}]}"), Tolerate, "response-bound-tightened response-exclusive-removed"},
	{"a form with a value of another form is added", sent("{oneOf: [{type: integer, enum: [1, 2]}, {type: string}]}"), sent("{oneOf: [{type: integer, enum: [1, 2]}, {type: string}, {type: integer, minimum: 2}]}"), Breaking, "request-branch-added request-exclusive-added"},
	{"null replaces other excluded values", read("{not: {type: string, enum: [a]}}"), read("{not: {const: null}}"), Tolerate, "response-assertion-changed"},
	{"a form of another type is added, in a response", read("{oneOf: [{type: string}, {type: boolean}]}"), read("{oneOf: [{type: string}, {type: boolean}, {type: integer}]}"), Breaking, "response-branch-of-another-type"},
	{"a form of another type is added next to one type, in a response", read("{type: string}"), read("{anyOf: [{type: string}, {type: integer}]}"), Breaking, "response-branch-of-another-type"},
	{"a form of another type is added, in a request", sent("{type: string}"), sent("{anyOf: [{type: string}, {type: integer}]}"), Additive, "request-branch-added"},
	{"a form of the same type is added, in a response", read("{oneOf: [{type: string, enum: [a]}, {type: integer}]}"), read("{oneOf: [{type: string, enum: [a]}, {type: integer}, {type: string, enum: [b]}]}"), Tolerate, "response-branch-added"},
	{"a form of another type is added, in both", sharedForms("{type: string}"), sharedForms("{oneOf: [{type: string}, {type: integer}]}"), Breaking, "response-branch-of-another-type"},
	{"a discriminator is added, in a request", petForms(sent, anyKind, ""), petForms(sent, anyKind, byKind), Breaking, "request-discriminator-added"},
	{"a discriminator is added, in a response", petForms(read, anyKind, ""), petForms(read, anyKind, byKind), Additive, "response-discriminator-added"},
	{"a discriminator that all forms have is added, in a request", petForms(sent, ownKind, ""), petForms(sent, ownKind, byKind), Docs, "request-discriminator-declared"},
	{"a discriminator that all forms have is added, in a response", petForms(read, ownKind, ""), petForms(read, ownKind, byKind), Docs, "response-discriminator-declared"},
	{"a discriminator is removed, in a request", petForms(sent, ownKind, byKind), petForms(sent, ownKind, ""), Additive, "request-discriminator-removed"},
	{"the type next to values is removed", sent("{type: string, enum: [a]}"), sent("{enum: [a]}"), Additive, "request-type-widened"},
	{"the type and a value are removed", sent("{type: string, enum: [a, b]}"), sent("{enum: [a, 1]}"), Breaking, "request-enum-value-added request-enum-value-removed request-type-widened"},
	{"null is added next to a choice, in a request", sent("{oneOf: [{type: boolean}, {type: integer}]}"), sent("{anyOf: [{oneOf: [{type: boolean}, {type: integer}]}, {type: 'null'}]}"), Additive, "request-nullable-added"},
	{"a scheme is removed with its description and scopes", "summary: x, " + strings.Replace(tokens("{a: x}"), "[{T: [a]}]", "[{T: [a]}, {Key: []}]", 1), "summary: x, " + strings.Replace(tokens("{a: x}"), "[{T: [a]}]", "[{Key: []}]", 1), Breaking, "login-removed"},
	{"a server is removed with its description", "summary: x, servers: [{url: 'https://api.example.com/v2'}, {url: 'https://other.example.com/v2', description: Other}]", "summary: x, servers: [{url: 'https://api.example.com/v2'}]", Breaking, "server-removed"},
	{"an operation of another generation is removed", otherGeneration, "", Breaking, "operation-removed"},
	{"an operation of another generation is added", "", otherGeneration, Additive, "operation-added"},
	{"a sunset without a response body", "responses: {'204': {description: x}}", "responses: {'204': {description: x}}, x-sunset: '2030-01-01'", Planning, "sunset-added"},
	{"another sunset without a response body", "responses: {'204': {description: x}}, x-sunset: '2029-01-01'", "responses: {'204': {description: x}}, x-sunset: '2030-01-01'", Planning, "sunset-moved"},
	{"no sunset any more, without a response body", "responses: {'204': {description: x}}, x-sunset: '2029-01-01'", "responses: {'204': {description: x}}", Planning, "sunset-withdrawn"},
}

// TestVerdicts checks the verdicts of verdictTests.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, test := range verdictTests {
		r := compareThings(t, test.old, test.latest)
		rules := rulesOf(r)
		slices.Sort(rules)
		if r.Verdict != test.verdict || strings.Join(rules, " ") != test.rules {
			t.Errorf("%s: %s, want %s by %s\n%s", test.name, r.Verdict, test.verdict, test.rules, formatChanges(r))
		}
	}
}

// TestMessages checks messages that could name the wrong change.
func TestMessages(t *testing.T) {
	t.Parallel()
	const headers = "responses: {'200': {description: x, headers: {%s}}}"
	for _, test := range []struct{ name, old, latest, message string }{
		{"a field that is now read-only was not removed", sent("{type: object, properties: {a: {type: string}}}"), sent("{type: object, properties: {a: {type: string, readOnly: true}}}"),
			"a in the request: the field is now read-only"},
		{"a field that is now write-only was not removed", read("{type: object, properties: {a: {type: string}}}"), read("{type: object, properties: {a: {type: string, writeOnly: true}}}"),
			"a in the response: the field is now write-only"},
		{"a sunset that has passed", "", "x-sunset: '2026-08-31'", "createThing: resource version v1.0 now has a sunset date: 2026-08-31 (it was switched off 1 day ago)"},
		{"headers are named as written", fmt.Sprintf(headers, "X-Rate-Limit: {schema: {type: string}}"), fmt.Sprintf(headers, ""), "the header X-Rate-Limit: the header was removed"},
	} {
		r := compareThings(t, test.old, test.latest)
		if len(r.Changes) != 1 || r.Changes[0].Message != test.message {
			t.Errorf("%s: want %q\n%s", test.name, test.message, formatChanges(r))
		}
	}
}
