package drift

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// fieldTests lists the fields of the objects of OpenAPI 3.0.3 and 3.1.0, in the order of the
// tables of fields in these specifications. Each line has a pointer to an object of
// testdata/fields.yaml, one of its fields, and another value for the field.
var fieldTests = []struct{ object, at, fields string }{
	{"OpenAPI", "", `
		openapi: 3.1.1
		info: {title: Other}
		jsonSchemaDialect: https://example.com/other
		servers: [{url: 'https://other.example.com/v2'}]
		paths: {}
		webhooks: {}
		components: {}
		security: []
		tags: []
		externalDocs: {url: 'https://example.com/other'}`},
	{"Info", "/info", `
		title: Other
		summary: Other
		description: Other
		termsOfService: https://example.com/other
		contact: {name: Other}
		license: {name: Other}
		version: '2'`},
	{"Contact", "/info/contact", `
		name: Other
		url: https://example.com/other
		email: other@example.com`},
	{"License", "/info/license", `
		name: Other
		url: https://example.com/other
		identifier: Other`},
	{"Server", "/servers/0", `
		url: https://other.example.com/v2
		description: Other
		variables: {region: {default: us}}`},
	{"Server Variable", "/servers/0/variables/region", `
		enum: [eu]
		default: us
		description: Other`},
	{"Components", "/components", `
		schemas: {Thing: {type: object}, Pets: {type: object}}
		parameters: {ID: {name: id, in: path, required: true, schema: {type: integer}}}
		examples: {One: {value: 2}}
		pathItems: {Others: {post: {responses: {'204': {description: None}}}}}
		securitySchemes: {}`},
	{"Paths", "/paths", `
		/things/{id}: {get: {responses: {'200': {description: x}}}}`},
	{"Path Item", "/paths/~1things~1{id}", `
		summary: Other
		description: Other
		get: {responses: {'200': {description: x}}}
		put: {responses: {'200': {description: x}}}
		post: {responses: {'200': {description: x}}}
		delete: {responses: {'200': {description: x}}}
		options: {responses: {'200': {description: x}}}
		head: {responses: {'204': {description: x}}}
		patch: {responses: {'200': {description: x}}}
		trace: {responses: {'200': {description: x}}}
		servers: [{url: 'https://other.example.com/v2'}]
		parameters: [{name: id, in: path, required: true, schema: {type: integer}}]`},
	{"Path Item", "/paths/~1others", `
		$ref: '#/paths/~1things~1{id}'`},
	{"Operation", "/paths/~1things~1{id}/put", `
		tags: [Other]
		summary: Other
		description: Other
		externalDocs: {url: 'https://example.com/other'}
		operationId: other
		parameters: []
		requestBody: {content: {application/json: {}}}
		responses: {'201': {description: x}}
		callbacks: {other: {'{$request.body#/url}': {post: {responses: {'200': {description: x}}}}}}
		deprecated: false
		security: [{Key: []}]
		servers: [{url: 'https://other.example.com/v2'}]`},
	{"External Documentation", "/paths/~1things~1{id}/put/externalDocs", `
		description: Other
		url: https://example.com/other`},
	{"Parameter", "/paths/~1things~1{id}/put/parameters/0", `
		name: other
		in: header
		description: Other
		required: false
		deprecated: false
		allowEmptyValue: false
		style: spaceDelimited
		explode: false
		allowReserved: false
		schema: {type: array, items: {type: integer}}
		example: [b]`},
	{"Parameter", "/paths/~1things~1{id}/put/parameters/1", `
		examples: {two: {value: 2}}
		content: {application/xml: {schema: {type: object}}}`},
	{"Request Body", "/paths/~1things~1{id}/put/requestBody", `
		description: Other
		content: {application/json: {schema: {type: object}}}
		required: false`},
	{"Media Type", "/paths/~1things~1{id}/put/requestBody/content/application~1json", `
		schema: {type: object}
		example: {a: 2}`},
	{"Media Type", "/paths/~1things~1{id}/put/requestBody/content/multipart~1form-data", `
		examples: {other: {value: 2}}
		encoding: {file: {contentType: text/plain}}`},
	{"Encoding", "/paths/~1things~1{id}/put/requestBody/content/multipart~1form-data/encoding/file", `
		contentType: text/plain
		headers: {X-Other: {schema: {type: string}}}
		style: spaceDelimited
		explode: false
		allowReserved: false`},
	{"Responses", "/paths/~1things~1{id}/put/responses", `
		default: {description: x, content: {application/json: {schema: {type: string}}}}
		'200': {description: x}`},
	{"Response", "/paths/~1things~1{id}/put/responses/200", `
		description: Other
		headers: {X-Other: {schema: {type: string}}}
		content: {application/json: {schema: {type: string}}}
		links: {other: {operationId: putThing}}`},
	{"Callback", "/paths/~1things~1{id}/put/callbacks/done", `
		'{$request.body#/url}': {get: {responses: {'200': {description: x}}}}`},
	{"Example", "/paths/~1things~1{id}/put/requestBody/content/multipart~1form-data/examples/one", `
		summary: Other
		description: Other
		value: {a: 2}`},
	{"Example", "/paths/~1things~1{id}/put/requestBody/content/multipart~1form-data/examples/two", `
		externalValue: https://example.com/other`},
	{"Link", "/paths/~1things~1{id}/put/responses/200/links/other", `
		operationRef: '#/paths/~1things~1{id}/put'`},
	{"Link", "/paths/~1things~1{id}/put/responses/200/links/next", `
		operationId: putThing
		parameters: {id: '$request.path.id'}
		requestBody: '$request.header.x'
		description: Other
		server: {url: 'https://other.example.com'}`},
	{"Header", "/paths/~1things~1{id}/put/responses/200/headers/X-Count", `
		description: Other
		required: false
		deprecated: false
		style: other
		explode: false
		schema: {type: object, properties: {a: {type: string}}}
		example: {a: 2}`},
	{"Header", "/paths/~1things~1{id}/put/responses/200/headers/X-JSON", `
		content: {application/json: {schema: {type: string}}}
		examples: {two: {value: 2}}`},
	{"Tag", "/tags/0", `
		name: Other
		description: Other
		externalDocs: {url: 'https://example.com/other'}`},
	{"Reference", "/components/schemas/Thing/properties/named", `
		$ref: '#/components/schemas/Pets'
		description: Other`},
	{"Schema", "/components/schemas/Thing", `
		title: Other
		description: Other
		type: [object, array]
		required: []
		minProperties: 2
		maxProperties: 40
		properties: {}`},
	{"Schema", "/components/schemas/Thing/properties/text", `
		minLength: 3
		maxLength: 8
		pattern: '^[A-Z]+'
		format: email
		default: abcd
		example: abcd
		examples: [abcd]
		deprecated: false
		externalDocs: {url: 'https://example.com/other'}
		xml: {name: other}`},
	{"Schema", "/components/schemas/Thing/properties/coded", `
		contentEncoding: base32
		contentMediaType: text/plain
		contentSchema: {type: array}`},
	{"Schema", "/components/schemas/Thing/properties/number", `
		minimum: 2
		maximum: 8
		multipleOf: 0.25`},
	{"Schema", "/components/schemas/Thing/properties/above", `
		exclusiveMinimum: 2
		exclusiveMaximum: 8`},
	{"Schema", "/components/schemas/Thing/properties/between", `
		exclusiveMinimum: false
		exclusiveMaximum: false`},
	{"Schema", "/components/schemas/Thing/properties/color", `
		enum: [red]
		nullable: false`},
	{"Schema", "/components/schemas/Thing/properties/fixed", `
		const: 8`},
	{"Schema", "/components/schemas/Thing/properties/id", `
		readOnly: false`},
	{"Schema", "/components/schemas/Thing/properties/secret", `
		writeOnly: false`},
	{"Schema", "/components/schemas/Thing/properties/list", `
		minItems: 2
		maxItems: 8
		uniqueItems: false
		items: {type: integer}
		contains: {type: integer}
		minContains: 1
		maxContains: 4`},
	{"Schema", "/components/schemas/Thing/properties/tuple", `
		prefixItems: [{type: integer}]
		unevaluatedItems: false`},
	{"Schema", "/components/schemas/Thing/properties/map", `
		additionalProperties: false
		patternProperties: {'^b': {type: string}}
		propertyNames: {minLength: 3}
		dependentRequired: {a: [c]}
		dependentSchemas: {a: {required: [d]}}`},
	{"Schema", "/components/schemas/Thing/properties/rest", `
		unevaluatedProperties: false`},
	{"Schema", "/components/schemas/Thing/properties/all", `
		allOf: [{type: string}, {minLength: 3}]`},
	{"Schema", "/components/schemas/Thing/properties/one", `
		oneOf: [{type: string}]`},
	{"Schema", "/components/schemas/Thing/properties/any", `
		anyOf: [{type: string}]`},
	{"Schema", "/components/schemas/Thing/properties/none", `
		not: {enum: [bad, worse]}`},
	{"Schema", "/components/schemas/Thing/properties/cond", `
		if: {required: [d]}
		then: {required: [d]}
		else: {required: [d]}`},
	{"Schema", "/components/schemas/Named", `
		$id: https://example.com/other
		$schema: https://example.com/other
		$anchor: other
		$dynamicAnchor: other
		$dynamicRef: '#other'
		$comment: Other
		$vocabulary: {}
		$defs: {Inner: {type: integer}}
		type: integer`},
	{"Discriminator", "/components/schemas/Pets/discriminator", `
		propertyName: lives
		mapping: {cat: '#/components/schemas/Dog', dog: '#/components/schemas/Cat'}`},
	{"XML", "/components/schemas/Thing/properties/text/xml", `
		name: other
		namespace: https://example.com/other
		prefix: other
		attribute: false
		wrapped: false`},
	{"Security Scheme", "/components/securitySchemes/Key", `
		type: openIdConnect
		description: Other
		name: X-Other
		in: query`},
	{"Security Scheme", "/components/securitySchemes/Basic", `
		scheme: basic
		bearerFormat: Other`},
	{"Security Scheme", "/components/securitySchemes/OAuth", `
		flows: {}`},
	{"Security Scheme", "/components/securitySchemes/OIDC", `
		openIdConnectUrl: https://example.com/other`},
	{"OAuth Flows", "/components/securitySchemes/OAuth/flows", `
		implicit: {authorizationUrl: 'https://example.com/other', scopes: {read: x}}
		password: {tokenUrl: 'https://example.com/other', scopes: {read: x}}
		clientCredentials: {tokenUrl: 'https://example.com/other', scopes: {read: x}}
		authorizationCode: {authorizationUrl: 'https://example.com/a', tokenUrl: 'https://example.com/other', scopes: {read: x}}`},
	{"OAuth Flow", "/components/securitySchemes/OAuth/flows/clientCredentials", `
		tokenUrl: https://example.com/other
		refreshUrl: https://example.com/other
		scopes: {}`},
	{"OAuth Flow", "/components/securitySchemes/OAuth/flows/implicit", `
		authorizationUrl: https://example.com/other`},
	{"Security Requirement", "/security/1", `
		OAuth: [read, write]`},
}

