// Package termtext makes untrusted text safe for a terminal: it escapes control characters,
// and measures and cuts text in terminal columns.
package termtext

import (
	"fmt"
	"strconv"
	"strings"
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
