package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// kind identifies failures that are counted together.
type kind struct{ Case, Code string }

func (k kind) String() string { return fmt.Sprintf("%s: %s", k.Case, k.Code) }

// compare returns a line for each difference between a result and the pins.
func (p *part) compare(r *result.Result) []string {
	diffs := p.compareVersions(r.Versions)
	diffs = append(diffs, p.compareCounts(r.Counts)...)
	return append(diffs, p.compareFailures(r.Failures)...)
}

func (p *part) compareVersions(got map[string]string) (diffs []string) {
	for _, peer := range slices.Sorted(maps.Keys(got)) {
		if want, ok := p.Versions[peer]; !ok || !hasVersion(got[peer], want) {
			diffs = append(diffs, fmt.Sprintf("version of %s: got %q, pinned %q", peer, got[peer], want))
		}
	}
	for _, peer := range slices.Sorted(maps.Keys(p.Versions)) {
		if _, ok := got[peer]; !ok {
			diffs = append(diffs, fmt.Sprintf("version of %s: not reported, pinned %q", peer, p.Versions[peer]))
		}
	}
	return diffs
}

// anyVersion is pinned for a peer that is used in the version that the system has.
const anyVersion = "any"

// hasVersion reports whether a version is the pinned one or a patch version of it.
func hasVersion(got, pinned string) bool {
	return pinned == anyVersion || got == pinned || strings.HasPrefix(got, pinned+".")
}

func (p *part) compareCounts(got []result.Count) []string {
	pinned := make(map[string]int)
	for _, c := range p.Counts {
		pinned[c.Case] = c.Count
	}
	seen := make(map[string]int)
	for _, c := range got {
		seen[c.Case] = c.Count
	}
	return differences(pinned, seen, func(name string) string { return name }, nil)
}

func (p *part) compareFailures(got []result.Failure) []string {
	pinned := make(map[kind]int)
	var diffs []string
	for _, s := range p.Stays {
		k := kind{s.Case, s.Code}
		pinned[k] = s.Count
		if s.Reason == "" {
			diffs = append(diffs, fmt.Sprintf("%v: pinned without a reason", k))
		}
	}
	seen, texts := countFailures(got)
	return append(diffs, differences(pinned, seen, kind.String, texts)...)
}

// countFailures counts failures by kind and keeps the first text of each.
func countFailures(failures []result.Failure) (seen map[kind]int, texts map[kind]string) {
	seen, texts = make(map[kind]int), make(map[kind]string)
	for _, f := range failures {
		k := kind{f.Case, f.Code}
		if seen[k] == 0 {
			texts[k] = f.Text
		}
		seen[k]++
	}
	return seen, texts
}

// differences returns a line for each key whose counts differ, in the order of the
// lines. A count of zero and a missing key are the same only if neither map has the key.
func differences[K comparable](pinned, seen map[K]int, name func(K) string, texts map[K]string) (lines []string) {
	for k, n := range seen {
		want, ok := pinned[k]
		switch {
		case !ok:
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s: %d, not pinned\n%s", name(k), n, texts[k])))
		case want != n:
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s: %d, pinned %d\n%s", name(k), n, want, texts[k])))
		}
	}
	for k, want := range pinned {
		if _, ok := seen[k]; !ok {
			lines = append(lines, fmt.Sprintf("%s: not reported, pinned %d", name(k), want))
		}
	}
	slices.Sort(lines)
	return lines
}

// take replaces the pinned versions, counts and failures by those of a result. Versions
// that still match are kept, as are the reasons of failures that still occur.
func (p *part) take(r *result.Result) {
	versions := make(map[string]string)
	for peer, got := range r.Versions {
		versions[peer] = got
		if pinned, ok := p.Versions[peer]; ok && hasVersion(got, pinned) {
			versions[peer] = pinned
		}
	}
	reasons := make(map[kind]string)
	for _, s := range p.Stays {
		reasons[kind{s.Case, s.Code}] = s.Reason
	}
	seen, _ := countFailures(r.Failures)
	stays := []stay{}
	for k, n := range seen {
		stays = append(stays, stay{Case: k.Case, Code: k.Code, Count: n, Reason: reasons[k]})
	}
	slices.SortFunc(stays, func(a, b stay) int {
		return strings.Compare(a.Case+"\x00"+a.Code, b.Case+"\x00"+b.Code)
	})
	p.Versions, p.Counts, p.Stays = versions, slices.Clone(r.Counts), stays
}
