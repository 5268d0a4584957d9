package schema

import (
	"math/rand/v2"
	"slices"
)

// schemaDrawer generates random schemas and values from few names, texts and numbers, so
// that they often match.
type schemaDrawer struct {
	*rand.Rand
	is31 bool
}

func draw[T any](d schemaDrawer, from ...T) T { return from[d.IntN(len(from))] }

// several returns different elements, at least one.
func several[T any](d schemaDrawer, from ...T) []any {
	var out []any
	for _, i := range d.Perm(len(from))[:1+d.IntN(len(from))] {
		out = append(out, from[i])
	}
	return out
}

// value returns a random JSON value in the form of encoding/json.
func (d schemaDrawer) value(depth int) any {
	if depth > 0 && d.IntN(2) == 0 {
		if d.IntN(2) == 0 {
			items := []any{}
			for range d.IntN(4) {
				items = append(items, d.value(depth-1))
			}
			return items
		}
		object := map[string]any{}
		for range d.IntN(4) {
			object[draw(d, "a", "b", "c")] = d.value(depth - 1)
		}
		return object
	}
	return draw[any](d, nil, true, false, 0.0, 1.0, 2.0, 3.0, 4.0, 1.5, -1.0, "", "a", "b", "ab", "abc")
}

// schema returns a random schema with up to three keywords next to a type, or none.
func (d schemaDrawer) schema(depth int) any {
	if d.is31 && d.IntN(12) == 0 {
		return d.IntN(2) == 0
	}
	if depth > 0 && d.IntN(6) == 0 {
		return map[string]any{"allOf": d.alike()}
	}
	s := map[string]any{}
	if d.IntN(3) > 0 {
		s["type"] = draw[any](d, "string", "number", "integer", "boolean", "object", "array")
		if d.is31 && d.IntN(4) == 0 {
			s["type"] = several(d, "string", "null", "number", "object", "array")
		}
	}
	if !d.is31 && s["type"] != nil && d.IntN(4) == 0 {
		s["nullable"] = true
	}
	for range d.IntN(4) {
		keyword, argument := d.keyword(depth)
		s[keyword] = argument
		d.complete(s)
	}
	return s
}

// alike returns random schemas with the same type and keywords, which are merged for the
// fast path.
func (d schemaDrawer) alike() []any {
	var list []any
	name := draw(d, "string", "number", "object")
	for range 2 + d.IntN(2) {
		s := map[string]any{"type": name}
		for range 1 + d.IntN(2) {
			switch name {
			case "string":
				keyword := draw(d, "minLength", "maxLength")
				s[keyword], s["pattern"] = draw(d, 0.0, 1.0, 2.0, 3.0), draw(d, "^a", "b$", "^[ab]+$", "^.*$")
			case "number":
				s[draw(d, "minimum", "maximum", "multipleOf")] = draw(d, 0.5, 1.0, 2.0, 3.0)
			case "object":
				s["properties"] = map[string]any{draw(d, "a", "b"): d.schema(0)}
				s[draw(d, "required", "x-required")] = several(d, "a", "b")
			}
		}
		if !d.is31 && d.IntN(3) == 0 {
			s["nullable"] = true
		}
		list = append(list, s)
	}
	return list
}

// complete adds the keywords that OpenAPI 3.0 requires next to a keyword.
func (d schemaDrawer) complete(s map[string]any) {
	if _, has := s["minimum"]; !has && s["exclusiveMinimum"] == true {
		s["minimum"] = 1.0
	}
	if s["type"] == "array" && s["items"] == nil {
		s["items"] = map[string]any{}
	}
}

// keyword returns a random keyword and its argument.
func (d schemaDrawer) keyword(depth int) (string, any) {
	if depth > 0 && d.IntN(2) == 0 {
		return d.applicator(depth - 1)
	}
	number := draw(d, 0.0, 1.0, 2.0, 3.0)
	switch name := draw(d, "enum", "pattern", "required", "multipleOf", "uniqueItems", "exclusiveMinimum", "minimum", "maximum", "minLength",
		"maxLength", "minItems", "maxItems", "minProperties", "maxProperties"); name {
	case "enum":
		return name, slices.Concat(several(d, "a", "b", "ab"), several[any](d, 1.0, 2.0, true))
	case "pattern":
		return name, draw(d, "^a", "b$", "^[ab]+$", "x")
	case "required":
		return name, several(d, "a", "b", "c")
	case "multipleOf":
		return name, draw(d, 0.5, 2.0)
	case "uniqueItems":
		return name, true
	case "exclusiveMinimum":
		if d.is31 {
			return name, number
		}
		return name, true
	default:
		return name, number
	}
}

// applicator returns a random keyword that contains schemas.
func (d schemaDrawer) applicator(depth int) (string, any) {
	names := []string{"properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf", "not"}
	if d.is31 {
		names = append(names, "prefixItems", "contains", "if", "then", "else")
	}
	switch name := draw(d, names...); name {
	case "properties":
		members := map[string]any{}
		for _, member := range several(d, "a", "b", "c") {
			members[member.(string)] = d.schema(depth)
		}
		return name, members
	case "allOf", "anyOf", "oneOf", "prefixItems":
		list := []any{d.schema(depth)}
		for range d.IntN(3) {
			list = append(list, d.schema(depth))
		}
		return name, list
	case "additionalProperties":
		if d.IntN(2) == 0 {
			return name, false
		}
		return name, d.schema(depth)
	default:
		return name, d.schema(depth)
	}
}
