package jsonscan

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns the next value, which must be a string.
func (c *Cursor) Text() (string, error) {
	b, err := c.Bytes()
	return string(b), err
}

// Bytes returns the next value, which must be a string, unescaped. Without escapes, the
// result is a part of the input.
func (c *Cursor) Bytes() ([]byte, error) {
	raw, escaped, err := c.run()
	if err != nil || !escaped {
		return raw, err
	}
	return c.unescape(append([]byte(nil), raw...))
}

// Append appends the next value, which must be a string, to dst, unescaped. It never keeps
// a part of the input.
func (c *Cursor) Append(dst []byte) ([]byte, error) {
	raw, escaped, err := c.run()
	if err != nil {
		return nil, err
	}
	if dst = append(dst, raw...); !escaped {
		return dst, nil
	}
	return c.unescape(dst)
}

// run opens the next string and skips its first characters, up to its end or, if escaped is
// true, up to its first backslash.
func (c *Cursor) run() (raw []byte, escaped bool, err error) {
	if err := c.expect('"'); err != nil {
		return nil, false, err
	}
	start := c.pos
	switch b := c.plain(); b {
	case '"':
		c.pos++
		return c.data[start : c.pos-1 : c.pos-1], false, nil
	case '\\':
		return c.data[start:c.pos], true, nil
	default:
		return nil, false, c.badChar(b)
	}
}

// plain skips the literal characters of a string and returns the byte after them: a quote,
// a backslash, a control character, or 0 at the end.
func (c *Cursor) plain() byte {
	for i := c.pos; i < len(c.data); i++ {
		if b := c.data[i]; b == '"' || b == '\\' || b < ' ' {
			c.pos = i
			return b
		}
	}
	c.pos = len(c.data)
	return 0
}

func (c *Cursor) badChar(b byte) error {
	if c.pos == len(c.data) {
		return c.ended()
	}
	return c.errorf("invalid JSON: control character %q in a string", b)
}

// unescape appends the rest of a string to dst, from the backslash at the cursor.
func (c *Cursor) unescape(dst []byte) ([]byte, error) {
	for {
		// Nearly every escape in recorded JSON is a quote.
		if c.pos+1 < len(c.data) && c.data[c.pos+1] == '"' {
			dst = append(dst, '"')
			c.pos += 2
		} else {
			var err error
			if dst, err = c.escape(dst); err != nil {
				return nil, err
			}
		}
		start := c.pos
		b := c.plain()
		dst = append(dst, c.data[start:c.pos]...)
		switch b {
		case '"':
			c.pos++
			return dst, nil
		case '\\':
		default:
			return nil, c.badChar(b)
		}
	}
}

// escape decodes the escape sequence at the cursor.
func (c *Cursor) escape(dst []byte) ([]byte, error) {
	if c.pos+1 >= len(c.data) {
		return nil, c.ended()
	}
	b := c.data[c.pos+1]
	if b == 'u' {
		return c.unicode(dst)
	}
	plain := escapes[b]
	if plain == 0 {
		return nil, c.errorf("invalid JSON: escape \\%c in a string", b)
	}
	c.pos += 2
	return append(dst, plain), nil
}

var escapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// unicode decodes \uXXXX, or a pair of surrogates. An incomplete pair becomes U+FFFD.
func (c *Cursor) unicode(dst []byte) ([]byte, error) {
	r, err := c.hex4(c.pos + 2)
	if err != nil {
		return nil, err
	}
	c.pos += 6
	if utf16.IsSurrogate(r) {
		pair := rune(utf8.RuneError)
		if c.pos+6 <= len(c.data) && c.data[c.pos] == '\\' && c.data[c.pos+1] == 'u' {
			low, err := c.hex4(c.pos + 2)
			if err != nil {
				return nil, err
			}
			pair = utf16.DecodeRune(r, low)
		}
		if r = pair; r != utf8.RuneError {
			c.pos += 6
		}
	}
	return utf8.AppendRune(dst, r), nil
}

func (c *Cursor) hex4(at int) (rune, error) {
	if at+4 > len(c.data) {
		c.pos = len(c.data)
		return 0, c.ended()
	}
	n, err := strconv.ParseUint(string(c.data[at:at+4]), 16, 16)
	if err != nil {
		return 0, c.errorf("invalid JSON: \\u%s in a string is not a code point", c.data[at:at+4])
	}
	return rune(n), nil
}

// skipString skips a string without keeping it.
func (c *Cursor) skipString() error {
	c.pos++
	var scratch [utf8.UTFMax]byte
	for {
		switch b := c.plain(); b {
		case '"':
			c.pos++
			return nil
		case '\\':
			if _, err := c.escape(scratch[:0]); err != nil {
				return err
			}
		default:
			return c.badChar(b)
		}
	}
}
