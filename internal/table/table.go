// Package table writes rows in aligned columns as they arrive, so that a table of any
// length takes only the memory of its first rows.
//
// The first rows, at most 500, are buffered until [Writer.Flush]; each column gets the
// width of its widest cell among them. A wider cell in a later row widens its column from
// that row on, up to 64 terminal columns.
//
// On a terminal, no line is wider than the terminal: columns are narrowed in the order of
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
	// bufferedRows is the number of rows that determine the first widths.
	bufferedRows = 500
	// widestColumn bounds the width of a column, so that one long cell does not widen all
	// later rows without limit.
	widestColumn = 64
	// leastWidth is the smallest width to which a column is narrowed.
	leastWidth = 4
	gap        = "  "
)

// Column is one column of a table.
type Column struct {
	Title string
	// Keep is the priority of the column's width on a narrow terminal: the column with the
	// lowest value is narrowed first, down to 4.
	Keep int
}

// Options configure how a table is written. The zero value is for a file or a pipe.
type Options struct {
	// Width is the width of the terminal; with 0, nothing is cut.
	Width int
	// NoHeader omits the titles.
	NoHeader bool
}

// Writer writes a table. Only Flush returns an error: the first error of the underlying
// writer, after which nothing is written.
type Writer struct {
	out      *bufio.Writer
	opts     Options
	columns  []Column
	buffered [][]string
	widths   []int // nil until the first rows are written
}

// New returns a table with the given columns.
func New(out io.Writer, opts Options, columns ...Column) *Writer {
	return &Writer{out: bufio.NewWriter(out), opts: opts, columns: columns}
}

// Row adds a row. Control characters in cells are escaped; missing cells are empty.
func (t *Writer) Row(cells ...string) {
	row := make([]string, len(t.columns))
	for i := range min(len(cells), len(row)) {
		row[i] = termtext.Visible(cells[i])
	}
	if t.widths != nil {
		t.write(row)
		return
	}
	t.buffered = append(t.buffered, row)
	if len(t.buffered) == bufferedRows {
		t.begin()
	}
}

// Flush writes all buffered rows, and returns the first error of the table. A table without
// rows has no titles either.
func (t *Writer) Flush() error {
	if len(t.buffered) > 0 {
		t.begin()
	}
	return t.out.Flush()
}

// begin writes the titles and the buffered rows.
func (t *Writer) begin() {
	t.widths = make([]int, len(t.columns))
	rows := t.buffered
	t.buffered = nil
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

// room returns the number of columns by which a line may get wider; negative if lines are
// too wide.
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

// widen widens columns for a row, as far as the terminal's width allows.
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
		text = termtext.Cut(text, t.opts.Width) // the columns do not fit a very narrow terminal
	}
	_, _ = t.out.WriteString(text + "\n") // Flush returns the error
}

// Field is one line of a [Card].
type Field struct {
	Name, Value string
}

// Card writes fields with one line for each, with aligned values. It omits fields without a
// value.
func Card(out io.Writer, fields ...Field) error {
	t := New(out, Options{NoHeader: true}, Column{}, Column{})
	for _, f := range fields {
		if f.Value != "" {
			t.Row(f.Name, f.Value)
		}
	}
	return t.Flush()
}
