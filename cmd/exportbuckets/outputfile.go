package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// addOutputFlag adds the flag --output of the verbs that write one file.
func addOutputFlag(cmd *cobra.Command, name *string, initial, usage string) {
	*name = initial
	cmd.Flags().Var(&fileFlag{name}, "output", usage)
}

// fileFlag is the pflag.Value of --output where it names a file.
type fileFlag struct{ name *string }

func (f *fileFlag) Set(value string) error {
	if err := checkFileName(value); err != nil {
		return err
	}
	*f.name = value
	return nil
}

func (f *fileFlag) String() string { return *f.name }
func (f *fileFlag) Type() string   { return "string" }

// checkFileName refuses the name of a format as the name of a file, because --output is a
// format on the bucket verbs and in many other programs.
func checkFileName(name string) error {
	formats := slices.Clone(outputFormats)
	for _, f := range report.Formats() {
		formats = append(formats, string(f))
	}
	if slices.Contains(formats, strings.ToLower(name)) {
		return fmt.Errorf("it is the name of a format, and --output names a file here: write --format %s on verify and drift, or --output ./%s for a file of that name", strings.ToLower(name), name)
	}
	return nil
}

// writeOutput writes to standard output for "-" or "", else to a file, which is replaced
// completely or not at all.
func writeOutput(stdout io.Writer, name string, data []byte) error {
	if name == "-" || name == "" {
		_, err := stdout.Write(data)
		return err
	}
	return atomicfile.Write(name, data, 0o644)
}
