package report

import (
	"strings"
	"testing"
)

func TestTruncate(t *testing.T) {
	for name, tt := range map[string]struct {
		text  string
		limit int
		want  string
	}{
		"short":            {"abc", 3, "abc"},
		"one too many":     {"abcd", 3, "ab…"},
		"long":             {strings.Repeat("a", 50), 10, "aaaaaaaaa…"},
		"not UTF-8":        {"\x80\x80b", 10, "\x80\x80b"},
		"runes, not bytes": {strings.Repeat("日", 20), 7, "日日日日日日…"},
	} {
		if got := truncate(tt.text, tt.limit); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
