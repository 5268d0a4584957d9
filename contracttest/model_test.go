package contracttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// TestVerdictOfReport checks the level and the text of the last line of a report.
func TestVerdictOfReport(t *testing.T) {
	for name, tc := range map[string]struct {
		report Report
		level  report.Level
		text   string
	}{
		"nothing":    {Report{}, report.LevelError, "nothing was validated"},
		"no finding": {Report{Summary: Summary{Checked: 1, Files: 1}}, report.LevelNone, "0 errors in 1 exchange of 1 file"},
		"a warning":  {Report{Summary: Summary{Checked: 2, Files: 1, Warnings: 1}}, report.LevelWarning, "0 errors in 2 exchanges of 1 file"},
		"an error":   {Report{Summary: Summary{Checked: 2, Files: 2, Errors: 1, Warnings: 1}}, report.LevelError, "1 error in 2 exchanges of 2 files"},
		"unreadable": {Report{Summary: Summary{Checked: 2, Files: 2}, Unreadable: []Unreadable{{}}}, report.LevelError, "0 errors in 2 exchanges of 2 files; 1 could not be read"},
	} {
		if v := tc.report.verdict(); v.Level != tc.level || v.Text != tc.text {
			t.Errorf("%s: level %q, %q; want %q, %q", name, v.Level, v.Text, tc.level, tc.text)
		}
	}
}

// TestRareCounters checks that a report states what was not validated only if there is any.
func TestRareCounters(t *testing.T) {
	names := func(s Summary) []string {
		var names []string
		for _, c := range (&Report{Summary: s}).counters()[6:] {
			names = append(names, fmt.Sprint(c.Name, " ", c.Value))
		}
		return names
	}
	if got := names(Summary{}); got != nil {
		t.Errorf("an empty summary has %q", got)
	}
	want := []string{"bodies not recorded 1", "findings not listed 2", "skipped files 3", "unanswered requests 4"}
	if got := names(Summary{BodiesNotRecorded: 1, Omitted: 2, Skipped: 3, Unanswered: 4}); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPeriod(t *testing.T) {
	for want, times := range map[string][2]string{
		"":                         {"", ""},
		"2026-08-10":               {"2026-08-10T01:00:00Z", "2026-08-10T23:00:00Z"},
		"2025-04-02 to 2026-08-10": {"2025-04-02T01:00:00Z", "2026-08-10T23:00:00Z"},
	} {
		if got := period(times[0], times[1]); got != want {
			t.Errorf("%v: %q, want %q", times, got, want)
		}
	}
}

// TestOldestOfEqualFindings checks that merged findings have the time of the first that has
// a time.
func TestOldestOfEqualFindings(t *testing.T) {
	for want, times := range map[string][]string{
		"2025": {"2026", "2025", "2027"},
		"2024": {"", "2024", ""},
		"2023": {"2023", "", "2023"},
		"":     {"", ""},
	} {
		g := groups{most: 10, room: 1 << 10}
		for _, oldest := range times {
			g.add(Finding{Rule: BadSchema, Oldest: oldest, Count: 1})
		}
		if got := g.order[0]; got.Oldest != want || got.Count != len(times) {
			t.Errorf("%q: %q, seen %d times; want %q", times, got.Oldest, got.Count, want)
		}
	}
}

// TestFindingSaysHowOften checks that a finding's text states its count from 2 on.
func TestFindingSaysHowOften(t *testing.T) {
	for count, want := range map[int]bool{0: false, 1: false, 2: true} {
		if got := strings.Contains(Finding{Count: count}.String(), "times"); got != want {
			t.Errorf("count %d: states it is %t", count, got)
		}
	}
}

func TestStatusHints(t *testing.T) {
	for status, want := range map[int]string{299: "", 300: "redirect", 399: "redirect", 400: "", 501: "", 502: "edge", 503: "edge", 504: "edge", 505: ""} {
		if got := statusHint(status); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%d: %q, want %q in it", status, got, want)
		}
	}
}
