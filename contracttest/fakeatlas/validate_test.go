package fakeatlas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The test checks the responses to bodies that violate the contract.
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
		{"invalid links", "POST", "", strings.Replace(awsBody, "}", `,"links":[{"href":1}]}`, 1), "INVALID_JSON_ATTRIBUTE", ""},
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
		{"name of 2", "POST", "", `{` + aws + `,"bucketName":"ab"}`, "EXPORT_BUCKET_NAME_INVALID", "Export Bucket name is invalid."},
		{"name of 64", "POST", "", `{` + aws + `,"bucketName":"` + strings.Repeat("a", 64) + `"}`, "EXPORT_BUCKET_NAME_INVALID", ""},
		{"name of 63 invalid characters", "POST", "", `{` + aws + `,"bucketName":"` + strings.Repeat("é", 63) + `"}`, "EXPORT_BUCKET_NAME_INVALID", ""},
		{"role in upper case", "POST", "", strings.Replace(awsBody, "abcdef", "ABCDEF", 1), "INVALID_JSON_ATTRIBUTE", "Received JSON for the iamRoleId attribute does not match expected format."},
		{"the role's name on AWS", "POST", "", strings.Replace(awsBody, "0123456789abcdef01234567", "arn:aws:iam::123456789012:role/export", 1), "INVALID_JSON_ATTRIBUTE", `"parameters":["iamRoleId"]`},
		{"malformed role and name", "POST", "", `{"cloudProvider":"AWS","bucketName":"ab","iamRoleId":"x"}`, "INVALID_JSON_ATTRIBUTE", ""},
		{"malformed role for Azure", "POST", "", strings.Replace(azureBody, "0123456789abcdef01234567", "x", 1), "INVALID_JSON_ATTRIBUTE", `"parameters":["roleId"]`},
		{"flag as text", "POST", "", `{` + aws + `,"bucketName":"snaps","requirePrivateNetworking":"true"}`, "INVALID_JSON_ATTRIBUTE", ""},
		{"service URL of 32", "POST", "", `{` + azure + `,"bucketName":"snaps","serviceUrl":"https://a.blob.core.windows.net/"}`, "VALIDATION_ERROR", ""},
		{"service URL elsewhere", "POST", "", `{` + azure + `,"bucketName":"snaps","serviceUrl":"https://blob.example.com/a-long-container"}`, "VALIDATION_ERROR", ""},
		{"service URL without TLS", "POST", "", `{` + azure + `,"serviceUrl":"http://examples.blob.core.windows.net/snaps"}`, "VALIDATION_ERROR", ""},
		{"no container", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `"}`, "MISSING_ATTRIBUTE", "The required attribute bucketName was not specified."},
		{"short container", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `/ab"}`, "EXPORT_BUCKET_NAME_INVALID", ""},
		{"tenant that is not a UUID", "POST", "", `{` + azure + `,"serviceUrl":"` + service + `/snaps","tenantId":"x"}`, "INVALID_JSON_ATTRIBUTE", "Received JSON for the tenantId attribute does not match expected format."},
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
		t.Errorf("%d buckets after the refused requests, want the 2 from before", n)
	}
}

// The detail of the error names a text of the wrong length, in the documented words, and so
// does the list of fields.
func TestViolations(t *testing.T) {
	body := strings.Replace(azureBody, "https://examples.blob.core.windows.net/snaps", "https://a.blob.core.windows.net/", 1)
	got := newCaller(t, fakeatlas.New(t)).ask("POST", "", strings.Replace(body, "}", `,"bucketName":"snaps"}`, 1))
	want := `{"badRequestDetail":{"fields":[{"description":"length must be between 33 and 2048","field":"serviceUrl"}]},` +
		`"detail":"The request content produced the validation error: serviceUrl length must be between 33 and 2048.",` +
		`"error":400,"errorCode":"VALIDATION_ERROR","parameters":["serviceUrl length must be between 33 and 2048"],"reason":"Bad Request"}`
	if diff := cmp.Diff(want, got.body); got.status != 400 || diff != "" {
		t.Errorf("%d (-want +got):\n%s", got.status, diff)
	}
}

func TestAcceptedBodies(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t))
	for _, tt := range []struct{ name, body, contentType string }{
		{"plain JSON", awsBody, "application/json"},
		{"with a charset", awsBody, "application/json; charset=utf-8"},
		{"another date", awsBody, v2023},
		{"a name of 63 characters", strings.Replace(awsBody, "snaps", strings.Repeat("a", 63), 1), v2024},
		{"a service URL of 33 characters", strings.Replace(strings.Replace(azureBody, "https://examples.blob.core.windows.net/snaps", "https://a.blob.core.windows.net/b", 1), "}", `,"bucketName":"snaps"}`, 1), v2024},
		{"a host in upper case", strings.Replace(azureBody, "https://examples.blob.core.windows.net", "HTTPS://Examples.Blob.Core.Windows.NET", 1), v2024},
		{"a service URL of 2048 characters, not bytes", strings.Replace(azureBody, `/snaps"`, `/snaps/`+strings.Repeat("é", 2048-len("https://examples.blob.core.windows.net/snaps/"))+`"`, 1), v2024},
		{"read-only links", strings.Replace(awsBody, "}", `,"links":[{"href":"x","rel":"self"}]}`, 1), v2024},
		{"a tenant, which is ignored", strings.Replace(azureBody, "}", `,"tenantId":"7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}`, 1), v2024},
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
