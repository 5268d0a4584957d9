package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

type verifyFlags struct {
	version     string
	spec        string
	operations  []string
	reports     reportFlags
	minCoverage float64
	severity    []string

	corrections      string
	writeCorrections string
}

// verifyHelp returns the long help text of verify.
func verifyHelp() string {
	return `Validates recorded exchanges against the contract. Recordings are HAR files, go-vcr
cassettes, and HTTP text: the request line and headers, a blank line, then the output of
"curl -i". Each may be gzipped. In a folder, files that are not recordings are skipped and
counted. The bucket verbs make recordings with --record; docs/verify.md shows each step.

The version for each exchange is the first that applies:
  1. v1.0, if the URL of the request is below /api/atlas/v1.0
  2. the newest version that is not later than the date in the Accept header
  3. the version of the response
  4. the newest version
--api-version sets one version for all exchanges.

--spec validates against another specification, to which the corrections of the contract
are applied as well. --operations limits the validation to the selected operations; other
exchanges are counted as out of scope. A PATH or a --spec of - is standard input.

--format and --output can be repeated in pairs, for several reports of one run. When a
report goes to a file, standard error gets the verdict in one line.

--write-corrections writes an OpenAPI Overlay that adds to the contract what the findings
show: types, nulls, values, fields and statuses that were recorded and are not declared.
Delete the actions that you do not accept, and pass the rest to --corrections. The next
run does not report these findings, and lists the corrections in its notes.

Coverage is the share of the declared responses, fields, branches and enum values that
occur in the exchanges.

Rules, each an error by default; see --severity:
` + ruleList() + `
Exit codes:
  0  no findings of severity error
  1  findings of severity error, or coverage below the minimum
  2  a recording could not be read or validated, or no exchange was in scope
With go run, every code but 0 is 1.`
}

