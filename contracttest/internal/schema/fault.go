package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
	"github.com/getkin/kin-openapi/openapi3"
)

// Kind is what sort of fault was found.
type Kind int

// The kinds.
const (
	Malformed  Kind = iota // the text is no JSON
	Duplicate              // an object has a key twice
	Undeclared             // a member that the contract does not declare
	Violation              // a keyword of a schema does not hold
	NotJudged              // a keyword could not be judged in time: not a finding
)

// Fault is one thing that is wrong with a text.
type Fault struct {
	Kind Kind
	// Keyword is the schema keyword that failed, of a Violation.
	Keyword string
	// Pointer is the place in the text; "" is the whole of it.
	Pointer string
	// Spec is the place in the contract, as a pointer into its document; "" is none.
	Spec     string
	Expected string
	Actual   string
	// Type is the JSON type of the value that is wrong: "" where there is none.
	Type string
	// Branch is the place of the first branch that the value fits apart from its
	// discriminator, of a discriminator that names no branch; "" is none.
	Branch  string
	Message string
	Hint    string
}

// typeOf returns the JSON type of a parsed value.
func typeOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return openapi3.TypeBoolean
	case string:
		return openapi3.TypeString
	case []any:
		return openapi3.TypeArray
	case map[string]any:
		return openapi3.TypeObject
	case json.Number:
		if !strings.ContainsAny(string(value), ".eE") {
			return openapi3.TypeInteger
		}
	case float64:
		if value == math.Trunc(value) {
			return openapi3.TypeInteger
		}
	}
	return openapi3.TypeNumber
}

// MaxActual bounds what is quoted of a text, in bytes.
const MaxActual = 160

// Window cuts text to MaxActual bytes around the byte at, marks what was cut with an
// ellipsis, and leaves credentials out.
func Window[T string | []byte](text T, at int) string {
	start := max(0, min(at-MaxActual/2, len(text)-MaxActual))
	end := min(start+MaxActual, len(text))
	for range utf8.UTFMax - 1 { // bytes that a character may have before or behind a cut
		if start > 0 && !utf8.RuneStart(text[start]) {
			start--
		}
		if end < len(text) && !utf8.RuneStart(text[end]) {
			end++
		}
	}
	cut := secrets.Mask(text, start, end)
	if start > 0 {
		cut = "…" + cut
	}
	if end < len(text) {
		cut += "…"
	}
	return cut
}

// maxQuoted is how much of a string is encoded to quote its start, in bytes: enough to find a
// credential that the cut goes through.
const maxQuoted = 64 << 10

// quote writes a value as JSON, cut at its end.
func quote(value any) string {
	if s, ok := value.(string); ok && len(s) > maxQuoted {
		value = strings.ToValidUTF8(s[:maxQuoted], "")
	}
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return Window(b, 0)
}

// show writes a string as it is and anything else as JSON.
func show(value any) string {
	if s, ok := value.(string); ok {
		return Window(s, 0)
	}
	return quote(value)
}

// member writes a member of an object, without its value where the name says that it
// is a credential.
func member(name string, value any) string {
	if secrets.IsSecretName(name) {
		return Window(name, 0) + ": " + secrets.Redacted
	}
	return Window(name+": "+quote(value), 0)
}
