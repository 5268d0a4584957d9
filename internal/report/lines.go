package report

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

const (
	// labelColumn is the column in which the value of a field begins.
	labelColumn = 13
	// leastWidth is the smallest width to which text is wrapped.
	leastWidth = 40
)

// lines collects text line by line, wrapped to a width.
type lines struct {
	out   strings.Builder
	width int
	style style
}

func newLines(o Options) *lines {
	width := o.Width
	if width > 0 {
		width = max(width, leastWidth)
	}
	return &lines{width: width, style: style(o.Color)}
}

// line writes one line. It escapes quoted text that a CI runner would execute as a command:
// GitHub's runner does so for "::" at the start of a line and "##[" anywhere in it.
func (l *lines) line(s string) {
	s = strings.ReplaceAll(s, "##[", `#\x23[`)
	if trimmed := strings.TrimLeft(s, " "); strings.HasPrefix(trimmed, "::") {
		s = s[:len(s)-len(trimmed)] + `\x3a` + trimmed[1:]
	}
	l.out.WriteString(s + "\n")
}

// field writes a label and its value, and indents the further lines of the value. It writes
// nothing if the value is empty.
func (l *lines) field(label, value string) {
	if value != "" {
		l.wrap(l.label(label), strings.Repeat(" ", labelColumn), value)
	}
}

// raw writes a label and a value that is not wrapped, so that it can be copied, or marked in
// the next line.
func (l *lines) raw(label, value string) {
	if value != "" {
		l.line(l.label(label) + value)
	}
}

func (l *lines) label(name string) string {
	pad := strings.Repeat(" ", max(labelColumn-2-columns(name), 1))
	return "  " + l.style.dim(name) + pad
}

// room returns the number of columns for the value of a field, or 0 if there is no width.
func (l *lines) room() int {
	if l.width == 0 {
		return 0
	}
	return l.width - labelColumn
}

// wrap writes prefix and text, broken at spaces into lines that begin with indent. It does
// not break a word that is longer than a line, so that pointers and addresses can be copied.
func (l *lines) wrap(prefix, indent, text string) {
	if l.width == 0 {
		l.line(prefix + text)
		return
	}
	line, used, empty := prefix, columns(prefix), true
	for word := range strings.FieldsSeq(text) {
		size := columns(word)
		if !empty && used+1+size > l.width {
			l.line(line)
			line, used, empty = indent, columns(indent), true
		}
		if !empty {
			line, used = line+" ", used+1
		}
		line, used, empty = line+word, used+size, false
	}
	l.line(line)
}

var colorCode = regexp.MustCompile("\x1b\\[[0-9;]*m")

// columns returns the width of s on a terminal, not counting color codes.
func columns(s string) int { return uniseg.StringWidth(colorCode.ReplaceAllString(s, "")) }

// style colors text if true, and returns it unchanged if false.
type style bool

func (s style) code(sgr, text string) string {
	if !s || text == "" {
		return text
	}
	// Each word is colored separately, because a color must not span a line break.
	words := strings.Split(text, " ")
	for i, word := range words {
		if word != "" {
			words[i] = "\x1b[" + sgr + "m" + word + "\x1b[0m"
		}
	}
	return strings.Join(words, " ")
}

func (s style) bold(text string) string { return s.code("1", text) }
func (s style) dim(text string) string  { return s.code("2", text) }

// level colors text by severity: red, yellow, blue or green.
func (s style) level(l Level, text string) string {
	return s.code([...]string{"1;31", "1;33", "1;34", "1;32"}[l.rank()], text)
}
