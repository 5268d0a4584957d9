package codegen

import (
	"context"
	"fmt"
	"go/format"
	"go/token"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// Request says what to generate.
type Request struct {
	// Package is the name of the Go package.
	Package string
	// Document is the OpenAPI document, with one resource version of each operation.
	Document []byte
	// ModelsOnly leaves the client out.
	ModelsOnly bool
	// OpenEnums makes enums string types with constants only, without Valid methods.
	OpenEnums bool
	// Tool is the program that generates, with its version, for the header.
	Tool string
	// Origin are lines of the header that say where the document is from.
	Origin []string
	// Note, if not nil, is told what is being downloaded while the generator is built.
	Note func(string)
}

// Generate gives one file of Go code, the same for the same request. It fails with
// ErrNoGo where there is no go command, and otherwise says whether the document, the
// generator or the building of it is at fault.
func Generate(ctx context.Context, req Request) ([]byte, error) {
	if err := CheckPackage(req.Package); err != nil {
		return nil, err
	}
	doc, err := openapi.LoadBytes(req.Document) //nolint:contextcheck // in memory, over in milliseconds
	if err != nil {
		return nil, fmt.Errorf("the document is not valid OpenAPI: %w", err)
	}
	config, err := settings(req)
	if err != nil {
		return nil, err
	}
	document, err := plainMediaTypes(req.Document)
	if err != nil {
		return nil, err
	}
	code, err := generate(ctx, config, document, req.Note)
	if err != nil {
		return nil, err
	}
	operations := operationsOf(doc)
	if !req.ModelsOnly {
		if code, err = setHeaders(code, operations); err != nil {
			return nil, err
		}
	}
	if code, err = header(code, req, operations); err != nil {
		return nil, err
	}
	return format.Source(code)
}

// CheckPackage tells whether name can name a Go package.
func CheckPackage(name string) error {
	if !token.IsIdentifier(name) || name == "_" {
		return fmt.Errorf("%q can't name a Go package; take a word of lower-case letters, such as atlas", name)
	}
	return nil
}
