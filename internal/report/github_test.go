package report

import (
	"strings"
	"testing"
)

// runnerCommand reads a line as GitHub's runner does.
func runnerCommand(t testing.TB, line string) (name string, properties map[string]string, message string) {
	t.Helper()
	head, message, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
	if !strings.HasPrefix(line, "::") || !ok {
		t.Fatalf("not a command: %q", line)
	}
	name, list, _ := strings.Cut(head, " ")
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	properties = map[string]string{}
	for pair := range strings.SplitSeq(list, ",") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			properties[key] = unescape.Replace(value)
		}
	}
	return name, properties, unescape.Replace(message)
}

func commands(t testing.TB, r *Report) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(string(written(t, GitHub, r, Options{})), "\n"), "\n")
}

func TestGitHubEscapes(t *testing.T) {
	file, rule := "a,b:c%0A.har", "x::y,line=1%"
	lines := commands(t, &Report{Items: []Item{{
		Rule: rule, Level: LevelError, Message: "100 % of\n::set-output name=a::b\r%0A", Location: Location{File: file, Line: 3},
	}}})
	if len(lines) != 2 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	name, properties, message := runnerCommand(t, lines[0])
	if name != "error" || properties["file"] != file || properties["line"] != "3" || properties["title"] != rule {
		t.Errorf("%s %v", name, properties)
	}
	if want := `100 % of\n::set-output name=a::b\r%0A`; message != want {
		t.Errorf("message %q, want %q", message, want)
	}
}

// TestGitHubLines checks that a command has a line only if the line is known.
func TestGitHubLines(t *testing.T) {
	for line, want := range map[int]string{0: "::error file=a.har::m", 1: "::error file=a.har,line=1::m"} {
		r := &Report{Items: []Item{{Level: LevelError, Message: "m", Location: Location{File: "a.har", Line: line}}}}
		if got := commands(t, r)[0]; got != want {
			t.Errorf("line %d: %q, want %q", line, got, want)
		}
	}
}

// TestGitHubOrdersBySeverity checks the order of the commands, because GitHub shows only ten
// of each kind per step.
func TestGitHubOrdersBySeverity(t *testing.T) {
	r := &Report{Items: []Item{{Level: LevelNote, Message: "c"}, {Level: LevelWarning, Message: "b"}, {Level: LevelError, Message: "a"}, {Level: LevelNote, Fails: true, Message: "d"}}}
	var got []string
	for _, line := range commands(t, r) {
		name, _, message := runnerCommand(t, line)
		got = append(got, name+" "+message)
	}
	if want := "error a,error d,warning b,notice c"; !strings.HasPrefix(strings.Join(got, ","), want) {
		t.Errorf("got %q, want %s first", got, want)
	}
}
