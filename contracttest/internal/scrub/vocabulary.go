package scrub

import (
	"strings"
	"time"
)

// Vocabulary contains the names and enum values of a specification. Recordings may contain
// them, because the specification is public. A Scrubber always has the vocabulary of export
// buckets; a nil Vocabulary adds nothing to it.
type Vocabulary struct {
	// PathWords are the literal segments of the declared paths.
	PathWords map[string]bool
	// Query and Fields are the declared query parameters and the properties of schemas, by
	// name. If several schemas have a property with the same name, its Values are merged.
	Query, Fields map[string]Values
}

// Values are the values of a parameter or a field that may be kept.
type Values struct {
	// Listed are the values of the enumeration.
	Listed map[string]bool
	// Boolean and Integer are true if booleans or whole numbers may be kept.
	Boolean, Integer bool
	// Time is true if an RFC 3339 time is replaced by placeholderTime.
	Time bool
}

// placeholderTime replaces every time of a field, since times can identify what was recorded.
const placeholderTime = "2020-01-01T00:00:00Z"

// scrub returns the scrubbed text; ok is false if the vocabulary does not cover it.
func (v Values) scrub(text string) (kept string, ok bool) {
	switch {
	case v.Listed[text], v.Boolean && boolean.MatchString(text), v.Integer && number.MatchString(text):
		return text, true
	case v.Time:
		if _, err := time.Parse(time.RFC3339, text); err == nil {
			return placeholderTime, true
		}
	}
	return "", false
}

func (v *Vocabulary) isPathWord(segment string) bool {
	return pathWords[segment] || v != nil && v.PathWords[segment]
}

func (v *Vocabulary) query(name string) (Values, bool) {
	if v == nil {
		return Values{}, false
	}
	values, known := v.Query[name]
	return values, known
}

func (v *Vocabulary) field(name string) (Values, bool) {
	if v == nil {
		return Values{}, false
	}
	values, known := v.Fields[name]
	return values, known
}

// Add returns the union of v and the values of another declaration with the same name.
func (v Values) Add(more Values) Values {
	for text := range more.Listed {
		if v.Listed == nil {
			v.Listed = map[string]bool{}
		}
		v.Listed[text] = true
	}
	v.Boolean = v.Boolean || more.Boolean
	v.Integer = v.Integer || more.Integer
	v.Time = v.Time || more.Time
	return v
}

// AddPath adds the literal segments of a path template.
func (v *Vocabulary) AddPath(template string) {
	for segment := range strings.SplitSeq(template, "/") {
		if !strings.ContainsAny(segment, "{}") {
			v.PathWords[segment] = true
		}
	}
}
