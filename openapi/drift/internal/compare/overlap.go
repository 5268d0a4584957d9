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
		oneOf := base.Union
		if now {
			oneOf = revision.Union
		}
		if anyPair(oneOf, func(a, b *oas.Schema) bool { return !disjoint(a, b, 0) }) {
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
	return exclusive(s) && anyPair(s.Union, overlap)
}

// maxPairs is the largest number of branches that are compared with each other.
const maxPairs = 50

func anyPair(u *oas.Union, holds func(a, b *oas.Schema) bool) bool {
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
	for _, name := range names(a.Required, b.Required) {
		p, q := a.Properties[name], b.Properties[name]
		if p == nil && a.Closed || q == nil && b.Closed || p != nil && q != nil && disjoint(p.Schema, q.Schema, depth+1) {
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
	case !a.HasRequirements() || !b.HasRequirements():
		return true
	case a.Union != nil || b.Union != nil || disjoint(a, b, 0) || !shareType(a, b):
		return false
	}
	if slices.Contains(a.Types, "object") {
		return !hasOtherKeywords(a) && !hasOtherKeywords(b) && coversRequired(a, b) && coversRequired(b, a)
	}
	return slices.ContainsFunc(slices.Concat(examples(a), examples(b)), func(value string) bool {
		return accepts(a, value) && accepts(b, value)
	})
}

// hasOtherKeywords reports whether a schema has keywords other than those about types,
// values and the members of objects and lists.
func hasOtherKeywords(s *oas.Schema) bool { return len(s.Assertions) > 0 || len(s.Subschemas) > 0 }

// coversRequired reports whether a declares every property that b requires, and requires
// nothing that b cannot satisfy.
func coversRequired(a, b *oas.Schema) bool {
	for name := range b.Required {
		p, q := a.Properties[name], b.Properties[name]
		if p == nil || q != nil && p.HasRequirements() && q.HasRequirements() && !overlap(p.Schema, q.Schema) {
			return false
		}
	}
	return true
}

// exampleBits is the size of the length of a text that examples makes: at most 1,023.
const exampleBits = 10

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
			if n, err := strconv.ParseUint(bound.Value, 10, exampleBits); err == nil {
				out = append(out, oas.Quote(strings.Repeat("a", int(n))))
			}
		}
	}
	return out
}

// accepts reports whether it is certain that a schema accepts a scalar.
func accepts(s *oas.Schema, value string) bool {
	listed := s.Enum == nil || slices.ContainsFunc(s.Enum, func(i oas.Item) bool { return i.Value == value })
	if !listed || s.Union != nil || len(s.Subschemas) > 0 || !admits(s.Types, []string{oas.TypeOf(value)}) {
		return false
	}
	for keyword, bound := range s.Assertions {
		if !within(keyword, bound.Value, value) {
			return false
		}
	}
	return true
}

// within reports whether it is certain that a scalar satisfies an assertion. A bound has no
// effect on values of other types.
func within(keyword, bound, value string) bool {
	number := value
	switch kind := oas.TypeOf(value); keyword {
	case "minLength", "maxLength":
		if kind != "string" {
			return true
		}
		number = strconv.Itoa(utf8.RuneCountInString(oas.Unquote(value)))
		keyword = strings.Replace(keyword, "Length", "imum", 1)
	case "minimum", "maximum":
		if kind != "integer" && kind != "number" {
			return true
		}
	default:
		return false
	}
	return bound == number || oas.IsStricterBound(keyword, number, bound)
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
