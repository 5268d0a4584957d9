package openapi_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

func TestEveryVersionLoads(t *testing.T) {
	for version, operations := range map[string]int{openapi.V1: 4, openapi.V20230101: 4, openapi.V20240530: 5} {
		t.Run(version, func(t *testing.T) {
			doc, err := openapi.Load(version)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, item := range doc.Paths.Map() {
				found += len(item.Operations())
			}
			if found != operations {
				t.Errorf("%d operations, want %d", found, operations)
			}
			if doc.Components.Schemas["ApiError"].Value.Origin == nil {
				t.Error("elements have no line numbers")
			}
		})
	}
}

func TestUnknownVersionIsNamed(t *testing.T) {
	_, err := openapi.Load("2022-02-02")
	if err == nil || !strings.Contains(err.Error(), `"2022-02-02"`) || !strings.Contains(err.Error(), "2024-05-30") {
		t.Errorf("got %v", err)
	}
}

// TestContractTakesRealValues checks that the contract allows the values of recorded responses.
func TestContractTakesRealValues(t *testing.T) {
	doc, err := openapi.Load(openapi.V20240530)
	if err != nil {
		t.Fatal(err)
	}
	schemas := doc.Components.Schemas
	for _, tc := range []struct {
		what, schema string
		value        any
		ok           bool
	}{
		{"error parameters of mixed types", "ApiError", map[string]any{"error": 429.0, "errorCode": "RATE_LIMITED", "parameters": []any{"/api/oauth/token", 10.0, nil}}, true},
		{"an error without a code, as the 401 challenge is", "ApiError", map[string]any{"error": 401.0, "reason": "Unauthorized", "detail": "…"}, true},
		{"an error whose code and parameters are null", "ApiError", map[string]any{"error": 404.0, "errorCode": nil, "parameters": nil}, true},
		{"error parameters of every type but list", "ApiError", map[string]any{"error": 400.0, "parameters": []any{true, 1.5, map[string]any{"a": 1.0}}}, true},
		{"an error without a status", "ApiError", map[string]any{"errorCode": "X"}, false},
		{"a null request", "DiskBackupSnapshotExportBucketRequest", nil, false},
		{"a GCP request", "DiskBackupSnapshotExportBucketRequest", map[string]any{"cloudProvider": "GCP", "bucketName": "snaps", "roleId": strings.Repeat("a", 24)}, true},
		{"an AWS body under the name of GCP", "DiskBackupSnapshotExportBucketRequest", map[string]any{"cloudProvider": "GCP", "bucketName": "snaps", "iamRoleId": strings.Repeat("a", 24)}, false},
		{"an unknown provider", "DiskBackupSnapshotExportBucketResponse", map[string]any{"_id": strings.Repeat("a", 24), "cloudProvider": "OCI", "bucketName": "snaps"}, false},
	} {
		t.Run(tc.what, func(t *testing.T) {
			err := schemas[tc.schema].Value.VisitJSON(tc.value)
			if (err == nil) != tc.ok {
				t.Errorf("valid: %v, want %v (%v)", err == nil, tc.ok, err)
			}
		})
	}
}

func TestContractDeclares(t *testing.T) {
	for _, version := range []string{openapi.V20230101, openapi.V20240530} {
		doc, err := openapi.Load(version)
		if err != nil {
			t.Fatal(err)
		}
		for path, item := range doc.Paths.Map() {
			for method, op := range item.Operations() {
				name := version + " " + method + " " + path
				for _, status := range []int{400, 401, 406} {
					if op.Responses.Status(status) == nil {
						t.Errorf("%s: %d is not declared", name, status)
					}
				}
				pretty := 0
				for _, p := range op.Parameters {
					if p.Value.Name == "pretty" {
						pretty++
					}
				}
				if pretty != 1 {
					t.Errorf("%s: pretty is declared %d times", name, pretty)
				}
				if r := op.Responses.Status(204); r != nil {
					media := r.Value.Content["application/vnd.atlas.2023-01-01+json"]
					if media == nil || media.Schema != nil {
						t.Errorf("%s: the 204's content is %v, want its media type without a schema", name, r.Value.Content)
					}
				}
			}
		}
	}
}

func TestContractHoldsNoExampleAndNoForeignExtension(t *testing.T) {
	for _, version := range openapi.Versions() {
		data, err := openapi.Source(version)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"example", "x-codeSamples", "x-rolesRequirements", "externalDocs", "x-xgen-docs-url"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s: holds %q", version, word)
			}
		}
	}
}

// Recipe returns every file from which the contract was built.
func TestRecipe(t *testing.T) {
	for _, name := range []string{"select.yaml", "corrections.overlay.yaml", "prose.overlay.yaml", "UPSTREAM"} {
		if text, err := openapi.Recipe(name); err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	if _, err := openapi.Recipe("nothing"); err == nil {
		t.Error("a file that does not exist was returned")
	}
}
