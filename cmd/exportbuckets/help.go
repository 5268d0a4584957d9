package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

const (
	// helpWidth is the widest line of a help text, in columns.
	helpWidth = 80
	// leastHelpWidth is the width in terminals that are narrower than that.
	leastHelpWidth = 40
	// widestHelpColumn is the rightmost column in which descriptions of flags begin. If a
	// name is wider, the description begins on the next line.
	widestHelpColumn = 40
)

// rootHelp is the text of `exportbuckets --help`, before the list of the verbs.
const rootHelp = `Works with MongoDB Atlas snapshot export buckets and with their API contract: lists
and changes export buckets, verifies recorded traffic against the contract, detects
API drift, generates Go clients, and serves a fake Atlas to test against.

Exit codes:

  0    done, or every check passed
  1    verify, drift, generate --check: a check failed; delete: not confirmed
  2    usage error, unreadable input or any other failure
  3    drift: upstream changed, and no client breaks
  4    the project or the export bucket does not exist
  5    the credentials were refused, or their Atlas role does not allow this
  6    rate limited
  7    delete: the export bucket is in use
  8    no response, a server error or a timeout; the message says what to do next
  130  interrupted
  141  broken pipe: the reader of the output closed it

Environment:

  NO_COLOR             if not empty, no colors
  CLICOLOR=0           no colors
  CLICOLOR_FORCE=1     colors even without a terminal
  MONGODB_ATLAS_...    credentials, see "exportbuckets help credentials"`

// exitCodeTable returns the part of a verb's help about its exit codes.
func exitCodeTable(codes ...int) string {
	slices.Sort(codes)
	text := "Exit codes:\n"
	for _, code := range codes {
		text += fmt.Sprintf("\n  %-3d  %s", code, exitCodeMeanings[code])
	}
	return text
}

// bucketExitCodes returns the exit code table of a bucket verb with additional codes.
func bucketExitCodes(further ...int) string {
	return exitCodeTable(append(further, exitHolds, exitFailure, exitNotFound, exitRefused, exitRateLimited, exitUnavailable, exitInterrupted, exitClosedPipe)...)
}

// exitCodeMeanings are the meanings of the bucket verbs' exit codes.
var exitCodeMeanings = map[int]string{
	exitHolds:       "done",
	exitDeclined:    "not confirmed",
	exitFailure:     "usage error or any other failure",
	exitNotFound:    "the project or the export bucket does not exist",
	exitRefused:     "the credentials were refused, or their Atlas role does not allow this",
	exitRateLimited: "rate limited",
	exitInUse:       "the export bucket is in use",
	exitUnavailable: "no response, a server error or a timeout; the message says what to do next",
	exitInterrupted: "interrupted",
	exitClosedPipe:  "broken pipe: the reader of the output closed it",
}

