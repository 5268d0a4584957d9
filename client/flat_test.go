package client

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestFlatFieldsAreTheContracts reads every field that a version of the contract
// declares of a page, a bucket and a link, without falling back to encoding/json.
func TestFlatFieldsAreTheContracts(t *testing.T) {
	for _, version := range openapi.Versions() {
		spec, err := openapi.Load(version)
		if err != nil {
			t.Fatal(err)
		}
		declared := responseSchema(t, spec, "listExportBuckets")
		page := properties(declared)
		if got := names(page); !slices.Equal(got, []string{"links", "results", "totalCount"}) {
			t.Errorf("%s: a page has the fields %v", version, got)
		}
		if got := names(properties(page["links"].Value.Items)); !slices.Equal(got, []string{"href", "rel"}) {
			t.Errorf("%s: a link has the fields %v", version, got)
		}
		for _, bucket := range []*openapi3.SchemaRef{page["results"].Value.Items, responseSchema(t, spec, "createExportBucket"), responseSchema(t, spec, "getExportBucket")} {
			for name, schema := range properties(bucket) {
				checkFlatField(t, version, name, schema)
			}
		}
	}
}

// checkFlatField reads a bucket that has one field more.
func checkFlatField(t *testing.T, version, name string, schema *openapi3.SchemaRef) {
	t.Helper()
	value := map[string]string{"string": `"AWS"`, "boolean": "true", "array": `[{"href":"h","rel":"r"}]`}[(*schema.Value.Type)[0]]
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

// responseSchema returns the schema of an operation's success.
func responseSchema(t *testing.T, spec *openapi3.T, operationID string) *openapi3.SchemaRef {
	t.Helper()
	for _, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID != operationID {
				continue
			}
			for _, media := range op.Responses.Value("200").Value.Content {
				return media.Schema
			}
		}
	}
	t.Fatalf("the contract has no %s", operationID)
	return nil
}

// properties are those of a schema and of all branches of it.
func properties(ref *openapi3.SchemaRef) openapi3.Schemas {
	all := openapi3.Schemas{}
	for name, property := range ref.Value.Properties {
		all[name] = property
	}
	for _, branch := range slices.Concat(ref.Value.OneOf, ref.Value.AllOf, ref.Value.AnyOf) {
		for name, property := range properties(branch) {
			all[name] = property
		}
	}
	return all
}

func names(schemas openapi3.Schemas) []string {
	var all []string
	for name := range schemas {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// flatSeeds are texts near the border of what is read flat.
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

// FuzzFlatBucket reads no bucket in another way than encoding/json does.
func FuzzFlatBucket(f *testing.F) {
	for _, seed := range flatSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var flat, want ExportBucket
		if !readFlatBucket(data, &flat) {
			return
		}
		var w wireBucket
		if err := json.Unmarshal(data, &w); err != nil {
			t.Fatalf("%s is read flat: %v", data, err)
		}
		if err := w.into(&want, nil); err != nil || !reflect.DeepEqual(flat, want) {
			t.Errorf("%s: read flat as %+v, want %+v, %v", data, flat, want, err)
		}
	})
}

// FuzzFlatPage reads no page in another way than encoding/json does.
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

// TestFlatKeepsNothing has a bucket of a page keep no part of the page.
func TestFlatKeepsNothing(t *testing.T) {
	data := []byte(`{"results":[` + flatSeeds[0] + `],"totalCount":1,"links":[{"rel":"next","href":"h"}]}`)
	var p Page
	if !readFlatPage(data, &p) {
		t.Fatal("the page is not read flat")
	}
	before := fmt.Sprintf("%+v %+v", *p.Results[0], p.Links)
	copy(data, strings.Repeat("x", len(data)))
	if after := fmt.Sprintf("%+v %+v", *p.Results[0], p.Links); after != before {
		t.Errorf("became %s, was %s", after, before)
	}
}
