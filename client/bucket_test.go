package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/google/go-cmp/cmp"
)

const tenant = "7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

// TestDecode checks the decoding of a bucket of each provider, of an unknown provider, and
// with unknown fields.
func TestDecode(t *testing.T) {
	tests := []struct {
		name, body string
		want       client.ExportBucket
	}{
		{"AWS", oneBucket, client.ExportBucket{ID: bucket, Target: client.AWS{BucketName: "snapshots", IAMRoleID: role, RequirePrivateNetworking: true, Region: "us-east-1"}}},
		{"AWS with few fields", `{"_id":"` + bucket + `","cloudProvider":"AWS","requirePrivateNetworking":null,"region":null}`,
			client.ExportBucket{ID: bucket, Target: client.AWS{}}},
		{"Azure", `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"AZURE","roleId":"r","serviceUrl":"s","tenantId":"` + tenant + `"}`,
			client.ExportBucket{ID: bucket, Target: client.Azure{BucketName: "b", RoleID: "r", ServiceURL: "s", TenantID: tenant}}},
		{"GCP with a link", `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"GCP","roleId":"r","links":[{"rel":"self","href":"h"}]}`,
			client.ExportBucket{ID: bucket, Target: client.GCP{BucketName: "b", RoleID: "r"}, Links: []client.Link{{Rel: "self", Href: "h"}}}},
		{"fields added", `{"new":[{"x":null}],"_id":"` + bucket + `","bucketName":"b","cloudProvider":"GCP","roleId":"r","status":"OK","links":[{}]}`,
			client.ExportBucket{ID: bucket, Target: client.GCP{BucketName: "b", RoleID: "r"}, Links: []client.Link{{}}}},
		{"a provider added", `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"DROPBOX","depth":{"n":1.50},"links":[]}`,
			client.ExportBucket{ID: bucket, Links: []client.Link{}, Target: client.Unknown{CloudProvider: "DROPBOX", Raw: `{"bucketName":"b","cloudProvider":"DROPBOX","depth":{"n":1.50}}`}}},
		{"no provider", `{"_id":"` + bucket + `"}`, client.ExportBucket{ID: bucket, Target: client.Unknown{Raw: `{}`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.want.Raw = test.body
			c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "exportBuckets") {
					write(w, http.StatusOK, `{"results":[`+oneBucket+","+test.body+`],"totalCount":2}`)
				} else {
					write(w, http.StatusOK, test.body)
				}
			})
			got, err := c.Get(t.Context(), project, bucket)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("Get (-want +got)\n%s", diff)
			}
			page, err := c.ListPage(t.Context(), project, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, *page.Results[1]); diff != "" {
				t.Errorf("List (-want +got)\n%s", diff)
			}
		})
	}
}

// TestDecodeRefuses checks that JSON that is not a bucket or a page is refused, and that
// the error contains the location.
func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ list, body, text string }{
		{"get", `{}`, "_id is missing"},
		{"get", `null`, "_id is missing"},
		{"get", `[]`, "cannot unmarshal array"},
		{"get", `{"_id":7}`, "cannot unmarshal number"},
		{"get", oneBucket + oneBucket, "after top-level value"},
		{"get", ``, "unexpected end of JSON input"},
		{"list", `{}`, "results is missing"},
		{"list", `{"results":null}`, "results is missing"},
		{"list", `null`, "results is missing"},
		{"list", `{"results":[` + oneBucket + `,{}]}`, "results[1]: _id is missing"},
		{"list", `{"results":[null]}`, "results[0]: _id is missing"},
		{"list", `{"results":{}}`, "cannot unmarshal object"},
		{"list", pageOf(3, 1, 3)[:100], "unexpected end of JSON input"},
	}
	for _, test := range tests {
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, test.body) })
		_, err := c.Get(t.Context(), project, bucket)
		if test.list == "list" {
			_, err = c.ListPage(t.Context(), project, nil)
		}
		var e *client.Error
		if !errors.As(err, &e) || e.StatusCode != http.StatusOK || !strings.Contains(err.Error(), "the response cannot be read") || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s of %s: got %v, want %q with status 200", test.list, test.body, err, test.text)
		}
	}
}

