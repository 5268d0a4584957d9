package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noArguments refuses arguments without repeating them: they may be misplaced secrets.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes only flags, no arguments; see `%s --help`", cmd.Name(), cmd.CommandPath())
	}
	return nil
}

// oneOf lists the values of a flag: "a, b or c".
func oneOf(values []string) string {
	last := len(values) - 1
	return strings.Join(values[:last], ", ") + " or " + values[last]
}

// exclusiveAnnotation is where cobra keeps the groups of flags that exclude each other
// (cobra.Command.MarkFlagsMutuallyExclusive).
const exclusiveAnnotation = "cobra_annotation_mutually_exclusive"

// checkExclusive returns an error in plain words for flags that exclude each other,
// before cobra returns its own. Completions use the same groups.
func checkExclusive(cmd *cobra.Command) error {
	given := map[string][]string{}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		for _, group := range f.Annotations[exclusiveAnnotation] {
			given[group] = append(given[group], "--"+f.Name)
		}
	})
	var problems []string
	for _, names := range given {
		if len(names) > 1 {
			problems = append(problems, strings.Join(names, " and ")+" exclude each other")
		}
	}
	if len(problems) == 0 {
		return nil
	}
	slices.Sort(problems)
	return fmt.Errorf("%s; see `%s --help`", strings.Join(problems, "; "), cmd.CommandPath())
}
