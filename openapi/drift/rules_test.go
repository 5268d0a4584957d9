package drift

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// schemaCase contains two pairs of schemas for a rule: one to which the rule applies, and a
// similar one to which it does not.
type schemaCase struct {
	before, after     string
	notBefore, notNow string
}

// schemaCases contains a case for every rule about schemas, by the rule's name without the
// direction.
var schemaCases = map[string]schemaCase{
	"type-changed":                 {"{type: string}", "{type: boolean}", "{type: integer}", "{type: number}"},
	"type-widened":                 {"{type: integer}", "{type: number}", "{type: number}", "{type: integer}"},
	"type-narrowed":                {"{type: number}", "{type: integer}", "{type: string}", "{allOf: [{type: string}]}"},
	"format-added":                 {"{type: string}", "{type: string, format: date}", "{type: string, pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'}", "{type: string, format: uuid}"},
	"format-removed":               {"{type: string, format: date}", "{type: string}", "{type: string, format: uuid}", "{type: string, pattern: '(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'}"},
	"format-changed":               {"{type: string, format: date}", "{type: string, format: date-time}", "{type: integer, format: int32}", "{type: integer, format: int64}"},
	"format-widened":               {"{type: integer, format: int32}", "{type: integer, format: int64}", "{type: integer, format: int64}", "{type: integer, format: int32}"},
	"format-narrowed":              {"{type: number, format: double}", "{type: number, format: float}", "{type: number, format: float}", "{type: number, format: double}"},
	"enum-added":                   {"{type: string}", "{type: string, enum: [a]}", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}"},
	"enum-removed":                 {"{type: string, enum: [a]}", "{type: string}", "{type: string, enum: [a, b]}", "{type: string, enum: [a]}"},
	"enum-value-added":             {"{type: string, enum: [a]}", "{type: string, enum: [a, b]}", "{type: string, enum: [a, b]}", "{type: string, enum: [b, a]}"},
	"enum-value-removed":           {"{type: string, enum: [a, b]}", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}", "{allOf: [{type: string, enum: [b, a]}]}"},
	"pattern-added":                {"{type: string}", "{type: string, pattern: '^a'}", "{type: string, format: uuid}", "{type: string, pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'}"},
	"pattern-removed":              {"{type: string, pattern: '^a'}", "{type: string}", "{type: string, pattern: '^a'}", "{type: string, pattern: '^b'}"},
	"pattern-changed":              {"{type: string, pattern: '^a$'}", "{type: string, pattern: '^b$'}", "{type: string, pattern: '^([a-f0-9]{24})$'}", "{type: string, pattern: '^[0-9a-f]{24}$'}"},
	"bound-tightened":              {"{type: string, maxLength: 9}", "{type: string, maxLength: 8}", "{type: string, pattern: '^[a-z]{3}$'}", "{type: string, pattern: '^[a-z]{3}$', minLength: 3, maxLength: 3}"},
	"bound-loosened":               {"{type: integer, minimum: 3}", "{type: integer}", "{type: integer, exclusiveMinimum: true, minimum: 2}", "{type: integer, minimum: 3}"},
	"assertion-added":              {"{type: array, items: {type: string}}", "{type: array, items: {type: string}, uniqueItems: true}", "{type: array, items: {type: string}}", "{type: array, items: {type: string}, uniqueItems: false}"},
	"assertion-removed":            {"{type: string, not: {enum: [a]}}", "{type: string}", "{type: string, not: {enum: [a]}}", "{type: string, not: {enum: [b]}}"},
	"assertion-changed":            {"{type: string, contentEncoding: base64}", "{type: string, contentEncoding: base32}", "{type: integer, multipleOf: 4}", "{type: integer, multipleOf: 2}"},
	"nullable-added":               {"{type: string}", "{type: string, nullable: true}", "{type: string}", "{type: string, nullable: false}"},
	"nullable-removed":             {"{type: string, nullable: true}", "{type: string}", "{type: string, nullable: true}", "{allOf: [{type: string}], nullable: true}"},
	"property-added":               {"{type: object}", "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}", "{type: object, allOf: [{properties: {a: {type: string}}}]}"},
	"property-removed":             {"{type: object, properties: {a: {type: string}, b: {type: string}}}", "{type: object, properties: {b: {type: string}}}", "{type: object, properties: {a: {type: string}, b: {type: string}}}", "{type: object, properties: {b: {type: string}, a: {type: string}}}"},
	"property-required":            {"{type: object, properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, allOf: [{required: [a]}], properties: {a: {type: string}}}"},
	"property-optional":            {"{type: object, required: [a], properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}", "{type: object, required: [], properties: {a: {type: string}}}"},
	"additional-properties-closed": {"{type: object, properties: {a: {type: string}}}", "{type: object, additionalProperties: false, properties: {a: {type: string}}}", "{type: object}", "{type: object, additionalProperties: true}"},
	"additional-properties-opened": {"{type: object, additionalProperties: false}", "{type: object, additionalProperties: true}", "{type: object, additionalProperties: {}}", "{type: object}"},
	"branch-added":                 {"{oneOf: [{type: string, enum: [a]}, {type: integer}]}", "{oneOf: [{type: string, enum: [a]}, {type: integer}, {type: string, enum: [b]}]}", "{type: string, nullable: true}", "{oneOf: [{type: string}], nullable: true}"},
	"branch-removed":               {"{oneOf: [{type: string}, {type: integer}, {type: boolean}]}", "{oneOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}, {type: integer}]}", "{anyOf: [{type: integer}, {type: string}]}"},
	"discriminator-changed":        {union("kind"), union("sort"), union("kind"), strings.Replace(union("kind"), "discriminator", "x-discriminator", 1)},
	"discriminator-added":          {strings.Replace(union("kind"), "discriminator", "x-discriminator", 1), union("kind"), union("kind"), union("sort")},
	"discriminator-removed":        {union("kind"), strings.Replace(union("kind"), "discriminator", "x-discriminator", 1), union("kind"), union("sort")},
	"exclusive-added":              {"{anyOf: [{type: string}, {minLength: 2}]}", "{oneOf: [{type: string}, {minLength: 2}]}", "{anyOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}, {type: integer}]}"},
	"exclusive-removed":            {"{oneOf: [{type: string}, {minLength: 2}]}", "{anyOf: [{type: string}, {minLength: 2}]}", "{oneOf: [{type: string}, {type: integer}]}", "{anyOf: [{type: string}, {type: integer}]}"},
	"default-added":                {"{type: string}", "{type: string, default: a}", "{type: string, default: a}", "{type: string, default: b}"},
	"default-removed":              {"{type: string, default: a}", "{type: string}", "{type: integer, default: 1}", "{type: integer, default: 1.0}"},
	"default-changed":              {"{type: string, default: a}", "{type: string, default: b}", "{type: string}", "{type: string, default: b}"},
}

