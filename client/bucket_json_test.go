package client_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	v1 "github.com/atlas-exportbuckets/exportbuckets/gen/v1"
	v20230101 "github.com/atlas-exportbuckets/exportbuckets/gen/v20230101"
	v20240530 "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// TestRoundTrip checks that any bucket survives encoding and decoding.
func TestRoundTrip(t *testing.T) {
	text := rapid.String()
	target := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) client.Target {
			return client.AWS{BucketName: text.Draw(t, "name"), IAMRoleID: text.Draw(t, "role"), Region: text.Draw(t, "region"), RequirePrivateNetworking: rapid.Bool().Draw(t, "private")}
		}),
		rapid.Custom(func(t *rapid.T) client.Target {
			return client.Azure{BucketName: text.Draw(t, "name"), RoleID: text.Draw(t, "role"), ServiceURL: text.Draw(t, "url"), TenantID: text.Draw(t, "tenant")}
		}),
		rapid.Custom(func(t *rapid.T) client.Target {
			return client.GCP{BucketName: text.Draw(t, "name"), RoleID: text.Draw(t, "role")}
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		b := client.ExportBucket{ID: text.Draw(t, "id"), ProjectID: text.Draw(t, "project"), Target: target.Draw(t, "target")}
		data, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var got client.ExportBucket
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if string(data) != got.Raw {
			t.Errorf("Raw is %s, want %s", got.Raw, data)
		}
		got.Raw = ""
		if diff := cmp.Diff(b, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// contractModels are the generated models of a bucket, of every version of the contract.
var contractModels = []any{
	v20240530.AWSExportBucket{CloudProvider: "AWS"},
	v20240530.AzureExportBucket{CloudProvider: "AZURE"},
	v20240530.GCPExportBucket{CloudProvider: "GCP"},
	v20230101.AWSExportBucket{CloudProvider: "AWS"},
	v1.AWSExportBucket{CloudProvider: "AWS"},
}

// filled returns a model with every field set, as the members of its JSON.
func filled(t testing.TB, model any) map[string]any {
	t.Helper()
	v := reflect.New(reflect.TypeOf(model)).Elem()
	v.Set(reflect.ValueOf(model))
	fill(v)
	data, err := json.Marshal(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	return asMap(t, data)
}

// TestFieldsOfTheContract checks that the fields of a bucket keep everything that the
// contract declares, even without Raw.
func TestFieldsOfTheContract(t *testing.T) {
	for _, model := range contractModels {
		want := filled(t, model)
		data, _ := json.Marshal(want)
		var b client.ExportBucket
		if err := json.Unmarshal(data, &b); err != nil {
			t.Fatal(err)
		}
		b.Raw = ""
		got, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, asMap(t, got)); diff != "" {
			t.Errorf("%T (-contract +client)\n%s", model, diff)
		}
	}
}

// TestDecodingIsLossless generates buckets of every model of the contract, with any of the
// fields missing and any other fields added. A bucket must encode to the JSON from which it
// was decoded, by itself and in a page. A change of a known field must change only that
// field.
func TestDecodingIsLossless(t *testing.T) {
	added := rapid.MapOf(rapid.StringMatching(`[a-z]+[A-Z][a-z]*é?`), rapid.SampledFrom([]string{`1.50`, `12345678901234567890`, `null`, `[]`, `{"a":[{"b":"\u00e9"}]}`, `"text"`, `true`}))
	rapid.Check(t, func(rt *rapid.T) {
		members := filled(t, rapid.SampledFrom(contractModels).Draw(rt, "model"))
		for name := range members {
			if name != "_id" && rapid.Bool().Draw(rt, "leave out "+name) {
				delete(members, name)
			}
		}
		for name, value := range added.Draw(rt, "added") {
			if _, known := members[name]; !known {
				members[name] = json.RawMessage(value)
			}
		}
		data, err := json.Marshal(members)
		if err != nil {
			rt.Fatal(err)
		}
		var b client.ExportBucket
		if err := json.Unmarshal(data, &b); err != nil {
			rt.Fatal(err)
		}
		if got, err := json.Marshal(b); err != nil || string(got) != string(data) || b.Raw != string(data) {
			rt.Errorf("%s became %s, %v", data, got, err)
		}
		b.ID, members["_id"] = project, project
		want, _ := json.Marshal(members)
		if got, err := json.Marshal(b); err != nil || !sameMembers(rt, got, want) {
			rt.Errorf("%s with another id became %s, %v", data, got, err)
		}
	})
}

// sameMembers compares two objects, including every digit of numbers. It ignores fields
// whose value means the same as a missing field.
func sameMembers(t *rapid.T, a, b []byte) bool {
	absent := map[string]string{"bucketName": `""`, "requirePrivateNetworking": "false"}
	read := func(data []byte) map[string]string {
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatal(err)
		}
		members := map[string]string{}
		for name, value := range raw {
			if absent[name] != string(value) {
				members[name] = string(value)
			}
		}
		return members
	}
	return cmp.Equal(read(a), read(b))
}

// TestMarshalBuckets checks the JSON of buckets that a program created.
func TestMarshalBuckets(t *testing.T) {
	tests := []struct {
		name   string
		bucket client.ExportBucket
		want   string
	}{
		{"nothing", client.ExportBucket{}, `null`},
		{"a target without an id", client.ExportBucket{Target: client.AWS{BucketName: "b"}}, `{"bucketName":"b","cloudProvider":"AWS"}`},
		{"AWS", client.ExportBucket{ID: "i", Target: client.AWS{BucketName: "b", IAMRoleID: "r"}}, `{"_id":"i","bucketName":"b","cloudProvider":"AWS","iamRoleId":"r"}`},
		{"links", client.ExportBucket{ID: "i", Links: []client.Link{{Rel: "self"}}}, `{"_id":"i","links":[{"rel":"self"}]}`},
		{"an unknown provider", client.ExportBucket{ID: "i", Target: client.Unknown{CloudProvider: "OCI", Raw: `{"n":1.50,"region":{"x":1}}`}}, `{"_id":"i","cloudProvider":"OCI","n":1.50,"region":{"x":1}}`},
		{"an unknown provider without Raw", client.ExportBucket{ID: "i", Target: client.Unknown{CloudProvider: "OCI"}}, `{"_id":"i","cloudProvider":"OCI"}`},
		{"a target that differs from Raw", client.ExportBucket{ID: "i", Raw: `{"_id":"i","bucketName":"b","cloudProvider":"GCP","new":1,"roleId":"r"}`, Target: client.AWS{BucketName: "c"}}, `{"_id":"i","bucketName":"c","cloudProvider":"AWS","new":1}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(test.bucket)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.name, got, err, test.want)
		}
		var again client.ExportBucket
		if err := json.Unmarshal(got, &again); err != nil {
			t.Errorf("%s: %s cannot be read: %v", test.name, got, err)
		}
	}
	for _, b := range []client.ExportBucket{{Raw: "{"}, {Target: client.Unknown{Raw: "["}}} {
		if got, err := json.Marshal(b); err == nil {
			t.Errorf("%+v became %s, want an error", b, got)
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

func asMap(t testing.TB, data []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