// printHelp is the help function of every verb: cobra's text, wrapped.
func printHelp(cmd *cobra.Command, _ []string) {
	width := helpWidth
	if w := terminalWidth(cmd.OutOrStdout()); w > 0 {
		width = min(helpWidth, max(w, leastHelpWidth))
	}
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	usage, examples, found := strings.Cut(cmd.UsageString(), "\nExamples:\n")
	if !cmd.Runnable() && !cmd.HasSubCommands() { // a topic has no usage line
		usage = strings.TrimPrefix(usage, "Usage:\n")
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s", wrapText(strings.TrimSpace(text), width), wrapText(usage, width))
	if found {
		fmt.Fprintf(cmd.OutOrStdout(), "\nExamples:\n%s", wrapCommands(examples, width))
	}
}

// wrapText breaks the lines of a help text. Paragraphs are filled. Lines that begin with
// a space are rows of a table or a list, and continue below their last column.
func wrapText(text string, width int) string {
	var out []string
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, fill("", "", strings.Join(paragraph, " "), width))
			paragraph = nil
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "", strings.HasPrefix(line, " "):
			flush()
			out = append(out, wrapRow(strings.TrimRight(line, " "), width))
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// wrapRow breaks a row of a table: a name, spaces, a description.
func wrapRow(line string, width int) string {
	name, description := line, ""
	begin := len(line) - len(strings.TrimLeft(line, " "))
	if i := strings.LastIndex(line[begin:], "  "); i >= 0 {
		name, description = line[:begin+i+2], line[begin+i+2:]
	}
	widest := min(widestHelpColumn, width/2)
	isFlag := strings.HasPrefix(line[begin:], "-") // the names in a list of flags may all be wide
	switch {
	case termtext.Width(line) <= width && (!isFlag || len(name) <= widest):
		return line
	case description == "":
		return fill(line[:begin], line[:begin]+"  ", line[begin:], width)
	case len(name) > widest:
		indent := strings.Repeat(" ", begin+4)
		return strings.TrimRight(name, " ") + "\n" + fill(indent, indent, description, width)
	}
	return fill(name, strings.Repeat(" ", len(name)), description, width)
}

// fill puts words into lines. The first line begins with first, the others with indent.
func fill(first, indent, words string, width int) string {
	var out strings.Builder
	line, empty := first, true
	for word := range strings.FieldsSeq(words) {
		switch {
		case empty:
			line += word
		case termtext.Width(line)+1+termtext.Width(word) > width:
			out.WriteString(line + "\n")
			line = indent + word
		default:
			line += " " + word
		}
		empty = false
	}
	return out.String() + line
}

// wrapCommands breaks shell command lines with backslashes, between words.
func wrapCommands(text string, width int) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		for termtext.Width(line) > width {
			at := lineBreak(line, width-len(" \\"))
			if at < 0 {
				break
			}
			out = append(out, line[:at]+" \\")
			line = "    " + line[at+1:]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// lineBreak returns the index of the space at which to break a shell command line, at or
// before width: the last space after && or |, else the last one before a flag, else the
// last one; -1 if there is none.
func lineBreak(line string, width int) int {
	begin := len(line) - len(strings.TrimLeft(line, " "))
	last, flag, next, quote := -1, -1, -1, byte(0)
	for i := begin; i < len(line) && i <= width; i++ {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ' ' && (strings.HasSuffix(line[:i], " &&") || strings.HasSuffix(line[:i], " |")):
			last, next = i, i
		case c == ' ' && strings.HasPrefix(line[i+1:], "--"):
			last, flag = i, i
		case c == ' ':
			last = i
		}
	}
	switch {
	case next > begin:
		return next
	case flag > begin:
		return flag
	}
	return last
}

// newHelpCommand replaces cobra's help command, which succeeds for a topic that does not
// exist.
func newHelpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Show the help of a verb or a topic",
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			for _, cmd := range root.Commands() {
				names = append(names, cobra.CompletionWithDesc(cmd.Name(), cmd.Short))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return fmt.Errorf("no help for %s%s", quoteFlag(strings.Join(args, " ")), suggestion(root, args[0]))
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// completeCompletion makes the verb completion fail for a shell that it does not know.
func completeCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	i := slices.IndexFunc(root.Commands(), func(cmd *cobra.Command) bool { return cmd.Name() == "completion" })
	completion := root.Commands()[i]
	var shells []string
	for _, shell := range completion.Commands() {
		shells = append(shells, shell.Name())
	}
	completion.Use = "completion " + strings.Join(shells, "|")
	completion.Args = nil
	completion.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return fmt.Errorf("no completions for the shell %s; must be one of %s", quoteFlag(args[0]), strings.Join(shells, ", "))
	}
}

// suggestion returns the end of an error about a verb that does not exist.
func suggestion(root *cobra.Command, name string) string {
	if names := root.SuggestionsFor(name); len(names) > 0 {
		return fmt.Sprintf("; did you mean %s?", strings.Join(names, " or "))
	}
	return "; see `exportbuckets --help`"
}
