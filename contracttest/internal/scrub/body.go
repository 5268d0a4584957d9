package scrub

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// Body scrubs a body. In JSON it changes only texts, field names and long numbers. White
// space, duplicate fields and data after the document are kept, even if they are invalid. A
// body that is not JSON is scrubbed as prose.
func (s *Scrubber) Body(body []byte) []byte {
	b := bodyScrubber{s: s, in: body, c: jsonscan.NewCursor(body)}
	_ = b.json("") // the text after an error is scrubbed below
	b.copyTo(max(b.done, b.good))
	out := append(b.out, s.Text(string(body[b.done:]))...)
	if json.Valid(out) && !json.Valid(body) {
		out = append(out, " (was no JSON)"...)
	}
	// A YAML block that begins with a tab cannot be read back.
	return bytes.TrimLeft(out, "\t")
}

// bodyScrubber rewrites a JSON text while reading it.
type bodyScrubber struct {
	s    *Scrubber
	in   []byte
	out  []byte
	done int // number of input bytes that are in the output
	good int // number of input bytes that are scrubbed
	c    *jsonscan.Cursor
}

// json rewrites the next value, which belongs to field.
func (b *bodyScrubber) json(field string) error {
	err := b.any(field)
	if err == nil {
		b.good = b.c.Offset()
	}
	return err
}

func (b *bodyScrubber) any(field string) error {
	switch b.c.Kind() {
	case '{':
		return b.object()
	case '[':
		return b.c.Array(func() error { return b.json(field) })
	case '"':
		return b.text(func(value string) string { return b.s.value(field, value) })
	case '0':
		return b.number()
	}
	return b.c.Skip()
}

func (b *bodyScrubber) object() error {
	return b.c.Object(func(key []byte) error {
		name := string(key)
		if scrubbed := b.s.out(b.s.key(name)); scrubbed != name {
			start, end := b.c.Key()
			b.replace(start, end, scrubbed)
		}
		return b.json(name)
	})
}

func (b *bodyScrubber) text(scrub func(string) string) error {
	start := b.c.Offset()
	value, err := b.c.Text()
	if err != nil {
		return err
	}
	if scrubbed := scrub(value); scrubbed != value {
		b.replace(start, b.c.Offset(), scrubbed)
	}
	return nil
}

// maxDigits is the length of the longest number that is kept; a longer one may be an
// account number.
const maxDigits = 9

func (b *bodyScrubber) number() error {
	start := b.c.Offset()
	text, err := b.c.Number()
	if err != nil {
		return err
	}
	if len(text) > maxDigits {
		nines := strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '9'
			}
			return r
		}, text)
		b.copyTo(start)
		b.out = append(b.out, nines...)
		b.done = b.c.Offset()
	}
	return nil
}

// replace replaces in[start:end] by the quoted text.
func (b *bodyScrubber) replace(start, end int, text string) {
	b.copyTo(start)
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string can always be encoded
	b.out = append(b.out, bytes.TrimRight(quoted.Bytes(), "\n")...)
	b.done = end
}

func (b *bodyScrubber) copyTo(end int) {
	b.out = append(b.out, b.in[b.done:end]...)
	b.done = end
}
