package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// TestManyForms checks that if there are too many forms to match, they are reported as
// removed and added.
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
		got, err := Operations(build(t, forms(test.before, 9)), build(t, forms(test.after, 8)), Options{})
		if err != nil || len(got) == 0 || got[0].Rule.ID != test.rule {
			t.Errorf("%d forms and %d: %d differences, the first is %+v", test.before, test.after, len(got), got[:min(1, len(got))])
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
			t.Errorf("a field at a path of %d bytes: %s", test.length, got)
		}
		if got := items(path); got != test.all {
			t.Errorf("members at a path of %d bytes: %s", test.length, got)
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

// TestAlikeForms compares many forms that differ only in their last field: the work of
// matching them must not grow with the fields of each pair.
func TestAlikeForms(t *testing.T) {
	const forms, fields = 200, 30
	union := func(first int) string {
		var out []string
		for i := range forms {
			var form strings.Builder
			for j := range fields {
				fmt.Fprintf(&form, "p%02d: {type: string}, ", j)
			}
			out = append(out, fmt.Sprintf("{type: object, properties: {%sz: {maxLength: %d}}}", form.String(), first+i))
		}
		return "{anyOf: [" + strings.Join(out, ", ") + "]}"
	}
	known := NewKnown(limits.New(limits.Limits{Work: 300_000, Nodes: 10_000, Depth: 100}))
	if _, err := Operations(build(t, union(1000)), build(t, union(2000)), Options{Known: known}); err != nil {
		t.Error(err)
	}
}
