package contracttest

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

const (
	getAWS    = "2024-05-30/get-aws.http"
	getAzure  = "2024-05-30/get-azure.http"
	getGCP    = "2024-05-30/get-gcp.http"
	list      = "2024-05-30/list.http"
	create    = "2024-05-30/create-aws.http"
	update    = "2024-05-30/update.http"
	remove    = "2024-05-30/delete.http"
	oldGet    = "2023-01-01/get.http"
	oldList   = "2023-01-01/list.http"
	v1Get     = "v1.0/get.http"
	v1Delete  = "v1.0/delete.http"
	enveloped = "2024-05-30/get-enveloped.http"
	v1List    = "v1.0/list-enveloped.http"
	limited   = "errors/429-list.http"
	invalid   = "errors/400-create.http"
	notFound  = "errors/404-get.http"

	atlas2023 = "application/vnd.atlas.2023-01-01+json"
	atlas2024 = "application/vnd.atlas.2024-05-30+json"
)

// ruleTests are edits of documented exchanges, and the findings that each rule reports.
var ruleTests = []struct {
	name string
	base string
	edit edit
	want string
}{
	// unknown-operation
	{"PUT is not declared", getAWS, withMethod("PUT"), "unknown-operation"},
	{"PATCH is not declared in 2023-01-01", update, requestHeader("Accept", atlas2023), "unknown-operation"},
	{"HEAD is not declared", getAWS, withMethod("HEAD"), "unknown-operation"},
	{"PATCH is not declared in v1.0", v1Get, withMethod("PATCH"), "unknown-operation"},

	// undeclared-status
	{"409", create, status(409), "undeclared-status"},
	{"201", create, status(201), "undeclared-status"},
	{"a redirect", getAWS, status(302), "undeclared-status"},
	{"a permanent redirect", getAWS, status(308), "undeclared-status"},
	{"not modified", getAWS, all(status(304), wholeBody("")), "undeclared-status"},
	{"HTML from a proxy", getAWS, all(status(502), responseHeader("Content-Type", "text/html"), wholeBody("<html>")), "undeclared-status"},
	{"405 in v1.0", v1Get, status(405), "undeclared-status"},

	// media-type
	{"another version than requested", getAWS, responseHeader("Content-Type", atlas2023), "media-type"},
	{"a version that never existed", getAWS, responseHeader("Content-Type", "application/vnd.atlas.2024-05-31+json"), "media-type"},
	{"no version", getAWS, responseHeader("Content-Type", "application/json"), "media-type"},
	{"no version, and an invalid body", getAWS, all(responseHeader("Content-Type", "application/json"), body(`"region":"eu-west-3"`, `"region":3`)), "media-type\nschema type /region"},
	{"no Content-Type", getAWS, responseHeader("Content-Type", ""), "media-type"},
	{"no Content-Type, and an invalid body", getAWS, all(responseHeader("Content-Type", ""), body(`"region":"eu-west-3"`, `"region":3`)), "media-type\nschema type /region"},
	{"text is not validated further", getAWS, all(responseHeader("Content-Type", "text/plain"), body(`"region":"eu-west-3"`, `"region":3`)), "media-type"},
	{"text", getAWS, responseHeader("Content-Type", "text/plain"), "media-type"},
	{"an unreadable media type", getAWS, responseHeader("Content-Type", "json"), "media-type"},
	{"204 of the version that DELETE does not have", remove, responseHeader("Content-Type", atlas2024), "media-type"},
	{"an error in the vendor's type", notFound, responseHeader("Content-Type", atlas2024), "media-type"},
	{"charset and case do not matter", getAWS, responseHeader("Content-Type", "Application/VND.Atlas.2024-05-30+JSON; Charset=UTF-8"), ""},
	{"204 without Content-Type is valid", remove, responseHeader("Content-Type", ""), ""},
	{"204 of v1.0", v1Delete, responseHeader("Content-Type", ""), ""},

	// the version that is selected
	{"a later date is rounded down", getAWS, requestHeader("Accept", "application/vnd.atlas.2025-03-12+json"), ""},
	{"a date between two versions is rounded down", oldGet, requestHeader("Accept", "application/vnd.atlas.2024-05-29+json"), ""},
	{"a date before all versions: the response's version", oldGet, requestHeader("Accept", "application/vnd.atlas.2022-01-01+json"), ""},
	{"no Accept: the response's version", oldGet, requestHeader("Accept", ""), ""},
	{"a wildcard: the response's version", oldGet, requestHeader("Accept", "*/*"), ""},
	{"the version with the highest weight", oldGet, requestHeader("Accept", atlas2024+";q=0.5, "+atlas2023+", application/json"), ""},
	{"no version anywhere: the newest", getAzure, all(requestHeader("Accept", ""), responseHeader("Content-Type", "")), "media-type"},
	{"DELETE requested with 2023-01-01", remove, requestHeader("Accept", atlas2023), ""},
	{"an Azure bucket in 2023-01-01", oldGet, body(`"AWS"`, `"AZURE"`), ""},

	// header
	{"a limit that is not a number", getAWS, responseHeader("RateLimit-Limit", "many"), "header type Ratelimit-Limit"},
	{"both limits invalid", getAWS, all(responseHeader("RateLimit-Limit", "many"), responseHeader("RateLimit-Remaining", "1.5")), "header type Ratelimit-Limit\nheader type Ratelimit-Remaining"},
	{"Retry-After as a date", limited, responseHeader("Retry-After", "Wed, 03 Jun 2026 09:14:05 GMT"), "header type Retry-After"},
	{"headers may be missing", limited, all(responseHeader("Retry-After", ""), responseHeader("RateLimit-Limit", "")), ""},

	// bodies
	{"an empty body", getAWS, wholeBody(""), "missing-body"},
	{"white space", getAWS, wholeBody(" \n"), "missing-body"},
	{"a body that was not recorded", getAWS, func(x *recording.Exchange) { x.Response.Body = recording.Body{} }, ""},
	{"a body on 204", remove, wholeBody("{}"), "unexpected-body"},
	{"white space on 204", remove, wholeBody("\n"), "unexpected-body"},
	{"a body on v1.0's 204", v1Delete, wholeBody("{}"), "unexpected-body"},

	// malformed-json
	{"cut off", getAWS, wholeBody(`{"_id":"6b20`), "malformed-json"},
	{"trailing data", getAWS, body(`"region"`, `"region"`, `]}`, `]}{}`), "malformed-json"},
	{"a trailing bracket", getGCP, func(x *recording.Exchange) { x.Response.Body.Bytes = append(x.Response.Body.Bytes, '}') }, "malformed-json"},
	{"not UTF-8", getAWS, body("eu-west-3", "\xff\xfe"), "malformed-json"},
	{"a bare word", getAWS, wholeBody("nil"), "malformed-json"},
	{"NaN", list, body(`"totalCount": 3`, `"totalCount": NaN`), "malformed-json"},
	{"a trailing comma", list, body(`"totalCount": 3`, `"totalCount": 3,`), "malformed-json"},
	{"a byte order mark", getAWS, func(x *recording.Exchange) {
		x.Response.Body.Bytes = append([]byte("\xef\xbb\xbf"), x.Response.Body.Bytes...)
	}, "malformed-json"},
	{"pretty is valid", list, body("  ", "\t"), ""},

	// duplicate-key
	{"a key twice", getAWS, body(`"cloudProvider":"AWS"`, `"cloudProvider":"AWS","cloudProvider":"AWS"`), "duplicate-key /cloudProvider"},
	{"a key twice, written differently", getAWS, body(`"region":`, `"reg\u0069on":"x","region":`), "duplicate-key /region"},
	{"a key twice, deeply nested", list, body(`"rel": "self"`, `"rel": "self", "rel": "self"`), "duplicate-key /links/0/rel"},

	// schema
	{"a bad id", getAWS, body(`"_id":"6`, `"_id":"Z`), "schema pattern /_id"},
	{"an invalid id deep in a list", list, body(`"_id": "6b20e9d4c1874fa5b92e7712"`, `"_id": "?"`), "schema pattern /results/2/_id"},
	{"a required field missing", getAWS, body(`"bucketName":"ledger-snapshots",`, ""), "schema required /bucketName"},
	{"null where null is not allowed", getAWS, body(`"region":"eu-west-3"`, `"region":null`), "schema nullable /region"},
	{"null where it is allowed", notFound, body(`"reason":"Not Found"`, `"reason":null`), ""},
	{"an unknown provider", getGCP, body(`"GCP"`, `"GPC"`), "schema enum /cloudProvider"},
	{"no provider", getGCP, body(`"cloudProvider":"GCP",`, ``), "schema required /cloudProvider"},
	{"a provider that is a number", getGCP, body(`"GCP"`, `7`), "schema type /cloudProvider"},
	{"a uuid", getAzure, body("0d6b5c7a-91f3", "0d6b5c7a-91f"), "schema format /tenantId"},
	{"an error's code", notFound, body(`"error":404`, `"error":"404"`), "schema type /error"},
	{"another provider's fields", getGCP, body(`"GCP"`, `"AWS"`), "schema required /iamRoleId\nundeclared-field /roleId"},
	{"siblings in a list are all reported", list, body(`"AZURE"`, `"AZUR"`, `"6b20e9d4c1874fa5b92e7712"`, `"?"`, `"totalCount": 3`, `"totalCount": -1`),
		"schema enum /results/1/cloudProvider\nschema pattern /results/2/_id\nschema minimum /totalCount"},
	{"siblings of a wrong provider are reported", getAWS, body(`"AWS"`, `"AMS"`, `"_id":"6`, `"_id":"Z`), "schema pattern /_id\nschema enum /cloudProvider"},
	{"a whole number as 3.0 is valid", list, body(`"totalCount": 3`, `"totalCount": 3.0`), ""},
	{"a count beyond int32", list, body(`"totalCount": 3`, `"totalCount": 3000000000`), "schema format /totalCount"},

	// undeclared-field
	{"a new field", getAWS, body(`"region":`, `"zone":"a","region":`), "undeclared-field /zone"},
	{"a new field in every item, reported per branch", list, body(`"_id":`, `"state": "ON", "_id":`), "undeclared-field /results/0/state\nundeclared-field /results/1/state\nundeclared-field /results/2/state"},
	{"a new field in an error", notFound, body(`"error":`, `"help":"","error":`), "undeclared-field /help"},
	{"a field of another branch", getAWS, body(`"region":`, `"serviceUrl":"https://a.blob.core.windows.net/b","region":`), "undeclared-field /serviceUrl"},
	{"a field of a newer version", oldGet, body(`"region":`, `"tenantId":null,"region":`), "undeclared-field /tenantId"},
	{"an error's parameters may have any type", limited, body(`"parameters":[`, `"parameters":[null,{"a":1},`), ""},

	// parameter
	{"an invalid project id", getAWS, withPath("5f1e0c2ab7d94e6c83aa10f2", "my-project"), "parameter pattern groupId"},
	{"an invalid page size", list, query("itemsPerPage=501"), "parameter maximum itemsPerPage"},
	{"no number", list, query("pageNum=two"), "parameter type pageNum"},
	{"page 0", list, query("pageNum=0"), "parameter minimum pageNum"},
	{"an empty value", list, query("pageNum="), "parameter type pageNum"},
	{"no boolean", list, query("includeCount=yes"), "parameter type includeCount"},
	{"a value twice", list, query("pageNum=1&pageNum=2"), "parameter pageNum"},
	{"a query that cannot be read", list, query("pageNum=%zz"), "parameter"},
	{"validated where the service failed", "errors/500-delete.http", query("pretty=no"), "parameter type pretty"},
	{"not validated where refused", notFound, withPath("not-an-id", "also-bad"), ""},
	{"validated where the refusal is undeclared", list, all(status(409), query("pageNum=0")), "undeclared-status\nparameter minimum pageNum"},

	// undeclared-query
	{"a misspelt parameter", list, query("pagenum=2"), "undeclared-query pagenum"},
	{"a parameter of another operation", getAWS, query("itemsPerPage=5"), "undeclared-query itemsPerPage"},
	{"pretty is declared everywhere", getAWS, query("pretty=true"), ""},

	// request-body
	{"a required field missing", create, asked(`"bucketName":"ledger-snapshots",`, ""), "request-body required /bucketName"},
	{"an undeclared field", create, asked(`"bucketName"`, `"buckets":1,"bucketName"`), "request-body undeclared-field /buckets"},
	{"a read-only field", create, asked(`"bucketName"`, `"links":[],"bucketName"`), "request-body readOnly /links"},
	{"malformed", create, asked(`false}`, `false`), "request-body malformed-json"},
	{"a key twice", create, asked(`"bucketName"`, `"bucketName":"one","bucketName"`), "request-body duplicate-key /bucketName"},
	{"another media type", create, requestHeader("Content-Type", "text/plain"), "request-body media-type"},
	{"an older version", create, requestHeader("Content-Type", atlas2023), "request-body media-type"},
	{"a later version is rounded down", create, requestHeader("Content-Type", "application/vnd.atlas.2025-01-01+json"), ""},
	{"plain JSON is valid", create, requestHeader("Content-Type", "application/json; charset=utf-8"), ""},
	{"not recorded", create, func(x *recording.Exchange) { x.Request.Body = recording.Body{} }, ""},
	{"a body with GET", getAWS, func(x *recording.Exchange) { x.Request.Body = recording.Body{Bytes: []byte("{}"), Recorded: true} }, "request-body unexpected-body"},
	{"not validated where refused", invalid, nil, ""},

	// envelopes
	{"a failure inside", enveloped, body(`"_id": "6`, `"_id": "Z`), "schema pattern /envelope/_id"},
	{"a new field inside", enveloped, body(`"_id":`, `"zone": 1, "_id":`), "undeclared-field /envelope/zone"},
	{"a new field next to it", enveloped, body(`"status": 200`, `"status": 200, "zone": 1`), "undeclared-field /zone"},
	{"another status", enveloped, body(`"status": 200`, `"status": 404`), "schema const /status"},
	{"no status", enveloped, body(`"status": 200,`, ``), "schema required /status"},
	{"no envelope", enveloped, wholeBody(`{"_id":"6b20e9d4c1874fa5b92e7712","bucketName":"abc","cloudProvider":"GCP","roleId":"6b20e9d4c1874fa5b92e7712"}`),
		"schema required /status\nschema required /envelope"},
	{"an envelope that was not requested", enveloped, query(""), "schema required /_id\nschema required /bucketName\nschema required /cloudProvider\nundeclared-field /envelope\nundeclared-field /status"},
	{"a list without its status", v1List, body(`"status":200,`, ``), "schema required /status"},
	{"a list with an invalid item", v1List, body(`"_id":"6`, `"_id":"Z`), "schema pattern /results/0/_id"},
	{"an error in an envelope", notFound, all(query("envelope=true"), body(`{"detail"`, `{"status":404,"envelope":{"detail"`, `Found"}`, `Found"}}`)), ""},
	{"an error without an envelope", notFound, query("envelope=true"), ""},
	{"a refusal without an envelope", invalid, query("envelope=true"), ""},
	{"envelope=false", getAWS, query("envelope=false"), ""},

	// secret
	{"Digest credentials", getAWS, requestHeader("Authorization", `Digest username="pub", response="0123456789abcdef0123456789abcdef"`), "secret Authorization"},
	{"a token", getAWS, requestHeader("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"), "secret Authorization"},
	{"a scrubbed token", getAWS, requestHeader("Authorization", "Bearer [REDACTED]"), ""},
	{"a session cookie", getAWS, responseHeader("Set-Cookie", "sid=8a9bc0; Path=/; HttpOnly"), "secret Set-Cookie"},
	{"a sent cookie", getAWS, requestHeader("Cookie", "sid=8a9bc0"), "secret Cookie"},
	{"a scrubbed cookie", getAWS, responseHeader("Set-Cookie", "sid=REDACTED; Path=/"), ""},
	{"a token in the query", getAWS, query("access_token=abc123"), "secret access_token\nundeclared-query access_token"},
	{"a password in the URL", getAWS, func(x *recording.Exchange) { x.Request.URL.User = userPassword }, "secret"},
	{"a token in the body", getAWS, body("eu-west-3", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"), "secret"},
	{"a private key in the body", getAWS, body("eu-west-3", `-----BEGIN RSA PRIVATE KEY-----\nMIIE`), "secret"},
	{"secrets in two places", create, all(asked("ledger-snapshots", "mdb_sa_sk_0123456789abcdef"), body("ledger-snapshots", "mdb_sa_sk_0123456789abcdef")), "secret\nsecret"},
	{"a service account's secret", create, asked("ledger-snapshots", "mdb_sa_sk_0123456789abcdef"), "secret"},
}

// TestRules checks each rule with violations that it must report and valid exchanges that
// it must accept.
func TestRules(t *testing.T) {
	j := testValidator(t, Options{})
	for _, tt := range ruleTests {
		t.Run(tt.name, func(t *testing.T) {
			x := documented(t, tt.base)
			if tt.edit != nil {
				tt.edit(x)
			}
			if got := formatFindings(j.validate(x)); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// TestSeverity checks that a disabled rule reports nothing, and that an exchange with a
// warning does not fail.
func TestSeverity(t *testing.T) {
	x := documented(t, list)
	query("pagenum=2&itemsPerPage=0")(x)
	j := testValidator(t, Options{Severity: map[Rule]Severity{UndeclaredQuery: SeverityOff, BadParameter: SeverityWarning}})
	v := j.validate(x)
	if got, want := formatFindings(v), "parameter minimum itemsPerPage"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if v.evidence == nil {
		t.Error("an exchange with only warnings is evidence, and was not counted")
	}
}
