package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// credentialFlag matches flags that take credentials in other programs. This program must
// not have them.
var credentialFlag = regexp.MustCompile(`^(\w+-)*(key|secret|token|password)$`)

// explainFlag returns an error of the flag parser in plain words, with the next step. It
// never repeats the value of a flag that could be a credential.
func explainFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var valueless *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && credentialFlag.MatchString(unknown.GetSpecifiedName()):
		return fmt.Errorf("%w: credentials are never taken as flag values; see `exportbuckets help credentials`", err)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		err = fmt.Errorf("unknown flag: -%s%s", unknown.GetSpecifiedName(), shortHint(cmd, unknown.GetSpecifiedName()))
	case errors.As(err, &valueless):
		err = fmt.Errorf("--%s needs a value", valueless.GetFlag().Name)
	case errors.As(err, &invalid):
		err = fmt.Errorf("--%s %s: %w", invalid.GetFlag().Name, quoteFlag(invalid.GetValue()), plainCause(invalid))
	}
	return fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())
}

// shortHint returns what to write instead of -o, which is the short form of --output on the
// bucket verbs only.
func shortHint(cmd *cobra.Command, short string) string {
	switch {
	case short != "o" || cmd.Flags().Lookup("output") == nil:
		return ""
	case cmd.Flags().Lookup("format") == nil:
		return ": write --output FILE"
	}
	return ": write --format FORMAT, or --output FILE"
}

// plainCause returns the reason why a value is invalid for its flag, without the names of
// Go functions.
func plainCause(e *pflag.InvalidValueError) error {
	if errors.Is(e, strconv.ErrRange) {
		return errors.New("is out of range")
	}
	switch e.GetFlag().Value.Type() {
	case "bool":
		return errors.New("must be true or false")
	case "int", "int64":
		return errors.New("must be a whole number")
	case "uint64":
		return errors.New("must be a whole number, 0 or more")
	case "float64":
		return errors.New("must be a number")
	case "duration":
		return errors.New("must be a duration with its unit, such as 30s or 2m")
	case "stringSlice":
		return errors.New("must be values separated by commas; double quotes go around a whole value")
	}
	return e.Unwrap()
}

// quoteFlag quotes a flag's value for an error message and shortens it.
func quoteFlag(value string) string { return fmt.Sprintf("%q", termtext.Cut(value, 60)) }