// TestTargetsCompare compares targets with == and uses them as map keys, including those of
// an unknown provider: two buckets may have the same target.
func TestTargetsCompare(t *testing.T) {
	read := func(id, name string) client.Target {
		var b client.ExportBucket
		if err := json.Unmarshal([]byte(`{"_id":"`+id+`","cloudProvider":"OCI","name":"`+name+`"}`), &b); err != nil {
			t.Fatal(err)
		}
		return b.Target
	}
	if read(bucket, "a") != read(project, "a") || read(bucket, "a") == read(bucket, "b") || read(bucket, "a") == client.Target(onAWS) {
		t.Error("targets of an unknown provider are not compared by their fields")
	}
	seen := map[client.Target]int{}
	for _, target := range []client.Target{read(bucket, "a"), onAWS, read(bucket, "b"), onGCP, read(project, "a"), onAzure, onAWS} {
		seen[target]++
	}
	if len(seen) != 5 || seen[read(bucket, "a")] != 2 || seen[onAWS] != 2 {
		t.Errorf("counted %v", seen)
	}
}

// TestBucketDoesNotKeepBuffer checks that a bucket keeps no reference to the buffer from
// which it was decoded.
func TestBucketDoesNotKeepBuffer(t *testing.T) {
	data := []byte(`{"_id":"` + bucket + `","cloudProvider":"X"}`)
	var b client.ExportBucket
	if err := json.Unmarshal(data, &b); err != nil {
		t.Fatal(err)
	}
	want := string(data)
	for i := range data {
		data[i] = '!'
	}
	if got, err := json.Marshal(b); err != nil || string(got) != want {
		t.Errorf("got %s, %v after the input was overwritten, want %s", got, err, want)
	}
}

// TestCreateSends checks the body of the request for each target.
func TestCreateSends(t *testing.T) {
	const raw = `{"cloudProvider":"DROPBOX", "depth":1.50}`
	tests := []struct {
		target client.Target
		want   string
	}{
		{onAWS, `{"bucketName":"snapshots","cloudProvider":"AWS","iamRoleId":"` + role + `","requirePrivateNetworking":true}`},
		{client.AWS{BucketName: "abc", IAMRoleID: role, Region: "ignored"}, `{"bucketName":"abc","cloudProvider":"AWS","iamRoleId":"` + role + `"}`},
		{onAzure, `{"bucketName":"snapshots","cloudProvider":"AZURE","roleId":"` + role + `","serviceUrl":"` + onAzure.ServiceURL + `"}`},
		{client.Azure{RoleID: role, ServiceURL: onAzure.ServiceURL, TenantID: tenant}, `{"cloudProvider":"AZURE","roleId":"` + role + `","serviceUrl":"` + onAzure.ServiceURL + `"}`},
		{onGCP, `{"bucketName":"snapshots","cloudProvider":"GCP","roleId":"` + role + `"}`},
		{client.Unknown{CloudProvider: "DROPBOX", Raw: raw}, raw},
	}
	for _, test := range tests {
		var got bytes.Buffer
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = got.ReadFrom(r.Body)
			if r.Header.Get("Content-Type") != v2024 {
				t.Errorf("sent as %s", r.Header.Get("Content-Type"))
			}
			write(w, http.StatusOK, oneBucket)
		})
		if _, err := c.Create(t.Context(), project, test.target); err != nil {
			t.Fatal(err)
		}
		if got.String() != test.want {
			t.Errorf("sent %s\nwant %s", &got, test.want)
		}
	}
}

