package report

import (
	"os"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

func TestTextWrapsToTheTerminal(t *testing.T) {
	golden.Check(t, "testdata/verify-72.txt", written(t, Text, verifySample(), Options{Width: 72}))
	for line := range strings.Lines(string(written(t, Text, verifySample(), Options{Width: 72}))) {
		line = strings.TrimRight(line, "\n")
		words := strings.Fields(line)
		if columns(line) > 72 && !strings.HasPrefix(line, "  curl") && len(words) > 2 {
			t.Errorf("line of %d columns could be wrapped: %s", columns(line), line)
		}
	}
}

func TestTextColorsAreOptional(t *testing.T) {
	if plain := written(t, Text, verifySample(), Options{}); strings.Contains(string(plain), "\x1b") {
		t.Error("escape sequences without color")
	}
	colored := string(written(t, Text, verifySample(), Options{Color: true}))
	for _, want := range []string{"\x1b[1;31merror\x1b[0m", "\x1b[1;33mwarning\x1b[0m", "AWS 12, \x1b[1;33mAZURE\x1b[0m \x1b[1;33m0\x1b[0m"} {
		if !strings.Contains(colored, want) {
			t.Errorf("no %q in the colored report", want)
		}
	}
	if got := colorCode.ReplaceAllString(colored, ""); got != string(written(t, Text, verifySample(), Options{})) {
		t.Error("the colored report has another text")
	}
}

func TestTextCoverageHeadline(t *testing.T) {
	for want, c := range map[string]Coverage{
		"61.5 % of the contract":                                   {Percent: 61.54},
		"61.5 % of the contract (131 of 213)":                      {Percent: 61.54, Seen: 131, Total: 213},
		"0 % of the contract, at least 0.5 % required":             {Minimum: 0.5},
		"0 % of the contract (0 of 1); evidence 2025-04-02 to now": {Total: 1, Evidence: "2025-04-02 to now"},
	} {
		if got := c.headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTextEndsWithItsSummary checks that the summary is the last line, which a reader of a
// terminal sees first.
func TestTextEndsWithItsSummary(t *testing.T) {
	lastLines := func(r *Report) []string {
		all := strings.Split(strings.TrimRight(string(written(t, Text, r, Options{})), "\n"), "\n")
		return all[max(len(all)-2, 0):]
	}
	if got := lastLines(verifySample())[1]; got != "fail: 6 errors and 1 warning in 67 exchanges of 9 files" {
		t.Errorf("last line %q", got)
	}
	got := lastLines(driftSample())
	if got[0] != "breaking: 1 breaking, 2 tolerate, 1 additive, 1 planning" || got[1] != "next: make openapi UPSTREAM=atlas-v2.yaml" {
		t.Errorf("last lines %q", got)
	}
	if got := lastLines(&Report{Counters: []Counter{{Name: "files", Value: 3}, {Name: "errors"}}}); got[0] != "ok: files 3, errors 0" {
		t.Errorf("summary from counters %q", got)
	}
}

// TestTextFitsValues checks that a value takes one line of a terminal, with an escape in place
// of a control character.
func TestTextFitsValues(t *testing.T) {
	for actual, want := range map[string]string{
		`{"a":"BAD"}`:             `{"a":"BAD"}`,
		"a\x1b[31mb":              `a\x1b[31mb`,
		strings.Repeat("x", 100):  strings.Repeat("x", 26) + "…",
		strings.Repeat("日", 1000): strings.Repeat("日", 26) + "…",
	} {
		r := &Report{Items: []Item{{Actual: actual}}}
		got := string(written(t, Text, r, Options{Width: 40}))
		if want := "  actual     " + want + "\n"; !strings.Contains(got, want) {
			t.Errorf("want\n%sin\n%s", want, got)
		}
	}
}

func TestTextListsOtherPlaces(t *testing.T) {
	own := Location{File: "a.har", Line: 3}
	tests := map[string]struct {
		item Item
		want string
	}{
		"once":               {Item{Count: 1, Places: []Location{own}}, ""},
		"no values":          {Item{}, ""},
		"often":              {Item{Count: 12}, "12 times"},
		"here and elsewhere": {Item{Count: 2, Places: []Location{own, {File: "b.har", Line: 7, Entry: entry(0)}}}, "2 times, also at b.har:7 (entry 0)"},
		"and more":           {Item{Count: 9, Places: []Location{{File: "b.har"}}}, "9 times, also at b.har and 7 more"},
		"only places":        {Item{Places: []Location{{File: "b.har"}}}, "2 times, also at b.har"},
	}
	for name, tt := range tests {
		tt.item.Location = own
		text := string(written(t, Text, &Report{Items: []Item{tt.item}}, Options{}))
		_, got, _ := strings.Cut(text, "  seen       ")
		got, _, _ = strings.Cut(got, "\n")
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestTextHasNoRunnerCommands checks that the text has no commands that a CI runner would
// execute when it reads the log.
func TestTextHasNoRunnerCommands(t *testing.T) {
	r := &Report{
		Title: "::add-mask::x",
		Items: []Item{{
			Location: Location{File: "::stop-commands::x"}, Message: "##[add-mask]x and " + strings.Repeat("word ", 9) + "::set-output name=a::b", Level: LevelError,
		}},
		Unreadable: []Unreadable{{Location: Location{File: "  ::error::x"}}},
	}
	for _, width := range []int{0, 40, 60, 80} {
		for line := range strings.Lines(string(written(t, Text, r, Options{Width: width}))) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("width %d: a runner would execute %q", width, line)
			}
		}
	}
}

func TestTerminalOptions(t *testing.T) {
	tests := map[string]struct {
		tty  bool
		env  map[string]string
		want bool
	}{
		"terminal":                     {true, nil, true},
		"pipe":                         {false, nil, false},
		"NO_COLOR":                     {true, map[string]string{"NO_COLOR": "1"}, false},
		"NO_COLOR empty":               {true, map[string]string{"NO_COLOR": ""}, true},
		"CLICOLOR_FORCE on a pipe":     {false, map[string]string{"CLICOLOR_FORCE": "1"}, true},
		"CLICOLOR_FORCE=0 on a pipe":   {false, map[string]string{"CLICOLOR_FORCE": "0"}, false},
		"CLICOLOR_FORCE on TERM=dumb":  {true, map[string]string{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, true},
		"NO_COLOR over CLICOLOR_FORCE": {true, map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, false},
		"CLICOLOR=0":                   {true, map[string]string{"CLICOLOR": "0"}, false},
		"TERM=dumb":                    {true, map[string]string{"TERM": "dumb"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := wantsColor(tt.tty, func(k string) string { return tt.env[k] }); got != tt.want {
				t.Errorf("color %t, want %t", got, tt.want)
			}
		})
	}
	for _, tt := range []struct {
		size    int
		columns string
		want    int
	}{{120, "100", 120}, {1, "", 1}, {0, "100", 100}, {-1, "1", 1}, {0, "", 80}, {0, "0", 80}, {0, "-5", 80}, {0, "wide", 80}} {
		if got := terminalWidth(tt.size, tt.columns); got != tt.want {
			t.Errorf("a terminal of %d columns with COLUMNS=%s has width %d, want %d", tt.size, tt.columns, got, tt.want)
		}
	}
	file, err := os.Open("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := ForTerminal(file, func(string) string { return "" }); got != (Options{}) {
		t.Errorf("a file gets %+v", got)
	}
}