// silentFields are the fields of fieldTests whose changes have no effect, each with the
// reason. "Object.field default" is about a value that equals the default: the field can be
// added and removed without effect. "Object.field changed" is about any other value.
var silentFields = map[string]string{
	"OpenAPI.openapi changed": "the notation has one effective form",
	"Info.title":              "the field identifies the API",
	"Info.version":            "the field is the version of the document",
	"Operation.operationId":   "operations are matched by method and path",
	"Header.style default":    "simple is the only style of headers",
	"Schema.$comment":         "the field is for the authors of schemas",
	"Schema.$defs":            "a definition has an effect where a reference leads to it",
	"Schema.$anchor":          "an anchor has an effect where a reference leads to it",
}

// TestFields changes, removes and adds each field of fieldTests in a document of each OpenAPI
// version. Each edit must be an entry of the report or an error, except for silentFields.
func TestFields(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testdata/fields.yaml")
	if err != nil {
		t.Fatal(err)
	}
	older := bytes.Replace(source, []byte("openapi: 3.1.0"), []byte("openapi: 3.0.3"), 1)
	for i, test := range fieldTests {
		base := parseTree(t, source)
		if i%2 == 0 {
			base = parseTree(t, older)
		}
		for field, value := range oas.Pairs(parseTree(t, []byte(strings.ReplaceAll(test.fields, "\t", "")))) {
			if slowtest.Reduced() && len(field)%3 != 0 {
				continue
			}
			for edit, silent := range editField(t, base, test.at, field, value) {
				if expected := isSilent(test.object+"."+field, edit); silent != expected {
					t.Errorf("%s.%s %s: silent is %t, want %t", test.object, field, edit, silent, expected)
				}
			}
		}
	}
}

// editField edits a field of the object at a pointer in three ways, and reports for each
// whether the comparison finds no change.
func editField(t *testing.T, base *yaml.Node, at, field string, value *yaml.Node) map[string]bool {
	changed, removed := clone(base), clone(base)
	oas.Set(node(t, changed, at), field, value)
	oas.Remove(node(t, removed, at), field)
	whole, other, without := input(t, "whole.yaml", base), input(t, "changed.yaml", changed), input(t, "without.yaml", removed)
	silent := make(map[string]bool)
	for edit, pair := range map[string][2]Input{"changed": {whole, other}, "removed": {whole, without}, "added": {without, whole}} {
		r, err := Compare(t.Context(), Options{Baseline: &pair[0], Upstream: pair[1], Operations: []string{AllOperations}, AsOf: someDay})
		silent[edit] = err == nil && len(r.Changes) == 0
	}
	return silent
}

// isSilent reports whether an edit of a field is expected to have no effect.
func isSilent(field, edit string) bool {
	_, silent := silentFields[field]
	_, byDefault := silentFields[field+" default"]
	_, changed := silentFields[field+" changed"]
	return silent || byDefault && edit != "changed" || changed && edit == "changed"
}
