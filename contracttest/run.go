package contracttest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// Run validates all recordings in fsys in a Go test, with one subtest per exchange:
//
//	func TestRecordings(t *testing.T) {
//		contracttest.Run(t, os.DirFS("testdata/recordings"), contracttest.Options{})
//	}
//
// Findings of severity error fail the subtest. The failure describes the problem, its place
// in the recording and the line of the contract. Warnings are logged. Exchanges out of
// scope are skipped. Unreadable recordings, coverage below the minimum, and recordings
// without any exchange in scope fail the test itself.
func Run(t *testing.T, fsys fs.FS, opts Options) {
	t.Helper()
	s, err := newSession(recording.InFS(fsys), opts)
	if err != nil {
		t.Fatal(err)
	}
	for v, err := range s.verdicts(t.Context()) {
		s.add(v, err)
		if err != nil {
			t.Error(err)
			continue
		}
		t.Run(v.name(), func(t *testing.T) { s.reportTo(t, v) })
	}
	r, err := s.report()
	switch {
	case r == nil:
		t.Fatal(err)
	case errors.Is(err, ErrNothingInScope):
		t.Error(s.nothingValidated())
	case r.Coverage.Short():
		t.Errorf("coverage is %v %%, below the minimum of %v %%", r.Coverage.Percent, r.Coverage.Minimum)
	}
}

// name returns the name of the subtest: file, entry and request.
func (v *verdict) name() string {
	src, what := v.exchange.Source, v.exchange.Request.Method
	if v.match != nil && v.match.Operation != nil {
		what = v.match.Operation.Name
	}
	return fmt.Sprintf("%s/%d_%s_%d", path.Base(src.File), src.Entry, what, v.exchange.Response.Status)
}

// reportTo reports the findings of one exchange in its subtest.
func (s *session) reportTo(t *testing.T, v *verdict) {
	t.Helper()
	for _, f := range v.findings.findings(s.validator.contract) {
		if f.Severity == SeverityError {
			t.Error(f.String())
		} else {
			t.Log(f.String())
		}
	}
	if n := v.findings.omittedErrors; n > 0 {
		t.Errorf("%d more errors are not listed", n)
	}
	switch {
	case v.err != nil:
		t.Error(v.err)
	case v.match == nil && !t.Failed():
		t.Skipf("out of scope: the contract does not declare %s", v.exchange.Request.URL.Path)
	}
}

// String returns the finding in a few lines: message, places, expected and actual value,
// and hint.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[%s] %s", f.Rule, f.Message)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n    %-9s %s", label, text)
		}
	}
	place := fmt.Sprintf("%s:%d", f.Recording.File, f.Recording.Line)
	line("recording", strings.TrimSpace(fmt.Sprintf("%s entry %d %s", place, f.Recording.Entry, f.Pointer)))
	line("expected", f.Expected)
	line("actual", f.Actual)
	if f.Spec.File != "" {
		line("contract", fmt.Sprintf("%s:%d %s", f.Spec.File, f.Spec.Line, f.Spec.Pointer))
	}
	line("hint", f.Hint)
	line("curl", f.Curl)
	if f.Count > 1 {
		line("seen", fmt.Sprintf("%d times", f.Count))
	}
	return b.String()
}
