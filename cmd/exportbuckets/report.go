package main

import (
	"bytes"
	"io"
	"os"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// writeReport tells a report: to a terminal with colour and in its width, or into
// the file that is called output, which an error leaves as it was. "-" and "" are
// standard output.
func writeReport(stdout io.Writer, output string, format report.Format, m *report.Report) error {
	if output == "-" || output == "" {
		terminal, _ := stdout.(*os.File)
		return report.Write(stdout, format, m, report.ForTerminal(terminal, os.Getenv))
	}
	var b bytes.Buffer
	if err := report.Write(&b, format, m, report.Options{}); err != nil {
		return err
	}
	return atomicfile.Write(output, b.Bytes(), 0o644)
}
