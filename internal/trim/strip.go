package trim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// prose are the keys that explain and don't bind. A schema's title is prose, the
// document's is not.
var prose = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags", "termsOfService", "contact"}

// extensions are the ones that say something of the contract.
var extensions = []string{"x-xgen-version", "x-sunset", "x-xgen-operation-id-override", oas.UnmappedValues}

// strip drops prose and the extensions that say nothing of the contract, less those
// in keepExtensions.
func (d *Document) strip(keepExtensions ...string) {
	info := oas.Get(d.Root(), "info")
	title := oas.Get(info, "title")
	stripper{slices.Concat(extensions, keepExtensions)}.object(d.Root())
	if title != nil {
		info.Content = slices.Insert(info.Content, 0, oas.String("title"), title)
	}
}

// stripper strips a tree of all extensions but some.
type stripper struct{ extensions []string }

func (s stripper) object(n *oas.Node) {
	if oas.IsSequence(n) {
		for _, item := range n.Content {
			s.object(item)
		}
		return
	}
	oas.Keep(n, func(key string, _ *oas.Node) bool { return !s.drops(key) })
	for key, value := range oas.Pairs(n) {
		switch {
		case key == "scopes":
			stripScopes(value)
		case key == "mapping" || oas.IsData(key):
		case oas.IsNameMap(key) && oas.IsMapping(value):
			s.named(key, value)
		default:
			s.object(value)
		}
	}
}

func (s stripper) drops(key string) bool {
	if strings.HasPrefix(key, "x-") {
		return !slices.Contains(s.extensions, key)
	}
	return slices.Contains(prose, key)
}

func (s stripper) named(section string, names *oas.Node) {
	for name, value := range oas.Pairs(names) {
		s.object(value)
		if section == "responses" && oas.Get(value, "$ref") == nil {
			describeResponse(name, value)
		}
	}
}

// describeResponse gives a response the description that OpenAPI demands: the
// status's name in HTTP, or the component's own name.
func describeResponse(name string, response *oas.Node) {
	description := name
	if status, err := strconv.Atoi(name); err == nil && http.StatusText(status) != "" {
		description = http.StatusText(status)
	}
	oas.Set(response, "description", oas.String(description))
}

func stripScopes(scopes *oas.Node) {
	for name := range oas.Pairs(scopes) {
		oas.Set(scopes, name, oas.String(""))
	}
}

// DropNames drops what only names things for people and generators: operationIds
// and the document's own info. A prose overlay may set both.
func (d *Document) DropNames() {
	oas.Remove(d.Root(), "info")
	for _, op := range d.Operations() {
		oas.Remove(op.Node(), "operationId")
	}
}
