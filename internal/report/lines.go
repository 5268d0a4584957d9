package report

import (
	"regexp"
	"strings"

	"github.com/rivo/uniseg"
)

const (
	// labelColumn is where a field's value begins.
	labelColumn = 13
	// leastWidth keeps a narrow terminal from a word a line.
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

// line writes one line as it is. A CI runner that reads the log must not take
// quoted text for a command of its own: GitHub's acts on "::" at a line's start
// and on "##[" anywhere in it.
func (l *lines) line(s string) {
	s = strings.ReplaceAll(s, "##[", `#\x23[`)
	if trimmed := strings.TrimLeft(s, " "); strings.HasPrefix(trimmed, "::") {
		s = s[:len(s)-len(trimmed)] + `\x3a` + trimmed[1:]
	}
	l.out.WriteString(s + "\n")
}

// field writes a label and its value, the value wrapped under itself; nothing if there is
// no value.
func (l *lines) field(label, value string) {
	if value != "" {
		l.wrap(l.label(label), strings.Repeat(" ", labelColumn), value)
	}
}

// raw writes a label and a value that is never wrapped, so that it can be copied
// or pointed at.
func (l *lines) raw(label, value string) {
	if value != "" {
		l.line(l.label(label) + value)
	}
}

func (l *lines) label(name string) string {
	pad := strings.Repeat(" ", max(labelColumn-2-columns(name), 1))
	return "  " + l.style.dim(name) + pad
}

// room is how many columns a field's value has; 0 without a width.
func (l *lines) room() int {
	if l.width == 0 {
		return 0
	}
	return l.width - labelColumn
}

// wrap writes prefix and text, and breaks at spaces into lines that begin with
// indent. A word that is longer than a line stays whole: a pointer or an address
// can then still be copied.
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

// style colors text if true, and leaves it unchanged if false.
type style bool

func (s style) code(sgr, text string) string {
	if !s || text == "" {
		return text
	}
	// A colour that spans words must survive wrapping: each word has its own.
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

// level colours text by how grave it is: red, yellow, blue, green.
func (s style) level(l Level, text string) string {
	return s.code([...]string{"1;31", "1;33", "1;34", "1;32"}[l.rank()], text)
}
