package v20240530_test

import (
	"testing"

	api "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// TestRequestURLs checks the URLs of requests with values that have a meaning in a path, and
// to servers with a path.
func TestRequestURLs(t *testing.T) {
	for _, test := range []struct{ server, group, want string }{
		{"https://cloud.mongodb.com", "g", "https://cloud.mongodb.com/api/atlas/v2/groups/g/backup/exportBuckets/b"},
		{"https://cloud.mongodb.com/", "g", "https://cloud.mongodb.com/api/atlas/v2/groups/g/backup/exportBuckets/b"},
		{"http://127.0.0.1:8080/atlas/", "g", "http://127.0.0.1:8080/atlas/api/atlas/v2/groups/g/backup/exportBuckets/b"},
		{"https://cloud.mongodb.com/", "a/b?c#d e%", "https://cloud.mongodb.com/api/atlas/v2/groups/a%2Fb%3Fc%23d%20e%25/backup/exportBuckets/b"},
		{"https://cloud.mongodb.com/", "..", "https://cloud.mongodb.com/api/atlas/v2/groups/../backup/exportBuckets/b"},
		{"https://cloud.mongodb.com/", "größe", "https://cloud.mongodb.com/api/atlas/v2/groups/gr%C3%B6%C3%9Fe/backup/exportBuckets/b"},
	} {
		req, err := api.NewGetExportBucketRequest(test.server, test.group, "b", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := req.URL.String(); got != test.want {
			t.Errorf("%s, group %q:\n got %s\nwant %s", test.server, test.group, got, test.want)
		}
		if req.Host != req.URL.Host {
			t.Errorf("%s: Host is %q, want %q", test.server, req.Host, req.URL.Host)
		}
	}
	pretty := true
	req, err := api.NewGetExportBucketRequest("https://cloud.mongodb.com/", "g", "b", &api.GetExportBucketParams{Pretty: &pretty})
	if err != nil {
		t.Fatal(err)
	}
	if got := req.URL.RawQuery; got != "pretty=true" {
		t.Errorf("the query is %q, want pretty=true", got)
	}
	if _, err := api.NewGetExportBucketRequest("http://a b", "g", "b", nil); err == nil {
		t.Error("a server that is not a URL is taken")
	}
}
