package oas

import (
	"maps"
	"slices"
)

// Sameness decides whether two schemas demand the same, in cycles too, and remembers
// what it found. The zero value is ready.
type Sameness struct{ known map[[2]*Schema]bool }

// Of reports whether a and b demand the same and have the same flags and default.
// Prose and names of components do not count; branches have to be in the same order.
func (s *Sameness) Of(a, b *Schema) bool {
	if s.known == nil {
		s.known = make(map[[2]*Schema]bool)
	}
	assumed := make(map[[2]*Schema]bool)
	same := s.same(a, b, assumed)
	if same { // every pair that was met holds, given that the others do
		maps.Copy(s.known, assumed)
	} else {
		s.known[[2]*Schema{a, b}] = false
	}
	return same
}

func (s *Sameness) same(a, b *Schema, assumed map[[2]*Schema]bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	pair := [2]*Schema{a, b}
	if same, known := s.known[pair]; known {
		return same
	}
	if assumed[pair] {
		return true
	}
	assumed[pair] = true
	inside := func(x, y *Schema) bool { return s.same(x, y, assumed) }
	return sameOutside(a, b) && inside(a.Items, b.Items) && inside(a.Additional, b.Additional) &&
		maps.EqualFunc(a.Subschemas, b.Subschemas, inside) &&
		maps.EqualFunc(a.Properties, b.Properties, func(x, y *Property) bool { return inside(x.Schema, y.Schema) }) &&
		sameUnion(a.Union, b.Union, inside)
}

// sameOutside compares what holds no schemas.
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

func sameUnion(a, b *Union, inside func(x, y *Schema) bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Property == b.Property && (a.Exclusive == b.Exclusive || a.Property != "") &&
		slices.EqualFunc(a.Branches, b.Branches, func(x, y *Branch) bool { return x.Value == y.Value && inside(x.Schema, y.Schema) })
}
