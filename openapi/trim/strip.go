package trim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// prose are the keys that explain and don't bind. A schema's title is prose, the
// document's is not.
var prose = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags", "termsOfService", "contact"}

// extensions are the ones that say something of the contract.
var extensions = []string{"x-xgen-version", "x-sunset", "x-xgen-operation-id-override", unmappedValues}

// nameMaps are the keys whose value maps names of the API's to objects: below
// "properties" a key "description" is a field, not prose.
var nameMaps = []string{
	"paths", "properties", "patternProperties", "responses", "content", "headers", "schemas", "parameters",
	"requestBodies", "securitySchemes", "callbacks", "links", "encoding", "variables", "flows", "$defs", "dependentSchemas",
}

// literals are the keys whose value is data of the API's, not an object of the specification's.
var literals = []string{"default", "enum", "const", "required", "mapping", "security"}

// strip drops prose and the extensions that say nothing of the contract, less those
// in keepExtensions.
func (d *Document) strip(keepExtensions ...string) {
	info := get(d.root, "info")
	title := get(info, "title")
	stripper{slices.Concat(extensions, keepExtensions)}.object(d.root)
	if title != nil {
		info.Content = slices.Insert(info.Content, 0, scalar("title"), title)
	}
}

// stripper strips a tree of all extensions but some.
type stripper struct{ extensions []string }

func (s stripper) object(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			s.object(item)
		}
		return
	}
	keep(n, func(key string, _ *yaml.Node) bool { return !s.drops(key) })
	for key, value := range pairs(n) {
		switch {
		case key.Value == "scopes":
			stripScopes(value)
		case slices.Contains(literals, key.Value):
		case slices.Contains(nameMaps, key.Value) && value.Kind == yaml.MappingNode:
			s.named(key.Value, value)
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

func (s stripper) named(section string, names *yaml.Node) {
	for name, value := range pairs(names) {
		s.object(value)
		if section == "responses" && get(value, "$ref") == nil {
			describeResponse(name.Value, value)
		}
	}
}

// describeResponse gives a response the description that OpenAPI demands: the
// status's name in HTTP, or the component's own name.
func describeResponse(name string, response *yaml.Node) {
	description := name
	if status, err := strconv.Atoi(name); err == nil && http.StatusText(status) != "" {
		description = http.StatusText(status)
	}
	set(response, "description", scalar(description))
}

func stripScopes(scopes *yaml.Node) {
	for name := range pairs(scopes) {
		set(scopes, name.Value, scalar(""))
	}
}

// DropNames drops what only names things for people and generators: operationIds
// and the document's own info. A prose overlay may set both.
func (d *Document) DropNames() {
	remove(d.root, "info")
	for _, op := range d.Operations() {
		remove(op.node, "operationId")
	}
}
