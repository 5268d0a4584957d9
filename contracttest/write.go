package contracttest

import (
	"io"
	"os"

	"github.com/atlas-exportbuckets/exportbuckets/internal/buildinfo"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// Format is a format of reports.
type Format string

// The formats. JSON is a [Report] as encoding/json writes it. JUnit, SARIF and GitHub
// (workflow annotations) are for CI; HTML is one page that loads no external resources.
const (
	Text     = Format(report.Text)
	JSON     = Format(report.JSON)
	JUnit    = Format(report.JUnit)
	SARIF    = Format(report.SARIF)
	GitHub   = Format(report.GitHub)
	Markdown = Format(report.Markdown)
	HTML     = Format(report.HTML)
)

// Write writes the report in a format, as `exportbuckets verify --format` does. If w is a
// terminal, text is in color and wrapped to its width. The error for an unknown format lists
// the known ones.
func (r *Report) Write(w io.Writer, format Format) error {
	known, err := report.ParseFormat(string(format))
	if err != nil {
		return err
	}
	var o report.Options
	if file, ok := w.(*os.File); ok {
		o = report.ForTerminal(file, os.Getenv)
	}
	return report.Write(w, known, r.model(buildinfo.Version()), o)
}

// Verdict returns the verdict in one line, such as "fail: 1 error in 67 exchanges of 3
// files".
func (r *Report) Verdict() string { return report.VerdictLine(r.model("")) }
