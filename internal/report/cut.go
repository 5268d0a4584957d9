package report

import (
	"strings"
	"unicode/utf8"
)

// ellipsis replaces text that was cut.
const ellipsis = "…"

// truncate returns the first runes of s, with an ellipsis for the rest, if s has more than
// limit runes.
func truncate(s string, limit int) string {
	if !longer(s, limit) {
		return s
	}
	end := 0
	for range limit - 1 {
		_, n := utf8.DecodeRuneInString(s[end:])
		end += n
	}
	return s[:end] + ellipsis
}

// abridge removes the middle of s if s has more than limit runes, because the ends of a
// path, a pointer or a command are more useful than its middle.
func abridge(s string, limit int) string {
	if !longer(s, limit) {
		return s
	}
	head := limit * 2 / 3
	tail := limit - head - 1
	var b strings.Builder
	for i, n := 0, 0; n < head; n++ {
		_, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+size])
		i += size
	}
	b.WriteString(ellipsis)
	i := len(s)
	for range tail {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	b.WriteString(s[i:])
	return b.String()
}

// longer reports whether s has more than limit runes. It reads only as much of s as it needs,
// because s may be megabytes long.
func longer(s string, limit int) bool {
	for range s {
		if limit--; limit < 0 {
			return true
		}
	}
	return false
}