// TestTargetsCanBePassedOn takes buckets of every provider, from a list and from Get, and
// adds them to another project. The fake refuses the same fields in a request as Atlas.
func TestTargetsCanBePassedOn(t *testing.T) {
	const other = "d0123456789abcdef012345d"
	providers := []fakeatlas.Provider{fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP}
	srv := fakeatlas.New(t, fakeatlas.Project(other), fakeatlas.Buckets(3, providers...))
	c := keyed(t, srv)
	for listed, err := range c.List(t.Context(), srv.ProjectID, nil) {
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Get(t.Context(), srv.ProjectID, listed.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []client.Target{listed.Target, got.Target} {
			b, err := c.Create(t.Context(), other, target)
			if err != nil {
				t.Errorf("%+v cannot be used in another project: %v", target, err)
			} else if b.CloudProvider() != target.Provider() || b.BucketName() != listed.BucketName() {
				t.Errorf("%+v became %+v", target, b)
			}
		}
	}
	if n := len(srv.Buckets(other)); n != 2*len(providers) {
		t.Errorf("the other project has %d buckets, want %d", n, 2*len(providers))
	}
}

// TestUnknownTargetCanBePassedOn checks that no field is sent that exists only in
// responses.
func TestUnknownTargetCanBePassedOn(t *testing.T) {
	const received = `{"_id":"` + bucket + `","cloudProvider":"OCI","depth":1.50,"links":[],"namespace":"n","projectId":"` + project + `"}`
	var sent bytes.Buffer
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = sent.ReadFrom(r.Body)
		write(w, http.StatusOK, received)
	})
	b, err := c.Get(t.Context(), project, bucket)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), project, b.Target); err != nil || sent.String() != `{"cloudProvider":"OCI","depth":1.50,"namespace":"n"}` {
		t.Errorf("sent %s, %v", &sent, err)
	}
}

// TestUpdateSends checks that an update sends the value, even if it is false.
func TestUpdateSends(t *testing.T) {
	for _, want := range []string{`{"requirePrivateNetworking":true}`, `{"requirePrivateNetworking":false}`} {
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			var got bytes.Buffer
			_, _ = got.ReadFrom(r.Body)
			if got.String() != want || r.Method != http.MethodPatch || r.Header.Get("Content-Type") != v2024 {
				t.Errorf("%s sent %s as %s, want %s", r.Method, &got, r.Header.Get("Content-Type"), want)
			}
			write(w, http.StatusOK, oneBucket)
		})
		if _, err := c.Update(t.Context(), project, bucket, client.Update{RequirePrivateNetworking: client.Ptr(strings.Contains(want, "true"))}); err != nil {
			t.Error(err)
		}
	}
}

// TestBucketMethods checks that the methods of a bucket return the values of its target.
func TestBucketMethods(t *testing.T) {
	tests := []struct {
		target   client.Target
		name     string
		provider client.CloudProvider
	}{
		{nil, "", ""},
		{onAWS, "snapshots", client.ProviderAWS},
		{onAzure, "snapshots", client.ProviderAzure},
		{onGCP, "snapshots", client.ProviderGCP},
		{client.Unknown{CloudProvider: "OCI", Raw: `{"bucketName":"b"}`}, "b", "OCI"},
		{client.Unknown{Raw: `{"bucketName":1}`}, "", ""},
		{client.Unknown{}, "", ""},
	}
	for _, test := range tests {
		b := client.ExportBucket{Target: test.target}
		if b.BucketName() != test.name || b.CloudProvider() != test.provider {
			t.Errorf("%+v: got %q on %q", test.target, b.BucketName(), b.CloudProvider())
		}
	}
}

// TestRecordedResponses checks that recorded responses of the real Atlas can be decoded.
func TestRecordedResponses(t *testing.T) {
	const folder = "../../shared/recordings/http"
	files, _ := filepath.Glob(filepath.Join(folder, "*.http"))
	if len(files) == 0 {
		t.Skipf("no recordings in %s", folder)
	}
	total := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.IndexByte(data, '{')
		if at < 0 {
			continue // a deletion
		}
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, string(data[at:])) })
		if bytes.Contains(data, []byte(`"results"`)) {
			page, err := c.ListPage(t.Context(), project, &client.ListOptions{ItemsPerPage: 100})
			if err != nil || len(page.Results) != 100 || page.TotalCount != 2508 {
				t.Errorf("%s: %v, %+v", file, err, page)
			}
			total += 100
			continue
		}
		b, err := c.Get(t.Context(), project, bucket)
		if _, ok := b.Target.(client.AWS); err != nil || !ok {
			t.Errorf("%s: %+v, %v", file, b, err)
		}
		total++
	}
	t.Logf("%d recorded buckets decoded", total)
}
