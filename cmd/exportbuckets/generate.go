package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/codegen"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

type generateFlags struct {
	packageName string
	output      string
	version     string
	spec        string
	overlay     string
	enums       string
	operations  []string
	modelsOnly  bool
	split       bool
	check       bool
}

// generateHelp returns the long help text of generate.
func generateHelp() string {
	return `Generates one file of Go code from the contract: models, and a client that sends the
right Accept header, with the resource version, for each operation. It is meant for a
go:generate line in your own module, at a fixed version, so that all your machines
generate the same bytes:

  //go:generate go run COMMAND@VERSION generate --output atlas.gen.go

COMMAND is github.com/atlas-exportbuckets/exportbuckets/cmd/exportbuckets; go generate
itself sets the default of --package.

--operations limits the code to some operations. With --spec they come from another
Atlas specification, such as the complete one that MongoDB publishes. It is trimmed and
corrected in the same way as the contract; its descriptions are not used. Operations have
their short names (listClusters, not the operationId listGroupClusters).

It runs oapi-codegen ` + codegen.GeneratorVersion() + ` with the go command, which builds it the first time. That
takes about a minute, later runs about a second. The go.mod of your own module has no
effect on it. The generated code imports one module in addition to the standard library:

  go get ` + codegen.RuntimeModule + `@` + codegen.RuntimeVersion + `

Names that collide in Go get a suffix: Schema, Parameter, Response, Param or a number. If
that is not enough, the error names both places. x-go-name, in the specification or in an
--overlay, sets the Go name of a schema, a property or a parameter. The generated code
compiles and passes go vet. For enums of more than 100 values it prints a note, because
their Valid methods are long; --enums=open omits the methods.

With --split it writes one file for each tag: for --output atlas.gen.go, the client
itself in atlas.gen.go, the operations of the tag "Cloud Backups" and the types that
only they use in atlas-cloud-backups.gen.go, and the types that several tags use in
atlas-models.gen.go. Files of an earlier run that are no longer needed are removed.

A file is replaced completely or not at all. A file without the mark of generated code is
never overwritten. --check writes nothing, and fails if a file differs from the generated
code; run it in CI.

Exit codes: 0 written, or up to date; 1 --check found a stale file; 2 the generation
failed.`
}

