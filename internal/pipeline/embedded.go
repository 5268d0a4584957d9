package pipeline

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Embedded reads the documents of this module's contract, one per version, the oldest
// first.
func Embedded() ([]*oas.Document, error) {
	var docs []*oas.Document
	for _, version := range openapi.Versions() {
		source, err := openapi.Source(version)
		if err != nil {
			return nil, err
		}
		doc, err := oas.ParseBytes(openapi.FileName(version), source)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// Provenance is the upstream specification from which the contract was extracted, as the
// file UPSTREAM records it.
type Provenance struct {
	Title   string `yaml:"title"`
	Version string `yaml:"version"`
	// SHA is x-xgen-sha, the revision of the source from which upstream built the
	// specification.
	SHA string `yaml:"x-xgen-sha"`
	// Date is the day of the specification, as YYYY-MM-DD.
	Date string `yaml:"date"`
}

// EmbeddedProvenance returns the provenance of this module's contract.
func EmbeddedProvenance() (Provenance, error) {
	const name = "UPSTREAM"
	var p Provenance
	record, err := openapi.Recipe(name)
	if err != nil {
		return p, err
	}
	if err := yaml.Unmarshal(record, &p); err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
