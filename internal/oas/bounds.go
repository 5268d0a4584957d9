package oas

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// lowerBounds are the keywords for which a larger value is more restrictive, upperBounds
// those for which a smaller value is.
var (
	lowerBounds = []string{"minLength", "minItems", "minProperties", "minContains", "minimum"}
	upperBounds = []string{"maxLength", "maxItems", "maxProperties", "maxContains", "maximum"}
)

// IsBound reports whether a keyword's values can be ordered by how restrictive they are.
func IsBound(keyword string) bool {
	return slices.Contains(lowerBounds, keyword) || slices.Contains(upperBounds, keyword)
}

// above and below mark an exclusive bound.
const above, below = "above ", "below "

// IsStricterBound reports whether bound a of the keyword excludes more values than bound b.
// Both are canonical JSON: a number, or "above 5" or "below 5" for an exclusive bound. It
// returns false for a keyword that is not a bound.
func IsStricterBound(keyword, a, b string) bool {
	x, exclusiveX, okX := ParseBound(a)
	y, exclusiveY, okY := ParseBound(b)
	if !okX || !okY || !IsBound(keyword) {
		return false
	}
	switch x.Compare(y) {
	case 0:
		return exclusiveX && !exclusiveY
	case 1:
		return slices.Contains(lowerBounds, keyword)
	default:
		return slices.Contains(upperBounds, keyword)
	}
}

// ParseBound parses the value of a bound in an effective schema, and reports whether the
// bound is exclusive.
func ParseBound(value string) (d Decimal, exclusive, ok bool) {
	text := Unquote(value)
	for _, word := range []string{above, below} {
		if rest, found := strings.CutPrefix(text, word); found {
			text, exclusive = rest, true
		}
	}
	d, ok = ParseDecimal(text)
	return d, exclusive, ok
}

// normalize removes assertions that have no effect or that another assertion implies.
func (s *Schema) normalize() {
	s.normalizeTypes()
	for _, keyword := range []string{"minLength", "minItems", "minProperties"} {
		if s.Assertions[keyword].Value == "0" {
			delete(s.Assertions, keyword)
		}
	}
	if s.Assertions["multipleOf"].Value == "1" && slices.Equal(s.Types, []string{"integer"}) {
		delete(s.Assertions, "multipleOf")
	}
	s.normalizeExclusive("minimum", "exclusiveMinimum", above, 1)
	s.normalizeExclusive("maximum", "exclusiveMaximum", below, -1)
}

// restricts names the type of the values that a keyword restricts; values of other types
// satisfy it.
var restricts = map[string]string{
	"minLength": "string", "maxLength": "string", "pattern": "string",
	"minimum": "number", "maximum": "number", "exclusiveMinimum": "number", "exclusiveMaximum": "number", "multipleOf": "number",
	"minItems": "array", "maxItems": "array", "uniqueItems": "array", "minContains": "array", "maxContains": "array", "contains": "array", "prefixItems": "array",
	"minProperties": "object", "maxProperties": "object", "dependentRequired": "object", "dependentSchemas": "object", "patternProperties": "object", "propertyNames": "object",
}

// IsAssertion reports whether a keyword restricts values. Other keywords among a schema's
// assertions are those that OpenAPI does not know.
func IsAssertion(keyword string) bool {
	keyword, _, _ = strings.Cut(keyword, "/")
	return restricts[keyword] != "" || slices.Contains([]string{"format", "type", "contentEncoding", "contentMediaType"}, keyword)
}

// normalizeTypes drops keywords that restrict values of a type that the schema excludes.
func (s *Schema) normalizeTypes() {
	if s.Types == nil {
		return
	}
	idle := func(keyword string) bool {
		keyword, _, _ = strings.Cut(keyword, "/")
		only := restricts[keyword]
		return only != "" && !slices.Contains(s.Types, only) && (only != "number" || !slices.Contains(s.Types, "integer"))
	}
	maps.DeleteFunc(s.Assertions, func(keyword string, _ Item) bool { return idle(keyword) })
	maps.DeleteFunc(s.Subschemas, func(keyword string, _ *Schema) bool { return idle(keyword) })
}

// normalizeExclusive merges two keywords into one bound: in OpenAPI 3.0 a boolean next to the
// bound makes it exclusive, in 3.1 there is a separate keyword. An integer above 5 is at
// least 6.
func (s *Schema) normalizeExclusive(inclusive, exclusive, word string, step int64) {
	bound, has := s.Assertions[exclusive]
	if !has {
		return
	}
	delete(s.Assertions, exclusive)
	present, both := s.Assertions[inclusive]
	switch bound.Value {
	case "false":
		return
	case "true":
		if !both {
			return
		}
		bound = Item{Value: present.Value, At: bound.At}
	}
	value := Quote(word + bound.Value)
	if d, ok := ParseDecimal(bound.Value); ok && slices.Equal(s.Types, []string{"integer"}) {
		if next, ok := d.Next(step); ok {
			value = next.String()
		}
	}
	if !both || IsStricterBound(inclusive, value, present.Value) {
		s.Assertions[inclusive] = Item{Value: value, At: bound.At}
		s.places[inclusive] = bound.At
	}
}

// normalizePattern writes a pattern in its canonical form, removes one that every text matches,
// and replaces the 8-4-4-4-12 pattern with format uuid.
func (s *Schema) normalizePattern(known patterns) {
	pattern, has := s.Assertions["pattern"]
	if !has || pattern.All != nil {
		return
	}
	facts := known.of(Unquote(pattern.Value))
	format, hasFormat := s.Assertions["format"]
	switch {
	case facts.all:
		delete(s.Assertions, "pattern")
	case facts.uuid && (!hasFormat || format.Value == `"uuid"`):
		delete(s.Assertions, "pattern")
		s.Assertions["format"] = Item{Value: `"uuid"`, At: pattern.At}
	default:
		s.Assertions["pattern"] = Item{Value: facts.canonical, At: pattern.At, Written: pattern.Shown()}
	}
}

// uuidLength is the length of a UUID as text (RFC 9562, section 4).
const uuidLength = 36

// normalizeLengths removes lengths that the schema's pattern, or format uuid, implies.
func (s *Schema) normalizeLengths(known patterns) {
	shortest, longest := 0, unlimited
	switch {
	case s.Assertions["format"].Value == `"uuid"`:
		shortest, longest = uuidLength, uuidLength
	case len(s.Each("pattern")) == 1:
		facts := known.of(Unquote(s.Assertions["pattern"].Shown()))
		shortest, longest = facts.shortest, facts.longest
	}
	if n, err := strconv.Atoi(s.Assertions["minLength"].Value); err == nil && n <= shortest {
		delete(s.Assertions, "minLength")
	}
	if n, err := strconv.Atoi(s.Assertions["maxLength"].Value); err == nil && longest < unlimited && n >= longest {
		delete(s.Assertions, "maxLength")
	}
}
