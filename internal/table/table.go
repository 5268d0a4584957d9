// Package table writes rows in aligned columns while they come, so that a table of
// any length takes the memory of its first rows alone.
//
// The first rows, up to 500 of them, are held back until [Writer.Flush]; the columns
// get the width of the widest cell among them. A wider cell that comes later widens
// its column from its row on, up to 64 columns of the terminal; beyond that it sticks
// out of its own row alone.
package table

import (
	"bufio"
	"io"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

const (
	// heldRows is how many rows decide on the first widths.
	heldRows = 500
	// widestColumn bounds what one hostile cell does to the rows after it.
	widestColumn = 64
	// leastCut is the narrowest that a terminal's edge makes the last column.
	leastCut = 10
	gap      = "  "
)

// Writer is a table that is being written. The methods return nothing: the first
// error of the writer below stops everything, and Flush tells it.
type Writer struct {
	out    *bufio.Writer
	edge   int
	titles []string
	held   [][]string
	widths []int // nil until the first rows are out
}

// New returns a table with those column titles. Edge is the width of the terminal,
// where the last column is cut; 0 cuts nothing.
func New(out io.Writer, edge int, titles ...string) *Writer {
	return &Writer{out: bufio.NewWriter(out), edge: edge, titles: titles}
}

// Row adds a row. Cells are made visible; missing ones are empty.
func (t *Writer) Row(cells ...string) {
	row := make([]string, len(t.titles))
	for i := range min(len(cells), len(row)) {
		row[i] = termtext.Visible(cells[i])
	}
	if t.widths != nil {
		t.write(row)
		return
	}
	t.held = append(t.held, row)
	if len(t.held) == heldRows {
		t.begin()
	}
}

// Flush writes out what is held or buffered, and returns the first error of the
// table. A table without rows stays empty, without its titles.
func (t *Writer) Flush() error {
	if len(t.held) > 0 {
		t.begin()
	}
	return t.out.Flush()
}

// begin writes the titles and the held rows.
func (t *Writer) begin() {
	t.widths = make([]int, len(t.titles))
	rows := append([][]string{t.titles}, t.held...)
	t.held = nil
	for _, row := range rows {
		t.widen(row)
	}
	for _, row := range rows {
		t.write(row)
	}
}

// widen makes room for a row.
func (t *Writer) widen(row []string) {
	for i, cell := range row {
		t.widths[i] = max(t.widths[i], min(termtext.Width(cell), widestColumn))
	}
}

func (t *Writer) write(row []string) {
	t.widen(row)
	var line strings.Builder
	used := 0
	for i, cell := range row {
		if i == len(row)-1 {
			line.WriteString(t.fit(cell, used))
			break
		}
		pad := max(0, t.widths[i]-termtext.Width(cell))
		line.WriteString(cell + strings.Repeat(" ", pad) + gap)
		used += termtext.Width(cell) + pad + len(gap)
	}
	_, _ = t.out.WriteString(strings.TrimRight(line.String(), " ") + "\n") // Flush tells the error
}

// fit cuts the last cell of a row at the edge of the terminal.
func (t *Writer) fit(cell string, used int) string {
	if t.edge <= 0 {
		return cell
	}
	return termtext.Cut(cell, max(t.edge-used, leastCut))
}

// Field is one line of a [Card].
type Field struct {
	Name, Value string
}

// Card writes one thing, a field a line, its values aligned. Fields without a value
// are left out.
func Card(out io.Writer, fields ...Field) error {
	t := New(out, 0, "", "")
	widest := 0
	for _, f := range fields {
		if f.Value != "" {
			widest = max(widest, termtext.Width(f.Name))
		}
	}
	t.widths = []int{widest, 0}
	for _, f := range fields {
		if f.Value != "" {
			t.Row(f.Name, f.Value)
		}
	}
	return t.Flush()
}
