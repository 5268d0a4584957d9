package drift

import (
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// site is a place in the contract where a schema stands.
type site struct {
	pointer string
	ways    ways
	// field tells that it is a property, a member of a list or of a map: what it is
	// in, and the name.
	parent, field string
}

// sites walks the contract from its operations to every schema, and finds out on
// which ways each one travels. It knows nothing of how the comparison does that.
func sites(root *yaml.Node) []*site {
	var order []*site
	known := make(map[string]*site)
	var walk func(pointer, parent, field string, way ways)
	walk = func(pointer, parent, field string, way ways) {
		n := tree.Resolve(root, pointer)
		if ref := tree.Text(tree.Get(n, "$ref")); ref != "" {
			walk(ref[1:], "", "", way)
			return
		}
		if tree.True(tree.Get(n, "readOnly")) && field != "" {
			way.request = false
		}
		s := known[pointer]
		if s == nil {
			s = &site{pointer: pointer, parent: parent, field: field}
			known[pointer] = s
			order = append(order, s)
		} else if (s.ways.request || !way.request) && (s.ways.response || !way.response) {
			return
		}
		s.ways.request = s.ways.request || way.request
		s.ways.response = s.ways.response || way.response
		for name := range tree.Pairs(tree.Get(n, "properties")) {
			walk(tree.Join(pointer, "properties", name), pointer, name, way)
		}
		if tree.Get(n, "items") != nil {
			walk(tree.Join(pointer, "items"), pointer, "[]", way)
		}
		for i := range tree.Items(tree.Get(n, "oneOf")) {
			walk(tree.Index(tree.Join(pointer, "oneOf"), i), "", "", way)
		}
	}
	holder := func(pointer string, way ways) {
		if ref := tree.Text(tree.Get(tree.Resolve(root, pointer), "$ref")); ref != "" {
			pointer = ref[1:]
		}
		n := tree.Resolve(root, pointer)
		if tree.Get(n, "schema") != nil {
			walk(tree.Join(pointer, "schema"), "", "", way)
		}
		for media, m := range tree.Pairs(tree.Get(n, "content")) {
			if tree.Get(m, "schema") != nil {
				walk(tree.Join(pointer, "content", media, "schema"), "", "", way)
			}
		}
		for name := range tree.Pairs(tree.Get(n, "headers")) {
			at := tree.Join(pointer, "headers", name)
			if ref := tree.Text(tree.Get(tree.Resolve(root, at), "$ref")); ref != "" {
				at = ref[1:]
			}
			walk(at+"/schema", "", "", way)
		}
	}
	eachOperation(root, func(pointer string, op *yaml.Node) {
		for i := range tree.Items(tree.Get(op, "parameters")) {
			holder(tree.Index(pointer+"/parameters", i), ways{request: true})
		}
		if tree.Get(op, "requestBody") != nil {
			holder(pointer+"/requestBody", ways{request: true})
		}
		for status := range tree.Pairs(tree.Get(op, "responses")) {
			holder(tree.Join(pointer, "responses", status), ways{response: true})
		}
	})
	return order
}

func eachOperation(root *yaml.Node, do func(pointer string, op *yaml.Node)) {
	for path, item := range tree.Pairs(tree.Get(root, "paths")) {
		for method, op := range tree.Pairs(item) {
			do(tree.Join("/paths", path, method), op)
		}
	}
}
