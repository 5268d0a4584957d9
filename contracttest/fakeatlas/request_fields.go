package fakeatlas

import "regexp"

// requestFields are the attributes of the request bodies. generate.go, at the root, has
// the line that writes contractFields.
type requestFields struct {
	create map[Provider]map[string]field
	update map[string]field
}

// field contains the constraints of the contract on one attribute of a request body.
type field struct {
	required bool
	kind     string // the JSON type
	min, max int    // characters; 0 for no limit
	pattern  *regexp.Regexp
	readOnly bool // accepted, but without effect (inferred)
}
