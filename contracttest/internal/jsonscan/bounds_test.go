package jsonscan_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

// visitThenSkip visits the outer arrays of a text, and skips the value inside of them.
func visitThenSkip(s *jsonscan.Stream, depth int) error {
	if depth == 0 {
		return s.Skip()
	}
	return s.Array(func() error { return visitThenSkip(s, depth-1) })
}

// TestDepthBounds checks that a text may nest as deep as MaxDepth, however it is read.
func TestDepthBounds(t *testing.T) {
	for depth, ok := range map[int]bool{jsonscan.MaxDepth: true, jsonscan.MaxDepth + 1: false} {
		text := nested(depth)
		stream := func() *jsonscan.Stream { return jsonscan.NewStream(strings.NewReader(text)) }
		for what, err := range map[string]error{
			"Cursor.Skip":           jsonscan.NewCursor([]byte(text)).Skip(),
			"Stream.Skip":           stream().Skip(),
			"Stream.Array and Skip": visitThenSkip(stream(), 12),
			"Stream.Array":          visitThenSkip(jsonscan.NewStream(strings.NewReader(strings.Repeat("[", depth)+"1"+strings.Repeat("]", depth))), depth),
		} {
			if (err == nil) != ok {
				t.Errorf("%s of %d levels: %v", what, depth, err)
			}
		}
	}
}

// TestCutOffStrings checks that every beginning of a string is reported as cut off.
func TestCutOffStrings(t *testing.T) {
	const text = `"a\"\\\u00e9 \ud83d\ude00\n"`
	for end := range len(text) {
		part := slices.Clip([]byte(text[:end]))
		_, err := jsonscan.NewCursor(part).Text()
		skipped := jsonscan.NewCursor(part).Skip()
		if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(skipped, io.ErrUnexpectedEOF) {
			t.Errorf("%s: Text returns %v, Skip returns %v", part, err, skipped)
		}
	}
}

func TestRest(t *testing.T) {
	c := jsonscan.NewCursor([]byte(`"ab" 1`))
	if c.Rest() != 6 {
		t.Errorf("%d bytes at the start", c.Rest())
	}
	if _, err := c.Text(); err != nil || c.Rest() != 2 {
		t.Errorf("%d bytes after the text, %v", c.Rest(), err)
	}
}

// TestStreamInTwoParts checks that the result does not depend on where a read ends.
func TestStreamInTwoParts(t *testing.T) {
	const text = "\ufeff{\"a\":[1,\"x\\\"],\\\\\\u00e9\",{\"b\":[1,{}]},null]}"
	want, err := elements(strings.NewReader(text), 100)
	if err != nil {
		t.Fatal(err)
	}
	for at := range len(text) {
		got, err := elements(io.MultiReader(strings.NewReader(text[:at]), strings.NewReader(text[at:])), 100)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q and %q: got %q, %v", text[:at], text[at:], got, err)
		}
	}
}

// TestValueBounds checks that a value may have as many bytes as the limit.
func TestValueBounds(t *testing.T) {
	for limit, want := range map[int]error{5: nil, 4: jsonscan.ErrTooLarge} {
		if raw, err := jsonscan.NewStream(strings.NewReader("12345")).Value(nil, limit); !errors.Is(err, want) || err == nil && string(raw) != "12345" {
			t.Errorf("limit %d: %q, %v", limit, raw, err)
		}
	}
}

// idleReader returns no data several times before it reads.
type idleReader struct {
	io.Reader
	idle int
}

func (r *idleReader) Read(p []byte) (int, error) {
	if r.idle--; r.idle >= 0 {
		return 0, nil
	}
	return r.Reader.Read(p)
}

func TestStreamWithAnIdleReader(t *testing.T) {
	for idle, want := range map[int]error{1: nil, 99: nil, 100: io.ErrNoProgress} {
		if err := jsonscan.NewStream(&idleReader{strings.NewReader("{}"), idle}).Skip(); !errors.Is(err, want) {
			t.Errorf("%d reads without data: %v, want %v", idle, err, want)
		}
	}
}

// TestStreamOffset checks the position of an error that is further than one read.
func TestStreamOffset(t *testing.T) {
	text := "[1," + strings.Repeat(" ", 1<<20) + "}"
	var syntax *jsonscan.SyntaxError
	if err := visitThenSkip(jsonscan.NewStream(strings.NewReader(text)), 1); !errors.As(err, &syntax) || syntax.Offset != int64(len(text)-1) {
		t.Errorf("got %#v, want offset %d", err, len(text)-1)
	}
}