func union(property string) string {
	return "{oneOf: [{$ref: '#/components/schemas/Link'}, {$ref: '#/components/schemas/Page'}], discriminator: {propertyName: " + property +
		", mapping: {a: '#/components/schemas/Link', b: '#/components/schemas/Page'}}}"
}

// withField returns the contract with a field added to a request or a response.
func withField(t *testing.T, way compare.Direction, schema string) *yaml.Node {
	t.Helper()
	root := base(t)
	owner := requestField
	if way == compare.Response {
		owner = responseField
	}
	apply(t, root, []step{put(owner, schema)})
	return root
}

func TestSchemaRules(t *testing.T) {
	t.Parallel()
	for _, way := range []compare.Direction{compare.Request, compare.Response} {
		for name, c := range schemaCases {
			id := string(way) + "-" + name
			rule := compare.RuleOf(id)
			if rule == nil {
				t.Errorf("there is no rule %s", id)
				continue
			}
			r := compareTrees(t, withField(t, way, c.before), withField(t, way, c.after))
			if len(r.Changes) != 1 || r.Changes[0].Rule != id || r.Verdict != Verdict(rule.Verdict) || r.Changes[0].Direction != Direction(way) {
				t.Errorf("%s: %s, want one entry of that rule\n%s", id, r.Verdict, formatChanges(r))
			}
			r = compareTrees(t, withField(t, way, c.notBefore), withField(t, way, c.notNow))
			if slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Rule == id }) {
				t.Errorf("%s: reported for a change to which it does not apply\n%s", id, formatChanges(r))
			}
		}
	}
}

