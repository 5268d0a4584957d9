package drift

import (
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
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
		n := oas.Resolve(root, pointer)
		if ref := oas.Text(oas.Get(n, "$ref")); ref != "" {
			walk(ref[1:], "", "", way)
			return
		}
		if oas.True(oas.Get(n, "readOnly")) && field != "" {
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
		for name := range oas.Pairs(oas.Get(n, "properties")) {
			walk(oas.Join(pointer, "properties", name), pointer, name, way)
		}
		if oas.Get(n, "items") != nil {
			walk(oas.Join(pointer, "items"), pointer, "[]", way)
		}
		for i := range oas.Items(oas.Get(n, "oneOf")) {
			walk(oas.Index(oas.Join(pointer, "oneOf"), i), "", "", way)
		}
	}
	holder := func(pointer string, way ways) {
		if ref := oas.Text(oas.Get(oas.Resolve(root, pointer), "$ref")); ref != "" {
			pointer = ref[1:]
		}
		n := oas.Resolve(root, pointer)
		if oas.Get(n, "schema") != nil {
			walk(oas.Join(pointer, "schema"), "", "", way)
		}
		for media, m := range oas.Pairs(oas.Get(n, "content")) {
			if oas.Get(m, "schema") != nil {
				walk(oas.Join(pointer, "content", media, "schema"), "", "", way)
			}
		}
		for name := range oas.Pairs(oas.Get(n, "headers")) {
			at := oas.Join(pointer, "headers", name)
			if ref := oas.Text(oas.Get(oas.Resolve(root, at), "$ref")); ref != "" {
				at = ref[1:]
			}
			walk(at+"/schema", "", "", way)
		}
	}
	eachOperation(root, func(pointer string, op *yaml.Node) {
		for i := range oas.Items(oas.Get(op, "parameters")) {
			holder(oas.Index(pointer+"/parameters", i), ways{request: true})
		}
		if oas.Get(op, "requestBody") != nil {
			holder(pointer+"/requestBody", ways{request: true})
		}
		for status := range oas.Pairs(oas.Get(op, "responses")) {
			holder(oas.Join(pointer, "responses", status), ways{response: true})
		}
	})
	return order
}

func eachOperation(root *yaml.Node, do func(pointer string, op *yaml.Node)) {
	for path, item := range oas.Pairs(oas.Get(root, "paths")) {
		for method, op := range oas.Pairs(item) {
			do(oas.Join("/paths", path, method), op)
		}
	}
}
