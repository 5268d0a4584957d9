package contracttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// TestWrite checks that a program can write a report in every format of the command.
func TestWrite(t *testing.T) {
	r, err := Verify(documentedFS(t, getGCP, `"bucketName":"ledger-archive"`, `"bucketName":"x"`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	marks := map[Format]string{
		Text: "error [schema/minLength]", JSON: `"rule": "schema"`, JUnit: "<failure", SARIF: `"ruleId": "schema`, GitHub: "::error file=",
		Markdown: "minLength", HTML: "<html",
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
	if got := r.Verdict(); got != "fail: 1 error in 1 exchange of 1 file" {
		t.Errorf("the verdict is %q", got)
	}
	var decoded Report
	if err := r.Write(&b, JSON); err != nil || json.Unmarshal(b.Bytes(), &decoded) != nil || decoded.Summary != r.Summary {
		t.Errorf("the JSON is not the report: %v, %+v", err, decoded.Summary)
	}
	if err := r.Write(failing{}, HTML); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a writer that fails: %v", err)
	}
}

// TestWriteToFile checks that CLICOLOR_FORCE adds colors to a report in a file, and not to
// one in memory, which never goes to a terminal.
func TestWriteToFile(t *testing.T) {
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	r, err := Verify(documentedFS(t, getGCP), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	path := filepath.Join(t.TempDir(), "report")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Write(&plain, Text), r.Write(file, Text), file.Close()); err != nil {
		t.Fatal(err)
	}
	colored, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(colored, []byte("\x1b[")) || bytes.Contains(plain.Bytes(), []byte("\x1b[")) {
		t.Errorf("%v: in a file %q, elsewhere %q", err, colored, plain.String())
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

// TestReadErrorType checks that the errors of unreadable recordings have the exported
// type.
func TestReadErrorType(t *testing.T) {
	_, err := Verify(fstest.MapFS{"cut.har": {Data: []byte(`{"log":{"entries":[{"request":`)}}, Options{})
	var re *ReadError
	if !errors.As(err, &re) || re.File != "cut.har" || re.Entry != 0 || re.Line != 1 || re.Unwrap() == nil || !strings.HasPrefix(re.Error(), "cut.har:1: entry 0: ") {
		t.Errorf("got %v, %+v", err, re)
	}
}
