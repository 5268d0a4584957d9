package codegen

import (
	"context"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/getkin/kin-openapi/openapi3"
)

// Request describes the code to generate.
type Request struct {
	// Package is the name of the Go package.
	Package string
	// Document is the OpenAPI document, with one resource version of each operation.
	Document []byte
	// ModelsOnly omits the client.
	ModelsOnly bool
	// OpenEnums makes enums string types with constants only, without Valid methods.
	OpenEnums bool
	// Tool is the program that generates, with its version, for the header.
	Tool string
	// Origin contains header lines about the origin of the document.
	Origin []string
	// Note, if it is not nil, is called with progress messages about downloads while the
	// generator is built.
	Note func(string)
}

// Generate returns one file of Go code. Equal requests have equal results. The code
// compiles and passes go vet. It fails with ErrNoGo if there is no go command, and
// otherwise with an error that names the document, the generator or its build.
func Generate(ctx context.Context, req Request) ([]byte, error) {
	if err := CheckPackage(req.Package); err != nil {
		return nil, err
	}
	doc, err := load(ctx, req.Document)
	if err != nil {
		return nil, fmt.Errorf("the document is not valid OpenAPI: %w", err)
	}
	operations := operationsOf(doc)
	code, err := distinct(ctx, req)
	if err != nil {
		return nil, err
	}
	if !req.ModelsOnly {
		if code, err = editRequests(code, operations); err != nil {
			return nil, err
		}
	}
	if code, err = header(code, req, operations); err != nil {
		return nil, err
	}
	if code, err = format.Source(code); err != nil {
		return nil, err
	}
	return code, check(ctx, map[string][]byte{"generated.go": code})
}

// maxRounds bounds the number of runs of the generator, because the new names of a run can
// cause new clashes.
const maxRounds = 5

// distinct runs the generator until no two fields of an object have the same Go name.
func distinct(ctx context.Context, req Request) ([]byte, error) {
	config, err := settings(req)
	if err != nil {
		return nil, err
	}
	root, err := prepared(req.Document) //nolint:contextcheck // it parses a document that is in memory
	if err != nil {
		return nil, err
	}
	for round := 1; ; round++ {
		code, err := generate(ctx, config, []byte(oas.Canonical(root)), req.Note)
		if err != nil {
			return nil, explain(root, err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), "generated.go", code, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("oapi-codegen %s did not write Go code: %w", GeneratorVersion(), err)
		}
		renamed := false
		for _, c := range fieldClashes(file) {
			renamed = applyRename(root, c) || renamed
		}
		if !renamed || round == maxRounds {
			return code, redeclared(root, file)
		}
	}
}

// prepared returns the tree of a document in the form for the generator.
func prepared(document []byte) (*oas.Node, error) {
	doc, err := oas.ParseBytes("the document", document)
	if err != nil {
		return nil, err
	}
	dropOtherDirection(doc)
	root := doc.Root()
	if err := prepareNames(root); err != nil {
		return nil, err
	}
	explainDeprecations(root)
	plainMediaTypes(root)
	return root, nil
}

// load parses and validates a document. Two paths that differ only in the names of their
// parameters are valid if their methods differ, as in the upstream specification.
func load(ctx context.Context, document []byte) (*openapi3.T, error) {
	source, err := oas.ParseContext(ctx, "the document", document)
	if err != nil {
		return nil, err
	}
	// Loader.LoadFromData is not used: if it cannot read JSON, it tries YAML, with a
	// library that compares every pair of keys of a mapping.
	doc := &openapi3.T{}
	if err := doc.UnmarshalJSON([]byte(oas.Canonical(source.Root()))); err != nil {
		return nil, err
	}
	if err := openapi3.NewLoader().ResolveRefsIn(doc, nil); err != nil {
		return nil, err
	}
	validated := *doc
	validated.Paths = distinctPaths(doc.Paths)
	// Patterns are not compiled: upstream has some with look-arounds, which RE2 refuses.
	return doc, validated.Validate(ctx, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation())
}

// distinctPaths makes the shape of each path unique for the validator, which refuses two
// paths of one shape. A method that both paths have is still a conflict.
func distinctPaths(paths *openapi3.Paths) *openapi3.Paths {
	out := openapi3.NewPaths()
	methods := make(map[string]map[string]bool) // by shape
	for _, path := range slices.Sorted(maps.Keys(paths.Map())) {
		item, shape := paths.Value(path), sprintfPath(path)
		name := path
		if taken := methods[shape]; taken == nil {
			methods[shape] = make(map[string]bool)
		} else if !slices.ContainsFunc(slices.Collect(maps.Keys(item.Operations())), func(m string) bool { return taken[m] }) {
			name = fmt.Sprintf("%s/%d", path, len(taken))
		}
		for method := range item.Operations() {
			methods[shape][method] = true
		}
		out.Set(name, item)
	}
	return out
}

// CheckPackage returns an error if name can't be the name of a Go package.
func CheckPackage(name string) error {
	if !token.IsIdentifier(name) || name == "_" {
		return fmt.Errorf("%q is not a valid name for a Go package; use a word of lower-case letters, such as atlas", name)
	}
	return nil
}
