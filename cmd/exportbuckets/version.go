package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/buildinfo"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

func newVersionCommand() *cobra.Command {
	var output textOrJSON
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Long: `Shows the version of this program. As JSON it also shows the commit that the program
was built from, Go's version, the platform, and the versions of the API contract.

A release has the version of its tag. A build of a checkout has the version (devel)
and its commit.`,
		Example: `  exportbuckets version
  exportbuckets version --output json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output == "json" {
				data, err := json.MarshalIndent(buildDescription(), "", "  ")
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", data)
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), version())
			return err
		},
	}
	output.register(cmd)
	return cmd
}

// textOrJSON is the value of --output of the verbs that print a single value.
type textOrJSON string

func (o *textOrJSON) register(cmd *cobra.Command) {
	*o = "text"
	cmd.Flags().VarP(o, "output", "o", "what to print: text, json")
	completeFlag(cmd, "output", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

func (o *textOrJSON) Set(value string) error {
	if value != "text" && value != "json" {
		return errors.New("must be text or json")
	}
	*o = textOrJSON(value)
	return nil
}

func (o *textOrJSON) String() string { return string(*o) }
func (*textOrJSON) Type() string     { return "string" }

// description is the output of version --output json.
type description struct {
	Version   string   `json:"version"`
	Commit    string   `json:"commit,omitempty"`
	Modified  bool     `json:"modified"`
	Go        string   `json:"go"`
	Platform  string   `json:"platform"`
	Contracts []string `json:"contracts"`
}

func buildDescription() description {
	release, _, _ := strings.Cut(version(), " ")
	d := description{Version: release, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Contracts: openapi.Versions()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return d
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			d.Commit = s.Value
		case "vcs.modified":
			d.Modified = s.Value == "true"
		}
	}
	return d
}

// version returns the module's version as the Go toolchain recorded it: a release if it
// was run or installed with @VERSION, "(devel)" and the commit in a checkout.
func version() string { return buildinfo.Version() }

// releaseVersion returns the version that users can request, "(devel)" for a build of a
// checkout. Generated code names it, and must not change with each commit.
func releaseVersion() string {
	release, _, _ := strings.Cut(version(), " ")
	if strings.HasSuffix(release, "+dirty") {
		return "(devel)"
	}
	return release
}
