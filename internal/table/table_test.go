package table_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/table"
)

func ExampleWriter() {
	t := table.New(os.Stdout, 0, "NAME", "PLACE", "NOTE")
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

// A wider cell after the first rows moves the rows after it, and one that is far too
// wide none.
func TestLaterCells(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, 0, "A", "B")
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

func TestEdge(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, 20, "A", "B")
	w.Row("123456789", "0123456789abc")
	w.Row("123456789", "012345678")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "A          B\n123456789  012345678…\n123456789  012345678\n"
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

// Rows are held back up to a number, whatever the caller does.
func TestHeldRowsAreBounded(t *testing.T) {
	var out strings.Builder
	w := table.New(&out, 0, "A", "B")
	for range 5000 {
		w.Row("a", "b")
	}
	if lines := strings.Count(out.String(), "\n"); lines < 4000 {
		t.Errorf("%d of 5000 rows are out before Flush", lines)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestFlushTellsTheError(t *testing.T) {
	w := table.New(full{}, 0, "A")
	for range 2000 {
		w.Row(strings.Repeat("a", 60))
	}
	if err := w.Flush(); !errors.Is(err, errFull) {
		t.Errorf("Flush returned %v", err)
	}
}
