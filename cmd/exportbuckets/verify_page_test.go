//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

var (
	pageFile    = regexp.MustCompile("(?s)<!-- file: (\\S+) -->\n```\n(.*?)```\n")
	pageSession = regexp.MustCompile("(?s)```console\n(.*?)```\n")
)

// The commands of docs/verify.md print the output on the page. A line "..." matches any
// lines.
func TestSessionsOfVerifyPage(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	page, err := os.ReadFile("../../docs/verify.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range pageFile.FindAllStringSubmatch(string(page), -1) {
		if err := os.WriteFile(filepath.Join(dir, file[1]), []byte(file[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sessions := pageSession.FindAllStringSubmatch(string(page), -1)
	if len(sessions) == 0 {
		t.Fatal("the page has no sessions")
	}
	for _, session := range sessions {
		playSession(t, dir, session[1])
	}
}

// playSession runs the lines that begin with "$ " in one shell, and compares the commands
// and their output with the session.
func playSession(t *testing.T, dir, session string) {
	t.Helper()
	var script strings.Builder
	for line := range strings.Lines(session) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			// The exit status of a command is available as $? to the next one.
			script.WriteString("status=$?; printf '%s' " + phrase.ShellQuote(line) + "; (exit $status)\n" + command)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script.String())
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput()
	want := strings.ReplaceAll(regexp.QuoteMeta(session), "\n\\.\\.\\.\n", "\n(?s:.*)\n")
	if !regexp.MustCompile("^" + want + "$").Match(out) {
		t.Errorf("the output differs (-page +output):\n%s", cmp.Diff(session, string(out)))
	}
}
