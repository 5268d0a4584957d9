package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// docs/verbs.md contains the help of every verb, so that it can be read without the
// command. UPDATE_DOCS=1 rewrites it.
func TestVerbsPageIsTheHelp(t *testing.T) {
	const page = "../../docs/verbs.md"
	var want bytes.Buffer
	want.WriteString("# The verbs of exportbuckets\n\nThe output of `exportbuckets VERB --help`.\n")
	root := newRootCommand()
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" && cmd.Name() != "help" {
			writeHelp(t, &want, cmd)
		}
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(page, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s differs from the help of the verbs; rewrite it with: UPDATE_DOCS=1 go test ./cmd/exportbuckets -run VerbsPage", page)
	}
}

func writeHelp(t *testing.T, page *bytes.Buffer, cmd *cobra.Command) {
	t.Helper()
	var help bytes.Buffer
	cmd.SetOut(&help)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	page.WriteString("\n## " + cmd.Name() + "\n\n```\n" + strings.TrimSpace(help.String()) + "\n```\n")
}

// Every verb's help ends with an example, and each example names the verb itself.
func TestEveryVerbHasAnExample(t *testing.T) {
	for _, cmd := range newRootCommand().Commands() {
		if !cmd.Runnable() || cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		if !strings.Contains(cmd.Example, "exportbuckets "+cmd.Name()) {
			t.Errorf("%s: the example is %q", cmd.Name(), cmd.Example)
		}
		if cmd.Long == "" || cmd.Short == "" {
			t.Errorf("%s: no description", cmd.Name())
		}
	}
}
