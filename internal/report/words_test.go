package report

import (
	"strings"
	"testing"
)

// TestVerdictLine checks the verdict of a report without a verdict: the most severe level
// of its items.
func TestVerdictLine(t *testing.T) {
	items := func(levels ...Level) (items []Item) {
		for _, level := range levels {
			items = append(items, Item{Level: level})
		}
		return items
	}
	for want, report := range map[string]Report{
		"ok: 0 findings":              {},
		"ok: 1 finding":               {Items: items("unknown")},
		"note: 1 finding":             {Items: items(LevelNote)},
		"warning: 2 findings":         {Items: items(LevelNote, LevelWarning)},
		"error: 3 findings":           {Items: items(LevelWarning, LevelError, LevelNote)},
		"breaking: 1 change":          {Kind: Changes, Items: items(LevelNote), Verdict: Verdict{Name: "breaking"}},
		"in-sync: changes 0, notes 2": {Verdict: Verdict{Name: "in-sync"}, Counters: []Counter{{Name: "changes"}, {Name: "notes", Value: 2}}},
	} {
		if got := VerdictLine(&report); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestLonger counts characters; a text may have exactly as many as the limit.
func TestLonger(t *testing.T) {
	for _, c := range []string{"a", "\u00e9", "\u65e5"} {
		for n, want := range map[int]bool{9: false, 10: false, 11: true} {
			if got := longer(strings.Repeat(c, n), 10); got != want {
				t.Errorf("%d times %q is longer than 10: %t, want %t", n, c, got, want)
			}
		}
	}
}
