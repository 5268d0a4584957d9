package codegen

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const deprecatedReason = "x-deprecated-reason"

// explainDeprecations adds a reason, for the Deprecated comments of the generated code, to
// each deprecated operation that has a sunset but no reason.
func explainDeprecations(root *oas.Node) {
	for _, op := range operationNodes(root) {
		version, date := sunset(op)
		if date != "" && oas.True(oas.Get(op, "deprecated")) && oas.Get(op, deprecatedReason) == nil {
			oas.Set(op, deprecatedReason, oas.String(fmt.Sprintf("Atlas switches resource version %s off on %s.", version, date)))
		}
	}
}

// sunset returns the resource version of an operation and the earliest sunset of its
// successful responses, as YYYY-MM-DD; "" if there is none.
func sunset(op *oas.Node) (version, date string) {
	for status, response := range oas.Pairs(oas.Get(op, "responses")) {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		for mediaType, media := range oas.Pairs(oas.Get(response, "content")) {
			if d := oas.Text(oas.Get(media, "x-sunset")); d != "" && (date == "" || d < date) {
				version, date = oas.MediaTypeVersion(mediaType), d
			}
		}
	}
	return version, date
}
