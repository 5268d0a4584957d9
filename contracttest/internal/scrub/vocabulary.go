package scrub

import (
	"strings"
	"time"
)

// Vocabulary is the part of a specification that a recording may repeat, because the
// specification publishes it: names, and the values of enumerations. The nil Vocabulary is
// that of export buckets only, which a Scrubber always has.
type Vocabulary struct {
	// PathWords are the literal segments of the declared paths.
	PathWords map[string]bool
	// Query and Fields are the declared query parameters and the properties of schemas, by
	// name. Where several schemas have a property of one name, its Values are those of all.
	Query, Fields map[string]Values
}

// Values are the texts that may stay of a parameter or a field.
type Values struct {
	// Listed are the values of the enumeration.
	Listed map[string]bool
	// Boolean and Integer report that true and false, or whole numbers, may stay.
	Boolean, Integer bool
	// Time reports that an RFC 3339 time is replaced by another one.
	Time bool
}

// standInTime replaces every time of a field, since times can identify what was recorded.
const standInTime = "2020-01-01T00:00:00Z"

// scrub returns what may stay of a text; ok is false where the vocabulary does not say.
func (v Values) scrub(text string) (kept string, ok bool) {
	switch {
	case v.Listed[text], v.Boolean && boolean.MatchString(text), v.Integer && number.MatchString(text):
		return text, true
	case v.Time:
		if _, err := time.Parse(time.RFC3339, text); err == nil {
			return standInTime, true
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

// Add adds what another declaration of the same name allows.
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
