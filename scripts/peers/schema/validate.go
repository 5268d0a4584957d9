package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Verdicts on an instance.
const (
	valid   = "valid"
	invalid = "invalid"
	refused = "refused" // the schema cannot be used
)

func outcome(ok bool) string {
	if ok {
		return valid
	}
	return invalid
}

// verifier runs exportbuckets verify.
type verifier struct {
	exe, work string
	broken    string // the break of a self-test, or ""
}

// validate returns verify's verdict on the instance of each test.
func (v verifier) validate(ctx context.Context, name string, spec []byte, g group) ([]string, error) {
	if v.broken == "swapped" {
		g = g.swapped()
	}
	har, err := g.recording()
	if err != nil {
		return nil, err
	}
	specFile, harFile := filepath.Join(v.work, name+".json"), filepath.Join(v.work, name+".har")
	if err := errors.Join(os.WriteFile(specFile, spec, 0o644), os.WriteFile(harFile, har, 0o644)); err != nil {
		return nil, err
	}
	args := []string{"verify", "--format", "json", "--spec", specFile}
	if v.broken == "blind" {
		args = append(args, "--severity", "schema=off")
	}
	cmd := exec.CommandContext(ctx, v.exe, append(args, harFile)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	switch code := cmd.ProcessState.ExitCode(); code {
	case 0, 1:
		return readVerdicts(stdout, len(g.Tests))
	case 2:
		return slices.Repeat([]string{refused}, len(g.Tests)), nil
	default:
		return nil, fmt.Errorf("verify exits with %d: %s", code, stderr.String())
	}
}

// readVerdicts reads from verify's report which of n instances violate their schema.
func readVerdicts(report []byte, n int) ([]string, error) {
	var r struct {
		Summary  struct{ Checked int }
		Findings []struct{ Rule, Operation string }
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return nil, err
	}
	if r.Summary.Checked != n {
		return nil, fmt.Errorf("verify checked %d of %d exchanges", r.Summary.Checked, n)
	}
	verdicts := slices.Repeat([]string{valid}, n)
	for i := range verdicts {
		for _, f := range r.Findings {
			if f.Rule == "schema" && f.Operation == operationID(i) {
				verdicts[i] = invalid
			}
		}
	}
	return verdicts, nil
}

// swapped returns the group with the data of its first valid and first invalid test
// exchanged.
func (g group) swapped() group {
	g.Tests = slices.Clone(g.Tests)
	is := func(want bool) int { return slices.IndexFunc(g.Tests, func(t test) bool { return t.Valid == want }) }
	if i, j := is(true), is(false); i >= 0 && j >= 0 {
		g.Tests[i].Data, g.Tests[j].Data = g.Tests[j].Data, g.Tests[i].Data
	}
	return g
}

// validateByKin returns kin-openapi's own verdict on the instance of each test, validated as a
// response with the engine that the specification's version selects.
func validateByKin(spec []byte, g group) []string {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(spec)
	if err != nil {
		return slices.Repeat([]string{refused}, len(g.Tests))
	}
	options := []openapi3.SchemaValidationOption{openapi3.VisitAsResponse(), openapi3.MultiErrors()}
	if doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	var verdicts []string
	for _, t := range g.Tests {
		verdicts = append(verdicts, visit(doc.Components.Schemas["Case"].Value, t.Data, options))
	}
	return verdicts
}

// visit reports whether kin-openapi accepts an instance. A panic counts as a refusal.
func visit(schema *openapi3.Schema, data []byte, options []openapi3.SchemaValidationOption) (verdict string) {
	defer func() {
		if recover() != nil {
			verdict = refused
		}
	}()
	var value any
	if err := decode(data, &value); err != nil {
		return invalid
	}
	return outcome(schema.VisitJSON(value, options...) == nil)
}
