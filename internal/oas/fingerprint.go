package oas

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fingerprints compares many schemas with each other by their requirements, in linear time;
// Sameness compares two. The zero value is ready to use.
type Fingerprints struct {
	numbers map[string]int
	known   map[*Schema]int
}

// Of returns a number that is equal for schemas with equal requirements, even of different
// documents; 0 for nil. Where schemas contain themselves, equal numbers are only a sign of
// equal requirements; Sameness decides.
func (f *Fingerprints) Of(s *Schema) int {
	if s == nil {
		return 0
	}
	if f.known == nil {
		f.known, f.numbers = make(map[*Schema]int), make(map[string]int)
	}
	if n, ok := f.known[s]; ok {
		return n
	}
	f.known[s] = -1 // number of a schema inside itself
	text := f.text(s)
	n, ok := f.numbers[text]
	if !ok {
		n = len(f.numbers) + 1
		f.numbers[text] = n
	}
	f.known[s] = n
	return n
}

func (f *Fingerprints) text(s *Schema) string {
	var out strings.Builder
	fmt.Fprint(&out, s.Never, s.Nullable, s.ReadOnly, s.WriteOnly, s.Deprecated, s.Default)
	if s.Union != nil {
		// Keywords next to a choice are part of every branch.
		fmt.Fprintf(&out, " %v by %q", s.Union.Exclusive && s.Union.Property == "", s.Union.Property)
		branches := make([]string, 0, len(s.Union.Branches))
		for _, b := range s.Union.Branches {
			branches = append(branches, fmt.Sprintf(" %q:%d", b.Value, f.Of(b.Schema)))
		}
		slices.Sort(branches)
		return out.String() + strings.Join(branches, "")
	}
	fmt.Fprint(&out, s.Types == nil, s.Types, s.Closed, s.Enum == nil)
	for _, value := range Values(s.Enum) {
		out.WriteString(" " + value)
	}
	for _, keyword := range slices.Sorted(maps.Keys(s.Assertions)) {
		fmt.Fprintf(&out, " %s=%s", keyword, s.Assertions[keyword].Value)
	}
	fmt.Fprintf(&out, " items=%d more=%d required=%q", f.Of(s.Items), f.Of(s.Additional), slices.Sorted(maps.Keys(s.Required)))
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		fmt.Fprintf(&out, " %q:%d", name, f.Of(s.Properties[name].Schema))
	}
	for _, key := range slices.Sorted(maps.Keys(s.Subschemas)) {
		fmt.Fprintf(&out, " /%s:%d", key, f.Of(s.Subschemas[key]))
	}
	return out.String()
}
