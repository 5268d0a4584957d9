package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// TestArguments checks that invalid arguments fail before a request, and their error texts.
func TestArguments(t *testing.T) {
	c := clientOf(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("a request was sent to %s", r.URL) })
	ctx := t.Context()
	create := func(target client.Target) func() error {
		return func() error { _, err := c.Create(ctx, project, target); return err }
	}
	get := func(projectID, bucketID string) func() error {
		return func() error { _, err := c.Get(ctx, projectID, bucketID); return err }
	}
	list := func(o client.ListOptions) func() error {
		return func() error { _, err := c.ListPage(ctx, project, &o); return err }
	}
	tests := []struct {
		name string
		call func() error
		want []string // arguments that the error must name
	}{
		{"no project", get("", bucket), []string{"projectID is empty"}},
		{"dots", get(project, ".."), []string{`bucketID is ".."`}},
		{"a path", get("../../../../api", bucket), []string{`projectID is "../../../../api"`}},
		{"an escaped slash", get(project, "6a793f752c88faeba59bb%2f"), []string{"bucketID"}},
		{"a query", get(project, bucket+"?x"), []string{"bucketID"}},
		{"a line end", get(project, bucket+"\n"), []string{"bucketID"}},
		{"upper case", get(strings.ToUpper(project), bucket), []string{"projectID", "24 hexadecimal digits, lower case"}},
		{"too short and too long", get(project[1:], bucket+"0"), []string{"projectID", "bucketID"}},
		{"other digits", get(project, strings.Repeat("g", 24)), []string{"bucketID"}},
		{"Update", func() error { _, err := c.Update(ctx, "x", "y", client.Update{}); return err }, []string{"projectID", "bucketID", "Update"}},
		{"Update without a change", func() error { _, err := c.Update(ctx, project, bucket, client.Update{}); return err }, []string{"Update changes nothing"}},
		{"Delete", func() error { return c.Delete(ctx, "x", "y") }, []string{"projectID", "bucketID"}},
		{"List", func() error { _, err := collect(ctx, c, "x", nil); return err }, []string{"projectID"}},
		{"Create without a project", func() error { _, err := c.Create(ctx, "x", onAWS); return err }, []string{"projectID"}},
		{"no target", create(nil), []string{"target is nil"}},
		{"AWS", create(client.AWS{BucketName: "ab", IAMRoleID: "arn:aws:iam::1:role/x"}), []string{`AWS.BucketName is "ab", 2 characters long: it must have 3 to 63`, "AWS.IAMRoleID"}},
		{"long AWS", create(client.AWS{BucketName: strings.Repeat("b", 64), IAMRoleID: role}), []string{"AWS.BucketName", "…"}},
		{"Azure", create(client.Azure{BucketName: "ab", RoleID: "x", ServiceURL: "https://short", TenantID: "x"}), []string{"Azure.BucketName", "Azure.RoleID", "Azure.ServiceURL", "33 to 2048", "Azure.TenantID"}},
		{"Azure, a tenant with another digit", create(client.Azure{RoleID: role, ServiceURL: onAzure.ServiceURL, TenantID: tenant[:35] + "g"}), []string{"Azure.TenantID"}},
		{"Azure, a tenant with a moved hyphen", create(client.Azure{RoleID: role, ServiceURL: onAzure.ServiceURL, TenantID: tenant[:7] + "-" + tenant[7:8] + tenant[9:]}), []string{"Azure.TenantID"}},
		{"long Azure", create(client.Azure{RoleID: role, ServiceURL: strings.Repeat("u", 2049)}), []string{"Azure.ServiceURL"}},
		{"GCP", create(client.GCP{}), []string{"GCP.BucketName", "GCP.RoleID is empty"}},
		{"Unknown", create(client.Unknown{}), []string{"Unknown.Raw"}},
		{"Unknown array", create(client.Unknown{Raw: `[]`}), []string{"Unknown.Raw"}},
		{"an incomplete Unknown", create(client.Unknown{Raw: `{"a":`}), []string{"Unknown.Raw"}},
		{"too many per page", list(client.ListOptions{ItemsPerPage: 501}), []string{"ListOptions.ItemsPerPage is 501: it must be 1 to 500"}},
		{"negative", list(client.ListOptions{ItemsPerPage: -1, PageNum: -1}), []string{"ListOptions.ItemsPerPage", "ListOptions.PageNum"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.call()
			var e *client.ArgumentError
			if !errors.As(err, &e) || !errors.Is(err, client.ErrInvalidArgument) {
				t.Fatalf("got %v, want an ArgumentError", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want a text that contains %q", err, want)
				}
			}
		})
	}
}

