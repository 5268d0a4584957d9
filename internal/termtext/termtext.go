// Package termtext makes untrusted text safe for a terminal: it escapes control characters,
// in lines and in JSON documents, and measures and cuts text in terminal columns.
package termtext

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Visible replaces unprintable characters by Go escapes: control characters (a terminal
// would interpret them), bidirectional and other format characters, unusual spaces, line
// breaks, and bytes that are not UTF-8. The result is one line of valid UTF-8.
func Visible(s string) string {
	if isVisible(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case strconv.IsPrint(r):
			b.WriteString(s[i : i+n])
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += n
	}
	return b.String()
}

// Unprintable reports whether a character of a document is not printable: a control
// character, a bidirectional or other format character, an unusual space. Line breaks and
// tabs are layout.
func Unprintable(r rune) bool { return r != '\n' && r != '\t' && !strconv.IsPrint(r) }

// JSONEscape returns the JSON escape of a character, or two escapes for a character beyond
// the basic plane.
func JSONEscape(r rune) string {
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// isVisible reports whether s needs no escapes.
func isVisible(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}

// Width returns the number of columns of s in a terminal: wide characters take two,
// combining characters zero (Unicode Standard Annex 11).
func Width(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// Cut shortens s to at most width columns, the last of which is an ellipsis, and never cuts
// inside a grapheme cluster. For a width below 1 it returns "".
func Cut(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	end, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		cluster, after, columns, next := uniseg.FirstGraphemeClusterInString(rest, state)
		if used+columns > width-1 {
			break
		}
		used += columns
		end += len(cluster)
		rest, state = after, next
	}
	return s[:end] + "…"
}
