package trim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// prose lists the keys that are for human readers only. The title of a schema is prose; the
// title of the document is not.
var prose = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags", "termsOfService", "contact"}

// extensions are the extensions that are part of the contract.
var extensions = []string{"x-xgen-version", "x-sunset", "x-xgen-operation-id-override", "x-upstream-operation-id", "x-extrapolated", oas.UnmappedValues}

// Stripped returns a copy without prose and without extensions that do not affect the
// contract. The error reports an invalid document.
func Stripped(d *oas.Document) (*oas.Document, error) {
	out, err := d.WithRoot(oas.Clone(d.Root()))
	if err == nil {
		strip(out)
	}
	return out, err
}

// strip drops prose and the extensions that are not part of the contract, except those
// in keepExtensions.
func strip(d *oas.Document, keepExtensions ...string) {
	info := oas.Get(d.Root(), "info")
	title := oas.Get(info, "title")
	kept := slices.Concat(extensions, keepExtensions)
	oas.Strip(d.Root(), func(key string) bool {
		if strings.HasPrefix(key, "x-") {
			return !slices.Contains(kept, key)
		}
		return slices.Contains(prose, key)
	})
	if title != nil {
		info.Content = slices.Insert(info.Content, 0, oas.String("title"), title)
	}
	oas.Objects(d.Root(), func(object *oas.Node) {
		for name, response := range oas.Pairs(oas.Get(object, "responses")) {
			if oas.Get(response, "$ref") == nil {
				describeResponse(name, response)
			}
		}
		for scope := range oas.Pairs(oas.Get(object, "scopes")) {
			oas.Set(oas.Get(object, "scopes"), scope, oas.String(""))
		}
	})
}

// describeResponse sets the description that OpenAPI requires for a response: the name of
// the status in HTTP, or the name of the component.
func describeResponse(name string, response *oas.Node) {
	description := name
	if status, err := strconv.Atoi(name); err == nil && http.StatusText(status) != "" {
		description = http.StatusText(status)
	}
	oas.Set(response, "description", oas.String(description))
}

// DropNames removes the operationIds and the document's info, which a prose overlay may
// set.
func DropNames(d *oas.Document) error {
	oas.Remove(d.Root(), "info")
	ops, err := d.Operations()
	for _, op := range ops {
		oas.Remove(op.Node(), "operationId")
	}
	return err
}
