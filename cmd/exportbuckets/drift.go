package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift"
)

type driftFlags struct {
	upstream, baseline string
	operations         []string
	sunsetLead         int
	asOf               string
	failOn             string
	reports            reportFlags
	timeout            time.Duration
	noCache            bool
	accept             acceptFlags

	verdict drift.Verdict
	day     time.Time
}

// driftHelp is the help of drift, before its flags.
const driftHelp = `Compares the specification that MongoDB publishes (upstream) with the contract embedded
in this program, or with --baseline, and classifies each change by its effect on clients,
from the worst to the mildest:

  breaking   a request that conforms to the old contract may be refused, or a
             value that clients read is removed or has another type
  tolerate   clients must tolerate something new: usually a response may
             contain values that the old contract excluded
  additive   new, and no client has to change
  planning   versions and dates: sunsets, deprecations, newer versions
  docs       wording, and other changes without effect; wording is compared
             if both specifications have descriptions, which trim removes

One root cause is one entry, for any number of operations, versions and locations.
A specification is YAML or JSON, may be gzipped, and may contain one resource version
or all of them. Downloads are kept with their ETag in the user's cache folder.

By default the operations of snapshot export buckets are compared. --operations selects
others, which the baseline must have. To check a client of your own, pass the same
--operations to trim and to drift. "--operations all" compares all operations of both
specifications, so every operation that only upstream has is a change: use it for two
whole specifications. The embedded contract covers snapshot export buckets only.

--accept FILE lists accepted changes; --write-accept writes that file from the changes
that this run finds, with --reason and --expires.

--format and --output can be repeated in pairs, for several reports of one run. When a
report goes to a file, standard error gets the verdict in one line.

Exit codes:
  0  in sync, or all changes are milder than --fail-on
  1  a breaking change
  2  the comparison failed; the result is unknown
  3  another change of the --fail-on verdict or a worse one
With go run, every code but 0 is 1.`

