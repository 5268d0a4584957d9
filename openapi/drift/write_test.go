package drift

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// TestWrite checks that a program can write a report in every format of the command.
func TestWrite(t *testing.T) {
	r := sample(t)
	marks := map[Format]string{
		Text: "breaking [request-bound-tightened]", JSON: `"rule": "request-bound-tightened"`, JUnit: "<failure", SARIF: `"ruleId": "request-bound-tightened"`,
		GitHub: "::error file=", Markdown: "request-bound-tightened", HTML: "<html",
	}
	for _, name := range report.Formats() {
		var b bytes.Buffer
		if err := r.Write(&b, Format(name)); err != nil || !strings.Contains(b.String(), marks[Format(name)]) || marks[Format(name)] == "" {
			t.Errorf("%s: %v\n%.300s", name, err, b.String())
		}
	}
	var b bytes.Buffer
	if err := r.Write(&b, "xml"); err == nil || !strings.Contains(err.Error(), "text, json") || b.Len() > 0 {
		t.Errorf("an unknown format: %v", err)
	}
	var decoded Report
	if err := r.Write(&b, JSON); err != nil || json.Unmarshal(b.Bytes(), &decoded) != nil || decoded.Verdict != r.Verdict || len(decoded.Changes) != len(r.Changes) {
		t.Errorf("the JSON is not the report: %v, %s", err, decoded.Verdict)
	}
	if err := r.Write(failing{}, HTML); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a writer that fails: %v", err)
	}
	if got := r.Summary(); !strings.HasPrefix(got, "breaking: breaking 1, ") {
		t.Errorf("the summary is %q", got)
	}
}

// TestFailOn checks which changes a report marks as failures.
func TestFailOn(t *testing.T) {
	failures := func(failOn Verdict) int {
		r := sample(t)
		r.FailOn = failOn
		var b bytes.Buffer
		if err := r.Write(&b, JUnit); err != nil {
			t.Fatal(err)
		}
		return strings.Count(b.String(), "<failure")
	}
	if all, standard, breaking := failures(Docs), failures(""), failures(Breaking); breaking != 1 || standard <= breaking || all <= standard {
		t.Errorf("%d failures with docs, %d by default, %d with breaking", all, standard, breaking)
	}
}

// TestWriteToFile checks that CLICOLOR_FORCE adds colors to a report in a file, and not to
// one in memory, which never goes to a terminal.
func TestWriteToFile(t *testing.T) {
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	path := filepath.Join(t.TempDir(), "report")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	r, plain := sample(t), new(bytes.Buffer)
	if err := errors.Join(r.Write(plain, Text), r.Write(file, Text), file.Close()); err != nil {
		t.Fatal(err)
	}
	colored, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(colored, []byte("\x1b[")) || bytes.Contains(plain.Bytes(), []byte("\x1b[")) {
		t.Errorf("%v: in a file %q, elsewhere %q", err, colored, plain.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }
