package compare

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Difference is one change of one declaration, found in one operation at one version and in
// one direction.
type Difference struct {
	Rule *Rule
	// Family is the same for differences that one edit can cause in both directions,
	// although their rules differ.
	Family string
	// Item is the member that was added to or removed from a list or a map, such as a
	// property or an enum value.
	Item string
	// Operation and Version are those in which it was found.
	Operation string
	Version   string
	// Subject is the part of the operation, such as "the request body"; Path is the
	// location in it, such as AWS.bucketName.
	Subject Subject
	Path    string
	// In and Parameter are the location and name of the parameter that changed, or "".
	In, Parameter string
	// Keyword is the schema keyword that changed, if the rule covers several keywords.
	Keyword string
	// Old and New are the values; nil means that there is no value.
	Old, New json.RawMessage
	// Detail is an additional fact about the difference, or "".
	Detail string
	// Base and Revision are the places in the baseline and upstream. If a document lacks
	// the part, its place is where the part would be.
	Base, Revision oas.Place
	// Lost and Found report whether the declaration is in the baseline and in the upstream
	// document.
	Lost, Found bool
}

// several contains the texts that replace Rule.What if several values changed together.
var several = map[string]string{
	"request-enum-value-added":    "enum values {new} were added",
	"response-enum-value-added":   "enum values {new} were added",
	"request-enum-value-removed":  "enum values {old} were removed",
	"response-enum-value-removed": "enum values {old} were removed",
}

// Sentence describes a difference to which the rule applies.
func (d *Difference) Sentence() string {
	what := d.Rule.What
	if many := several[d.Rule.ID]; many != "" && strings.HasPrefix(d.Item, "[") {
		what = many
	}
	return fill(what, shown(json.RawMessage(d.Item)), d.Keyword, shown(d.Old), shown(d.New))
}

// maxListed is the largest number of values that a sentence lists.
const maxListed = 5

// shown returns JSON for human readers: strings without quotes, lists of strings with at
// most maxListed of them, and "none" for nil.
func shown(raw json.RawMessage) string {
	if raw == nil {
		return "none"
	}
	var text string
	if json.Unmarshal(raw, &text) == nil && text != "" {
		return text
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil || len(list) < 2 {
		return string(raw)
	}
	if more := len(list) - maxListed; more > 1 {
		return "[" + strings.Join(list[:maxListed], ", ") + " and " + strconv.Itoa(more) + " more]"
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// Subject describes a part of an operation.
type Subject string

// Order returns a number that sorts subjects in the order of a call: first the request, then
// the response.
func (s Subject) Order() int {
	switch s {
	case TheDocument, TheOperation:
		return 0
	case TheResponse:
		return 3
	case TheErrorResponse:
		return 4
	case TheRequest:
		return 2
	}
	return 1
}

// The subjects that do not contain a name from the document.
const (
	TheDocument      Subject = "the document"
	TheOperation     Subject = "the operation"
	TheRequest       Subject = "the request"
	TheResponse      Subject = "the response"
	TheErrorResponse Subject = "error responses"
)
