package codegen

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

const plainJSON = "application/json"

// operation is what a generated request is known by, and the media types that the
// generator is not told of (see plainMediaTypes).
type operation struct {
	name, method, path string
	// accept is the media type of the answer, send that of a JSON body; "" for none.
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

// acceptOf gives the media type of an operation's successful answer, or else of
// any answer that is dated: an answer without a body has a version too.
func acceptOf(op *openapi3.Operation) string {
	other := ""
	for _, status := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		response := op.Responses.Value(status).Value
		if response == nil || len(response.Content) == 0 {
			continue
		}
		mediaType := preferred(response.Content)
		if strings.HasPrefix(status, "2") {
			return mediaType
		}
		if other == "" && trim.MediaTypeVersion(mediaType) != "" {
			other = mediaType
		}
	}
	return other
}

func sendOf(op *openapi3.Operation) string {
	if op.RequestBody == nil || op.RequestBody.Value == nil || len(op.RequestBody.Value.Content) == 0 {
		return ""
	}
	return preferred(op.RequestBody.Value.Content)
}

// preferred is the media type that the generator encodes and decodes: JSON, where
// there is a choice.
func preferred(content openapi3.Content) string {
	mediaTypes := slices.Sorted(maps.Keys(content))
	for _, m := range mediaTypes {
		if strings.HasSuffix(m, "json") {
			return m
		}
	}
	return mediaTypes[0]
}

// plainMediaTypes calls dated JSON plain JSON, since the generator makes names of
// media types: what a program calls is then CreateExportBucket and JSON200, not
// CreateExportBucketWithApplicationVndAtlas20240530PlusJSONBody, and stays the same
// when the version moves on. The requests get the dated ones back by setHeaders.
func plainMediaTypes(document []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	renameDated(&root)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err := enc.Encode(&root)
	return out.Bytes(), err
}

func renameDated(n *yaml.Node) {
	for _, child := range n.Content {
		renameDated(child)
	}
	content := value(n, "content")
	var dated []*yaml.Node
	for i := 0; content != nil && content.Kind == yaml.MappingNode && i+1 < len(content.Content); i += 2 {
		if key := content.Content[i]; isDatedJSON(key.Value) {
			dated = append(dated, key)
		}
	}
	if len(dated) == 1 && value(content, plainJSON) == nil {
		dated[0].Value = plainJSON
	}
}

func isDatedJSON(mediaType string) bool {
	return trim.MediaTypeVersion(mediaType) != "" && strings.HasSuffix(mediaType, "+json")
}