func newDriftCommand() *cobra.Command {
	var flags driftFlags
	cmd := &cobra.Command{
		Use:   "drift --upstream FILE|URL|-",
		Short: "Detect changes to the Atlas API, and which of them break clients",
		Long:  driftHelp,
		Example: `  exportbuckets drift --upstream atlas-v2.yaml
  exportbuckets drift --upstream https://raw.githubusercontent.com/mongodb/openapi/main/openapi/v2.yaml --fail-on breaking
  exportbuckets drift --upstream new.yaml --baseline old.yaml --format markdown --output drift.md
  exportbuckets drift --upstream atlas-v2.yaml --format json --output drift.json --format github
  exportbuckets drift --upstream atlas-v2.yaml --baseline clusters.yaml --operations listClusters,getCluster
  exportbuckets drift --upstream atlas-v2.yaml --accept drift-accept.yaml --write-accept --reason "our client reads it already"`,
		Args: cobra.ArbitraryArgs, // --write-accept may take one argument; run checks the arguments
		RunE: func(cmd *cobra.Command, args []string) error { return flags.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.upstream, "upstream", "", "current specification: a file, an https address, or - for standard input")
	f.StringVar(&flags.baseline, "baseline", "", "specification to compare with, as a file, an https address or - (default the embedded contract)")
	addOperationsFlag(cmd, &flags.operations, "operations of the baseline to compare: ids, all, tag:NAME, *pattern*, METHOD /path, -exclusions (default those of export buckets)", "baseline")
	f.IntVar(&flags.sunsetLead, "sunset-lead", drift.DefaultSunsetLead, "report a version this many days before its sunset; 0 reports neither near nor past sunsets")
	f.StringVar(&flags.asOf, "as-of", "", "date to compare sunset dates with, as YYYY-MM-DD (default today)")
	f.StringVar(&flags.failOn, "fail-on", string(drift.Planning), "mildest verdict for which the command fails: "+verdictList())
	f.DurationVar(&flags.timeout, "timeout", time.Minute, "time limit for a download")
	f.BoolVar(&flags.noCache, "no-cache", false, "neither use nor keep earlier downloads")
	flags.accept.register(f)
	flags.reports.register(cmd)
	completeWith(cmd, "fail-on", failVerdicts())
	return cmd
}

// failVerdicts are the values of --fail-on.
func failVerdicts() []drift.Verdict {
	return []drift.Verdict{drift.Breaking, drift.Tolerate, drift.Additive, drift.Planning, drift.Docs}
}

func verdictList() string {
	var names []string
	for _, v := range failVerdicts() {
		names = append(names, string(v))
	}
	return strings.Join(names, ", ")
}

func (f *driftFlags) run(cmd *cobra.Command, args []string) error {
	if _, err := f.reports.targets(); err != nil {
		return err
	}
	if err := f.check(args); err != nil {
		return err
	}
	bar := startProgress(cmd.ErrOrStderr(), "reading upstream")
	r, err := f.compare(cmd)
	bar.finish()
	if err != nil {
		return err
	}
	r.FailOn = f.verdict
	write := func(w io.Writer, format report.Format) error { return r.Write(w, drift.Format(format)) }
	if err := f.reports.write(cmd, r.Summary(), write); err != nil {
		return err
	}
	if code := r.ExitCode(f.verdict); code != exitHolds {
		return &exitError{code: code}
	}
	return nil
}

// gcPercent is lower than Go's default: comparing two whole specifications then uses 200 MB
// instead of 300 MB, and takes 5 % more time.
const gcPercent = 30

func (f *driftFlags) check(args []string) error {
	if f.upstream == "" {
		return errors.New("name the specification to compare with --upstream FILE, an https address, or - for standard input")
	}
	if f.upstream == "-" && f.baseline == "-" {
		return errors.New("--upstream and --baseline can't both be standard input")
	}
	if f.sunsetLead < 0 {
		return fmt.Errorf("--sunset-lead %d: use a number of days, or 0 to turn it off", f.sunsetLead)
	}
	if f.timeout <= 0 {
		return fmt.Errorf("--timeout %s: use a time above 0", f.timeout)
	}
	for _, v := range failVerdicts() {
		if string(v) == f.failOn {
			f.verdict = v
		}
	}
	if f.verdict == "" {
		return fmt.Errorf("--fail-on %q: use %s", f.failOn, verdictList())
	}
	f.day = time.Now().UTC()
	if f.asOf != "" {
		day, err := time.Parse(time.DateOnly, f.asOf)
		if err != nil {
			return fmt.Errorf("--as-of %q is not a date: use YYYY-MM-DD", f.asOf)
		}
		f.day = day
	}
	return f.accept.check(args, f.day)
}

func (f *driftFlags) compare(cmd *cobra.Command) (*drift.Report, error) {
	o := drift.Options{Operations: f.operations, SunsetLead: f.sunsetLead, AsOf: f.day}
	read := f.source(cmd)
	var err error
	if o.Upstream, err = read(cmd.Context(), f.upstream); err != nil {
		return nil, fmt.Errorf("--upstream: %w", err)
	}
	if f.baseline != "" {
		baseline, err := read(cmd.Context(), f.baseline)
		if err != nil {
			return nil, fmt.Errorf("--baseline: %w", err)
		}
		o.Baseline = &baseline
	}
	if o.Accepted, err = f.accept.read(); err != nil {
		return nil, err
	}
	size := len(o.Upstream.Data)
	if o.Baseline != nil {
		size += len(o.Baseline.Data)
	}
	defer limitMemory(specMemory(size))()
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	r, err := drift.Compare(cmd.Context(), o)
	if err != nil || !f.accept.write {
		return r, err
	}
	if o.Accepted, err = f.accept.save(cmd.ErrOrStderr(), r); err != nil {
		return nil, err
	}
	return drift.Compare(cmd.Context(), o)
}

// source returns the function that reads specifications.
func (f *driftFlags) source(cmd *cobra.Command) func(context.Context, string) (drift.Input, error) {
	stderr := cmd.ErrOrStderr()
	s := &drift.Source{
		Stdin: cmd.InOrStdin(), Timeout: f.timeout, UserAgent: "exportbuckets/" + version(),
		Warn: func(err error) { fmt.Fprintln(stderr, "exportbuckets: warning:", err) },
	}
	if !f.noCache && strings.Contains(f.upstream+f.baseline, "://") {
		dir, err := drift.CacheDir()
		if err != nil {
			s.Warn(err)
		}
		s.CacheDir = dir
	}
	return s.Read
}
