package table_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/internal/table"
)

func ExampleWriter() {
	t := table.New(os.Stdout, table.Options{}, table.Column{Title: "NAME"}, table.Column{Title: "PLACE"}, table.Column{Title: "NOTE"})
	t.Row("snaps", "us-east-1", "a")
	t.Row("日本", "eu", "")
	t.Row("\x1b[2J", "eu", "b")
	if err := t.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// NAME     PLACE      NOTE
	// snaps    us-east-1  a
	// 日本     eu
	// \x1b[2J  eu         b
}

func ExampleCard() {
	err := table.Card(os.Stdout, table.Field{"Name", "snaps"}, table.Field{"Left out", ""}, table.Field{"Place", "eu\n"})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// Name   snaps
	// Place  eu\n
}

// TestLaterCells checks that a wider cell after the first rows widens the column of later
// rows, but not beyond the limit.
func TestLaterCells(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, table.Options{}, table.Column{Title: "A"}, table.Column{Title: "B"})
	w.Row("1", "x")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	w.Row("wider", "x")
	w.Row("1", "x")
	w.Row(strings.Repeat("w", 200), "x")
	w.Row("1", "x")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "A  B\n1  x\nwider  x\n1      x\n" + strings.Repeat("w", 200) + "  x\n1" + strings.Repeat(" ", 65) + "x\n"
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

// TestNarrowTerminals checks that no line is wider than the terminal, and that columns are
// narrowed in the order of Keep.
func TestNarrowTerminals(t *testing.T) {
	columns := []table.Column{{Title: "ID", Keep: 3}, {Title: "NAME", Keep: 2}, {Title: "DETAILS", Keep: 1}}
	for width, want := range map[int]string{
		0:  "ID         NAME    DETAILS\n123456789  bucket  0123456789abc\n123456789  wider-bucket-name  x\n",
		40: "ID         NAME    DETAILS\n123456789  bucket  0123456789abc\n123456789  wider-bucket-…  x\n",
		28: "ID         NAME    DETAILS\n123456789  bucket  01234567…\n123456789  wider…  x\n",
		20: "ID        NAME  DET…\n1234567…  buc…  012…\n1234567…  wid…  x\n",
		12: "ID    NA…  …\n123…  bu…  …\n123…  wi…  x\n",
		3:  "… …\n… …\n… …\n",
	} {
		var out strings.Builder
		w := table.New(&out, table.Options{Width: width}, columns...)
		w.Row("123456789", "bucket", "0123456789abc")
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		w.Row("123456789", "wider-bucket-name", "x")
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if got := utf8.RuneCountInString(line) - 1; width > 0 && got > width {
				t.Errorf("%d columns: a line of %d: %s", width, got, line)
			}
		}
		if out.String() != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, out.String(), want)
		}
	}
}

func TestNoHeader(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, table.Options{NoHeader: true}, table.Column{Title: "A LONG TITLE"}, table.Column{Title: "B"})
	w.Row("1", "x")
	if err := w.Flush(); err != nil || out.String() != "1  x\n" {
		t.Errorf("%v: %q", err, out.String())
	}
}

// TestBufferedRowsAreBounded checks that rows are written before Flush.
func TestBufferedRowsAreBounded(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, table.Options{}, table.Column{Title: "A"}, table.Column{Title: "B"})
	for range 5000 {
		w.Row("a", "b")
	}
	if lines := strings.Count(out.String(), "\n"); lines < 4000 {
		t.Errorf("%d of 5000 rows were written before Flush", lines)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestFlushReturnsTheError(t *testing.T) {
	w := table.New(full{}, table.Options{}, table.Column{Title: "A"})
	for range 2000 {
		w.Row(strings.Repeat("a", 60))
	}
	if err := w.Flush(); !errors.Is(err, errFull) {
		t.Errorf("Flush returned %v", err)
	}
}
