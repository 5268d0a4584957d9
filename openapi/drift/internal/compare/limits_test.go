package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// TestManyForms checks that if there are too many forms to match, they are reported as
// removed and added. Forms that both sides have do not count.
func TestManyForms(t *testing.T) {
	form := func(i, length int) string {
		return fmt.Sprintf("{type: object, properties: {p%d: {type: string, maxLength: %d}}}", i, length)
	}
	forms := func(common, n, length int) string {
		var out []string
		for i := range common {
			out = append(out, form(1000+i, 9))
		}
		for i := range n {
			out = append(out, form(i, length))
		}
		return "{oneOf: [" + strings.Join(out, ", ") + "]}"
	}
	for _, test := range []struct {
		common, before, after int
		rule                  string
	}{
		{0, 50, 50, "request-bound-tightened"},
		{0, 51, 50, "request-branch-removed"},
		{9, 50, 50, "request-bound-tightened"},
	} {
		got, err := Operations(build(t, forms(test.common, test.before, 9)), build(t, forms(test.common, test.after, 8)), Options{})
		if err != nil || len(got) == 0 || got[0].Rule.ID != test.rule {
			t.Errorf("%d common forms, %d and %d: %d differences, the first is %+v", test.common, test.before, test.after, len(got), got[:min(1, len(got))])
		}
	}
}

// TestBudget checks that an error of the budget names the operation and the first place at
// which the budget was used up.
func TestBudget(t *testing.T) {
	nested := func(depth int, innermost string) string {
		return strings.Repeat("{type: object, not: ", depth) + innermost + strings.Repeat("}", depth)
	}
	forms := func(length int) string {
		var out []string
		for i := range 40 {
			out = append(out, fmt.Sprintf("{maxLength: %d}", length+i))
		}
		return "{anyOf: [" + strings.Join(out, ", ") + "]}"
	}
	for _, test := range []struct {
		name, base, revision string
		limits               limits.Limits
		place                string
	}{
		{"depth of properties", "{properties: {a: {properties: {b: {type: string}, c: {type: string}}}}}", "{properties: {a: {properties: {b: {type: integer}, c: {type: integer}}}}}",
			limits.Limits{Work: 100, Nodes: 100, Depth: 1}, "/properties/a/properties/b"},
		{"depth of not", nested(4, "{type: string}"), nested(4, "{type: integer}"),
			limits.Limits{Work: 1000, Nodes: 1000, Depth: 3}, "/not/not/not/not"},
		{"pairs of forms", forms(1000), forms(2000), limits.Limits{Work: 40*40 - 1, Nodes: 1000, Depth: 100}, ""},
	} {
		cache := NewCache(limits.New(test.limits))
		_, err := Operations(build(t, test.base), build(t, test.revision), Options{Name: "createThing", Cache: cache})
		if err == nil || !strings.Contains(err.Error(), "createThing") || !strings.Contains(err.Error(), test.place) {
			t.Errorf("%s: %v", test.name, err)
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
	cache := NewCache(limits.New(limits.Limits{Work: 300_000, Nodes: 10_000, Depth: 100}))
	if _, err := Operations(build(t, union(1000)), build(t, union(2000)), Options{Cache: cache}); err != nil {
		t.Error(err)
	}
}
