package fakeatlas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// Bodies that break the contract, and what Atlas says about them.
func TestRefusedBodies(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t, fakeatlas.Buckets(2, fakeatlas.AWS, fakeatlas.GCP)))
	const (
		role    = `"0123456789abcdef01234567"`
		aws     = `"cloudProvider":"AWS","iamRoleId":` + role
		azure   = `"cloudProvider":"AZURE","roleId":` + role
		bucket  = "6657c1810000000001000001"
		gcp     = "6657c1820000000001000002"
		service = "https://examples.blob.core.windows.net"
	)
	for _, tt := range []struct{ name, method, path, body, code, detail string }{
		{"no JSON", "POST", "", `{"cloudProvider"`, "MALFORMED_JSON", "Received JSON is malformed."},
		{"trailing data", "POST", "", awsBody + `{}`, "MALFORMED_JSON", ""},
		{"not UTF-8", "POST", "", strings.Replace(awsBody, "snaps", "sn\xffps", 1), "MALFORMED_JSON", ""},
		{"null", "POST", "", `null`, "MALFORMED_JSON", ""},
		{"array", "POST", "", `[]`, "MALFORMED_JSON", ""},
		{"empty", "POST", "", ``, "MALFORMED_JSON", ""},
		{"links that are none", "POST", "", strings.Replace(awsBody, "}", `,"links":[{"href":1}]}`, 1), "INVALID_JSON_ATTRIBUTE", ""},
		{"an optional null", "POST", "", strings.Replace(awsBody, "}", `,"requirePrivateNetworking":null}`, 1), "INVALID_JSON_ATTRIBUTE", ""},
		{"a required null", "POST", "", strings.Replace(awsBody, `"snaps"`, "null", 1), "MISSING_ATTRIBUTE", "bucketName"},
		{"links as text", "POST", "", strings.Replace(awsBody, "}", `,"links":"self"}`, 1), "INVALID_JSON_ATTRIBUTE", ""},
		{"no provider", "POST", "", `{"bucketName":"snaps"}`, "MISSING_ATTRIBUTE", "The required attribute cloudProvider was not specified."},
		{"provider null", "POST", "", `{"cloudProvider":null}`, "MISSING_ATTRIBUTE", ""},
		{"provider number", "POST", "", `{"cloudProvider":1}`, "INVALID_JSON_ATTRIBUTE", "Received JSON for the cloudProvider attribute does not match expected format."},
		{"unknown provider", "POST", "", `{"cloudProvider":"IBM"}`, "INVALID_ENUM_VALUE", "An invalid enumeration value IBM was specified."},
		{"lower-case provider", "POST", "", `{"cloudProvider":"aws"}`, "INVALID_ENUM_VALUE", ""},
		{"no name", "POST", "", `{` + aws + `}`, "MISSING_ATTRIBUTE", "The required attribute bucketName was not specified."},
		{"no role", "POST", "", `{"cloudProvider":"GCP","bucketName":"snaps"}`, "MISSING_ATTRIBUTE", "The required attribute roleId was not specified."},
		{"unknown field", "POST", "", `{` + aws + `,"bucketName":"snaps","color":"red"}`, "INVALID_ATTRIBUTE", "Invalid attribute color specified."},
		{"field of another provider", "POST", "", `{` + aws + `,"bucketName":"snaps","roleId":` + role + `}`, "INVALID_ATTRIBUTE", "Invalid attribute roleId specified."},
		{"name of 2", "POST", "", `{` + aws + `,"bucketName":"ab"}`, "VALIDATION_ERROR", ""},
		{"name of 64", "POST", "", `{` + aws + `,"bucketName":"` + strings.Repeat("a", 64) + `"}`, "VALIDATION_ERROR", ""},
		{"role in upper case", "POST", "", strings.Replace(awsBody, "abcdef", "ABCDEF", 1), "VALIDATION_ERROR", ""},
		{"flag as text", "POST", "", `{` + aws + `,"bucketName":"snaps","requirePrivateNetworking":"true"}`, "INVALID_JSON_ATTRIBUTE", ""},
		{"service URL of 32", "POST", "", `{` + azure + `,"bucketName":"snaps","serviceUrl":"https://a.blob.core.windows.net/"}`, "VALIDATION_ERROR", ""},
		{"service URL elsewhere", "POST", "", `{` + azure + `,"bucketName":"snaps","serviceUrl":"https://blob.example.com/a-long-container"}`, "VALIDATION_ERROR", ""},
		{"no container", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `"}`, "MISSING_ATTRIBUTE", "The required attribute bucketName was not specified."},
		{"short container", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `/ab"}`, "VALIDATION_ERROR", ""},
		{"tenant that is no UUID", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `/snaps","tenantId":"x"}`, "VALIDATION_ERROR", ""},
		{"update of nothing", "PATCH", bucket, `{}`, "MISSING_ATTRIBUTE", "The required attribute requirePrivateNetworking was not specified."},
		{"update of the name", "PATCH", bucket, `{"requirePrivateNetworking":true,"bucketName":"snaps"}`, "INVALID_ATTRIBUTE", ""},
		{"update with null", "PATCH", bucket, `{"requirePrivateNetworking":null}`, "MISSING_ATTRIBUTE", ""},
		{"update on Google Cloud", "PATCH", gcp, `{"requirePrivateNetworking":true}`, "INVALID_ATTRIBUTE", ""},
	} {
		got := c.ask(tt.method, tt.path, tt.body)
		if got.status < 400 || got.header.Get("X-Error-Code") != tt.code || !strings.Contains(got.body, tt.detail) {
			t.Errorf("%s: %d %s, want %s %q", tt.name, got.status, got.body, tt.code, tt.detail)
		}
	}
	if n := len(c.srv.Buckets(c.srv.ProjectID)); n != 2 {
		t.Errorf("the refused requests left %d buckets, want the 2 from before", n)
	}
}

