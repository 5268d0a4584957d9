package shape

import (
	"slices"
	"strconv"
)

// lowerBounds and upperBounds are the keywords whose larger, or smaller, value demands more.
var (
	lowerBounds = []string{"minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"}
	upperBounds = []string{"maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"}
)

// IsLowerBound tells whether a larger value of the keyword demands more.
func IsLowerBound(keyword string) bool { return slices.Contains(lowerBounds, keyword) }

// IsUpperBound tells whether a smaller value of the keyword demands more.
func IsUpperBound(keyword string) bool { return slices.Contains(upperBounds, keyword) }

// tidy drops assertions that say nothing, or what another one says better.
func (s *Schema) tidy() {
	for _, keyword := range []string{"minLength", "minItems", "minProperties"} {
		if s.Assertions[keyword].Value == "0" {
			delete(s.Assertions, keyword)
		}
	}
	s.tidyExclusive("minimum", "exclusiveMinimum", 1)
	s.tidyExclusive("maximum", "exclusiveMaximum", -1)
	s.tidyPattern()
	s.tidyLengths()
}

// tidyExclusive turns OpenAPI 3.0's boolean into 3.1's bound of its own, and the
// exclusive bound of an integer into the inclusive one beside it.
func (s *Schema) tidyExclusive(inclusive, exclusive string, step int64) {
	bound, has := s.Assertions[exclusive]
	if !has {
		return
	}
	switch bound.Value {
	case "false":
		delete(s.Assertions, exclusive)
		return
	case "true":
		delete(s.Assertions, exclusive)
		if bound, has = s.Assertions[inclusive]; !has {
			return
		}
		delete(s.Assertions, inclusive)
		s.Assertions[exclusive] = bound
	}
	if n, err := strconv.ParseInt(bound.Value, 10, 62); err == nil && slices.Equal(s.Types, []string{"integer"}) {
		delete(s.Assertions, exclusive)
		if present, ok := s.Assertions[inclusive]; ok && !demandsMore(inclusive, strconv.FormatInt(n+step, 10), present.Value) {
			return
		}
		s.Assertions[inclusive] = Item{strconv.FormatInt(n+step, 10), bound.At}
	}
}

// demandsMore tells whether bound a of the keyword excludes more than bound b.
func demandsMore(keyword, a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return false
	}
	if IsLowerBound(keyword) {
		return x > y
	}
	return x < y
}

// tidyPattern brings a pattern into the form that equal ones share, and writes the
// 8-4-4-4-12 pattern as format uuid.
func (s *Schema) tidyPattern() {
	pattern, has := s.Assertions["pattern"]
	if !has {
		return
	}
	text := unquote(pattern.Value)
	if _, hasFormat := s.Assertions["format"]; isUUIDPattern(text) && (!hasFormat || s.Assertions["format"].Value == `"uuid"`) {
		delete(s.Assertions, "pattern")
		s.Assertions["format"] = Item{`"uuid"`, pattern.At}
		return
	}
	s.Assertions["pattern"] = Item{quote(canonicalPattern(text)), pattern.At}
}

// uuidLength is the length of a UUID as text (RFC 9562, section 4).
const uuidLength = 36

// tidyLengths drops lengths that the pattern beside them, or format uuid, implies.
func (s *Schema) tidyLengths() {
	shortest, longest := 0, -1
	switch {
	case s.Assertions["format"].Value == `"uuid"`:
		shortest, longest = uuidLength, uuidLength
	case s.Assertions["pattern"].Value != "":
		shortest, longest = patternLengths(unquote(s.Assertions["pattern"].Value))
	}
	if n, err := strconv.Atoi(s.Assertions["minLength"].Value); err == nil && n <= shortest {
		delete(s.Assertions, "minLength")
	}
	if n, err := strconv.Atoi(s.Assertions["maxLength"].Value); err == nil && longest >= 0 && n >= longest {
		delete(s.Assertions, "maxLength")
	}
}
