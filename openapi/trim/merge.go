package trim

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// mergeSchema adds add to the object schema into, so that the result demands what
// both demand. Where both speak of one property or keyword, the narrower holds.
func mergeSchema(into, add *yaml.Node) {
	for key, value := range pairs(add) {
		present := get(into, key.Value)
		switch {
		case present == nil:
			set(into, key.Value, clone(value))
		case key.Value == "properties":
			mergeProperties(present, value)
		case key.Value == "required":
			set(into, "required", union(present, value))
		default:
			set(into, key.Value, narrower(key.Value, present, value))
		}
	}
}

func mergeProperties(into, add *yaml.Node) {
	for name, schema := range pairs(add) {
		present := get(into, name.Value)
		switch {
		case present == nil || equal(present, schema):
			set(into, name.Value, clone(schema))
		case get(present, "$ref") != nil || get(schema, "$ref") != nil || !isPlainObject(present) || !isPlainObject(schema):
			set(into, name.Value, both(present, schema))
		default:
			merged := clone(schema)
			mergeSchema(merged, present)
			set(into, name.Value, merged)
		}
	}
}

// both keeps two demands that can't be merged into one. A reference that is the
// same on either side, prose aside, stands for itself.
func both(a, b *yaml.Node) *yaml.Node {
	if ref := get(a, "$ref"); ref != nil && equal(ref, get(b, "$ref")) {
		return clone(b)
	}
	return mapping(scalar("allOf"), sequence(clone(a), clone(b)))
}

func union(a, b *yaml.Node) *yaml.Node {
	out := clone(a)
	for _, item := range items(b) {
		if !contains(out.Content, item) {
			out.Content = append(out.Content, clone(item))
		}
	}
	return out
}

// narrower picks for one keyword with two values. For what has no order (prose,
// types, patterns) the subtype's value stands.
func narrower(key string, first, second *yaml.Node) *yaml.Node {
	switch key {
	case "enum":
		return intersection(first, second)
	case "minLength", "minItems", "minProperties", "minimum":
		return larger(first, second, 1)
	case "maxLength", "maxItems", "maxProperties", "maximum":
		return larger(first, second, -1)
	}
	return clone(second)
}

func intersection(a, b *yaml.Node) *yaml.Node {
	out := clone(b)
	out.Content = slices.DeleteFunc(out.Content, func(n *yaml.Node) bool { return !contains(a.Content, n) })
	if len(out.Content) == 0 {
		return clone(b)
	}
	return out
}

func larger(a, b *yaml.Node, sign float64) *yaml.Node {
	x, errX := strconv.ParseFloat(a.Value, 64)
	y, errY := strconv.ParseFloat(b.Value, 64)
	if errX == nil && errY == nil && sign*x > sign*y {
		return clone(a)
	}
	return clone(b)
}