const (
	listPath = "/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets"
	itemPath = listPath + "~1{exportBucketId}"
	oldMedia = "/responses/200/content/application~1vnd.atlas.2023-01-01+json"
	newMedia = "/responses/200/content/application~1vnd.atlas.2024-05-30+json"
)

// operationCase contains changes to which a rule about operations applies, and changes to
// which it does not. The changes in first are made on both sides.
type operationCase struct {
	first, yes, no []step
}

// The places of fields that the cases add to the request and the response.
const (
	requestField  = schemas + "AWSExportBucketRequest/allOf/1/properties/field"
	responseField = "/components/schemas/Page/properties/field"
)

// declared returns the case of a discriminator that is added to a union of two forms, each with
// its own value of the property.
func declared(field string) operationCase {
	const form = "{type: object, required: [kind], properties: {kind: {type: string, enum: [%s]}}}"
	return operationCase{
		first: []step{
			put("/components/schemas/Cat", fmt.Sprintf(form, "Cat")), put("/components/schemas/Dog", fmt.Sprintf(form, "Dog")),
			put(field, "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}"),
		},
		yes: []step{put(field+"/discriminator", "{propertyName: kind}")},
		no:  []step{put(field+"/discriminator", "{propertyName: sort}")},
	}
}

var operationCases = map[string]operationCase{
	"operation-removed":     {yes: []step{put(itemPath+"/delete", "")}, no: []step{put(itemPath+"/delete/operationId", "renamed")}},
	"operation-added":       {yes: []step{put(listPath+"/put", "{responses: {'200': {description: x}}}")}, no: []step{put("/paths/~1api~1atlas~1v2~1clusters", "{get: {responses: {'200': {description: x}}}}")}},
	"version-removed":       {yes: []step{put(listPath+"/get"+oldMedia, "")}, no: []step{put(listPath+"/get"+oldMedia+"/schema", "{$ref: '#/components/schemas/Page'}")}},
	"version-added":         {yes: []step{put(listPath+"/get/responses/200/content/application~1vnd.atlas.2027-01-01+json", "{schema: {type: object}}")}, no: []step{put(listPath+"/get/responses/200/content/text~1csv", "{schema: {type: string}}")}},
	"sunset-added":          {yes: []step{put(listPath+"/get"+newMedia+"/x-sunset", "'2030-01-01'")}, no: []step{put(listPath+"/get"+oldMedia+"/x-sunset", "'2030-01-01'")}},
	"sunset-moved":          {yes: []step{put(listPath+"/get"+oldMedia+"/x-sunset", "'2030-01-01'")}, no: []step{put(listPath+"/get"+oldMedia+"/x-xgen-version", "'2023-01-01'")}},
	"sunset-withdrawn":      {yes: []step{put(listPath+"/get"+oldMedia+"/x-sunset", "")}, no: []step{put(listPath+"/get"+oldMedia, "")}},
	"deprecation-added":     {yes: []step{put(itemPath+"/delete/deprecated", "true")}, no: []step{put(itemPath+"/delete/deprecated", "false")}},
	"deprecation-withdrawn": {yes: []step{put(schemas+"AzureExportBucketRequest/allOf/1/properties/tenantId/deprecated", "")}, no: []step{put(schemas+"AzureExportBucketRequest/allOf/1/properties/tenantId", "")}},

	"server-changed":        {yes: []step{put("/servers", "[{url: 'https://cloud.example.com'}]")}, no: []step{put("/servers", "[{url: 'https://cloud.mongodb.com/'}]")}},
	"server-removed":        {first: []step{put("/servers/-", "{url: 'https://cloud.example.com'}")}, yes: []step{put("/servers/1", "")}, no: []step{put("/servers/1", "{url: 'https://CLOUD.example.com:443/'}")}},
	"server-added":          {yes: []step{put("/servers/-", "{url: 'https://cloud.example.com'}")}, no: []step{put("/servers/-", "{url: 'https://cloud.mongodb.com:443'}")}},
	"login-removed":         {yes: []step{put("/security/0", "")}, no: []step{put("/security", "[{DigestAuth: []}, {ServiceAccounts: []}]")}},
	"login-relaxed":         {first: []step{put("/security", "[{DigestAuth: [], ServiceAccounts: []}]")}, yes: []step{put("/security", "[{DigestAuth: []}]")}, no: []step{put("/security", "[{ServiceAccounts: [admin]}]")}},
	"login-added":           {yes: []step{put("/security/-", "{DigestAuth: [], ServiceAccounts: []}")}, no: []step{put(listPath+"/get/security", "[{DigestAuth: []}, {ServiceAccounts: []}]")}},
	"login-required":        {first: []step{put("/security/-", "{}")}, yes: []step{put("/security/2", "")}, no: []step{put("/security/1", "")}},
	"login-changed":         {yes: []step{put("/components/securitySchemes/DigestAuth/scheme", "basic")}, no: []step{put("/components/securitySchemes/DigestAuth/scheme", "Digest")}},
	"scope-added":           {yes: []step{put("/security/0/ServiceAccounts/-", "admin")}, no: []step{put("/components/securitySchemes/ServiceAccounts/flows/clientCredentials/scopes", "{admin: All.}")}},
	"scope-removed":         {first: []step{put("/security/0/ServiceAccounts/-", "admin")}, yes: []step{put("/security/0/ServiceAccounts/0", "")}, no: []step{put("/security/0", "")}},
	"token-address-changed": {yes: []step{put("/components/securitySchemes/ServiceAccounts/flows/clientCredentials/tokenUrl", "https://id.example.com")}, no: []step{put("/components/securitySchemes/ServiceAccounts/description", "Elsewhere.")}},

	"parameter-added":                 {yes: []step{put(listPath+"/get/parameters/-", "{name: q, in: query, schema: {type: string}}")}, no: []step{put(listPath+"/parameters", "[{$ref: '#/components/parameters/groupId'}]")}},
	"parameter-added-required":        {yes: []step{put(listPath+"/get/parameters/-", "{name: q, in: query, required: true, schema: {type: string}}")}, no: []step{put(listPath+"/get/parameters/-", "{name: Accept, in: header, required: true, schema: {type: string}}")}},
	"parameter-removed":               {yes: []step{put(listPath+"/get/parameters/1", "")}, no: []step{put(listPath+"/get/parameters/1", "{name: itemsPerPage, in: query, schema: {type: integer, minimum: 1, maximum: 500, default: 100}}")}},
	"parameter-renamed":               {yes: []step{put("/components/parameters/itemsPerPage/name", "limit")}, no: []step{put("/components/parameters/itemsPerPage/description", "x")}},
	"parameter-required":              {yes: []step{put("/components/parameters/itemsPerPage/required", "true")}, no: []step{put("/components/parameters/groupId/required", "")}},
	"parameter-optional":              {first: []step{put("/components/parameters/itemsPerPage/required", "true")}, yes: []step{put("/components/parameters/itemsPerPage/required", "false")}, no: []step{put(listPath+"/get/parameters/1", "")}},
	"parameter-serialization-changed": {yes: []step{put("/components/parameters/itemsPerPage/allowReserved", "true")}, no: []step{put("/components/parameters/itemsPerPage/explode", "false")}},

	"request-body-added":          {yes: []step{put(itemPath+"/delete/requestBody", "{content: {application/json: {schema: {type: object}}}}")}, no: []step{put(itemPath+"/delete/summary", "x")}},
	"request-body-added-required": {yes: []step{put(itemPath+"/delete/requestBody", "{required: true, content: {application/json: {schema: {type: object}}}}")}, no: []step{put(itemPath+"/delete/requestBody", "{required: false, content: {application/json: {schema: {type: object}}}}")}},
	"request-body-removed":        {first: []step{put(itemPath+"/delete/requestBody", "{content: {application/json: {schema: {type: object}}}}")}, yes: []step{put(itemPath+"/delete/requestBody", "")}, no: []step{put(itemPath+"/delete/requestBody/description", "x")}},
	"request-body-required":       {first: []step{put(listPath+"/post/requestBody/required", "false")}, yes: []step{put(listPath+"/post/requestBody/required", "true")}, no: []step{put(listPath+"/post/requestBody/required", "")}},
	"request-body-optional":       {yes: []step{put(listPath+"/post/requestBody/required", "")}, no: []step{put(listPath+"/post/requestBody/description", "x")}},
	"request-media-type-added":    {yes: []step{put(listPath+"/post/requestBody/content/text~1csv", "{schema: {type: string}}")}, no: []step{put(listPath+"/post/requestBody/content/application~1vnd.atlas.2027-01-01+json", "{schema: {type: string}}")}},
	"request-media-type-removed":  {first: []step{put(listPath+"/post/requestBody/content/text~1csv", "{schema: {type: string}}")}, yes: []step{put(listPath+"/post/requestBody/content/text~1csv", "")}, no: []step{put(listPath+"/post/requestBody/content/text~1csv", ""), put(listPath+"/post/requestBody/content/TEXT~1CSV; charset=utf-8", "{schema: {type: string}}")}},

	"status-added":                {yes: []step{put(listPath+"/get/responses/404", "{$ref: '#/components/responses/notFound'}")}, no: []step{put(listPath+"/get/responses/401", "{description: x, content: {application/json: {schema: {$ref: '#/components/schemas/ApiError'}}}}")}},
	"success-status-removed":      {yes: []step{put(listPath+"/post/responses/200", "")}, no: []step{put(listPath+"/post/responses/404", "")}},
	"status-generalized":          {first: []step{put(itemPath+"/delete/responses/202", "{description: x}")}, yes: []step{put(itemPath+"/delete/responses/202", ""), put(itemPath+"/delete/responses/2XX", "{description: x}")}, no: []step{put(itemPath+"/delete/responses/202", "")}},
	"status-narrowed":             {first: []step{put(itemPath+"/delete/responses/2XX", "{description: x}")}, yes: []step{put(itemPath+"/delete/responses/2XX", "")}, no: []step{put(itemPath+"/delete/responses/204", "")}},
	"error-status-removed":        {yes: []step{put(listPath+"/post/responses/404", "")}, no: []step{put(listPath+"/post/responses/200", "")}},
	"response-body-added":         {first: []step{put(listPath+"/get/responses/418", "{description: x}")}, yes: []step{put(listPath+"/get/responses/418/content", "{application/json: {schema: {type: string}}}")}, no: []step{put(itemPath+"/delete/responses/204/content/application~1json", "{schema: {type: string}}")}},
	"response-body-removed":       {yes: []step{put("/components/responses/notFound/content", "")}, no: []step{put(itemPath+"/delete/responses/204/content", "")}},
	"response-media-type-added":   {yes: []step{put("/components/responses/notFound/content/text~1csv", "{schema: {type: string}}")}, no: []step{put("/components/responses/notFound/content", "{Application/JSON: {schema: {$ref: '#/components/schemas/ApiError'}}}")}},
	"response-media-type-removed": {first: []step{put("/components/responses/notFound/content/text~1csv", "{schema: {type: string}}")}, yes: []step{put("/components/responses/notFound/content/text~1csv", "")}, no: []step{put("/components/responses/notFound/content/text~1csv/schema", "")}},
	"header-added":                {yes: []step{put(listPath+"/get/responses/200/headers/X-New", "{schema: {type: string}}")}, no: []step{put(listPath+"/get/responses/200/headers/Content-Type", "{schema: {type: string}}")}},
	"header-removed":              {yes: []step{put(listPath+"/get/responses/200/headers/RateLimit-Limit", "")}, no: []step{put(listPath+"/get/responses/200/headers", "{ratelimit-limit: {schema: {type: integer}}}")}},
	"header-serialization-changed": {
		first: []step{put("/components/headers/Limit/schema/type", "object")},
		yes:   []step{put("/components/headers/Limit/explode", "true")}, no: []step{put("/components/headers/Limit/explode", "false")},
	},
	"header-required": {yes: []step{put("/components/headers/Limit/required", "true")}, no: []step{put("/components/headers/Limit/required", "false")}},
	"header-optional": {first: []step{put("/components/headers/Limit/required", "true")}, yes: []step{put("/components/headers/Limit/required", "")}, no: []step{put(listPath+"/get/responses/200/headers", "")}},

	"not-judged":    {first: []step{put(listPath+"/get/callbacks", "{done: {'{$request.query.url}': {post: {responses: {'200': {description: x}}}}}}")}, yes: []step{put(listPath+"/get/callbacks/done/{$request.query.url}/post/responses/204", "{description: x}")}, no: []step{put(listPath+"/get/callbacks/done/{$request.query.url}/post/summary", "x")}},
	"prose-changed": {yes: []step{put(listPath+"/get/summary", "Other words.")}, no: []step{put("/info/title", "Other words.")}},
	"response-branch-of-another-type": {
		first: []step{put(responseField, "{oneOf: [{type: string}, {type: integer}]}")},
		yes:   []step{put(responseField+"/oneOf/-", "{type: boolean}")}, no: []step{put(responseField+"/oneOf/-", "{type: string, format: date}")},
	},
	"request-discriminator-declared":  declared(requestField),
	"response-discriminator-declared": declared(responseField),
	"request-property-hidden":         {yes: []step{put(schemas+"AzureExportBucketRequest/allOf/1/properties/tenantId/readOnly", "true")}, no: []step{put(schemas+"AzureExportBucketRequest/allOf/1/properties/tenantId", "")}},
	"response-property-hidden":        {first: []step{put("/components/schemas/Page/properties/field", "{type: string}")}, yes: []step{put("/components/schemas/Page/properties/field/writeOnly", "true")}, no: []step{put("/components/schemas/Page/properties/field", "")}},
	"request-default-without-effect":  {yes: []step{put("/components/parameters/groupId/schema/default", "x")}, no: []step{put("/components/parameters/itemsPerPage/schema/default", "7")}},
	"request-property-added-required": {
		yes: []step{put(schemas+"AWSExportBucketRequest/allOf/1/properties/field", "{type: string}"), put(schemas+"AWSExportBucketRequest/required/-", "field")},
		no:  []step{put("/components/schemas/Page/properties/field", "{type: string}"), put("/components/schemas/Page/required", "[field]")},
	},
}

