package report

import (
	"strings"
	"unicode/utf8"
)

// ellipsis replaces text that was cut.
const ellipsis = "…"

// Cut shortens s to a window of at most limit runes around highlight, with an ellipsis for
// each cut, and returns the window and the highlight's place in it. A highlight that is
// longer than the window shows its beginning. Spans out of range are moved into s; a limit
// below 3 counts as 3.
func Cut(s string, highlight Span, limit int) (string, Span) {
	highlight = highlight.within(s)
	limit = max(limit, 3)
	if !longer(s, limit) {
		return s, highlight
	}
	start, end := window(s, highlight, limit-2)
	cut := s[start:end]
	mark := Span{max(highlight.Start, start) - start, min(highlight.End, end) - start}
	if start > 0 {
		cut = ellipsis + cut
		mark.Start += len(ellipsis)
		mark.End += len(ellipsis)
	}
	if end < len(s) {
		cut += ellipsis
	}
	if highlight.Start == highlight.End {
		mark.End = mark.Start
	}
	return cut, mark
}

// within moves the span into s and to rune boundaries.
func (f Span) within(s string) Span {
	f.Start = min(max(f.Start, 0), len(s))
	f.End = min(max(f.End, f.Start), len(s))
	for f.Start > 0 && f.Start < len(s) && !utf8.RuneStart(s[f.Start]) {
		f.Start--
	}
	for f.End > 0 && f.End < len(s) && !utf8.RuneStart(s[f.End]) {
		f.End++
	}
	return f
}

// window selects limit runes of s with the highlight in the middle, or with the beginning of the
// highlight if it does not fit. Without a highlight, it selects the beginning of s.
func window(s string, highlight Span, limit int) (start, end int) {
	start, end = highlight.Start, highlight.Start
	for limit > 0 && end < highlight.End {
		_, n := utf8.DecodeRuneInString(s[end:])
		end += n
		limit--
	}
	for before := limit / 2; before > 0 && start > 0; before, limit = before-1, limit-1 {
		_, n := utf8.DecodeLastRuneInString(s[:start])
		start -= n
	}
	for limit > 0 && end < len(s) {
		_, n := utf8.DecodeRuneInString(s[end:])
		end += n
		limit--
	}
	for limit > 0 && start > 0 {
		_, n := utf8.DecodeLastRuneInString(s[:start])
		start -= n
		limit--
	}
	return start, end
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
