package codegen

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const plainJSON = "application/json"

// operation identifies a generated request, and contains the media types that are hidden
// from the generator (see plainMediaTypes).
type operation struct {
	name, method, path string
	// accept is the media type of the response, send the media type of a JSON body; "" if
	// there is none.
	accept, send string
}

// operationsOf lists a document's operations by path and method.
func operationsOf(doc *openapi3.T) []operation {
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op := operations[method]
			all = append(all, operation{name: op.OperationID, method: method, path: path, accept: acceptOf(op), send: sendOf(op)})
		}
	}
	return all
}

// acceptOf returns the media types of an operation's successful responses, beginning with
// those that the code can decode. If there are none, it returns a dated media type, because
// a response without a body has a version too.
func acceptOf(op *openapi3.Operation) string {
	var accepted []string
	other, fallback := "", ""
	for _, status := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		response := op.Responses.Value(status).Value
		if response == nil || len(response.Content) == 0 {
			continue
		}
		mediaType := withoutParameters(preferred(slices.Collect(maps.Keys(response.Content))))
		switch {
		case strings.HasPrefix(status, "2"):
			accepted = append(accepted, mediaType)
		case status == "default":
			fallback = mediaType
		case other == "" && oas.MediaTypeVersion(mediaType) != "":
			other = mediaType
		}
	}
	if len(accepted) == 0 {
		return cmp.Or(other, fallback)
	}
	slices.SortStableFunc(accepted, func(a, b string) int { return rank(a) - rank(b) })
	return strings.Join(slices.Compact(accepted), ", ")
}

func sendOf(op *openapi3.Operation) string {
	if op.RequestBody == nil || op.RequestBody.Value == nil || len(op.RequestBody.Value.Content) == 0 {
		return ""
	}
	return preferred(slices.Collect(maps.Keys(op.RequestBody.Value.Content)))
}

func withoutParameters(mediaType string) string {
	bare, _, _ := strings.Cut(mediaType, ";")
	return strings.TrimSpace(bare)
}

// rank sorts media types: JSON of the extracted version, plain JSON, other JSON, and types
// that the code does not decode.
func rank(mediaType string) int {
	bare := strings.ToLower(withoutParameters(mediaType))
	switch {
	case isDatedJSON(bare):
		return 0
	case bare == plainJSON:
		return 1
	case strings.HasSuffix(bare, "+json"):
		return 2
	}
	return 3
}

func isJSON(mediaType string) bool { return rank(mediaType) < 3 }

// preferred returns the media type that the code encodes or decodes if there are several.
func preferred(mediaTypes []string) string {
	return slices.MinFunc(mediaTypes, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
}

// plainMediaTypes replaces all JSON media types by application/json, because the generator
// includes media types in names: programs then call CreateExportBucket and read JSON200,
// not CreateExportBucketWithApplicationVndAtlas20240530PlusJSONBody, and the names do not
// change with the version. If a place has several JSON media types, only the preferred one
// is kept. editRequests restores the media types in the requests.
func plainMediaTypes(n *oas.Node) {
	for _, child := range n.Content {
		plainMediaTypes(child)
	}
	content := oas.Get(n, "content")
	if !oas.IsMapping(content) {
		return
	}
	var names []string
	for name := range oas.Pairs(content) {
		if isJSON(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	best := preferred(names)
	kept := oas.Mapping()
	for name, media := range oas.Pairs(content) {
		switch {
		case name == best:
			oas.Set(kept, plainJSON, media)
		case !isJSON(name):
			oas.Set(kept, name, media)
		}
	}
	oas.Set(n, "content", kept)
}

func isDatedJSON(mediaType string) bool {
	return oas.MediaTypeVersion(mediaType) != "" && strings.HasSuffix(mediaType, "+json")
}
