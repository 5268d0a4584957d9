// Package table writes rows in aligned columns as they come, so that a table of any
// length takes only the memory of its first rows.
//
// The first rows, up to 500 of them, are held back until [Writer.Flush]; the columns get
// the width of the widest cell among them. A wider cell that comes later widens its
// column from its row on, up to 64 columns of the terminal.
//
// In a terminal no line is wider than the terminal: columns get narrower in the order of
// [Column.Keep], and their cells are cut. Elsewhere nothing is cut, and a cell that is too
// wide for its column only moves the rest of its own row.
package table

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

const (
	// heldRows is how many rows decide on the first widths.
	heldRows = 500
	// widestColumn bounds what one hostile cell does to the rows after it.
	widestColumn = 64
	// leastWidth is the width that a column keeps while others can get narrower.
	leastWidth = 4
	gap        = "  "
)

// Column is one column of a table.
type Column struct {
	Title string
	// Keep is how long the column keeps its width in a narrow terminal: of all columns
	// the one with the lowest gets narrower first, down to 4.
	Keep int
}

// Options are how a table is written. The zero value is for a file or a pipe.
type Options struct {
	// Width is the width of the terminal; 0 cuts nothing.
	Width int
	// NoHeader leaves out the titles.
	NoHeader bool
}

// Writer is a table that is being written. Only Flush returns an error: the first one of
// the writer below, which stops everything.
type Writer struct {
	out     *bufio.Writer
	opts    Options
	columns []Column
	held    [][]string
	widths  []int // nil until the first rows are out
}

// New returns a table with the columns.
func New(out io.Writer, opts Options, columns ...Column) *Writer {
	return &Writer{out: bufio.NewWriter(out), opts: opts, columns: columns}
}

// Row adds a row. Cells are made visible; missing ones are empty.
func (t *Writer) Row(cells ...string) {
	row := make([]string, len(t.columns))
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
	t.widths = make([]int, len(t.columns))
	rows := t.held
	t.held = nil
	if !t.opts.NoHeader {
		titles := make([]string, len(t.columns))
		for i, c := range t.columns {
			titles[i] = c.Title
		}
		rows = slices.Insert(rows, 0, titles)
	}
	for _, row := range rows {
		for i, cell := range row {
			t.widths[i] = max(t.widths[i], min(termtext.Width(cell), widestColumn))
		}
	}
	t.narrow()
	for _, row := range rows {
		t.write(row)
	}
}

// room is how much wider a line may get; negative if lines are too wide.
func (t *Writer) room() int {
	used := len(gap) * (len(t.widths) - 1)
	for _, w := range t.widths {
		used += w
	}
	return t.opts.Width - used
}

// narrow makes columns narrower until a line fits the terminal.
func (t *Writer) narrow() {
	if t.opts.Width <= 0 {
		return
	}
	order := make([]int, len(t.columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.columns[a].Keep, t.columns[b].Keep) })
	for _, least := range []int{leastWidth, 1} {
		for _, i := range order {
			spare := max(0, t.widths[i]-least)
			t.widths[i] -= min(spare, max(0, -t.room()))
		}
	}
}

// widen makes room for a row, as far as the terminal has it.
func (t *Writer) widen(row []string) {
	for i, cell := range row {
		more := min(termtext.Width(cell), widestColumn) - t.widths[i]
		if t.opts.Width > 0 {
			more = min(more, t.room())
		}
		t.widths[i] += max(0, more)
	}
}

func (t *Writer) write(row []string) {
	t.widen(row)
	var line strings.Builder
	for i, cell := range row {
		if t.opts.Width > 0 {
			cell = termtext.Cut(cell, t.widths[i])
		}
		line.WriteString(cell)
		if i < len(row)-1 {
			line.WriteString(strings.Repeat(" ", max(0, t.widths[i]-termtext.Width(cell))) + gap)
		}
	}
	text := strings.TrimRight(line.String(), " ")
	if t.opts.Width > 0 {
		text = termtext.Cut(text, t.opts.Width) // many columns in a very narrow terminal
	}
	_, _ = t.out.WriteString(text + "\n") // Flush returns the error
}

// Field is one line of a [Card].
type Field struct {
	Name, Value string
}

// Card writes one thing with one field for each line, its values aligned. Fields without
// a value are left out.
func Card(out io.Writer, fields ...Field) error {
	t := New(out, Options{NoHeader: true}, Column{}, Column{})
	for _, f := range fields {
		if f.Value != "" {
			t.Row(f.Name, f.Value)
		}
	}
	return t.Flush()
}