// All bounds that are not kept are told at once, with the field of each.
func TestViolations(t *testing.T) {
	got := newCaller(t, fakeatlas.New(t)).ask("POST", "", `{"cloudProvider":"AWS","bucketName":"ab","iamRoleId":"x"}`)
	want := `{"badRequestDetail":{"fields":[{"description":"length must be between 3 and 63","field":"bucketName"},` +
		`{"description":"must match ^[a-f0-9]{24}$","field":"iamRoleId"}]},"detail":"Validation failed for one or more fields.",` +
		`"error":400,"errorCode":"VALIDATION_ERROR","reason":"Bad Request"}`
	if diff := cmp.Diff(want, got.body); got.status != 400 || diff != "" {
		t.Errorf("%d (-want +got):\n%s", got.status, diff)
	}
}

func TestTakenBodies(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t))
	for _, tt := range []struct{ name, body, contentType string }{
		{"plain JSON", awsBody, "application/json"},
		{"with a charset", awsBody, "application/json; charset=utf-8"},
		{"another date", awsBody, v2023},
		{"names of 63 characters, not bytes", strings.Replace(awsBody, "snaps", strings.Repeat("é", 63), 1), v2024},
		{"read-only links", strings.Replace(awsBody, "}", `,"links":[{"href":"x","rel":"self"}]}`, 1), v2024},
		{"a tenant, which is ignored", strings.Replace(azureBody, "}", `,"tenantId":"4297fc77-1592-4de8-a6d5-a8c32401df87"}`, 1), v2024},
	} {
		got := c.ask("POST", "", tt.body, "Content-Type: "+tt.contentType)
		if got.status != 200 || strings.Contains(got.body, "4297fc77") {
			t.Errorf("%s: %d %s", tt.name, got.status, got.body)
		}
	}
	if got := c.ask("POST", "", awsBody, "Content-Type: text/plain"); got.status != 415 {
		t.Errorf("text/plain: %d %s", got.status, got.body)
	}
	if got := c.ask("POST", "", `{"a":"`+strings.Repeat("a", 1<<20)+`"}`); got.status != 413 {
		t.Errorf("more than 1 MiB: %d %s", got.status, got.body)
	}
}
