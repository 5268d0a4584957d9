package trim

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// mergeSchema adds add to the object schema into, so that the result has the requirements
// of both. If both have the same property or keyword, the narrower value is kept, or both
// values if neither includes the other.
func mergeSchema(into, add *oas.Node) {
	for key, value := range oas.Pairs(add) {
		present := oas.Get(into, key)
		switch {
		case key == "allOf":
			addMembers(into, value.Content...)
		case present == nil:
			oas.Set(into, key, oas.Clone(value))
		case key == "properties" || key == "patternProperties":
			mergeProperties(present, value)
		case key == "required":
			oas.Set(into, "required", union(present, value))
		case slices.Contains(nested, key) && oas.IsMapping(present) && oas.IsMapping(value):
			oas.Set(into, key, mergedProperty(present, value))
		case slices.Contains(unordered, key) && !oas.Equal(present, value):
			addMembers(into, oas.Mapping(oas.String(key), value))
		default:
			oas.Set(into, key, narrower(key, present, value))
		}
	}
}

// nested are the keywords whose value is one schema that all values must satisfy.
var nested = []string{"additionalProperties", "items", "propertyNames"}

// unordered are the keywords for which a schema may have to satisfy two values.
var unordered = []string{"const", "contains", "dependentRequired", "dependentSchemas", "items", "multipleOf", "not", "pattern", "prefixItems"}

// addMembers adds the members that a schema's allOf lacks.
func addMembers(into *oas.Node, members ...*oas.Node) {
	oas.Set(into, "allOf", union(oas.Get(into, "allOf"), oas.Sequence(members...)))
}

func mergeProperties(into, add *oas.Node) {
	index := make(map[string]int, len(into.Content)/2) // of the value of a name
	for i := 1; i < len(into.Content); i += 2 {
		index[into.Content[i-1].Value] = i
	}
	for name, schema := range oas.Pairs(add) {
		if i, present := index[name]; present {
			into.Content[i] = mergedProperty(into.Content[i], schema)
		} else {
			into.Content = append(into.Content, oas.String(name), oas.Clone(schema))
		}
	}
}

func mergedProperty(present, schema *oas.Node) *oas.Node {
	switch {
	case oas.Equal(present, schema):
		return oas.Clone(schema)
	case oas.Get(present, "$ref") != nil || oas.Get(schema, "$ref") != nil || !isPlainObject(present) || !isPlainObject(schema):
		return both(present, schema)
	}
	merged := oas.Clone(schema)
	mergeSchema(merged, present)
	return merged
}

// both keeps two requirements that cannot be merged into one. If both are the same
// reference, apart from prose, that reference is enough.
func both(a, b *oas.Node) *oas.Node {
	if ref := oas.Get(a, "$ref"); ref != nil && oas.Equal(ref, oas.Get(b, "$ref")) {
		return oas.Clone(b)
	}
	return oas.Mapping(oas.String("allOf"), oas.Sequence(oas.Clone(a), oas.Clone(b)))
}

// union returns the items of both lists.
func union(a, b *oas.Node) *oas.Node {
	return oas.Clone(oas.Sequence(distinct(slices.Concat(oas.Items(a), oas.Items(b)))...))
}

// narrower selects one of a keyword's two values. If values have no order (prose, types,
// formats), the subtype's value is selected.
func narrower(key string, first, second *oas.Node) *oas.Node {
	switch {
	case key == "enum":
		return intersection(first, second)
	case oas.IsStricterBound(key, oas.Canonical(first), oas.Canonical(second)):
		return oas.Clone(first)
	}
	return oas.Clone(second)
}

// intersection returns the values of b that are also in a. If a and b have no value in common,
// it returns all of b, so that the list is not empty.
func intersection(a, b *oas.Node) *oas.Node {
	allowed := make(map[string]bool)
	for _, value := range oas.Items(a) {
		allowed[oas.Canonical(value)] = true
	}
	out := oas.Clone(b)
	out.Content = slices.DeleteFunc(out.Content, func(n *oas.Node) bool { return !allowed[oas.Canonical(n)] })
	if len(out.Content) == 0 {
		return oas.Clone(b)
	}
	return out
}
