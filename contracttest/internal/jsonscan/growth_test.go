package jsonscan

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// countingReader counts the bytes that a Stream reads.
type countingReader struct {
	r     *strings.Reader
	calls int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	c.calls++
	return c.r.Read(p[:min(len(p), 100)])
}

// TestGrowth counts the steps of both readers: reads of the source, visited members and
// elements, and returned bytes.
func TestGrowth(t *testing.T) {
	for name, text := range limitstest.JSON {
		limitstest.Growth(t, "Cursor, "+name, 1000, func(n int) int64 {
			var steps int64
			c := NewCursor([]byte(text(n)))
			if err := visit(c, &steps); err != nil {
				t.Fatal(err)
			}
			return steps
		})
		limitstest.Growth(t, "Stream, "+name, 1000, func(n int) int64 {
			source := &countingReader{r: strings.NewReader(text(n))}
			s := NewStream(source)
			value, err := s.Value(nil, 1<<30)
			if err != nil || s.End() != nil {
				t.Fatal(err)
			}
			return source.calls + int64(len(value))
		})
		limitstest.MemoryGrowth(t, "Stream, "+name, 1000, text, func(text string) {
			s := NewStream(iotest.HalfReader(strings.NewReader(text)))
			if err := s.Skip(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func visit(c *Cursor, steps *int64) error {
	*steps++
	switch c.Kind() {
	case '{':
		return c.Object(func(key []byte) error {
			*steps += int64(len(key))
			return visit(c, steps)
		})
	case '[':
		return c.Array(func() error { return visit(c, steps) })
	case '"':
		text, err := c.Append(nil)
		*steps += int64(len(text))
		return err
	}
	return c.Skip()
}

// TestReadErrorWithData checks that if a source returns an error together with data, the
// reading ends after that data.
func TestReadErrorWithData(t *testing.T) {
	for name, s := range map[string]*Stream{
		"error with the data":    NewStream(iotest.DataErrReader(iotest.TimeoutReader(strings.NewReader(`{"a":`)))),
		"neither data nor error": NewStream(emptyReader{}),
	} {
		if err := s.Skip(); err == nil || s.fill() {
			t.Errorf("%s: %v, but the rest of the source was read", name, err)
		}
	}
	source := &failingOnce{text: "[1,"}
	s := NewStream(source)
	if err := s.Skip(); err == nil || !strings.Contains(err.Error(), "a bomb") || source.calls != 1 {
		t.Errorf("%v after %d reads", err, source.calls)
	}
}

// failingOnce returns an error together with its text, and no error after that.
type failingOnce struct {
	text  string
	calls int
}

func (f *failingOnce) Read(p []byte) (int, error) {
	if f.calls++; f.calls > 1 {
		return copy(p, "2,"), nil
	}
	return copy(p, f.text), errBomb
}

type emptyReader struct{}

func (emptyReader) Read([]byte) (int, error) { return 0, nil }

var errBomb = &SyntaxError{Msg: "a bomb"}
