package jsonscan

import (
	"fmt"
	"io"
	"strconv"
)

// Cursor reads one JSON text in memory, and checks it while reading.
type Cursor struct {
	data  []byte
	pos   int
	depth int
	key   [2]int
}

// NewCursor returns a Cursor for data, which must not change while it is read.
func NewCursor(data []byte) *Cursor { return &Cursor{data: data} }

// Kind is the first byte of the next value: one of { [ " t f n, '0' for any number, or 0 if
// there is no value.
func (c *Cursor) Kind() byte {
	c.space()
	if c.pos == len(c.data) {
		return 0
	}
	switch b := c.data[c.pos]; b {
	case '{', '[', '"', 't', 'f', 'n':
		return b
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return '0'
	}
	return 0
}

// Offset returns the position of the cursor, in bytes from the start.
func (c *Cursor) Offset() int { return c.pos }

// Key returns the position of the key that [Cursor.Object] visited last, including its
// quotes.
func (c *Cursor) Key() (start, end int) { return c.key[0], c.key[1] }

// Rest returns the length of the remaining text in bytes, which is the maximum length of
// the next string after unescaping.
func (c *Cursor) Rest() int { return len(c.data) - c.pos }

// Object visits the members of the next value, which must be an object. fn must consume the
// member's value; key is valid until fn returns.
func (c *Cursor) Object(fn func(key []byte) error) error {
	return c.members('{', '}', func() error {
		c.space()
		start := c.pos
		key, err := c.Bytes()
		if err != nil {
			return err
		}
		c.key = [2]int{start, c.pos}
		if err := c.expect(':'); err != nil {
			return err
		}
		return fn(key)
	})
}

// Array visits the elements of the next value, which must be an array. fn must consume the
// element.
func (c *Cursor) Array(fn func() error) error { return c.members('[', ']', fn) }

func (c *Cursor) members(open, shut byte, fn func() error) error {
	if err := c.expect(open); err != nil {
		return err
	}
	if c.depth++; c.depth > MaxDepth {
		return c.errorf("JSON nests deeper than %d levels", MaxDepth)
	}
	defer func() { c.depth-- }()
	c.space()
	for first := true; ; first = false {
		if first && c.at(shut) {
			break
		}
		if err := fn(); err != nil {
			return err
		}
		if c.space(); c.at(shut) {
			break
		}
		if err := c.expect(','); err != nil {
			return err
		}
	}
	c.pos++
	return nil
}

// Number returns the text of the next value, which must be a number.
func (c *Cursor) Number() (string, error) {
	c.space()
	start := c.pos
	if err := c.number(); err != nil {
		return "", err
	}
	return string(c.data[start:c.pos]), nil
}

// Int returns the next value, which must be a number, as an integer; a fraction is cut off.
func (c *Cursor) Int() (int, error) {
	text, err := c.Number()
	if err != nil {
		return 0, err
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < -1<<53 || f > 1<<53 {
		return 0, c.errorf("%s is out of range", text)
	}
	return int(f), nil
}

// Skip skips the next value, and checks its syntax.
func (c *Cursor) Skip() error {
	switch c.Kind() {
	case '{':
		return c.Object(func([]byte) error { return c.Skip() })
	case '[':
		return c.Array(c.Skip)
	case '"':
		return c.skipString()
	case 't':
		return c.literal("true")
	case 'f':
		return c.literal("false")
	case 'n':
		return c.literal("null")
	case '0':
		return c.number()
	}
	if c.pos == len(c.data) {
		return c.ended()
	}
	return c.errorf("invalid JSON: unexpected %q, expected a value", c.data[c.pos])
}

// End returns an error if the value is followed by anything except white space.
func (c *Cursor) End() error {
	if c.space(); c.pos < len(c.data) {
		return c.errorf("invalid JSON: %q after the end of the value", c.data[c.pos])
	}
	return nil
}

func (c *Cursor) literal(word string) error {
	if end := c.pos + len(word); end <= len(c.data) && string(c.data[c.pos:end]) == word {
		c.pos = end
		return nil
	}
	return c.errorf("invalid JSON: a word that is not %s", word)
}

// number checks RFC 8259 §6: no leading zero, digits around the point and after e.
func (c *Cursor) number() error {
	if c.at('-') {
		c.pos++
	}
	leadingZero := c.at('0')
	if n := c.digits(); n == 0 || (leadingZero && n > 1) {
		return c.errorf("invalid JSON: a malformed number")
	}
	if c.at('.') {
		c.pos++
		if c.digits() == 0 {
			return c.errorf("invalid JSON: a number without digits after its point")
		}
	}
	if c.at('e') || c.at('E') {
		if c.pos++; c.at('+') || c.at('-') {
			c.pos++
		}
		if c.digits() == 0 {
			return c.errorf("invalid JSON: a number without digits in its exponent")
		}
	}
	return nil
}

func (c *Cursor) digits() int {
	start := c.pos
	for c.pos < len(c.data) && c.data[c.pos] >= '0' && c.data[c.pos] <= '9' {
		c.pos++
	}
	return c.pos - start
}

func (c *Cursor) space() {
	for c.pos < len(c.data) && isSpace(c.data[c.pos]) {
		c.pos++
	}
}

func (c *Cursor) at(b byte) bool { return c.pos < len(c.data) && c.data[c.pos] == b }

func (c *Cursor) expect(want byte) error {
	c.space()
	if c.pos == len(c.data) {
		return c.ended()
	}
	if got := c.data[c.pos]; got != want {
		return c.errorf("invalid JSON: unexpected %q, expected %q", got, want)
	}
	c.pos++
	return nil
}

func (c *Cursor) ended() error {
	e := c.errorf("invalid JSON: it ends early")
	e.Err = io.ErrUnexpectedEOF
	return e
}

func (c *Cursor) errorf(format string, args ...any) *SyntaxError {
	return &SyntaxError{Offset: int64(c.pos), Msg: fmt.Sprintf(format, args...)}
}
