// Command alloperations trims, loads, generates and type-checks every operation of an Atlas
// specification in every version: a Go package for each version. It prints the time for
// each, and fails if one of them fails.
//
//	make all-operations UPSTREAM=atlas-v2.yaml
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/codegen"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "alloperations:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("usage: alloperations SPECIFICATION")
	}
	doc, err := oas.ParseFile(args[0]) //nolint:contextcheck // parsing takes a second of the minutes that the run takes
	if err != nil {
		return err
	}
	start, count := time.Now(), 0
	var failed []error
	all, err := doc.Operations()
	if err != nil {
		return err
	}
	for _, version := range oas.VersionsOf(all) {
		operations := operationsAt(all, version)
		began := time.Now()
		lines, err := generate(ctx, doc, version, operations)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", version, err))
			continue
		}
		count += len(operations)
		fmt.Printf("%-20s %4d operations %8d lines %8.1f s\n", version, len(operations), lines, time.Since(began).Seconds())
	}
	fmt.Printf("%d operation-versions compile and pass go vet, %.0f s\n", count, time.Since(start).Seconds())
	return errors.Join(failed...)
}

// operationsAt lists the operations that have a version of their own.
func operationsAt(all []*oas.Operation, version string) []string {
	var names []string
	for _, op := range all {
		if slices.Contains(op.Versions, version) {
			names = append(names, op.String())
		}
	}
	return names
}

// generate generates one package of operations and returns its number of lines.
func generate(ctx context.Context, doc *oas.Document, version string, operations []string) (lines int, err error) {
	cut, err := pipeline.Cut(doc, trim.Selection{Operations: operations, Version: version})
	if err != nil {
		return 0, err
	}
	codegen.Prepare(cut.Root())
	document, err := oas.Encode(cut.Root())
	if err != nil {
		return 0, err
	}
	code, err := codegen.Generate(ctx, codegen.Request{Package: "atlas", Document: document, Tool: "alloperations"})
	return bytes.Count(code, []byte("\n")), err
}
