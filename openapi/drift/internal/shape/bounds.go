package shape

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// lowerBounds and upperBounds are the keywords whose larger, or smaller, value demands more.
var (
	lowerBounds = []string{"minLength", "minItems", "minProperties", "minimum"}
	upperBounds = []string{"maxLength", "maxItems", "maxProperties", "maximum"}
)

// IsBound tells whether a keyword's values can be ordered by how much they demand.
func IsBound(keyword string) bool {
	return slices.Contains(lowerBounds, keyword) || slices.Contains(upperBounds, keyword)
}

// DemandsMore tells whether bound a of the keyword excludes more than bound b. Both
// are canonical JSON: a number, or "above 5" and "below 5" for a bound that is itself excluded.
func DemandsMore(keyword, a, b string) bool {
	x, y := boundOf(a), boundOf(b)
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return false
	case x == y:
		return isExclusive(a) && !isExclusive(b)
	case slices.Contains(lowerBounds, keyword):
		return x > y
	}
	return x < y
}

func boundOf(value string) float64 {
	text := unquote(value)
	for _, word := range []string{above, below} {
		text = strings.TrimPrefix(text, word)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

// above and below mark a bound that is itself excluded.
const above, below = "above ", "below "

func isExclusive(value string) bool { return strings.HasPrefix(value, `"`) }

// tidy drops assertions that say nothing, or what another one says better.
func (s *Schema) tidy() {
	for _, keyword := range []string{"minLength", "minItems", "minProperties"} {
		if s.Assertions[keyword].Value == "0" {
			delete(s.Assertions, keyword)
		}
	}
	s.tidyExclusive("minimum", "exclusiveMinimum", above, 1)
	s.tidyExclusive("maximum", "exclusiveMaximum", below, -1)
	s.tidyPattern()
	s.tidyLengths()
}

// tidyExclusive makes one bound of two keywords: OpenAPI 3.0 writes a boolean beside
// the bound, 3.1 a bound of its own. An integer above 5 is at least 6.
func (s *Schema) tidyExclusive(inclusive, exclusive, word string, step int64) {
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
	value := quote(word + bound.Value)
	if n, err := strconv.ParseInt(bound.Value, 10, 62); err == nil && slices.Equal(s.Types, []string{"integer"}) {
		value = strconv.FormatInt(n+step, 10)
	}
	if !both || DemandsMore(inclusive, value, present.Value) {
		s.Assertions[inclusive] = Item{Value: value, At: bound.At}
		s.places[inclusive] = bound.At
	}
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
		s.Assertions["format"] = Item{Value: `"uuid"`, At: pattern.At}
		return
	}
	s.Assertions["pattern"] = Item{Value: quote(canonicalPattern(text)), At: pattern.At, Written: pattern.Shown()}
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
