package contracttest

import (
	"fmt"
	"slices"
	"strconv"
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

// TestRoomForFindings checks that a finding is kept if its texts have exactly the size that is
// left, and that its place is listed if there is room for it too.
func TestRoomForFindings(t *testing.T) {
	const file, pointer = "a.har", "/_id"
	const text = len(file) + len(pointer)
	for room, want := range map[int]string{text - 1: "0 findings, 1 omitted", text: "1 findings, 0 places", 2*text - 1: "1 findings, 0 places", 2 * text: "1 findings, 1 places"} {
		g := groups{most: 10, room: room}
		g.add(Finding{Severity: SeverityError, Recording: Recording{File: file}, Pointer: pointer, Count: 1})
		got := fmt.Sprintf("%d findings, %d omitted", len(g.order), g.omittedErrors)
		if len(g.order) > 0 {
			got = fmt.Sprintf("%d findings, %d places", len(g.order), len(g.order[0].Places))
		}
		if got != want {
			t.Errorf("room for %d bytes: %s, want %s", room, got, want)
		}
	}
}

// TestOmittedFindingsAreCounted checks that omitted errors and warnings are in the summary.
func TestOmittedFindingsAreCounted(t *testing.T) {
	r := Report{Findings: []Finding{{Severity: SeverityError}, {Severity: SeverityWarning}}}
	if r.count(2, 3); r.Summary.Errors != 3 || r.Summary.Warnings != 4 || r.Summary.Omitted != 5 {
		t.Errorf("got %+v", r.Summary)
	}
}

// TestNotRecordedNote checks the note about bodies that a recording lacks.
func TestNotRecordedNote(t *testing.T) {
	for n, want := range map[int]string{1: "1 body is not in the recordings and was not validated", 2: "2 bodies are not in the recordings and were not validated"} {
		if notes := (&Report{Summary: Summary{BodiesNotRecorded: n}}).notes(); len(notes) != 1 || notes[0].Message != want {
			t.Errorf("%d: got %+v, want %q", n, notes, want)
		}
	}
}

// TestItem checks that a finding in a report has the operation and the media type, if they are
// known.
func TestItem(t *testing.T) {
	for want, f := range map[string]Finding{
		"[] [{status 200}]":                        {Status: 200},
		"[getThing] [{status 404} {media type x}]": {Status: 404, Operation: "getThing", MediaType: "x"},
	} {
		if i := f.item(); fmt.Sprint(i.Operations, " ", i.Labels) != want {
			t.Errorf("got %v %v, want %s", i.Operations, i.Labels, want)
		}
	}
}

// TestVerdictSize checks that a verdict that waits for others counts with what it contains.
func TestVerdictSize(t *testing.T) {
	finding, notJudged := groups{order: []*Finding{{Message: "text"}}}, []NotJudged{{}}
	empty, one, both := verdict{}, verdict{findings: finding}, verdict{findings: finding, notJudged: notJudged}
	if least := empty.Size() + findingBytes; one.Size() != least+len("text") || both.Size() != one.Size()+findingBytes || empty.Size() <= 0 {
		t.Errorf("sizes are %d, %d and %d", empty.Size(), one.Size(), both.Size())
	}
}

// TestNotJudgedIsBounded checks that keywords that were not validated are listed once per
// operation, and how many are.
func TestNotJudgedIsBounded(t *testing.T) {
	s := &session{validator: testValidator(t, Options{})}
	for range 2 {
		for i := range maxNotJudged + 1 {
			s.addNotJudged(NotJudged{Operation: strconv.Itoa(i / 2), Spec: SpecPlace{Pointer: strconv.Itoa(i % 2)}, Count: 1})
		}
	}
	if len(s.notJudged) != maxNotJudged {
		t.Fatalf("%d keywords are listed, want %d", len(s.notJudged), maxNotJudged)
	}
	for i, n := range s.notJudged {
		if n.Operation != strconv.Itoa(i/2) || n.Spec.Pointer != strconv.Itoa(i%2) || n.Count != 2 {
			t.Errorf("keyword %d is %+v", i, n)
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
	for status, want := range map[int]string{299: "", 300: "redirect", 399: "redirect", 400: "", 501: "", 502: "proxy", 503: "proxy", 504: "proxy", 505: ""} {
		if got := statusHint(status); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%d: %q, want %q in it", status, got, want)
		}
	}
}
