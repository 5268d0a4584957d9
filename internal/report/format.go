package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is the name of a report format.
type Format string

// The formats, by the names that --format accepts.
const (
	Text     Format = "text"
	JSON     Format = "json"
	JUnit    Format = "junit"
	SARIF    Format = "sarif"
	GitHub   Format = "github"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// Options change the form of a report, never its content. The zero value suits a file: no
// color, no wrapping.
type Options struct {
	// Color makes the text format use terminal colors; see [ForTerminal].
	Color bool
	// Width is the number of columns to which the text format wraps. 0 never wraps, and
	// less than 40 counts as 40.
	Width int
	// MaxBytes limits the size of the Markdown format. 0 means 65,000 bytes, because GitHub
	// refuses bodies over 65,536 characters. Less than 32,768 counts as 32,768.
	MaxBytes int
}

// writers contains the formats in the order of help texts.
var writers = []struct {
	format Format
	write  func(io.Writer, *Report, Options) error
}{
	{Text, writeText},
	{JSON, func(w io.Writer, r *Report, _ Options) error { return WriteJSON(w, r.Document) }},
	{JUnit, writeJUnit},
	{SARIF, writeSARIF},
	{GitHub, writeGitHub},
	{Markdown, writeMarkdown},
	{HTML, writeHTML},
}

// Formats lists every format, in the order of help texts.
func Formats() []Format {
	names := make([]Format, len(writers))
	for i, w := range writers {
		names[i] = w.format
	}
	return names
}

// ParseFormat reads the value of a --format flag. The error lists the allowed values.
func ParseFormat(name string) (Format, error) {
	if f := Format(name); slices.Contains(Formats(), f) {
		return f, nil
	}
	return "", fmt.Errorf("format %q is not known: use %s", name, strings.Join(formatNames(), ", "))
}

func formatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return names
}

// Write writes the report to w. It does not change the report. The error is that of w, or
// reports an unknown format.
func Write(w io.Writer, f Format, r *Report, o Options) error {
	if r == nil {
		r = &Report{}
	}
	for _, writer := range writers {
		if writer.format != f {
			continue
		}
		if f != JSON {
			r = sanitize(r)
		}
		return writer.write(w, r, o)
	}
	_, err := ParseFormat(string(f))
	return err
}
