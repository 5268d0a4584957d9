package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	v1 "github.com/atlas-exportbuckets/exportbuckets/gen/v1"
	v20230101 "github.com/atlas-exportbuckets/exportbuckets/gen/v20230101"
	v20240530 "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const tenant = "4297fc77-1592-4de8-a6d5-a8c32401df87"

// TestDecode reads a bucket of each provider, of one that doesn't exist yet, and
// with fields that don't.
func TestDecode(t *testing.T) {
	const dropbox = `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"DROPBOX","depth":{"n":1.50},"links":[]}`
	tests := []struct {
		name, body string
		want       client.ExportBucket
	}{
		{"AWS", oneBucket, client.ExportBucket{ID: bucket, BucketName: "snapshots", CloudProvider: client.ProviderAWS,
			Target: client.AWS{BucketName: "snapshots", IAMRoleID: role, RequirePrivateNetworking: true, Region: "us-east-1"}}},
		{"AWS, little of it", `{"_id":"` + bucket + `","cloudProvider":"AWS","requirePrivateNetworking":null,"region":null}`,
			client.ExportBucket{ID: bucket, CloudProvider: client.ProviderAWS, Target: client.AWS{}}},
		{"Azure", `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"AZURE","roleId":"r","serviceUrl":"s","tenantId":"` + tenant + `"}`,
			client.ExportBucket{ID: bucket, BucketName: "b", CloudProvider: client.ProviderAzure, Target: client.Azure{BucketName: "b", RoleID: "r", ServiceURL: "s", TenantID: tenant}}},
		{"GCP with a link", `{"_id":"` + bucket + `","bucketName":"b","cloudProvider":"GCP","roleId":"r","links":[{"rel":"self","href":"h"}]}`,
			client.ExportBucket{ID: bucket, BucketName: "b", CloudProvider: client.ProviderGCP, Target: client.GCP{BucketName: "b", RoleID: "r"}, Links: []client.Link{{Rel: "self", Href: "h"}}}},
		{"fields added", `{"new":[{"x":null}],"_id":"` + bucket + `","bucketName":"b","cloudProvider":"GCP","roleId":"r","status":"OK"}`,
			client.ExportBucket{ID: bucket, BucketName: "b", CloudProvider: client.ProviderGCP, Target: client.GCP{BucketName: "b", RoleID: "r"}}},
		{"a provider added", dropbox,
			client.ExportBucket{ID: bucket, BucketName: "b", CloudProvider: "DROPBOX", Links: []client.Link{}, Target: client.Unknown{CloudProvider: "DROPBOX", Raw: dropbox}}},
		{"no provider", `{"_id":"` + bucket + `"}`,
			client.ExportBucket{ID: bucket, Target: client.Unknown{Raw: `{"_id":"` + bucket + `"}`}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := answering(t, func(w http.ResponseWriter, r *http.Request) {
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

// TestDecodeRefuses what is no bucket and no page, and says where.
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
		c := answering(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, test.body) })
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

// TestTargetsCompare uses targets with == and as the keys of a map, also those of a
// provider that the client does not know.
func TestTargetsCompare(t *testing.T) {
	const first, second = `{"_id":"` + bucket + `","cloudProvider":"OCI"}`, `{"_id":"` + project + `","cloudProvider":"OCI"}`
	read := func(text string) client.Target {
		var b client.ExportBucket
		if err := json.Unmarshal([]byte(text), &b); err != nil {
			t.Fatal(err)
		}
		return b.Target
	}
	if read(first) != read(first) || read(first) == read(second) || read(first) == client.Target(onAWS) {
		t.Error("targets of an unknown provider are not compared by what Atlas sent")
	}
	seen := map[client.Target]int{}
	for _, target := range []client.Target{read(first), onAWS, read(second), onGCP, read(first), onAzure, onAWS} {
		seen[target]++
	}
	if len(seen) != 5 || seen[read(first)] != 2 || seen[onAWS] != 2 {
		t.Errorf("counted %v", seen)
	}
}

// TestUnknownKeepsNothingElse has the buffer that a bucket was read from reused.
func TestUnknownKeepsNothingElse(t *testing.T) {
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

// TestCreateSends what each target stands for, and a target that was answered can
// be passed on.
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
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
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
	srv := fakeatlas.New(t, fakeatlas.Buckets(3, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	c := keyed(t, srv)
	for b, err := range c.List(t.Context(), srv.ProjectID, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Create(t.Context(), srv.ProjectID, b.Target); err != nil {
			t.Errorf("%+v cannot be passed on: %v", b.Target, err)
		}
	}
}

// TestUpdateSends the value, false too.
func TestUpdateSends(t *testing.T) {
	for _, want := range []string{`{"requirePrivateNetworking":true}`, `{"requirePrivateNetworking":false}`} {
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
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

// TestRoundTrip holds that any bucket survives its JSON, both ways.
func TestRoundTrip(t *testing.T) {
	text := rapid.String()
	target := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) client.Target {
			return client.AWS{IAMRoleID: text.Draw(t, "role"), Region: text.Draw(t, "region"), RequirePrivateNetworking: rapid.Bool().Draw(t, "private")}
		}),
		rapid.Custom(func(t *rapid.T) client.Target {
			return client.Azure{RoleID: text.Draw(t, "role"), ServiceURL: text.Draw(t, "url"), TenantID: text.Draw(t, "tenant")}
		}),
		rapid.Custom(func(t *rapid.T) client.Target { return client.GCP{RoleID: text.Draw(t, "role")} }),
	)
	rapid.Check(t, func(t *rapid.T) {
		b := client.ExportBucket{ID: "x" + text.Draw(t, "id"), BucketName: text.Draw(t, "name"), ProjectID: text.Draw(t, "project"), Target: target.Draw(t, "target")}
		b.CloudProvider = b.Target.Provider()
		switch target := b.Target.(type) {
		case client.AWS:
			target.BucketName = b.BucketName
			b.Target = target
		case client.Azure:
			target.BucketName = b.BucketName
			b.Target = target
		case client.GCP:
			target.BucketName = b.BucketName
			b.Target = target
		case client.Unknown:
			t.Fatal("none is drawn")
		}
		data, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var got client.ExportBucket
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// TestFieldsOfTheContract holds that decoding loses no field that the contract
// declares: each one of the generated models, set to a value, comes out again.
func TestFieldsOfTheContract(t *testing.T) {
	for _, model := range []any{
		v20240530.AWSExportBucket{CloudProvider: "AWS"},
		v20240530.AzureExportBucket{CloudProvider: "AZURE"},
		v20240530.GCPExportBucket{CloudProvider: "GCP"},
		v20230101.AWSExportBucket{CloudProvider: "AWS"},
		v1.AWSExportBucket{CloudProvider: "AWS"},
	} {
		filled := reflect.New(reflect.TypeOf(model)).Elem()
		filled.Set(reflect.ValueOf(model))
		fill(filled)
		want, err := json.Marshal(filled.Interface())
		if err != nil {
			t.Fatal(err)
		}
		var b client.ExportBucket
		if err := json.Unmarshal(want, &b); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asMap(t, want), asMap(t, got)); diff != "" {
			t.Errorf("%T (-contract +client)\n%s", model, diff)
		}
	}
}

// fill sets every field that is zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		if v.String() == "" {
			v.SetString("text")
		}
	default:
		panic("the models have a new kind of field: " + v.Kind().String())
	}
}

func asMap(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRecordedAnswers decodes what the real Atlas answered.
func TestRecordedAnswers(t *testing.T) {
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
		c := answering(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, string(data[at:])) })
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
