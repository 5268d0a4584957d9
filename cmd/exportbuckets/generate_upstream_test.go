package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// atlasOperations are operations of many areas of Atlas, each with the reason why it is hard
// to generate.
var atlasOperations = map[string]string{
	"listClusters":              "nested unions of hardware by provider",
	"createDatabaseUser":        "a request body with defaults",
	"listGroups":                "paging",
	"getGroupByName":            "a text in the path",
	"createAlertConfig":         "a union of twenty branches, and enums with clashing defaults",
	"getDataFederation":         "deep objects",
	"createClusterSearchIndex":  "a union that inherits its discriminator",
	"downloadClusterLog":        "a gzip response",
	"getInvoiceCsv":             "a CSV response",
	"createOnlineArchive":       "unions within a request",
	"createFlexCluster":         "a newer version",
	"createCustomDbRole":        "arrays of objects",
	"createGroupServiceAccount": "a response that contains a secret",
	"updateEncryptionAtRest":    "three providers side by side",
	"createRollingIndex":        "a 202 without a body",
}

// The code generated from the specification that MongoDB publishes must compile, for
// each operation and for all together.
func TestGenerateFromUpstream(t *testing.T) {
	slowtest.Skip(t)
	upstream, err := filepath.Abs("../../../shared/upstream/atlas-v2-2026-08-19.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(upstream); err != nil {
		t.Skip("upstream's specification is not next to this checkout")
	}
	module := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "examples", "generate", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(module, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packages := map[string][]string{}
	for name := range atlasOperations {
		packages[strings.ToLower(name)] = []string{name}
		packages["together"] = append(packages["together"], name)
	}
	t.Run("generate", func(t *testing.T) {
		for name, operations := range packages {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				generateOperations(t, filepath.Join(module, name), upstream, operations)
			})
		}
	})
	build := exec.CommandContext(t.Context(), "go", "vet", "./...")
	build.Dir, build.Env = module, append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("the generated code does not compile: %v %s", err, out)
	}
}

// generateOperations generates a package in the folder, with the folder's name.
func generateOperations(t *testing.T, folder, spec string, operations []string) {
	t.Helper()
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(folder, "atlas.gen.go")
	code, stderr := generateIn(t.Context(), "--package", filepath.Base(folder), "--output", output, "--spec", spec, "--operations", strings.Join(operations, ","))
	if code != exitHolds {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	holdsOperations(t, output, operations)
}

// holdsOperations checks that the code has the client's methods and the requests' versions.
func holdsOperations(t *testing.T, file string, operations []string) {
	t.Helper()
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range operations {
		// Case is ignored, because Csv becomes CSV in Go.
		if method := regexp.MustCompile(`(?mi)^func \(c \*Client\) ` + name + `(WithBody)?\(`); !method.Match(code) {
			t.Errorf("%s has no method %s", file, name)
		}
	}
	if got := strings.Count(string(code), `req.Header.Set("Accept", "application/vnd.atlas.20`); got != len(operations) {
		t.Errorf("%s sets %d dated Accept headers for %d operations", file, got, len(operations))
	}
}
