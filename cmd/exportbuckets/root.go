package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes that all verbs share; the help of a verb lists its additional codes.
const (
	exitHolds    = 0 // done, or every check passed
	exitFindings = 1 // a check failed
	exitFailure  = 2 // usage error, unreadable input or any other failure

	exitInterrupted = 130 // the code that a shell reports for SIGINT
)

// exitError ends the command with its own exit code. A nil err prints nothing, because a
// report was printed.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// run executes the command with args and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand() //nolint:contextcheck // cobra hands the context to the verbs
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitHolds
	}
	code := exitFailure
	var exit *exitError
	switch {
	case errors.As(err, &exit):
		code, err = exit.code, exit.err
	case strings.HasPrefix(err.Error(), "unknown command "):
		err = unknownVerb(root, err)
	case ctx.Err() != nil:
		code = exitInterrupted
		if !strings.HasPrefix(err.Error(), errInterrupted.Error()) { // keep the text that a verb set
			err = errInterrupted
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "exportbuckets:", err)
	}
	return code
}

// unknownVerb adds similar verbs to cobra's error, which quotes the unknown verb.
func unknownVerb(root *cobra.Command, err error) error {
	name, _ := strconv.QuotedPrefix(strings.TrimPrefix(err.Error(), "unknown command "))
	name, _ = strconv.Unquote(name) // an empty name has no suggestions
	return fmt.Errorf("%w%s", err, suggestion(root, name))
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "exportbuckets",
		Short:         "Work with MongoDB Atlas snapshot export buckets and their API contract",
		Long:          rootHelp,
		Example:       "  exportbuckets demo",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,

		DisableSuggestions:         true, // unknownVerb adds the suggestions
		SuggestionsMinimumDistance: 2,
		PersistentPreRunE:          func(cmd *cobra.Command, _ []string) error { return checkExclusive(cmd) },
	}
	root.SetFlagErrorFunc(explainFlag)
	root.SetUsageTemplate(examplesLast(root.UsageTemplate()))
	root.SetHelpFunc(printHelp)
	root.SetHelpCommand(newHelpCommand(root))
	root.AddCommand(
		newListCommand(),
		newGetCommand(),
		newCreateCommand(),
		newUpdateCommand(),
		newDeleteCommand(),
		newCredentialsTopic(),
		newOperationsTopic(),
		newDemoCommand(),
		newDriftCommand(),
		newGenerateCommand(),
		newServeCommand(),
		newTrimCommand(),
		newVerifyCommand(),
		newTokenCommand(),
		newVersionCommand(),
	)
	completeCompletion(root)
	return root
}

// examplesLast moves the examples of a help text to its end, because a terminal shows the
// end of a long text.
func examplesLast(template string) string {
	const has, examples, end = "{{if .HasExample}}\n\n", "Examples:\n{{.Example}}", "{{end}}"
	return strings.Replace(template, has+examples+end, "", 1) + "{{if .HasExample}}\n" + examples + "\n" + end
}
