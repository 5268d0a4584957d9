package codegen

import (
	"bytes"
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"
)

const shortName = "x-xgen-operation-id-override"

// Prepare readies a cut of a foreign specification for the generator:
//
//   - Operations take their short name (x-xgen-operation-id-override), which Atlas's
//     own tools call them by, unless two share it.
//   - A field _id becomes ID in Go, unless its object has an id too.
//   - Defaults go: generated code never uses them, and the generator refuses an
//     allOf whose parts have different ones.
//
// The module's own contract needs none of it.
func Prepare(document []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	if root.Kind != yaml.DocumentNode || root.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the document's top level is no mapping")
	}
	shortenNames(root.Content[0])
	everyObject(root.Content[0], func(n *yaml.Node) {
		removeField(n, "default")
		nameID(value(n, "properties"))
	})
	return encode(&root)
}

// shortenNames gives operations their short names. One that another operation has
// too, as its short name or as its own, would name two functions alike.
func shortenNames(root *yaml.Node) {
	taken := make(map[string]int)
	operations := operationNodes(root)
	for _, op := range operations {
		id, short := value(op, "operationId"), value(op, shortName)
		for _, name := range slices.Compact([]*yaml.Node{id, short}) {
			if name != nil {
				taken[name.Value]++
			}
		}
	}
	for _, op := range operations {
		id, short := value(op, "operationId"), value(op, shortName)
		if id != nil && short != nil && taken[short.Value] == 1 {
			id.Value = short.Value
		}
	}
}

func operationNodes(root *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	for _, item := range fields(value(root, "paths")) {
		for _, op := range fields(item) {
			if value(op, "responses") != nil {
				found = append(found, op)
			}
		}
	}
	return found
}

// nameMaps are the keys whose value maps names of the API's to objects: a key
// "default" or "properties" below them is such a name.
var nameMaps = []string{"properties", "patternProperties", "responses", "schemas", "parameters", "headers", "content", "paths", "$defs"}

func nameID(properties *yaml.Node) {
	id := value(properties, "_id")
	if id == nil || id.Kind != yaml.MappingNode || value(properties, "id") != nil || value(id, "$ref") != nil || value(id, goName) != nil {
		return
	}
	setGoName(id, "ID")
}

func encode(root *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	err := enc.Encode(root)
	return out.Bytes(), err
}

// fields yields the members of a mapping in their order; of anything else none.
func fields(n *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
				return
			}
		}
	}
}

// value gives a member of a mapping, nil when it is not there.
func value(n *yaml.Node, key string) *yaml.Node {
	for k, v := range fields(n) {
		if k == key {
			return v
		}
	}
	return nil
}
