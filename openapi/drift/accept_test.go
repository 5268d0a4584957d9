package drift

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

func compareAccepted(t *testing.T, accepted *Acceptances, asOf string, steps ...step) *Report {
	t.Helper()
	baseline := input(t, "before.yaml", base(t))
	after := base(t)
	apply(t, after, steps)
	r, err := Compare(t.Context(), Options{Upstream: input(t, "after.yaml", after), Baseline: &baseline, AsOf: date(asOf), Accepted: accepted})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	shorter = put(schemas+"AWSExportBucketRequest/allOf/1/properties/bucketName/maxLength", "63")
	moved   = put(listPath+"/get"+oldMedia+"/x-sunset", "'2031-01-01'")
)

func TestAcceptance(t *testing.T) {
	found := compareAccepted(t, nil, "2026-09-01", shorter, moved)
	if found.Verdict != Breaking || len(found.Changes) != 2 {
		t.Fatal(formatChanges(found))
	}
	data, err := found.Accept("our names are short", "2026-12-31").Encode()
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := ReadAcceptances("accept.yaml", bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	for _, test := range []struct {
		name                      string
		asOf                      string
		steps                     []step
		verdict                   Verdict
		accepted, unused, expired int
	}{
		{"both changes", "2026-09-01", []step{shorter, moved}, InSync, 2, 0, 0},
		{"on the last day", "2026-12-31", []step{shorter, moved}, InSync, 2, 0, 0},
		{"a day later", "2027-01-01", []step{shorter, moved}, Breaking, 0, 2, 2},
		{"one change is gone", "2026-09-01", []step{moved}, InSync, 1, 1, 0},
		{"one change has another value now", "2026-09-01", []step{moved, put(shorter[0], "10")}, Breaking, 1, 1, 0},
		{"a change is new", "2026-09-01", []step{shorter, moved, put(listPath+"/get/responses/404", "{description: x}")}, Additive, 2, 0, 0},
	} {
		r := compareAccepted(t, accepted, test.asOf, test.steps...)
		expired := 0
		for _, u := range r.UnusedAcceptances {
			if u.Expired {
				expired++
			}
			if u.Why == "" || u.Reason != "our names are short" {
				t.Errorf("%s: unused %+v", test.name, u)
			}
		}
		if r.Verdict != test.verdict || len(r.Accepted) != test.accepted || len(r.UnusedAcceptances) != test.unused || expired != test.expired {
			t.Errorf("%s: %s, %d accepted, %d unused, %d expired", test.name, r.Verdict, len(r.Accepted), len(r.UnusedAcceptances), expired)
		}
	}
}

// TestAcceptAgain checks that Accept keeps existing reasons and drops acceptances that are
// no longer needed.
func TestAcceptAgain(t *testing.T) {
	first := compareAccepted(t, nil, "2026-09-01", shorter).Accept("our names are short", "")
	again := compareAccepted(t, first, "2026-09-01", shorter, moved).Accept("we will have moved", "2026-10-01")
	reasons := map[string]int{}
	for _, a := range again.Accepted {
		reasons[a.Reason+a.Expires]++
	}
	if len(again.Accepted) != 2 || reasons["our names are short"] != 1 || reasons["we will have moved2026-10-01"] != 1 {
		t.Errorf("%+v", again.Accepted)
	}
	if less := compareAccepted(t, again, "2026-09-01", moved).Accept("", ""); len(less.Accepted) != 1 {
		t.Errorf("%+v", less.Accepted)
	}
}

func TestInvalidAcceptanceFiles(t *testing.T) {
	for data, says := range map[string]string{
		"accepted: [{id: a}]":                                "acceptance 1: ",
		"accepted: [{id: b, reason: r}, {id: a}]":            "reason",
		"accepted: [{reason: r}]":                            "id",
		"accepted: [{id: a, reason: r, expires: tomorrow}]":  "YYYY-MM-DD",
		"accepted: [{id: a, reason: r}, {id: a, reason: s}]": "acceptance 2: a is accepted twice",
		"accepted: [{id: a, reason: r, expire: 2027-01-01}]": "expire",
		"- a":         "not a list of acceptances",
		"accepted: [": "not a list of acceptances",
		"accepted:\n- id: a\n  reason: r\n  expires: 2027-13-01\n": "YYYY-MM-DD",
		"accepted: []\naccepted: []":                               `line 2: the key "accepted" occurs twice`,
		"accepted: {a: b}":                                         "expected a list",
		"accepted: [a]":                                            "acceptance 1: line 1: expected a mapping",
		"accepted: [{id: [a], reason: r}]":                         "acceptance 1: line 1: id must be a string",
		"accepted: []\n---\naccepted: []":                          "text after the end",
		"rejected: []":                                             `unknown key "rejected"; known are accepted`,
		"a: &a [x]\naccepted: *a":                                  `unknown key "a"`,
	} {
		if _, err := ReadAcceptances("accept.yaml", strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "accept.yaml: ") {
			t.Errorf("%q: %v, want an error with %q", data, err, says)
		}
	}
	longest := "#" + strings.Repeat(" ", maxAcceptBytes-1)
	if _, err := ReadAcceptances("accept.yaml", strings.NewReader(longest+" ")); err == nil || err.Error() != "accept.yaml: more than 4,194,304 bytes; that is the limit" {
		t.Errorf("a file over the limit: %v", err)
	}
	for _, data := range []string{longest, "", "# nothing yet\n", "accepted: []", `{"accepted": [{"id": "a", "reason": "r", "expires": "2027-01-01"}]}`} {
		if _, err := ReadAcceptances("accept.yaml", strings.NewReader(data)); err != nil {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// TestIDsAreStable checks that the id of a change depends neither on order, nor on the
// notation of the file, nor on other changes.
func TestIDsAreStable(t *testing.T) {
	t.Parallel()
	steps := []step{
		shorter, moved,
		put("/components/schemas/ApiError/properties/detail/nullable", "true"),
		put(listPath+"/get/parameters/-", "{name: q, in: query, schema: {type: string}}"),
		put("/components/parameters/itemsPerPage/schema/maximum", "100"),
		put(schemas+"ExportBucketResponse/properties/cloudProvider/enum/-", "OCI"),
		put(schemas+"AzureExportBucketResponse/required/-", "serviceUrl"),
		put(itemPath+"/delete/responses/404", ""),
	}
	ids := func(r *Report) []string {
		var out []string
		for _, c := range r.Changes {
			out = append(out, c.ID)
		}
		slices.Sort(out)
		return out
	}
	all := ids(compareAccepted(t, nil, "2026-09-01", steps...))
	if len(slices.Compact(slices.Clone(all))) != len(steps) {
		t.Fatalf("ids %v", all)
	}
	var single []string
	for _, s := range steps {
		single = append(single, ids(compareAccepted(t, nil, "2026-09-01", s))...)
	}
	if slices.Sort(single); !slices.Equal(single, all) {
		t.Errorf("one at a time\n%v\nall at once\n%v", single, all)
	}
	for name, rewrite := range rewritings() {
		if name == "every reference inlined" || name == "OpenAPI 3.1" {
			continue // these edits change the place
		}
		after := base(t)
		apply(t, after, steps)
		rewrite(after)
		r := compareTrees(t, base(t), after)
		r.Changes = counted(r)
		if got := ids(r); !slices.Equal(got, all) {
			t.Errorf("%s:\n%v, want\n%v", name, got, all)
		}
	}
}

// TestAcceptanceFilesAreBounded checks that the steps to read or refuse a file grow
// linearly with its size, for wide mappings, long lists and deep nesting.
func TestAcceptanceFilesAreBounded(t *testing.T) {
	shapes := map[string]func(n int) string{
		"unknown keys": func(n int) string {
			return limitstest.List(n, func(i int) string { return fmt.Sprintf("\nk%d: v", i) })
		},
		"entries": func(n int) string {
			return "accepted: [" + limitstest.List(n, func(i int) string { return fmt.Sprintf("{id: i%d, reason: r}", i) }) + "]"
		},
	}
	for shape, text := range limitstest.JSON {
		shapes[shape] = func(n int) string { return "accepted: " + text(n) }
	}
	for shape, text := range shapes {
		limitstest.Growth(t, shape, 500, func(n int) int64 {
			data := text(n)
			return limitstest.Memory(func() {
				_, _ = ReadAcceptances("accept.yaml", strings.NewReader(data)) // most are refused
			})
		})
	}
	many := strings.Repeat("k: v\n", maxAcceptNodes)
	if _, err := ReadAcceptances("accept.yaml", strings.NewReader(many)); err == nil || !strings.Contains(err.Error(), "more than 400,000 nodes") {
		t.Errorf("%v", err)
	}
}

// TestManyAcceptances checks that each of many acceptances applies to its own change.
func TestManyAcceptances(t *testing.T) {
	const n = 5_000
	a, r := new(Acceptances), new(Report)
	for i := range n {
		id := fmt.Sprint("rule-", i)
		a.Accepted = append(a.Accepted, Acceptance{ID: id, Reason: "r"})
		r.Changes = append(r.Changes, Change{ID: id}, Change{ID: id + "x"})
	}
	a.apply(r, someDay)
	if len(r.Accepted) != n || len(r.Changes) != n || r.Changes[0].ID != "rule-0x" {
		t.Errorf("%d accepted, %d left", len(r.Accepted), len(r.Changes))
	}
}
