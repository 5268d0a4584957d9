package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

type trimFlags struct {
	upstream   string
	operations []string
	version    string
	output     string
	recipe     string
}

func newTrimCommand() *cobra.Command {
	var flags trimFlags
	cmd := &cobra.Command{
		Use:   "trim --upstream FILE --operations ID,...",
		Short: "Extract operations from a large Atlas specification",
		Long: `Extracts operations from an Atlas specification, YAML or JSON, into a complete document:
one resource version of each operation and every schema that it needs, without
descriptions and examples. Each union is written as a oneOf, with allOf merged in its
branches.

Operations are selected by id, tag, pattern or path (see "exportbuckets help operations").
For each operation the version is the newest one that is not later than --api-version, as
Atlas itself chooses it. Without --api-version it is the newest version that is a date.

With --select, a recipe (see openapi/select.yaml of this module) lists the documents to
extract, the overlays to apply to them, and the files to write. Either all files are
written or none.`,
		Example: `  exportbuckets trim --upstream atlas-v2.yaml --operations listClusters --output clusters.yaml
  exportbuckets trim --upstream atlas-v2.yaml --operations createDatabaseUser,listDatabaseUsers --api-version 2023-01-01
  exportbuckets trim --upstream atlas-v2.yaml --operations 'tag:Cloud Backups,-*Restore*' --output backups.yaml
  exportbuckets trim --upstream atlas-v2.yaml --select openapi/select.yaml`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.run(cmd) },
	}
	cmd.Flags().StringVar(&flags.upstream, "upstream", "", "specification to extract from; - reads standard input")
	addOperationsFlag(cmd, &flags.operations, "operations to extract: ids, all, tag:NAME, *pattern*, METHOD /path, -exclusions", "upstream")
	cmd.Flags().StringVar(&flags.version, "api-version", "", "resource version to extract, such as 2024-05-30 (default the newest)")
	addOutputFlag(cmd, &flags.output, "-", "file to write; - is standard output")
	cmd.Flags().StringVar(&flags.recipe, "select", "", "recipe that lists the documents to extract, overlays and outputs")
	cmd.MarkFlagsMutuallyExclusive("select", "operations")
	cmd.MarkFlagsMutuallyExclusive("select", "api-version")
	cmd.MarkFlagsMutuallyExclusive("select", "output")
	return cmd
}

func (f *trimFlags) run(cmd *cobra.Command) error {
	switch {
	case f.upstream == "":
		return errors.New("name the specification to extract from with --upstream FILE")
	case f.recipe != "":
		return f.runRecipe(cmd)
	case len(f.operations) == 0:
		return errors.New("name the operations to extract with --operations ID,... or --select FILE")
	}
	name, source, err := readSpec(cmd, f.upstream)
	if err != nil {
		return err
	}
	defer limitMemory(specMemory(len(source)))()
	doc, err := oas.ParseBytes(name, source)
	if err != nil {
		return err
	}
	selection := trim.Selection{Operations: f.operations, Version: f.version}
	chosen, err := trim.Choose(doc, selection)
	if err != nil {
		return err
	}
	cut, err := trim.Cut(doc, selection)
	if err != nil {
		return err
	}
	data, err := oas.Encode(cut.Root())
	if err != nil {
		return err
	}
	reportLeftOut(cmd.ErrOrStderr(), chosen)
	return writeOutput(cmd.OutOrStdout(), f.output, data)
}

func (f *trimFlags) runRecipe(cmd *cobra.Command) error {
	recipe, err := pipeline.ReadRecipe(f.recipe)
	if err != nil {
		return err
	}
	upstream, err := pipeline.ReadUpstream(f.upstream, time.Now())
	if err != nil {
		return err
	}
	defer limitMemory(specMemory(len(upstream.Data)))()
	files, err := recipe.Build(upstream)
	if err != nil {
		return err
	}
	if err := pipeline.Write(files); err != nil {
		return err
	}
	for _, file := range files {
		fmt.Fprintln(cmd.ErrOrStderr(), "wrote", file.Name)
	}
	return nil
}
