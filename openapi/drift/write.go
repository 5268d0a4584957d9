package drift

import (
	"cmp"
	"io"
	"os"

	"github.com/atlas-exportbuckets/exportbuckets/internal/buildinfo"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// Format is a format that reports are written in.
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

// Write writes the report in a format, as `exportbuckets drift --format` does. If w is a
// terminal, the text is in color and wrapped to its width. The error for an unknown format
// lists the known ones.
func (r *Report) Write(w io.Writer, format Format) error {
	known, err := report.ParseFormat(string(format))
	if err != nil {
		return err
	}
	var o report.Options
	if file, ok := w.(*os.File); ok {
		o = report.ForTerminal(file, os.Getenv)
	}
	return report.Write(w, known, r.model(buildinfo.Version(), cmp.Or(r.FailOn, Planning)), o)
}

// Summary returns the verdict and the number of changes of each verdict in one line.
func (r *Report) Summary() string { return report.VerdictLine(r.model("", Planning)) }
