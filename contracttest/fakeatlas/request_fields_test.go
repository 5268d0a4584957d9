package fakeatlas

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestFieldsAreTheContracts compares the attributes that the fake requires with the
// contract as another library reads it.
func TestFieldsAreTheContracts(t *testing.T) {
	doc, err := openapi.Load(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	request := doc.Components.Schemas["DiskBackupSnapshotExportBucketRequest"].Value
	for provider, fields := range contractFields.create {
		ref, ok := request.Discriminator.Mapping[string(provider)]
		if !ok {
			t.Errorf("the contract has no %s", provider)
			continue
		}
		compareFields(t, string(provider), fields, doc, ref.Ref)
	}
	if len(contractFields.create) != len(request.Discriminator.Mapping) {
		t.Errorf("%d providers here, %d in the contract", len(contractFields.create), len(request.Discriminator.Mapping))
	}
	compareFields(t, "update", contractFields.update, doc, "#/components/schemas/UpdateRequirePrivateNetworkingRequestView")
}

func compareFields(t *testing.T, name string, fields map[string]field, doc *openapi3.T, ref string) {
	t.Helper()
	schema := doc.Components.Schemas[ref[len("#/components/schemas/"):]].Value
	for property, want := range schema.Properties {
		got, ok := fields[property]
		if !ok {
			t.Errorf("%s: %s is missing here", name, property)
			continue
		}
		want := want.Value
		if got.required != slices.Contains(schema.Required, property) {
			t.Errorf("%s: %s: required is %t here", name, property, got.required)
		}
		if got.readOnly != want.ReadOnly {
			t.Errorf("%s: %s: read-only is %t in the contract", name, property, want.ReadOnly)
		}
		if !want.Type.Is(got.kind) {
			t.Errorf("%s: %s is of type %v", name, property, want.Type)
		}
		if uint64(got.min) != want.MinLength || want.MaxLength != nil && uint64(got.max) != *want.MaxLength {
			t.Errorf("%s: %s has lengths from %d to %v", name, property, want.MinLength, want.MaxLength)
		}
		if (got.pattern != nil) != (want.Pattern != "" || want.Format == "uuid") {
			t.Errorf("%s: %s has the pattern %q", name, property, want.Pattern)
		}
	}
	for property := range fields {
		if schema.Properties[property] == nil {
			t.Errorf("%s: the contract has no %s", name, property)
		}
	}
}
