package oas

import (
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// Sameness reports whether two schemas have equal requirements. It supports cycles and
// caches its results. The zero value is ready to use.
type Sameness struct {
	// Budget is spent on each pair of schemas that is compared; nil means no limit. After it
	// is used up, schemas count as different.
	Budget *limits.Budget
	known  map[schemaPair]bool
}

type schemaPair struct{ a, b *Schema }

// Of reports whether a and b have the same requirements, flags and default. Prose and names
// of components are ignored; branches must be in the same order.
func (s *Sameness) Of(a, b *Schema) bool {
	if s.known == nil {
		s.known = make(map[schemaPair]bool)
	}
	type reached struct {
		schemaPair
		from int // the position of the enclosing pair
	}
	pairs := []reached{{schemaPair{a, b}, -1}}
	met := map[schemaPair]bool{pairs[0].schemaPair: true}
	for i := 0; i < len(pairs); i++ {
		inside, same := s.outside(pairs[i].schemaPair)
		if !same {
			for ; i >= 0; i = pairs[i].from {
				s.known[pairs[i].schemaPair] = false
			}
			return false
		}
		for _, p := range inside {
			if !met[p] {
				met[p] = true
				pairs = append(pairs, reached{p, i})
			}
		}
	}
	maps.Copy(s.known, met) // each pair is the same, provided that the pairs that it depends on are the same
	return true
}

// outside compares two schemas except for their subschemas, and returns the pairs of
// subschemas that must be equal as well.
func (s *Sameness) outside(p schemaPair) (inside []schemaPair, same bool) {
	a, b := p.a, p.b
	if a == nil || b == nil {
		return nil, a == b
	}
	if same, known := s.known[p]; known {
		return nil, same
	}
	if s.Budget.Work(int64(1+len(a.Enum)+len(a.Properties))) != nil || !sameOutside(a, b) || !sameUnion(a.Union, b.Union) ||
		len(a.Properties) != len(b.Properties) || len(a.Subschemas) != len(b.Subschemas) {
		return nil, false
	}
	inside = append(inside, schemaPair{a.Items, b.Items}, schemaPair{a.Additional, b.Additional})
	for name, x := range sorted(a.Properties) {
		y := b.Properties[name]
		if y == nil {
			return nil, false
		}
		inside = append(inside, schemaPair{x.Schema, y.Schema})
	}
	for key, x := range sorted(a.Subschemas) {
		inside = append(inside, schemaPair{x, b.Subschemas[key]})
	}
	if a.Union != nil {
		for i, x := range a.Union.Branches {
			inside = append(inside, schemaPair{x.Schema, b.Union.Branches[i].Schema})
		}
	}
	return inside, true
}

// sameOutside compares the keywords that contain no schemas.
func sameOutside(a, b *Schema) bool {
	return a.Never == b.Never && a.Nullable == b.Nullable && a.ReadOnly == b.ReadOnly && a.WriteOnly == b.WriteOnly &&
		a.Deprecated == b.Deprecated && a.Default == b.Default && a.Closed == b.Closed && (a.Types == nil) == (b.Types == nil) &&
		slices.Equal(a.Types, b.Types) && (a.Enum == nil) == (b.Enum == nil) && sameValues(a.Enum, b.Enum) &&
		maps.EqualFunc(a.Assertions, b.Assertions, func(x, y Item) bool { return x.Value == y.Value }) &&
		maps.EqualFunc(a.Required, b.Required, func(Place, Place) bool { return true })
}

func sameValues(a, b []Item) bool {
	if slices.EqualFunc(a, b, func(x, y Item) bool { return x.Value == y.Value }) {
		return true
	}
	return len(a) == len(b) && slices.Equal(Values(a), Values(b))
}

// sameUnion compares two unions except for the schemas of their branches.
func sameUnion(a, b *Union) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Property == b.Property && (a.Exclusive == b.Exclusive || a.Property != "") &&
		slices.EqualFunc(a.Branches, b.Branches, func(x, y *Branch) bool { return x.Value == y.Value })
}
