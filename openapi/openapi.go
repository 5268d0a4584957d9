package openapi

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed *.yaml *.tmpl UPSTREAM
var files embed.FS

// The versions of the contract. V1 is the first generation of the API; the others are
// resource versions of /api/atlas/v2: dates that clients request in the Accept header.
const (
	V1        = "v1.0"
	V20230101 = "2023-01-01"
	V20240530 = "2024-05-30"
)

// Versions lists the contract's versions, the oldest first.
func Versions() []string { return []string{V1, V20230101, V20240530} }

// FileName returns the name of the file, in this package's folder, of a version of the
// contract: "v1.0.yaml", "v2-2024-05-30.yaml".
func FileName(version string) string {
	if version == V1 {
		return "v1.0.yaml"
	}
	return "v2-" + version + ".yaml"
}

// Source returns a version of the contract as YAML. The error for an unknown version lists
// the known ones.
func Source(version string) ([]byte, error) {
	if !slices.Contains(Versions(), version) {
		return nil, fmt.Errorf("no contract for version %q; the versions are %s", version, strings.Join(Versions(), ", "))
	}
	return files.ReadFile(FileName(version))
}

// Load returns a version of the contract, parsed and validated, with the line of each
// element in its Origin.
func Load(version string) (*openapi3.T, error) {
	data, err := Source(version)
	if err != nil {
		return nil, err
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData(data)
	if err == nil {
		// Patterns are not compiled here: upstream has some with lookaheads, which RE2 refuses.
		err = doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation())
	}
	return doc, err
}

// Recipe returns one of the files from which the contract is built: select.yaml,
// corrections.overlay.yaml, prose.overlay.yaml; or UPSTREAM, which names the specification
// from which it was extracted.
func Recipe(name string) ([]byte, error) { return files.ReadFile(name) }
