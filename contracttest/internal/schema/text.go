package schema

import (
	"errors"
	"math"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// textRules are the constraints of a schema on strings.
type textRules struct {
	least, most int // characters
	pattern     *pattern
	format      *pattern
}

// compile sets the rules from the keywords of a schema. It returns false for a pattern that
// Go does not support, and for a format that only kin-openapi checks.
func (r *textRules) compile(assertions map[string]oas.Item, patterns *patternCache) bool {
	r.least = length(assertions["minLength"], 0)
	r.most = length(assertions["maxLength"], math.MaxInt32)
	if pattern, has := assertions["pattern"]; has {
		if r.pattern = patterns.of(oas.Unquote(pattern.Value)).fast; r.pattern == nil {
			return false
		}
	}
	switch format := oas.Unquote(assertions["format"].Value); format {
	case "":
	case "uuid":
		r.format = uuidPattern
	default:
		return !checkedFormat(format)
	}
	return true
}

// length returns a number of characters, or otherwise if the schema has none.
func length(item oas.Item, otherwise int) int {
	d, ok := oas.ParseDecimal(item.Value)
	if !ok {
		return otherwise
	}
	return int(min(float(d), math.MaxInt32))
}

// checkedFormat reports whether kin-openapi checks the format. Formats of integers are
// bounds, which the fast path supports.
func checkedFormat(format string) bool {
	if format == "int32" || format == "int64" {
		return false
	}
	_, text := openapi3.SchemaStringFormats[format]
	_, number := openapi3.SchemaNumberFormats[format]
	_, integer := openapi3.SchemaIntegerFormats[format]
	return text || number || integer
}

// allow reports whether the text satisfies the rules.
func (r *textRules) allow(text []byte, ascii bool) bool {
	length := len(text)
	if !ascii {
		length = utf8.RuneCount(text)
	}
	return length >= r.least && length <= r.most &&
		(r.pattern == nil || r.pattern.match(text)) && (r.format == nil || r.format.match(text))
}

// uuidPattern is the form of RFC 9562. It does not check the version and variant digits,
// because Atlas passes on ids of other clouds.
var uuidPattern = compilePattern(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

var errNoUUID = errors.New("not 8-4-4-4-12 hexadecimal digits")

// PlainOptions returns kin-openapi's options for validating a plain value.
func PlainOptions() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.SetSchemaRegexCompiler(lenientRegexp),
		openapi3.WithStringFormatValidator("uuid", openapi3.NewCallbackValidator(func(text string) error {
			if !uuidPattern.match([]byte(text)) {
				return errNoUUID
			}
			return nil
		})),
		openapi3.WithStringFormatValidator("date", dayIn(openapi3.SchemaStringFormats["date"])),
		openapi3.WithStringFormatValidator("date-time", dayIn(openapi3.SchemaStringFormats["date-time"])),
	}
}

var errNoDay = errors.New("the day does not exist")

// dayIn adds a check that the day exists (RFC 3339 §5.7) to kin-openapi's date format.
func dayIn(form openapi3.StringFormatValidator) openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(func(text string) error {
		if err := form.Validate(text); err != nil {
			return err
		}
		if _, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))]); err != nil {
			return errNoDay
		}
		return nil
	})
}

// shortMessage keeps kin-openapi from writing whole schemas and values into the text of
// every error below a union. These texts are not used here, and would take gigabytes for a
// text with many failures.
func shortMessage(err *openapi3.SchemaError) string { return err.SchemaField + ": " + err.Reason }

func kinOptions(d Direction, modern bool) []openapi3.SchemaValidationOption {
	options := append(PlainOptions(), openapi3.VisitAsResponse(), openapi3.SetSchemaErrorMessageCustomizer(shortMessage))
	if d == Request {
		options = append(options, openapi3.VisitAsRequest())
	}
	if modern {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	return options
}
