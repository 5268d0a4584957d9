//go:build unix

// Command mutants changes the code one place at a time (a comparison is reversed, a bound
// moved, a sum becomes a difference) and lists the changes that no test of the package detects:
//
//	mutants [flags] AREA...
//
// It compiles each package once, with every change in it behind a switch, determines which
// tests reach which change, and runs only those tests, except the tests that -short skips.
// Compiling for each change by itself would take most of the time.
//
// A change that has no effect is listed in scripts/mutants.explained with the reason. If
// any other change is not detected, the exit code is 1. A sample fails only if more than
// 15 % of it are not detected: CI draws a sample on every change of the code, and an older
// undetected mutant must not block an unrelated change. The command is run in the root of
// the module.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

const (
	explainedFile = "scripts/mutants.explained"
	// allowedInSample is the share of a sample that may be undetected.
	allowedInSample = 0.15
)

type options struct {
	areas   []string
	sample  int
	seed    string
	only    *regexp.Regexp
	wide    bool
	slow    bool
	list    bool
	workers int
}

func main() {
	o, err := parseFlags(os.Args[1:])
	if err == nil {
		var undetected int
		undetected, err = run(o, os.Stdout)
		if err == nil && undetected > 0 {
			os.Exit(1)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
}

func parseFlags(args []string) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.IntVar(&o.sample, "sample", 0, "test about `N` changes of all, chosen by -seed")
	flags.StringVar(&o.seed, "seed", "", "`text` that determines which changes -sample chooses")
	only := flags.String("only", "", "test only the changes whose description matches the `pattern`")
	flags.BoolVar(&o.wide, "wide", false, "also drop operands, remove statements and change constants; many of these changes cannot matter")
	flags.BoolVar(&o.slow, "slow", false, "also run the tests that -short skips")
	flags.BoolVar(&o.list, "list", false, "list the changes and test none")
	flags.IntVar(&o.workers, "workers", runtime.NumCPU(), "test `N` changes at once")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.only, err = regexp.Compile(*only); err != nil {
		return o, err
	}
	o.areas = flags.Args()
	if len(o.areas) == 0 {
		o.areas = areaNames()
	}
	for _, name := range o.areas {
		if areas[name] == nil {
			return o, fmt.Errorf("no area %q; the areas are %s", name, strings.Join(areaNames(), ", "))
		}
	}
	return o, nil
}

// run tests the changes and returns the number of undetected changes above the allowed
// number.
func run(o options, w io.Writer) (int, error) {
	explained, err := readExplained(explainedFile)
	if err != nil {
		return 0, err
	}
	var packages []*target
	for _, name := range o.areas {
		found, err := findTargets(areas[name], o.wide)
		if err != nil {
			return 0, err
		}
		packages = append(packages, found...)
	}
	choose(packages, o)
	if o.list {
		for _, p := range packages {
			for _, m := range p.mutants {
				fmt.Fprintln(w, m)
			}
		}
		return 0, nil
	}
	total, undetected := 0, 0
	for _, p := range packages {
		if len(p.mutants) == 0 {
			continue
		}
		survivors, err := p.test(o.workers, o.slow)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", p.folder, err)
		}
		survivors = slices.DeleteFunc(survivors, func(m *mutant) bool { return explained.has(m) })
		total += len(p.mutants)
		undetected += len(survivors)
		fmt.Fprintf(w, "== %s: %d changes, %d not detected\n", p.folder, len(p.mutants), len(survivors))
		for _, m := range survivors {
			fmt.Fprintln(w, m)
		}
	}
	fmt.Fprintf(w, "== %d changes, %d not detected\n", total, undetected)
	if o.sample == 0 && o.only.String() == "" && !o.wide && len(o.areas) == len(areas) {
		for _, line := range explained.unused() {
			fmt.Fprintf(w, "%s: this change no longer exists: %s\n", explainedFile, line)
			undetected++
		}
	}
	if o.sample > 0 && float64(undetected) <= allowedInSample*float64(total) {
		return 0, nil
	}
	return undetected, nil
}
