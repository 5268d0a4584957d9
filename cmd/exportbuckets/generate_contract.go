package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/codegen"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// generateContract is the document to generate from.
type generateContract struct {
	// name is the name of the document in errors.
	name     string
	document []byte
	// origin is the text in the generated file about its source.
	origin []string
	// tags are the first tags of the operations, by "METHOD /path".
	tags map[string]string
}

func (f *generateFlags) contract(cmd *cobra.Command) (*generateContract, error) {
	if f.spec == "" {
		return f.ownContract()
	}
	return f.foreignContract(cmd)
}

// ownContract returns the module's contract, or the selected operations of it.
func (f *generateFlags) ownContract() (*generateContract, error) {
	version := f.version
	if version == "" {
		version = openapi.V20240530
	}
	document, err := openapi.Source(version)
	if err != nil {
		return nil, fmt.Errorf("--api-version: %w", err)
	}
	c := &generateContract{name: "the module's contract, " + openapi.FileName(version), document: document}
	if c.origin, err = ownOrigin(version); err != nil || len(f.operations) == 0 && f.overlay == "" {
		return c, err
	}
	doc, err := f.parse(c.name, document)
	if err != nil {
		return nil, err
	}
	selection := f.selection()
	selection.Version, selection.KeepProse = version, true
	cut, err := trim.Cut(doc, selection)
	if err != nil {
		return nil, err
	}
	c.document, err = oas.Encode(cut.Root())
	return c, err
}

// ownOrigin returns the text about the contract's source. Upstream publishes no document
// for v1.0.
func ownOrigin(version string) ([]string, error) {
	origin := []string{fmt.Sprintf("Made from the contract of MongoDB Atlas snapshot export buckets, version %s, in", version),
		fmt.Sprintf("github.com/atlas-exportbuckets/exportbuckets %s.", releaseVersion())}
	if version == openapi.V1 {
		return origin, nil
	}
	upstream, err := pipeline.EmbeddedProvenance()
	if err != nil {
		return nil, err
	}
	return append(origin,
		fmt.Sprintf("It was extracted from %s %s of %s,", upstream.Title, upstream.Version, upstream.Date),
		fmt.Sprintf("x-xgen-sha %s.", upstream.SHA)), nil
}

// foreignContract extracts the operations from the specification that --spec names.
func (f *generateFlags) foreignContract(cmd *cobra.Command) (*generateContract, error) {
	name, source, err := readSpec(cmd, f.spec)
	if err != nil {
		return nil, fmt.Errorf("--spec: %w", err)
	}
	doc, err := f.parse(name, source)
	if err != nil {
		return nil, err
	}
	chosen, err := trim.Choose(doc, f.selection())
	if err != nil {
		return nil, err
	}
	reportLeftOut(cmd.ErrOrStderr(), chosen)
	cut, err := pipeline.Cut(doc, f.selection())
	if err != nil {
		return nil, err
	}
	codegen.Prepare(cut.Root())
	document, err := oas.Encode(cut.Root())
	if err != nil {
		return nil, err
	}
	return &generateContract{name: name, document: document, origin: foreignOrigin(name, doc, source), tags: firstTags(chosen.Operations)}, nil
}

func firstTags(operations []*oas.Operation) map[string]string {
	tags := make(map[string]string)
	for _, op := range operations {
		if len(op.Tags) > 0 {
			tags[op.String()] = op.Tags[0]
		}
	}
	return tags
}

// parse reads a document, with the user's overlay applied to it.
func (f *generateFlags) parse(name string, source []byte) (*oas.Document, error) {
	doc, err := oas.ParseBytes(name, source)
	if err != nil || f.overlay == "" {
		return doc, err
	}
	overlay, err := pipeline.ReadOverlay(f.overlay)
	if err != nil {
		return nil, fmt.Errorf("--overlay: %w", err)
	}
	if doc, _, err = pipeline.Overlaid(doc, f.overlay, overlay); err != nil {
		return nil, fmt.Errorf("--overlay: %w", err)
	}
	return doc, nil
}

func foreignOrigin(name string, doc *oas.Document, source []byte) []string {
	title := strings.TrimSpace(doc.Info("title") + " " + doc.Info("version"))
	origin := []string{
		fmt.Sprintf("Made from %s (%s),", filepath.Base(name), title),
		fmt.Sprintf("sha256 %x,", sha256.Sum256(source)),
	}
	if sha := doc.Info("x-xgen-sha"); sha != "" {
		origin = append(origin, fmt.Sprintf("x-xgen-sha %s,", sha))
	}
	return append(origin, "extracted and corrected by exportbuckets "+releaseVersion()+".")
}

// selection returns the operations to extract: without --operations, all that exist in the
// version; without --api-version, the newest dated version.
func (f *generateFlags) selection() trim.Selection {
	s := trim.Selection{Operations: f.operations, Version: f.version, Extensions: []string{"x-go-name"}}
	if len(s.Operations) == 0 {
		s.Operations = []string{"all"}
	}
	return s
}
