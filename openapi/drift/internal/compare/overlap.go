package compare

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// exclusive compares whether a value that matches two forms is refused, as by oneOf. If a
// discriminator selects the form, a value matches only one form.
func (c *comparer) exclusive(base, revision *oas.Schema, w walk) {
	old, now := exclusive(base), exclusive(revision)
	d := Difference{Base: base.At, Revision: revision.At, Lost: true, Found: true}
	if before, after := unionKeyword(base), unionKeyword(revision); before != after {
		d.Old, d.New = Text(before), Text(after)
	}
	switch {
	case base.Union != nil && revision.Union != nil && (base.Union.Property == "") != (revision.Union.Property == ""):
		// the added or removed discriminator is reported
	case base.Union != nil && revision.Union != nil && old != now:
		u := base.Union
		if now {
			u = revision.Union
		}
		if u.Property == "" && somePair(u, func(a, b *oas.Schema) bool { return !disjoint(a, b, 0) }) {
			c.change(either(now, "exclusive-added", "exclusive-removed"), w, d)
		}
	case clashes(revision) != clashes(base):
		c.change(either(clashes(revision), "exclusive-added", "exclusive-removed"), w, d)
	}
}

func exclusive(s *oas.Schema) bool {
	return s.Union != nil && s.Union.Exclusive && s.Union.Property == ""
}

func unionKeyword(s *oas.Schema) string {
	switch {
	case s.Union == nil:
		return summary(s)
	case s.Union.Exclusive:
		return "oneOf"
	}
	return "anyOf"
}

// clashes reports whether it is certain that some value matches two forms of an exclusive
// union.
func clashes(s *oas.Schema) bool {
	return exclusive(s) && somePair(s.Union, overlap)
}

// maxPairs is the largest number of branches that are compared with each other.
const maxPairs = 50

func somePair(u *oas.Union, holds func(a, b *oas.Schema) bool) bool {
	for i, a := range u.Branches[:min(len(u.Branches), maxPairs)] {
		for _, b := range u.Branches[:i] {
			if holds(a.Schema, b.Schema) {
				return true
			}
		}
	}
	return false
}

// maxProof is the nesting depth to which disjoint compares schemas.
const maxProof = 4

// disjoint reports whether it is certain that no value satisfies both schemas.
func disjoint(a, b *oas.Schema, depth int) bool {
	switch {
	case a.Never || b.Never:
		return true
	case a.Union != nil || b.Union != nil || depth > maxProof:
		return false
	case a.Types != nil && b.Types != nil && !shareType(a, b):
		return true
	case a.Enum != nil && b.Enum != nil && !shareValue(a, b):
		return true
	}
	for name := range a.Required {
		p, q := a.Properties[name], b.Properties[name]
		if p != nil && q != nil && disjoint(p.Schema, q.Schema, depth+1) || q == nil && b.Closed {
			return true
		}
	}
	for name := range b.Required {
		if a.Properties[name] == nil && a.Closed {
			return true
		}
	}
	return false
}

// overlap reports whether it is certain that some value satisfies both schemas: an object
// with only the required properties of one, or a scalar.
func overlap(a, b *oas.Schema) bool {
	switch {
	case a.Never || b.Never:
		return false
	case !a.Demands() || !b.Demands():
		return true
	case a.Union != nil || b.Union != nil || disjoint(a, b, 0) || !shareType(a, b):
		return false
	}
	if slices.Contains(a.Types, "object") {
		return len(a.Assertions)+len(b.Assertions)+len(a.Subschemas)+len(b.Subschemas) == 0 && declares(a, b) && declares(b, a)
	}
	return slices.ContainsFunc(slices.Concat(examples(a), examples(b)), func(value string) bool {
		return accepts(a, value) && accepts(b, value)
	})
}

// declares reports whether a declares every property that b requires, and requires nothing
// that b cannot satisfy.
func declares(a, b *oas.Schema) bool {
	for name := range b.Required {
		p, q := a.Properties[name], b.Properties[name]
		if p == nil || q != nil && p.Demands() && q.Demands() && !overlap(p.Schema, q.Schema) {
			return false
		}
	}
	return true
}

// maxExample is the length of the longest text that examples makes.
const maxExample = 1000

// examples returns scalars, as JSON, that a schema may accept: its enum, or values at its
// bounds.
func examples(s *oas.Schema) []string {
	if s.Enum != nil {
		return oas.Values(s.Enum)
	}
	out := []string{`""`, "0", "true"}
	for keyword, bound := range s.Assertions {
		switch keyword {
		case "minimum", "maximum":
			if d, _, ok := oas.ParseBound(bound.Value); ok {
				out = append(out, d.String())
			}
		case "minLength", "maxLength":
			if n, err := strconv.Atoi(bound.Value); err == nil && n >= 0 && n <= maxExample {
				out = append(out, oas.Quote(strings.Repeat("a", n)))
			}
		}
	}
	return out
}

// accepts reports whether it is certain that a schema accepts a scalar.
func accepts(s *oas.Schema, value string) bool {
	listed := s.Enum == nil || slices.ContainsFunc(s.Enum, func(i oas.Item) bool { return i.Value == value })
	if !listed || s.Union != nil || len(s.Subschemas) > 0 || s.Types != nil && !admits(s.Types, []string{oas.TypeOf(value)}) {
		return false
	}
	for keyword, bound := range s.Assertions {
		if !within(keyword, bound.Value, value) {
			return false
		}
	}
	return true
}

// within reports whether it is certain that a scalar satisfies an assertion. If two forms
// have a common type, their schemas contain no assertions about other types.
func within(keyword, bound, value string) bool {
	number := value
	switch keyword {
	case "minLength", "maxLength":
		number = strconv.Itoa(utf8.RuneCountInString(oas.Unquote(value)))
		keyword = strings.Replace(keyword, "Length", "imum", 1)
	case "minimum", "maximum":
	default:
		return false
	}
	return bound == number || oas.DemandsMore(keyword, number, bound)
}

func shareType(a, b *oas.Schema) bool {
	if a.Types == nil || b.Types == nil {
		return a.Types == nil && b.Types == nil
	}
	return slices.ContainsFunc(a.Types, func(t string) bool {
		return slices.Contains(b.Types, t) || t == "integer" && slices.Contains(b.Types, "number") || t == "number" && slices.Contains(b.Types, "integer")
	})
}

func shareValue(a, b *oas.Schema) bool {
	values := set(oas.Values(b.Enum))
	return slices.ContainsFunc(a.Enum, func(i oas.Item) bool { return values[i.Value] })
}
