package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// newOperationsTopic is a help topic: a command that does nothing.
func newOperationsTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "operations",
		Short: "How --operations selects operations",
		Long: `The flag --operations of trim, generate, drift and verify takes a comma-separated list of words:

  all                        every operation
  listClusters               an operationId or a short name (x-xgen-operation-id-override)
  *Cluster*                  a pattern for ids and short names: * is any text, ? one character
  tag:Clusters               the operations with a tag; patterns work here too
  GET /groups/{groupId}      a method and a path; the names of parameters do not matter
  /groups/*                  a path with any method; patterns work here too
  -WORD                      excludes the operations that WORD selects

Patterns and tags ignore case. The order of the words does not matter: exclusions are
applied last. If there are only exclusions, they apply to all operations.

Operations that exist only as a preview are skipped, unless a word names one exactly or
--api-version asks for previews. An operation that does not exist in the selected resource
version is skipped if a pattern, tag or path selects it; if a word names it exactly, it is
an error. The verbs print the number of skipped operations.

A word that selects nothing is an error.`,
		Example: `  exportbuckets trim --upstream atlas-v2.yaml --operations 'tag:Cloud Backups' --output backups.yaml
  exportbuckets generate --package atlas --output atlas.gen.go --spec atlas-v2.yaml --operations 'all,-tag:Streams'
  exportbuckets drift --upstream new.yaml --baseline old.yaml --operations '*Cluster*,GET /api/atlas/v2/groups'`,
	}
}

// addOperationsFlag adds --operations to a verb. Its completions come from the document
// that the first set flag of specFlags names, else from the embedded contract.
func addOperationsFlag(cmd *cobra.Command, words *[]string, usage string, specFlags ...string) {
	cmd.Flags().StringSliceVar(words, "operations", nil, usage+`; see "exportbuckets help operations"`)
	completeFlag(cmd, "operations", func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		done, last := "", typed
		if i := strings.LastIndexByte(typed, ','); i >= 0 {
			done, last = typed[:i+1], typed[i+1:]
		}
		if exclusion, ok := strings.CutPrefix(last, "-"); ok {
			done, last = done+"-", exclusion
		}
		var found []cobra.Completion
		for _, word := range operationWords(specFile(cmd, specFlags)) {
			if strings.HasPrefix(word, last) {
				found = append(found, done+word)
			}
		}
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// specFile returns the value of the first flag that is set, or "".
func specFile(cmd *cobra.Command, flags []string) string {
	for _, name := range flags {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			return f.Value.String()
		}
	}
	return ""
}

// operationWords lists the names and tags of a document, sorted. A document that cannot be
// read has no words: completions report no errors.
func operationWords(file string) []string {
	doc, err := operationsDocument(file)
	if err != nil {
		return nil
	}
	operations, err := doc.Operations()
	if err != nil {
		return nil
	}
	words := []string{"all"}
	for _, op := range operations {
		if op.ShortName != "" {
			words = append(words, op.ShortName)
		}
		for _, tag := range op.Tags {
			words = append(words, "tag:"+tag)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func operationsDocument(file string) (*oas.Document, error) {
	if file != "" {
		return oas.ParseFile(file)
	}
	source, err := openapi.Source(openapi.V20240530)
	if err != nil {
		return nil, err
	}
	return oas.ParseBytes("the embedded contract", source)
}

// reportLeftOut reports the operations that a selection omitted.
func reportLeftOut(w io.Writer, c *trim.Choice) {
	if c.Previews > 0 {
		fmt.Fprintf(w, "skipped, existing only as a preview: %d (--api-version preview includes them)\n", c.Previews)
	}
	if c.Absent > 0 {
		fmt.Fprintf(w, "skipped, not existing in version %s: %d\n", c.Version, c.Absent)
	}
}
