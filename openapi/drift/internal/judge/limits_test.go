package judge

import (
	"fmt"
	"strings"
	"testing"
)

// Forms beyond counting are not held against each other: all go, and all come.
func TestManyForms(t *testing.T) {
	forms := func(n, length int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf("{type: object, properties: {p%d: {type: string, maxLength: %d}}}", i, length))
		}
		return "{oneOf: [" + strings.Join(out, ", ") + "]}"
	}
	for _, test := range []struct {
		before, after int
		rule          string
	}{
		{50, 50, "request-bound-tightened"},
		{51, 50, "request-branch-removed"},
	} {
		got, err := Compare(build(t, forms(test.before, 9)), build(t, forms(test.after, 8)), Options{})
		if err != nil || len(got) == 0 || got[0].Rule.ID != test.rule {
			t.Errorf("%d forms and %d: %d differences, the first %+v", test.before, test.after, len(got), got[:min(1, len(got))])
		}
	}
}

func TestPathsAreBounded(t *testing.T) {
	for _, test := range []struct {
		length    int
		step, all string
	}{
		{0, "b", "[]"},
		{maxPath, strings.Repeat("a", maxPath) + ".b", strings.Repeat("a", maxPath) + "[]"},
		{maxPath + 1, "….b", "…[]"},
	} {
		path := strings.Repeat("a", test.length)
		if got := step(path, "b"); got != test.step {
			t.Errorf("a field under %d bytes: %s", test.length, got)
		}
		if got := items(path); got != test.all {
			t.Errorf("members under %d bytes: %s", test.length, got)
		}
	}
}

func TestWorse(t *testing.T) {
	all := Verdicts()
	for i, v := range all {
		for j, other := range all {
			if v.Worse(other) != (i < j) {
				t.Errorf("%s worse than %s: %t", v, other, v.Worse(other))
			}
		}
	}
}
