package client

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	genv1 "github.com/atlas-exportbuckets/exportbuckets/gen/v1"
	gen2023 "github.com/atlas-exportbuckets/exportbuckets/gen/v20230101"
	gen2024 "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// TestFlatFieldsAreTheContracts checks that the flat decoder reads every field of a page, a
// bucket and a link that a version of the contract declares, without falling back to
// encoding/json. The generated models have the contract's fields.
func TestFlatFieldsAreTheContracts(t *testing.T) {
	for _, version := range []struct {
		name       string
		page, link any
		buckets    []any
	}{
		{"v1.0", genv1.ExportBucketPage{}, genv1.Link{}, []any{genv1.AWSExportBucket{}}},
		{"2023-01-01", gen2023.ExportBucketPage{}, gen2023.Link{}, []any{gen2023.AWSExportBucket{}}},
		{"2024-05-30", gen2024.ExportBucketPage{}, gen2024.Link{}, []any{gen2024.AWSExportBucket{}, gen2024.AzureExportBucket{}, gen2024.GCPExportBucket{}}},
	} {
		if got := fieldNames(version.page); !slices.Equal(got, []string{"links", "results", "totalCount"}) {
			t.Errorf("%s: a page has the fields %v", version.name, got)
		}
		if got := fieldNames(version.link); !slices.Equal(got, []string{"href", "rel"}) {
			t.Errorf("%s: a link has the fields %v", version.name, got)
		}
		for _, bucket := range version.buckets {
			for _, field := range reflect.VisibleFields(reflect.TypeOf(bucket)) {
				checkFlatField(t, version.name, field)
			}
		}
	}
}

// checkFlatField decodes a bucket that has one more field.
func checkFlatField(t *testing.T, version string, field reflect.StructField) {
	t.Helper()
	name := fieldName(field)
	kind := field.Type
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	value := map[reflect.Kind]string{reflect.String: `"AWS"`, reflect.Bool: "true", reflect.Slice: `[{"href":"h","rel":"r"}]`}[kind.Kind()]
	text := `{"` + name + `":` + value
	for _, other := range []string{"_id", "cloudProvider"} {
		if name != other {
			text += `,"` + other + `":"AWS"`
		}
	}
	if !readFlatBucket([]byte(text+"}"), new(ExportBucket)) {
		t.Errorf("%s: the field %s is not read: %s}", version, name, text)
	}
}

// fieldNames returns the names of a model's fields in JSON, sorted.
func fieldNames(model any) []string {
	var all []string
	for _, field := range reflect.VisibleFields(reflect.TypeOf(model)) {
		all = append(all, fieldName(field))
	}
	slices.Sort(all)
	return all
}

func fieldName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}