func newVerifyCommand() *cobra.Command {
	var flags verifyFlags
	cmd := &cobra.Command{
		Use:   "verify PATH...",
		Short: "Validate recorded exchanges against the contract",
		Long:  verifyHelp(),
		Example: `  exportbuckets verify session.har
  exportbuckets verify --format json --output report.json testdata/recordings
  exportbuckets verify --format junit --output junit.xml --format markdown --output report.md testdata/recordings
  curl --silent https://example.com/session.har | exportbuckets verify -
  exportbuckets verify --api-version 2024-05-30 --min-coverage 40 --severity undeclared-query=warning session.har
  exportbuckets verify --spec atlas-v2.yaml session.har
  exportbuckets verify --spec atlas-v2.yaml --operations 'tag:Clusters,-*Sample*' session.har
  exportbuckets verify --spec atlas-v2.yaml --write-corrections accepted.yaml session.har
  exportbuckets verify --spec atlas-v2.yaml --corrections accepted.yaml session.har`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name the recordings to verify: files or folders of HAR, go-vcr cassettes or HTTP text")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return flags.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.version, "api-version", contracttest.Auto, "version to validate against: auto, v1.0, or a date such as 2024-05-30")
	f.StringVar(&flags.spec, "spec", "", "specification to validate against (default the module's own contract)")
	addOperationsFlag(cmd, &flags.operations, "operations to validate: ids, all, tag:NAME, *pattern*, METHOD /path, -exclusions (default all)", "spec")
	f.StringVar(&flags.corrections, "corrections", "", "OpenAPI Overlay to apply to the contract, as --write-corrections writes it")
	f.StringVar(&flags.writeCorrections, "write-corrections", "", "file for an OpenAPI Overlay that makes the contract allow what was recorded")
	f.Float64Var(&flags.minCoverage, "min-coverage", 0, "minimum coverage of the contract, in percent")
	f.StringSliceVar(&flags.severity, "severity", nil, "RULE=error, RULE=warning or RULE=off, separated by commas")
	flags.reports.register(cmd)
	completeWith(cmd, "api-version", append([]string{contracttest.Auto}, openapi.Versions()...))
	completeFlag(cmd, "severity", completeSeverity)
	completeFlag(cmd, "min-coverage", cobra.NoFileCompletions)
	return cmd
}

func ruleList() string {
	var b strings.Builder
	line := " "
	for _, rule := range contracttest.Rules() {
		if len(line)+len(rule) > 80 {
			b.WriteString(line + "\n")
			line = " "
		}
		line += " " + string(rule)
	}
	return b.String() + line + "\n"
}

// completeWith adds completion to a flag that has only a few possible values.
func completeWith[T ~string](cmd *cobra.Command, flag string, values []T) {
	var names []string
	for _, v := range values {
		names = append(names, string(v))
	}
	completeFlag(cmd, flag, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

func completeSeverity(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var pairs []string
	for _, rule := range contracttest.Rules() {
		for _, severity := range []contracttest.Severity{contracttest.SeverityError, contracttest.SeverityWarning, contracttest.SeverityOff} {
			pairs = append(pairs, string(rule)+"="+string(severity))
		}
	}
	return pairs, cobra.ShellCompDirectiveNoFileComp
}

func (f *verifyFlags) run(cmd *cobra.Command, paths []string) error {
	if _, err := f.reports.targets(); err != nil {
		return err
	}
	if err := oneStdin(append(paths, f.spec, f.corrections)...); err != nil {
		return err
	}
	opts, err := f.options(cmd)
	if err != nil {
		return err
	}
	limit := int64(verifyMemory)
	if f.spec != "" {
		limit = specMemory(len(opts.Spec))
	}
	defer limitMemory(limit)()
	p := startProgress(cmd.ErrOrStderr(), "verifying recordings")
	total := sizeOf(paths)
	opts.Progress = func(bytes int64) { p.advance(int(bytes>>10), int(total>>10)) }
	r, problems := contracttest.VerifyPaths(cmd.Context(), opts, paths...)
	p.finish()
	if r == nil {
		return problems
	}
	if err := f.reports.write(cmd, r.Verdict(), func(w io.Writer, format report.Format) error { return r.Write(w, contracttest.Format(format)) }); err != nil {
		return err
	}
	if err := f.propose(cmd, r); err != nil {
		return err
	}
	switch {
	case problems != nil:
		return problems
	case !r.Holds():
		return &exitError{code: exitFindings}
	}
	return nil
}

// verifyMemory is the limit for [limitMemory] without --spec. Together with the program
// itself, verify stays below 50 MB.
const verifyMemory = 28 << 20

func (f *verifyFlags) options(cmd *cobra.Command) (contracttest.Options, error) {
	severities, err := contracttest.ParseSeverities(f.severity)
	if err != nil {
		return contracttest.Options{}, fmt.Errorf("--severity: %w", err)
	}
	opts := contracttest.Options{
		APIVersion: f.version, MinCoverage: f.minCoverage, Severity: severities, Operations: f.operations, Stdin: cmd.InOrStdin(),
	}
	if f.corrections != "" {
		if opts.CorrectionsName, opts.Corrections, err = readInput(cmd, f.corrections, pipeline.MaxOverlayBytes); err != nil {
			return opts, fmt.Errorf("--corrections: %w", err)
		}
	}
	if f.spec == "" {
		return opts, nil
	}
	if opts.SpecName, opts.Spec, err = readSpec(cmd, f.spec); err != nil {
		return opts, fmt.Errorf("--spec: %w", err)
	}
	return opts, nil
}

// propose writes corrections that would make the findings valid.
func (f *verifyFlags) propose(cmd *cobra.Command, r *contracttest.Report) error {
	if f.writeCorrections == "" {
		return nil
	}
	overlay, left, err := r.ProposeCorrections()
	if overlay == nil && err == nil {
		reason := "no correction would make a finding valid"
		if len(r.Findings) == 0 {
			reason = "there are no findings"
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s was not written: %s\n", f.writeCorrections, reason)
		return nil
	}
	if err == nil {
		err = atomicfile.Write(f.writeCorrections, overlay, 0o644)
	}
	if err != nil {
		return fmt.Errorf("--write-corrections: %w", err)
	}
	proposed := len(r.Findings) - len(left)
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: corrections for %d of %s; delete those that you do not accept, then verify with --corrections\n",
		f.writeCorrections, proposed, phrase.Count(len(r.Findings), "finding"))
	return nil
}

// sizeOf returns the total size of files in bytes, 0 if a path is a folder.
func sizeOf(paths []string) int64 {
	var total int64
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		total += info.Size()
	}
	return total
}