func TestOperationRules(t *testing.T) {
	t.Parallel()
	for id, c := range operationCases {
		rule := compare.RuleOf(id)
		if rule == nil {
			t.Errorf("there is no rule %s", id)
			continue
		}
		before := base(t)
		apply(t, before, c.first)
		yes, no := clone(before), clone(before)
		apply(t, yes, c.yes)
		apply(t, no, c.no)
		r := compareTrees(t, before, yes)
		if len(r.Changes) == 0 || slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Rule != id }) || r.Verdict != Verdict(rule.Verdict) {
			t.Errorf("%s: %s, want only that rule\n%s", id, r.Verdict, formatChanges(r))
		}
		r = compareTrees(t, before, no)
		if slices.ContainsFunc(r.Changes, func(c Change) bool { return c.Rule == id }) {
			t.Errorf("%s: reported for a change to which it does not apply\n%s", id, formatChanges(r))
		}
	}
}

// timeRules are the rules that depend on the date. Their cases are in planning_test.go.
var timeRules = []string{"sunset-near", "sunset-past"}

func TestEveryRuleHasCases(t *testing.T) {
	for _, rule := range Rules() {
		_, way, _ := strings.Cut(rule.ID, "-")
		_, ofSchemas := schemaCases[way]
		_, ofOperations := operationCases[rule.ID]
		if !ofSchemas && !ofOperations && !slices.Contains(timeRules, rule.ID) {
			t.Errorf("%s has no cases", rule.ID)
		}
		if rule.Why == "" || rule.Next == "" || rule.What == "" {
			t.Errorf("%s is not explained", rule.ID)
		}
	}
}

// TestRulesPage checks that RULES.md is generated from the table of rules.
func TestRulesPage(t *testing.T) {
	var page bytes.Buffer
	page.WriteString("# Rules of drift\n\n" +
		"Generated from the table in internal/compare/rules.go by `go test ./openapi/drift -run RulesPage -update`.\n" +
		"A verdict is the effect on a client: see the documentation of the package. A change of both requests and responses is reported once, with the worse verdict.\n")
	for _, verdict := range []Verdict{Breaking, Tolerate, Additive, Planning, Docs} {
		fmt.Fprintf(&page, "\n## %s\n\n| rule | what happened | why |\n|---|---|---|\n", verdict)
		for _, rule := range Rules() {
			if rule.Verdict == verdict {
				fmt.Fprintf(&page, "| `%s` | %s | %s |\n", rule.ID, strings.NewReplacer("{", "*", "}", "*").Replace(rule.What), rule.Why)
			}
		}
	}
	golden.Check(t, "RULES.md", page.Bytes())
}
