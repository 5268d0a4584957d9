package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCut(t *testing.T) {
	long := strings.Repeat("a", 50) + "WRONG" + strings.Repeat("b", 50)
	tests := map[string]struct {
		text      string
		highlight Span
		limit     int
		want      string
		mark      string
	}{
		"short":              {"abc", Span{1, 2}, 10, "abc", "b"},
		"no highlight":       {long, Span{}, 10, "aaaaaaaa…", ""},
		"in the middle":      {long, spanOf(long, "WRONG"), 13, "…aaaWRONGbbb…", "WRONG"},
		"at the end":         {long, Span{104, 105}, 10, "…bbbbbbbb", "b"},
		"highlight too long": {long, Span{0, 105}, 10, "aaaaaaaa…", "aaaaaaaa"},
		"out of range":       {"abc", Span{-5, 99}, 10, "abc", "abc"},
		"after the end":      {long, Span{105, 105}, 10, "…bbbbbbbb", ""},
		"not UTF-8":          {"\x80\x80b", Span{0, 0}, 10, "\x80\x80b", ""},
		"the first byte":     {"\x80\x80b", Span{0, 2}, 10, "\x80\x80b", "\x80\x80"},
		"backwards":          {"abc", Span{2, 1}, 10, "abc", ""},
		"within a rune":      {"日本", Span{1, 4}, 10, "日本", "日本"},
		"runes, not bytes":   {strings.Repeat("日", 20), Span{30, 33}, 7, "…日日日日日…", "日"},
		"a limit too small":  {long, spanOf(long, "WRONG"), 0, "…W…", "W"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, mark := Cut(tt.text, tt.highlight, tt.limit)
			if got != tt.want || got[mark.Start:mark.End] != tt.mark {
				t.Errorf("%q marks %q, want %q marks %q", got, got[mark.Start:mark.End], tt.want, tt.mark)
			}
			if n := utf8.RuneCountInString(got); n > max(tt.limit, 3) {
				t.Errorf("%d runes, limit %d", n, tt.limit)
			}
		})
	}
}
