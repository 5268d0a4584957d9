package judge

import (
	"encoding/json"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Difference is one thing that happened to one declaration, seen from one operation
// at one version, on one way.
type Difference struct {
	Rule *Rule
	// Family is the same for differences that one edit can cause on both ways, though
	// their rules differ.
	Family string
	// Item is the member that was added to or removed from a list or a map: a property, a
	// value.
	Item string
	// Operation and Version are where it was found.
	Operation string
	Version   string
	// Subject is the part of the operation, such as "the request body"; Path is the
	// location in it, such as AWS.bucketName.
	Subject Subject
	Path    string
	// In and Parameter name the parameter that it is of, "" for none.
	In, Parameter string
	// Keyword is the schema keyword that changed, where the rule covers several.
	Keyword string
	// Old and New are the values, nil for none.
	Old, New json.RawMessage
	// Detail is an additional fact about the difference, "" if there is none.
	Detail string
	// Base and Revision are the places in the baseline and upstream. If a document lacks
	// the part, its place is where the part would be.
	Base, Revision oas.Place
	// Lost and Found report whether the declaration is in the baseline, and upstream.
	Lost, Found bool
}

// Subject is a part of an operation in words.
type Subject string

// Order sorts subjects as a call meets them.
func (s Subject) Order() int {
	switch s {
	case TheOperation:
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

// The subjects that are not named after something of the document's.
const (
	TheOperation     Subject = "the operation"
	TheRequest       Subject = "the request"
	TheResponse      Subject = "the response"
	TheErrorResponse Subject = "error responses"
)
