package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// pinned returns pins and the result from which they were taken.
func pinned() (*part, *result.Result) {
	r := new(result.Result)
	r.Version("peer", "2.4.71")
	r.Count("calls", 100)
	r.Count("lost", 0)
	r.Fail("GET /x", "schema", "at /y")
	r.Fail("GET /x", "schema", "at /z")
	p := new(part)
	p.take(r)
	p.Versions["peer"] = "2.4"
	p.Stays[0].Reason = "known"
	return p, r
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*part, *result.Result)
		want   []string
	}{
		{"the same", func(*part, *result.Result) {}, nil},
		{"another patch version", func(_ *part, r *result.Result) { r.Version("peer", "2.4.9") }, nil},
		{"any version of the system", func(p *part, _ *result.Result) { p.Versions["peer"] = "any" }, nil},
		{"another version", func(_ *part, r *result.Result) { r.Version("peer", "2.40.1") },
			[]string{`version of peer: got "2.40.1", pinned "2.4"`}},
		{"a new peer", func(_ *part, r *result.Result) { r.Version("other", "1") },
			[]string{`version of other: got "1", pinned ""`}},
		{"no version", func(_ *part, r *result.Result) { r.Versions = nil },
			[]string{`version of peer: not reported, pinned "2.4"`}},
		{"another count", func(_ *part, r *result.Result) { r.Counts[1].Count = 1 }, []string{"lost: 1, pinned 0"}},
		{"a new count", func(_ *part, r *result.Result) { r.Count("more", 0) }, []string{"more: 0, not pinned"}},
		{"a count of zero that is missing now", func(_ *part, r *result.Result) { r.Counts = r.Counts[:1] },
			[]string{"lost: not reported, pinned 0"}},
		{"fewer failures", func(_ *part, r *result.Result) { r.Failures = r.Failures[:1] },
			[]string{"GET /x: schema: 1, pinned 2\nat /y"}},
		{"no failure", func(_ *part, r *result.Result) { r.Failures = nil },
			[]string{"GET /x: schema: not reported, pinned 2"}},
		{"a new code", func(_ *part, r *result.Result) { r.Fail("GET /x", "status", "404") },
			[]string{"GET /x: status: 1, not pinned\n404"}},
		{"no reason", func(p *part, _ *result.Result) { p.Stays[0].Reason = "" },
			[]string{"GET /x: schema: pinned without a reason"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, r := pinned()
			test.change(p, r)
			if got := p.compare(r); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTakeKeepsReasonsAndMatchingVersions(t *testing.T) {
	p, r := pinned()
	r.Fail("GET /a", "status", "")
	p.take(r)
	if p.Versions["peer"] != "2.4" {
		t.Errorf("version %q", p.Versions["peer"])
	}
	want := []stay{{"GET /a", "status", 1, ""}, {"GET /x", "schema", 2, "known"}}
	if !slices.Equal(p.Stays, want) {
		t.Errorf("got %v, want %v", p.Stays, want)
	}
}

func TestBreakMustShowEachText(t *testing.T) {
	b := breakage{Name: "x", What: "a delete responds with 404", Fails: []string{"DELETE", "404"}}
	if err := b.compare([]string{"GET: 1", "DELETE 204: 404: 3, not pinned"}); err != nil {
		t.Error(err)
	}
	for _, diffs := range [][]string{nil, {"DELETE 204: 3, pinned 0"}} {
		if err := b.compare(diffs); err == nil || !strings.Contains(err.Error(), "the run must show") {
			t.Errorf("%q passes with a defect: %v", diffs, err)
		}
	}
}
