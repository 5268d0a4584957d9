package termtext_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		"snaps-2026":            "snaps-2026",
		"\x1b[2Jgone":           `\x1b[2Jgone`,
		"a\r\nb\tc":             `a\r\nb\tc`,
		"\u202egpj.exe":         `\u202egpj.exe`,
		"\u009b31m":             `\u009b31m`,
		"\xff\xfe":              `\xff\xfe`,
		"kräne 日本 é":            "kräne 日本 é",
		"a\u00a0b":              `a\u00a0b`,
		"\ufffd kept apart":     "\ufffd kept apart",
		"zero\u200bwidth\u2028": `zero\u200bwidth\u2028`,
	} {
		if got := termtext.Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWidthAndCut(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		cut   int
		want  string
	}{
		{"", 0, 3, ""},
		{"abcdef", 6, 6, "abcdef"},
		{"abcdef", 6, 4, "abc…"},
		{"日本語", 6, 5, "日本…"},
		{"日本語", 6, 4, "日…"},
		{"e\u0301e\u0301e\u0301", 3, 2, "e\u0301…"},
		{"abc", 3, 1, "…"},
		{"abc", 3, 0, ""},
		{"abc", 3, -1, ""},
	} {
		if got := termtext.Width(c.in); got != c.width {
			t.Errorf("Width(%q) = %d, want %d", c.in, got, c.width)
		}
		if got := termtext.Cut(c.in, c.cut); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.cut, got, c.want)
		}
	}
}

func FuzzVisibleAndCut(f *testing.F) {
	f.Add("\x1b]0;title\a日本\xff", 5)
	f.Fuzz(func(t *testing.T, s string, width int) {
		visible := termtext.Visible(s)
		if !utf8.ValidString(visible) {
			t.Errorf("Visible(%q) is not UTF-8", s)
		}
		for _, r := range visible {
			if !strconv.IsPrint(r) {
				t.Errorf("Visible(%q) still has %q", s, r)
			}
		}
		if got := termtext.Width(termtext.Cut(visible, width)); got > max(width, 0) {
			t.Errorf("Cut(%q, %d) takes %d columns", visible, width, got)
		}
	})
}

// TestJSONEscape checks that JSON decodes an escape to the character.
func TestJSONEscape(t *testing.T) {
	for r, want := range map[rune]string{0x7f: `\u007f`, 0x202e: `\u202e`, 0xe0001: `\udb40\udc01`} {
		var decoded string
		got := termtext.JSONEscape(r)
		if err := json.Unmarshal([]byte(`"`+got+`"`), &decoded); err != nil || got != want || decoded != string(r) {
			t.Errorf("%U becomes %s, which is %q: %v", r, got, decoded, err)
		}
	}
}

// TestUnprintable checks that line breaks and tabs are not unprintable in a document.
func TestUnprintable(t *testing.T) {
	for r, want := range map[rune]bool{'a': false, 'é': false, '\n': false, '\t': false, '\r': true, 0x7f: true, 0xa0: true, 0x202e: true} {
		if termtext.Unprintable(r) != want {
			t.Errorf("%U: got %t", r, !want)
		}
	}
}
