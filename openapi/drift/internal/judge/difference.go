package judge

import (
	"encoding/json"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
)

// Difference is one thing that happened to one declaration, seen from one operation
// at one version, on one way.
type Difference struct {
	Rule *Rule
	// Family is the same for differences that one edit can cause on both ways, though
	// their rules differ.
	Family string
	// Item is what was added to or removed from a list or a map: a property, a value.
	Item string
	// Operation and Version say where it was seen.
	Operation string
	Version   string
	// Subject is the part of the operation, such as "the request body"; Path what of
	// it, such as AWS.bucketName.
	Subject Subject
	Path    string
	// Old and New are the values, nil for none.
	Old, New json.RawMessage
	// Was and Is are the places in the baseline and upstream; one that is not there
	// has its would-be place.
	Was, Is shape.Place
	// Lost and Found tell that the declaration is in the baseline, or upstream.
	Lost, Found bool
}

// Subject is a part of an operation in words.
type Subject string

// subjects that are not named after something of the document's.
const (
	theOperation   Subject = "the operation"
	theRequestBody Subject = "the request"
	theAnswer      Subject = "the answer"
	theErrorAnswer Subject = "error answers"
)
