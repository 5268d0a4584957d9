package fakeatlas_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

const (
	awsBody   = `{"cloudProvider":"AWS","bucketName":"snaps","iamRoleId":"0123456789abcdef01234567"}`
	azureBody = `{"cloudProvider":"AZURE","roleId":"0123456789abcdef01234567","serviceUrl":"https://examples.blob.core.windows.net/snaps"}`
	gcpBody   = `{"cloudProvider":"GCP","bucketName":"snaps","roleId":"0123456789abcdef01234567"}`
)

// The test checks the response of each operation, byte for byte, through the life of a
// bucket.
func TestOperations(t *testing.T) {
	srv := fakeatlas.New(t)
	c := newCaller(t, srv)
	const id = "6657c1810000000001000001"
	created := `{"_id":"` + id + `","bucketName":"snaps","cloudProvider":"AWS","iamRoleId":"0123456789abcdef01234567","requirePrivateNetworking":false}`
	shown := strings.Replace(created, `,"require`, `,"region":"us-east-1","require`, 1)
	self := srv.URL + c.path("") + `?includeCount=true&pageNum=1&itemsPerPage=100`
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "", awsBody, 200, created},
		{"GET", id, "", 200, shown},
		{"GET", "", "", 200, `{"links":[{"href":"` + self + `","rel":"self"}],"results":[` + created + `],"totalCount":1}`},
		{"PATCH", id, `{"requirePrivateNetworking":true}`, 200, strings.Replace(shown, "false", "true", 1)},
		{"GET", id, "", 200, strings.Replace(shown, "false", "true", 1)},
		{"DELETE", id, "", 204, ""},
		{"GET", id, "", 404, `{"detail":"No export Bucket with ID ` + id + ` does not exist.","error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND","parameters":["` + id + `"],"reason":"Not Found"}`},
		{"DELETE", id, "", 404, `{"detail":"No export Bucket with ID ` + id + ` does not exist.","error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND","parameters":["` + id + `"],"reason":"Not Found"}`},
	} {
		got := c.ask(step.method, step.path, step.body)
		if got.status != step.status {
			t.Errorf("%s %s: status %d, want %d", step.method, step.path, got.status, step.status)
		}
		if diff := cmp.Diff(step.want, got.body); diff != "" {
			t.Errorf("%s %s: body (-want +got):\n%s", step.method, step.path, diff)
		}
	}
}

// The responses to create, by provider: Azure's tenant comes from the role, and the name
// from the service URL.
func TestCreateByProvider(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t))
	for _, tt := range []struct{ body, want string }{
		{azureBody, `{"_id":"6657c1810000000001000001","bucketName":"snaps","cloudProvider":"AZURE","roleId":"0123456789abcdef01234567","serviceUrl":"https://examples.blob.core.windows.net/snaps","tenantId":"8865fea8-edb6-4716-9ac2-b4f5e6339e16"}`},
		{gcpBody, `{"_id":"6657c1820000000001000002","bucketName":"snaps","cloudProvider":"GCP","roleId":"0123456789abcdef01234567"}`},
		{gcpBody, `{"_id":"6657c1830000000001000003","bucketName":"snaps","cloudProvider":"GCP","roleId":"0123456789abcdef01234567"}`},
	} {
		got := c.ask("POST", "", tt.body)
		if diff := cmp.Diff(tt.want, got.body); got.status != 200 || diff != "" {
			t.Errorf("%s: status %d, body (-want +got):\n%s", tt.body, got.status, diff)
		}
	}
}

// The response to a delete is empty, but its Content-Type contains the version.
func TestDeleteHasADatedType(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	got := newCaller(t, srv).ask("DELETE", srv.Buckets(srv.ProjectID)[0].ID, "")
	want := v2023 + ";charset=utf-8"
	if got.status != http.StatusNoContent || got.body != "" || got.header.Get("Content-Type") != want {
		t.Errorf("got %d %q with Content-Type %q, want an empty 204 with %q", got.status, got.body, got.header.Get("Content-Type"), want)
	}
	if got.header.Get("Content-Length") != "" {
		t.Errorf("a 204 with Content-Length %q", got.header.Get("Content-Length"))
	}
}

// The test checks the headers that recorded responses to get have.
func TestHeaders(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	got := newCaller(t, srv).ask("GET", srv.Buckets(srv.ProjectID)[0].ID, "")
	delete(got.header, "Date")
	want := http.Header{
		"Content-Length":                    {"176"},
		"Content-Type":                      {v2024 + ";charset=utf-8"},
		"Ratelimit-Limit":                   {"1200"},
		"Ratelimit-Remaining":               {"1199"},
		"Referrer-Policy":                   {"strict-origin-when-cross-origin"},
		"Server":                            {"mdbws"},
		"Strict-Transport-Security":         {"max-age=31536000; includeSubdomains;"},
		"X-Content-Type-Options":            {"nosniff"},
		"X-Envoy-Upstream-Service-Time":     {"1"},
		"X-Frame-Options":                   {"DENY"},
		"X-Java-Method":                     {"ApiAtlasDiskBackupExportBucketsResource::getExportBucketById"},
		"X-Java-Version":                    {"17.0.19+10-LTS"},
		"X-Mongodb-Service-Version":         {"gitHash=0000000000000000000000000000000000000000; versionString=fakeatlas"},
		"X-Permitted-Cross-Domain-Policies": {"none"},
	}
	if diff := cmp.Diff(want, got.header); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
