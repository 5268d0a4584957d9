package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

// WriteJSON encodes v, indented by two spaces and with a final newline. Angle brackets and
// ampersands are not escaped. Characters that a terminal would interpret or hide (DEL, C1
// controls, bidirectional and other format characters) are written as \u escapes, which
// every JSON parser decodes.
func WriteJSON(w io.Writer, v any) error {
	buffered := bufio.NewWriter(w) // escapes are short
	enc := json.NewEncoder(escapingWriter{buffered})
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encode the report as JSON: %w", err)
	}
	return buffered.Flush()
}

// escapingWriter rewrites encoded JSON while writing it to w, without a copy of it. Outside
// of strings JSON is ASCII, so everything that is escaped here is inside a string. Each
// Write must contain whole characters, like that of a json.Encoder, which writes a document
// at once. The encoder stops after an error, so the number of bytes written until then is not
// counted.
type escapingWriter struct{ w io.Writer }

func (e escapingWriter) Write(doc []byte) (int, error) {
	for rest := doc; len(rest) > 0; {
		n := printablePrefix(rest)
		if _, err := e.w.Write(rest[:n]); err != nil {
			return 0, err
		}
		if rest = rest[n:]; len(rest) > 0 {
			r, size := utf8.DecodeRune(rest)
			if _, err := io.WriteString(e.w, termtext.JSONEscape(r)); err != nil {
				return 0, err
			}
			rest = rest[size:]
		}
	}
	return len(doc), nil
}

// printablePrefix returns the length of the text before the first character to escape.
func printablePrefix(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if termtext.Unprintable(r) {
			return i
		}
		i += n
	}
	return len(text)
}
