//go:build unix

package codegen

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestGeneratorReadsJSON checks that the generator also gets JSON. The test replaces the go
// command by a script that copies the document.
func TestGeneratorReadsJSON(t *testing.T) {
	folder := t.TempDir()
	document := filepath.Join(folder, "document")
	script := "#!/bin/sh\ncp openapi.* '" + document + "'\necho 'package atlas'\n"
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte(script), 0o700); err != nil { //nolint:gosec // a command
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	if _, err := distinct(t.Context(), contractRequest(t, openapi.V1)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(document)
	if err != nil || !json.Valid(data) {
		t.Errorf("the generator got %.100q, %v; want JSON", data, err)
	}
}
