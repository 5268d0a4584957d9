package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
)

// Kind is the kind of a failure.
type Kind int

// The kinds.
const (
	Malformed  Kind = iota // the text is not JSON
	Duplicate              // an object has a key twice
	Undeclared             // a member that the contract does not declare
	Violation              // a keyword of a schema is violated
	NotJudged              // a keyword could not be checked in time: not a finding
)

// Failure is one problem in a text.
type Failure struct {
	Kind Kind
	// Keyword is the violated schema keyword, for a Violation.
	Keyword string
	// Pointer is the place in the text; "" is the whole text.
	Pointer string
	// Spec is the place in the contract, as a pointer into its document; "" if unknown.
	Spec     string
	Expected string
	Actual   string
	// Type is the JSON type of the invalid value, "" if there is no value.
	Type string
	// Branch is set for a discriminator that selects no branch: it is the place of the
	// first branch that the value matches except for the discriminator; "" if there is
	// none.
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

// MaxActual bounds the part of a text that is quoted, in bytes.
const MaxActual = 160

// Window cuts text to MaxActual bytes around the byte at, marks cuts with an ellipsis, and
// redacts credentials.
func Window[T string | []byte](text T, at int) string {
	start := max(0, min(at-MaxActual/2, len(text)-MaxActual))
	end := min(start+MaxActual, len(text))
	for range utf8.UTFMax - 1 { // a character may have this many bytes after a cut
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

// maxQuoted bounds the part of a string that is encoded to quote its start, in bytes. It is
// long enough to find a credential that the cut would divide.
const maxQuoted = 64 << 10

// quote returns a value as JSON, shortened at its end.
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

// show returns a string unchanged and any other value as JSON.
func show(value any) string {
	if s, ok := value.(string); ok {
		return Window(s, 0)
	}
	return quote(value)
}

// member returns the text of an object member, without its value if the name is that of a
// credential.
func member(name string, value any) string {
	if secrets.IsSecretName(name) {
		return Window(name, 0) + ": " + secrets.Redacted
	}
	return Window(name+": "+quote(value), 0)
}
