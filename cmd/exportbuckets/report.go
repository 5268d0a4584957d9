package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// reportFlags are the flags --format and --output of the verbs that write reports. Both
// can be repeated: each pair of them is one report of the same run.
type reportFlags struct{ reports []reportTarget }

// reportTarget is one report to write. An empty format is text, an empty output is
// standard output.
type reportTarget struct{ format, output string }

func (t reportTarget) toStdout() bool { return t.output == "" || t.output == "-" }

func (f *reportFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var(&reportFlag{
		reports: &f.reports, defaultValue: string(report.Text),
		field: func(t *reportTarget) *string { return &t.format },
		check: func(name string) error { _, err := report.ParseFormat(name); return err },
	}, "format", "report format: "+formatList())
	flags.Var(&reportFlag{
		reports: &f.reports, defaultValue: "-",
		field: func(t *reportTarget) *string { return &t.output },
		check: checkFileName,
	}, "output", "file for the report of the --format next to it; - is standard output")
	completeWith(cmd, "format", report.Formats())
}

// reportFlag is the pflag.Value of --format or --output. The value goes to the last report,
// or to a new one if the last report already has such a value.
type reportFlag struct {
	reports      *[]reportTarget
	defaultValue string // shown as the default
	field        func(*reportTarget) *string
	check        func(string) error
}

func (f *reportFlag) Set(value string) error {
	if value == "" {
		value = f.defaultValue
	}
	if err := f.check(value); err != nil {
		return err
	}
	last := len(*f.reports) - 1
	if last < 0 || *f.field(&(*f.reports)[last]) != "" {
		*f.reports = append(*f.reports, reportTarget{})
		last++
	}
	*f.field(&(*f.reports)[last]) = value
	return nil
}

func (f *reportFlag) String() string { return f.defaultValue }
func (f *reportFlag) Type() string   { return "string" }

// targets returns the reports to write, at least one. Two reports cannot go to the same
// place.
func (f *reportFlags) targets() ([]reportTarget, error) {
	if len(f.reports) == 0 {
		return []reportTarget{{}}, nil
	}
	seen := map[string]bool{}
	for _, t := range f.reports {
		place := filepath.Clean(t.output)
		if t.toStdout() {
			place = "-"
		}
		switch {
		case !seen[place]:
			seen[place] = true
		case place == "-":
			return nil, errors.New("two reports cannot both go to standard output: write an --output FILE next to each --format")
		default:
			return nil, fmt.Errorf("--output %s: two reports cannot go to the same file", quoteFlag(t.output))
		}
	}
	return f.reports, nil
}

// write writes each report, and for reports in files also the verdict to standard error.
func (f *reportFlags) write(cmd *cobra.Command, verdict string, write func(io.Writer, report.Format) error) error {
	targets, err := f.targets()
	if err != nil {
		return err
	}
	var files []string
	for _, t := range targets {
		if err := writeReport(cmd.OutOrStdout(), t, write); err != nil {
			return err
		}
		if !t.toStdout() {
			files = append(files, t.output)
		}
	}
	if len(files) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s; wrote %s\n", verdict, strings.Join(files, ", "))
	}
	return nil
}

// writeReport writes one report: to a terminal with color and fitted to its width, or to a
// file, which is not changed if there is an error.
func writeReport(stdout io.Writer, t reportTarget, write func(io.Writer, report.Format) error) error {
	format := report.Text
	if t.format != "" {
		format = report.Format(t.format)
	}
	if t.toStdout() {
		return write(stdout, format)
	}
	return atomicfile.WriteWith(t.output, 0o644, func(w io.Writer) error { return write(w, format) })
}

func formatList() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
