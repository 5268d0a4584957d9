package contracttest

import (
	"os"
	"strings"
	"testing"
)

// docs/verify.md contains every rule with its texts. UPDATE_DOCS=1 rewrites its table.
func TestVerifyPageHasTheRules(t *testing.T) {
	const page, begin, end = "../docs/verify.md", "<!-- rules: begin -->\n", "<!-- rules: end -->\n"
	var want strings.Builder
	want.WriteString("| rule | problem | what to do |\n|---|---|---|\n")
	for _, rule := range ruleTexts() {
		want.WriteString("| `" + rule.ID + "` | " + rule.Short + " | " + rule.Help + " |\n")
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	got, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no table of rules", page)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		got = want.String()
		if err := os.WriteFile(page, []byte(before+begin+got+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got != want.String() {
		t.Errorf("%s differs from the rules; rewrite it with: UPDATE_DOCS=1 go test ./contracttest -run VerifyPage", page)
	}
}