func newGenerateCommand() *cobra.Command {
	var flags generateFlags
	cmd := &cobra.Command{
		Use:   "generate --package NAME --output FILE",
		Short: "Generate Go models and a client, for go generate in your own module",
		Long:  generateHelp(),
		Example: `  exportbuckets generate --package atlas --output atlas.gen.go
  exportbuckets generate --package atlas --output atlas.gen.go --check
  exportbuckets generate --package atlas --output models.gen.go --models-only --api-version 2023-01-01
  exportbuckets generate --package atlas --output clusters.gen.go --spec atlas-v2.yaml --operations listClusters,getCluster
  exportbuckets generate --package atlas --output atlas.gen.go --spec atlas-v2.yaml --operations 'tag:Clusters,tag:Projects' --split`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.run(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.packageName, "package", "", "name of the Go package; go generate sets the default, $GOPACKAGE")
	addOutputFlag(cmd, &flags.output, "", "file to write, such as atlas.gen.go; - is standard output")
	f.StringVar(&flags.version, "api-version", "", "resource version, such as 2024-05-30 (default the newest)")
	f.BoolVar(&flags.modelsOnly, "models-only", false, "generate models only, without a client")
	f.StringVar(&flags.spec, "spec", "", "Atlas specification to use instead of the module's own contract; - is standard input")
	addOperationsFlag(cmd, &flags.operations, "operations to generate: ids, all, tag:NAME, *pattern*, METHOD /path, -exclusions (default all)", "spec")
	f.StringVar(&flags.overlay, "overlay", "", "OpenAPI Overlay to apply to the specification first, such as Go names (x-go-name)")
	f.StringVar(&flags.enums, "enums", "closed", "closed: enums have a Valid method; open: string types with constants only")
	f.BoolVar(&flags.split, "split", false, "write one file for each tag, next to --output")
	f.BoolVar(&flags.check, "check", false, "write nothing; fail when the file is stale")
	cmd.MarkFlagsMutuallyExclusive("split", "models-only")
	completeWith(cmd, "api-version", openapi.Versions())
	completeWith(cmd, "enums", enumKinds)
	return cmd
}

func (f *generateFlags) run(cmd *cobra.Command) error {
	if err := f.usage(); err != nil {
		return err
	}
	out, err := f.outputFiles()
	if err != nil {
		return err
	}
	contract, err := f.contract(cmd)
	if err != nil {
		return err
	}
	code, err := f.generate(cmd, contract)
	if err != nil {
		return err
	}
	if f.toStdout() {
		return writeOutput(cmd.OutOrStdout(), f.output, code)
	}
	if err := out.set(code, contract.tags); err != nil {
		return err
	}
	if f.check {
		return out.compare()
	}
	f.reportEnums(cmd.ErrOrStderr(), contract.document)
	if err := out.write(cmd.ErrOrStderr()); err != nil {
		return err
	}
	if hint := runtimeHint(f.output, code); hint != "" {
		fmt.Fprintln(cmd.ErrOrStderr(), hint)
	}
	return nil
}

var enumKinds = []string{"closed", "open"}

// usage sets defaults and returns an error for a missing or invalid flag.
func (f *generateFlags) usage() error {
	if f.packageName == "" {
		f.packageName = os.Getenv("GOPACKAGE")
	}
	switch {
	case f.packageName == "":
		return errors.New("name the Go package with --package NAME")
	case f.output == "":
		return errors.New("name the file to write with --output FILE, such as atlas.gen.go")
	case !slices.Contains(enumKinds, f.enums):
		return fmt.Errorf("--enums must be closed or open; got %q", f.enums)
	case f.check && f.toStdout():
		return errors.New("--check needs the file to compare: --output FILE")
	case f.split && f.toStdout():
		return errors.New("--split writes several files: name the first with --output FILE")
	}
	if err := codegen.CheckPackage(f.packageName); err != nil {
		return fmt.Errorf("--package: %w", err)
	}
	return nil
}

func (f *generateFlags) toStdout() bool { return f.output == "-" }

func (f *generateFlags) generate(cmd *cobra.Command, c *generateContract) ([]byte, error) {
	bar := startProgress(cmd.ErrOrStderr(), "oapi-codegen; the first run builds it")
	defer bar.finish()
	needsGrace(cmd.Context())
	code, err := codegen.Generate(cmd.Context(), codegen.Request{
		Package: f.packageName, Document: c.document, ModelsOnly: f.modelsOnly, OpenEnums: f.enums == "open",
		Tool: "exportbuckets " + releaseVersion(), Origin: c.origin, Note: bar.say,
	})
	switch {
	case errors.Is(err, context.Canceled):
		return nil, errors.New("interrupted; nothing was written")
	case errors.Is(err, codegen.ErrNoGo):
		return nil, fmt.Errorf("generate runs oapi-codegen with the go command: %w", err)
	case err != nil:
		return nil, f.explain(c, err)
	}
	return code, nil
}

// explain adds the name of the document to err. For a whole specification it also suggests
// selecting operations, because the cause is rarely in an operation that the user needs.
func (f *generateFlags) explain(c *generateContract, err error) error {
	if f.spec != "" && len(f.operations) == 0 {
		return fmt.Errorf("%s: %w\n  (all its operations were selected; select only those that you need with --operations)", c.name, err)
	}
	return fmt.Errorf("%s: %w", c.name, err)
}

// reportEnums reports the large enums whose Valid methods were generated.
func (f *generateFlags) reportEnums(w io.Writer, document []byte) {
	if f.enums == "open" {
		return
	}
	if enums, largest := codegen.LargeEnums(document); enums > 0 {
		fmt.Fprintf(w, "enums of more than %d values: %d, the largest of %d; --enums=open omits their Valid methods\n", codegen.LargeEnum, enums, largest)
	}
}