// flatSeeds are texts at the border between what the flat decoder accepts and refuses.
var flatSeeds = []string{
	`{"_id":"x","cloudProvider":"AWS","bucketName":"b","iamRoleId":"r","region":"eu","requirePrivateNetworking":true,"links":[]}`,
	` { "_id" : "x" , "cloudProvider" : "AZURE", "roleId":"r","serviceUrl":"s","tenantId":"t" , "links" : [ { "rel" : "self" , "href":"h" } ] } `,
	`{"_id":"x","cloudProvider":"GCP","roleId":"r","projectId":"p"}`,
	`{"_id":"\u0061\"\\","cloudProvider":"GCP","bucketName":"a\/b"}`,
	`{"_id":"x","_id":"y","cloudProvider":"GCP"}`, `{"_ID":"x","cloudProvider":"GCP"}`, `{"_id":"","cloudProvider":"GCP"}`,
	`{"_id":"x","cloudProvider":"OCI"}`, `{"_id":"x"}`, `{"_id":null,"cloudProvider":"GCP"}`, `{"_id":"x","cloudProvider":"GCP","roleId":7}`,
	`{"_id":"x","cloudProvider":"GCP","requirePrivateNetworking":trues}`, `{"_id":"x","cloudProvider":"GCP",}`, `{"_id":"x","cloudProvider":"GCP"}}`,
	`{"_id":"é","cloudProvider":"GCP"}`, "{\"_id\":\"a\tb\",\"cloudProvider\":\"GCP\"}", `{"_id":"x\`, `{"_id":"x","cloudProvider":"GCP","links":[{"href":"a","href":"b"}]}`,
	`{"_id":"x","cloudProvider":"AWS","links":null}`, `{"_id":"x","cloudProvider":"AWS","links":[{}]}`, `{"_id":"\ud800","cloudProvider":"AWS"}`,
	`{}`, `[]`, `null`, ``, `{"results":[]}`,
}

// FuzzFlatBucket checks that the flat decoder decodes every bucket as encoding/json does.
func FuzzFlatBucket(f *testing.F) {
	for _, seed := range flatSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var flat, want ExportBucket
		if !readFlatBucket(data, &flat) {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%s is read by the flat decoder", data)
		}
		if err := decodeAnyBucket(data, &want); err != nil || !reflect.DeepEqual(flat, want) {
			t.Errorf("%s: read flat as %+v, want %+v, %v", data, flat, want, err)
		}
	})
}

// FuzzFlatPage checks that the flat decoder decodes every page as encoding/json does.
func FuzzFlatPage(f *testing.F) {
	f.Add([]byte(`{"results":[],"totalCount":0,"links":[{"rel":"next","href":"?a=1\u0026b=2"}]}`))
	f.Add([]byte(`{"totalCount":01,"results":[]}`))
	f.Add([]byte(`{"totalCount":1234567890,"results":[]}`))
	f.Add([]byte(`{"totalCount":1.0,"results":[]}`))
	f.Add([]byte(`{"results":[],"results":[]}`))
	f.Add([]byte(`{"totalCount":1}`))
	for _, seed := range flatSeeds {
		f.Add([]byte(`{"results":[` + seed + `],"totalCount":1}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		flat, want := &Page{ItemsPerPage: 10}, &Page{ItemsPerPage: 10}
		if !readFlatPage(data, flat) {
			return
		}
		if err := decodeAnyPage(data, want); err != nil {
			t.Fatalf("%s is read flat: %v", data, err)
		}
		if !reflect.DeepEqual(flat, want) {
			t.Errorf("%s: read flat as %+v, want %+v", data, flat, want)
		}
	})
}

// TestFlatKeepsNothing checks that a bucket of a page keeps no reference to the page.
func TestFlatKeepsNothing(t *testing.T) {
	data := []byte(`{"results":[` + flatSeeds[0] + `],"totalCount":1,"links":[{"rel":"next","href":"h"}]}`)
	var p Page
	if !readFlatPage(data, &p) {
		t.Fatal("the page is not read by the flat decoder")
	}
	before := fmt.Sprintf("%+v %+v", *p.Results[0], p.Links)
	copy(data, strings.Repeat("x", len(data)))
	if after := fmt.Sprintf("%+v %+v", *p.Results[0], p.Links); after != before {
		t.Errorf("became %s, was %s", after, before)
	}
}

// TestFlatRefuses checks that the flat decoder leaves invalid JSON, and numbers that do not
// fit, to encoding/json.
func TestFlatRefuses(t *testing.T) {
	for text, want := range map[string]bool{
		`{"results":[],"totalCount":123456789}`:  true,
		`{"results":[],"totalCount":0}`:          true,
		`{"results":[],"totalCount":1234567890}`: false,
		`{"results":[],"totalCount":01}`:         false,
		`{"results":[],"totalCount":}`:           false,
		`{"results":[],"totalCount":-1}`:         false,
		`{"results":[],"totalCount" 1}`:          false,
		`{"results"[],"totalCount":1}`:           false,
		`{"results":[],"totalCount":1`:           false,
		`{"results":[]`:                          false,
	} {
		if got := readFlatPage([]byte(text), new(Page)); got != want {
			t.Errorf("%s is read: %t, want %t", text, got, want)
		}
	}
}
