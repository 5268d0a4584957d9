package schema

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// leaf converts the error of one keyword to a failure.
func (k *kin) leaf(err *openapi3.SchemaError, at string) {
	keyword := err.SchemaField
	if strictKeywords[keyword] && inexact(find(k.value, at)) {
		k.wrongErrors++ // the strict walk checks it
		return
	}
	if keyword == "enum" && !hasType(err.Schema, err.Value) {
		keyword = "type"
	}
	f := Failure{
		Kind:     Violation,
		Keyword:  keyword,
		Pointer:  shortPointer(at),
		Spec:     k.index.place(cmp.Or(k.whole[err.Schema], err.Schema), keyword),
		Expected: expected(err.Schema, keyword, at),
		Actual:   actual(keyword, oas.LastStep(at), err.Value),
		Type:     typeOf(err.Value),
		Message:  message(keyword, err),
	}
	if keyword == "enum" {
		texts := k.index.enumOf(err.Schema)
		f.Expected = texts.expected
		if len(k.failures) < maxHints {
			f.Hint = phrase.DidYouMean(fmt.Sprint(err.Value), texts.first)
		}
	}
	k.failures = append(k.failures, f)
}

// hasType reports whether value is of a type that the schema allows.
func hasType(s *openapi3.Schema, value any) bool {
	typed := openapi3.Schema{Type: s.Type, Nullable: s.Nullable}
	return s.Type == nil || typed.VisitJSON(value) == nil
}

// enumTexts are the texts of an enumeration's values for findings.
type enumTexts struct {
	first    []string // the first maxCandidates
	expected string
}

// enumOf returns the texts of a schema's enumeration. They are built once, because many
// failures may repeat them.
func (ix *Index) enumOf(s *openapi3.Schema) enumTexts {
	if known, ok := ix.enums.Load(s); ok {
		return known.(enumTexts)
	}
	var texts enumTexts
	for _, v := range s.Enum[:min(len(s.Enum), maxCandidates)] {
		texts.first = append(texts.first, show(v))
	}
	texts.expected = "one of " + phrase.List(texts.first, len(s.Enum))
	ix.enums.Store(s, texts)
	return texts
}

func expected(s *openapi3.Schema, keyword, at string) string {
	switch keyword {
	case "required":
		return oas.LastStep(at)
	case "type":
		return strings.Join(s.Type.Slice(), " or ")
	case "nullable":
		return strings.Join(append(s.Type.Slice(), "not null"), ", ")
	case "pattern":
		return s.Pattern
	case "format":
		return s.Format
	case "oneOf":
		return "exactly one branch"
	case "anyOf":
		return "a branch"
	case "not":
		return "another value"
	case "readOnly", "writeOnly":
		return "absent (" + keyword + ")"
	}
	return bound(s, keyword)
}

func bound(s *openapi3.Schema, keyword string) string {
	switch keyword {
	case "minLength":
		return fmt.Sprintf("at least %d characters", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("at most %d characters", *s.MaxLength)
	case "minimum":
		return "at least " + number(*s.Min)
	case "maximum":
		return "at most " + number(*s.Max)
	case "exclusiveMinimum":
		return "more than " + number(*cmp.Or(s.ExclusiveMin.Value, s.Min))
	case "exclusiveMaximum":
		return "less than " + number(*cmp.Or(s.ExclusiveMax.Value, s.Max))
	case "multipleOf":
		return "a multiple of " + number(*s.MultipleOf)
	case "uniqueItems":
		return "each item once"
	case "minItems":
		return fmt.Sprintf("at least %d items", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("at most %d items", *s.MaxItems)
	}
	return "a value that satisfies " + keyword
}

// number returns a bound in the notation of a contract.
func number(f float64) string {
	if f == math.Trunc(f) {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// actual returns the text of the value of the member name.
func actual(keyword, name string, value any) string {
	switch keyword {
	case "required":
		return "missing"
	}
	if secrets.IsSecretName(name) {
		return secrets.Redacted
	}
	switch keyword {
	case "type", "nullable":
		return quote(value)
	case "minLength", "maxLength":
		if text, ok := value.(string); ok {
			return fmt.Sprintf("%d characters: %s", utf8.RuneCountInString(text), show(text))
		}
	}
	return show(value)
}

// messages describe each failed keyword.
var messages = map[string]string{
	"required":         "a required field is missing",
	"type":             "the value is of another type than declared",
	"nullable":         "the value is null, and the contract does not allow null here",
	"enum":             "the value is not one of the declared values",
	"pattern":          "the value does not match its pattern",
	"format":           "the value does not have its format",
	"minLength":        "the value is shorter than declared",
	"maxLength":        "the value is longer than declared",
	"minimum":          "the number is smaller than declared",
	"maximum":          "the number is larger than declared",
	"exclusiveMinimum": "the number is smaller than declared",
	"exclusiveMaximum": "the number is larger than declared",
	"multipleOf":       "the number is not a multiple of the declared one",
	"uniqueItems":      "an item occurs twice",
	"anyOf":            "the value matches no branch of the union",
	"not":              "the contract excludes the value",
	"readOnly":         "a read-only field is not allowed in a request",
	"writeOnly":        "a write-only field is not allowed in a response",
}

func message(keyword string, err *openapi3.SchemaError) string {
	if keyword == "oneOf" {
		if err.Origin == openapi3.ErrOneOfConflict { //nolint:errorlint // a conflict further down is another error
			return "the value matches more than one branch of the union"
		}
		keyword = "anyOf"
	}
	if text := messages[keyword]; text != "" {
		return text
	}
	return Window(err.Reason, 0)
}