// TestLengthsCountCharacters checks that lengths are counted in characters rather than
// bytes, as in the specification.
func TestLengthsCountCharacters(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, oneBucket) })
	for _, target := range []client.Target{
		client.GCP{BucketName: strings.Repeat("ü", 63), RoleID: role},
		client.GCP{BucketName: "üüü", RoleID: role},
		client.AWS{BucketName: "abc", IAMRoleID: role},
		client.Azure{RoleID: role, ServiceURL: strings.Repeat("u", 33)},
		client.Azure{RoleID: role, ServiceURL: strings.Repeat("u", 2048)},
	} {
		if _, err := c.Create(t.Context(), project, target); err != nil {
			t.Errorf("%+v: %v", target, err)
		}
	}
}

// TestNewRefusesOptions checks that New reports all invalid options together.
func TestNewRefusesOptions(t *testing.T) {
	tests := []struct {
		option client.Option
		want   string
	}{
		{client.WithBaseURL(""), "the base URL must be an absolute"},
		{client.WithBaseURL("cloud.mongodb.com"), "the base URL must be an absolute"},
		{client.WithBaseURL("https://:443"), "the base URL must be an absolute"},
		{client.WithBaseURL("https://:443/path"), "the base URL must be an absolute"},
		{client.WithBaseURL("http://:"), "the base URL must be an absolute"},
		{client.WithBaseURL("https:///path"), "the base URL must be an absolute"},
		{client.WithBaseURL("ftp://cloud.mongodb.com"), "the base URL must be an absolute"},
		{client.WithBaseURL("https://user:s3cr3t@cloud.mongodb.com"), "contains a user name or password"},
		{client.WithBaseURL("https://cloud.mongodb.com\x00s3cr3t"), "the base URL must be an absolute"},
		{client.WithBaseURL("https://cloud.mongodb.com?s3cr3t"), "has a query or fragment"},
		{client.WithBaseURL("http://cloud.mongodb.com"), "plain http for cloud.mongodb.com"},
		{client.WithBaseURL("http://10.0.0.1:8080"), "WithInsecureHTTP"},
		{client.WithAPIVersion("v2"), `"v2" is unknown`},
		{client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: -1}), "WithRetryPolicy"},
		{client.WithRetryPolicy(client.RetryPolicy{BaseDelay: -1}), "WithRetryPolicy"},
		{client.WithRetryPolicy(client.RetryPolicy{RateLimitDelay: -1}), "WithRetryPolicy"},
		{client.WithRetryPolicy(client.RetryPolicy{MaxDelay: -1}), "WithRetryPolicy"},
		{client.WithTimeout(-time.Second), "WithTimeout: -1s"},
		{client.WithMaxResponseBytes(0), "WithMaxResponseBytes: 0"},
		{client.WithUserAgent("a\r\nAuthorization: x"), "WithUserAgent"},
		{client.WithProjectID("mine"), `"mine"`},
		{client.WithMiddleware(func(http.RoundTripper) http.RoundTripper { return nil }), "WithMiddleware: the function returned nil"},
	}
	var all []client.Option
	for _, test := range tests {
		_, err := client.New(client.AccessToken("t"), test.option)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("got %v, want %q", err, test.want)
		}
		all = append(all, test.option)
	}
	_, err := client.New(nil, append(all[4:], nil)...)
	for _, want := range []string{"the auth is nil", "WithInsecureHTTP", `"v2" is unknown`, "WithRetryPolicy", "WithTimeout", "WithMaxResponseBytes", "WithUserAgent", `"mine"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q among it", err, want)
		}
	}
	for _, good := range []client.Option{
		client.WithBaseURL("http://localhost:8080"), client.WithBaseURL("http://127.0.0.1:1/prefix/"), client.WithBaseURL("http://[::1]:80"),
		client.WithTimeout(0), nil,
		client.WithHTTPClient(nil), client.WithLogger(nil), client.WithCallHook(nil), client.WithDeprecationHook(nil), client.WithMiddleware(nil),
	} {
		if _, err := client.New(client.AccessToken("t"), good); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.New(client.AccessToken("t"), client.WithBaseURL("http://10.0.0.1"), client.WithInsecureHTTP()); err != nil {
		t.Error(err)
	}
}

// TestBasePath checks that the path of the base URL comes before the API's path.
func TestBasePath(t *testing.T) {
	var got string
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		got = r.URL.String()
		return recorded(oneBucket), nil
	})}
	c := newClient(t, client.AccessToken("t"), "https://gateway.test/atlas/", client.WithHTTPClient(hc))
	if _, err := c.Get(context.Background(), project, bucket); err != nil {
		t.Fatal(err)
	}
	if want := "https://gateway.test/atlas/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
}
