package report

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// failingWriter accepts some bytes, and then fails like a closed pipe.
type failingWriter struct{ left int }

func (f *failingWriter) Write(p []byte) (int, error) {
	if n := f.left; n < len(p) {
		f.left = 0
		return n, io.ErrClosedPipe
	}
	f.left -= len(p)
	return len(p), nil
}

func TestClosedPipe(t *testing.T) {
	slowtest.Skip(t)
	for _, f := range Formats() {
		for name, r := range samples() {
			whole := len(written(t, f, r, Options{Color: true, Width: 80}))
			for left := 0; left < whole; left += max(whole/40, 1) {
				if err := Write(&failingWriter{left}, f, r, Options{Color: true, Width: 80}); !errors.Is(err, io.ErrClosedPipe) {
					t.Errorf("%s %s: after %d of %d bytes: %v", f, name, left, whole, err)
				}
			}
		}
	}
}

func TestParseFormat(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("%s: %s, %v", f, got, err)
		}
	}
	_, err := ParseFormat("yaml")
	if err == nil || !strings.Contains(err.Error(), "text, json, junit, sarif, github, markdown, html") {
		t.Errorf("error %v", err)
	}
	if err := Write(io.Discard, "yaml", nil, Options{}); err == nil {
		t.Error("an unknown format was written")
	}
	if err := Write(io.Discard, Text, nil, Options{}); err != nil {
		t.Error(err)
	}
}

func BenchmarkWrite(b *testing.B) {
	r := verifySample()
	for len(r.Items) < 1000 {
		r.Items = append(r.Items, verifyItems()...)
	}
	for _, f := range Formats() {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				if err := Write(bufio.NewWriter(io.Discard), f, r, Options{Width: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
