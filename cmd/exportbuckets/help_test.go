package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// everyCommand visits a command and those below it.
func everyCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		everyCommand(sub, visit)
	}
}

func TestHelpFits80Columns(t *testing.T) {
	everyCommand(newRootCommand(), func(cmd *cobra.Command) {
		var help bytes.Buffer
		cmd.SetOut(&help)
		cmd.InitDefaultHelpFlag()
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		if help.Len() == 0 {
			t.Errorf("%s has no help", cmd.CommandPath())
		}
		for line := range strings.Lines(help.String()) {
			if line = strings.TrimRight(line, "\n"); termtext.Width(line) > helpWidth {
				t.Errorf("%s --help has a line of %d columns: %s", cmd.CommandPath(), termtext.Width(line), line)
			}
		}
	})
}

// The root's help lists every exit code, and NO_COLOR and CLICOLOR.
func TestRootHelpListsEverything(t *testing.T) {
	for _, want := range []string{
		"\n  0 ", "\n  1 ", "\n  2 ", "\n  3 ", "\n  4 ", "\n  5 ", "\n  6 ", "\n  7 ", "\n  8 ", "\n  130 ", "\n  141 ",
		"\n  NO_COLOR ", "\n  CLICOLOR=0 ", "\n  CLICOLOR_FORCE=1 ",
	} {
		if !strings.Contains(rootHelp, want) {
			t.Errorf("the help of the root lacks %q", want)
		}
	}
}

func TestWrapText(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"paragraphs": {"one two three\nfour five six seven\n\neight", "one two three four\nfive six seven\n\neight"},
		"a row":      {"  -a   what it does, at length", "  -a   what it does,\n       at length"},
		"an item":    {"  a b c d e f g h i j k l m n", "  a b c d e f g h i\n    j k l m n"},
		"a long word": {
			"see https://example.com/a/very/long/path for it",
			"see\nhttps://example.com/a/very/long/path\nfor it",
		},
	} {
		if got := wrapText(tt.text, 20); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, tt.want)
		}
	}
	wide := "      --" + strings.Repeat("x", 40) + "   does it"
	if got, want := wrapText(wide, 80), strings.TrimSuffix(wide, "   does it")+"\n          does it"; got != want {
		t.Errorf("a wide flag:\n%s\nwant\n%s", got, want)
	}
}

func TestWrapCommands(t *testing.T) {
	for text, want := range map[string]string{
		"  run --one 'a b c' --two d":      "  run --one 'a b c' \\\n    --two d",
		"  run 'a b c d e f g h i j k l'":  "  run \\\n    'a b c d e f g h i j k l'",
		"  run aaaa bbbb cccc dddd eeee ":  "  run aaaa bbbb cccc \\\n    dddd eeee ",
		"  run --a && run --b --c d":       "  run --a && \\\n    run --b --c d",
		"  short":                          "  short",
		"  averyveryveryverylongcommandxx": "  averyveryveryverylongcommandxx",
	} {
		if got := wrapCommands(text, 24); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}
