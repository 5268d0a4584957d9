package drift

import (
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// site is the place of a schema in the contract.
type site struct {
	pointer string
	ways    ways
	// parent is the schema of which it is a property or a member, and field the name of the
	// property. Both are "" for other schemas.
	parent, field string
}

// sites walks the contract from its operations to every schema, and determines the
// directions of each schema. It does so independently of the code under test.
func sites(root *yaml.Node) []*site {
	w := &siteWalk{root: root, known: make(map[string]*site)}
	eachOperation(root, func(pointer string, op *yaml.Node) {
		for i := range oas.Items(oas.Get(op, "parameters")) {
			w.holder(oas.Index(pointer+"/parameters", i), ways{request: true})
		}
		if oas.Get(op, "requestBody") != nil {
			w.holder(pointer+"/requestBody", ways{request: true})
		}
		for status := range oas.Pairs(oas.Get(op, "responses")) {
			w.holder(oas.Join(pointer, "responses", status), ways{response: true})
		}
	})
	return w.order
}

// siteWalk collects the sites of a contract in the order in which it reaches them.
type siteWalk struct {
	root  *yaml.Node
	order []*site
	known map[string]*site
}

// target returns the pointer itself, or the pointer that the reference at this place names.
func (w *siteWalk) target(pointer string) string {
	if ref := oas.Text(oas.Get(oas.Resolve(w.root, pointer), "$ref")); ref != "" {
		return ref[1:]
	}
	return pointer
}

// holder visits the schemas of a parameter, a body or a response.
func (w *siteWalk) holder(pointer string, way ways) {
	pointer = w.target(pointer)
	n := oas.Resolve(w.root, pointer)
	if oas.Get(n, "schema") != nil {
		w.schema(oas.Join(pointer, "schema"), "", "", way)
	}
	for media, m := range oas.Pairs(oas.Get(n, "content")) {
		if oas.Get(m, "schema") != nil {
			w.schema(oas.Join(pointer, "content", media, "schema"), "", "", way)
		}
	}
	for name := range oas.Pairs(oas.Get(n, "headers")) {
		w.schema(w.target(oas.Join(pointer, "headers", name))+"/schema", "", "", way)
	}
}

// schema visits a schema and those inside it, unless they were visited in this direction.
func (w *siteWalk) schema(pointer, parent, field string, way ways) {
	n := oas.Resolve(w.root, pointer)
	if ref := oas.Text(oas.Get(n, "$ref")); ref != "" {
		w.schema(ref[1:], "", "", way)
		return
	}
	if oas.True(oas.Get(n, "readOnly")) && field != "" {
		way.request = false
	}
	s := w.known[pointer]
	if s == nil {
		s = &site{pointer: pointer, parent: parent, field: field}
		w.known[pointer] = s
		w.order = append(w.order, s)
	} else if (s.ways.request || !way.request) && (s.ways.response || !way.response) {
		return
	}
	s.ways.request = s.ways.request || way.request
	s.ways.response = s.ways.response || way.response
	for name := range oas.Pairs(oas.Get(n, "properties")) {
		w.schema(oas.Join(pointer, "properties", name), pointer, name, way)
	}
	if oas.Get(n, "items") != nil {
		w.schema(oas.Join(pointer, "items"), pointer, "[]", way)
	}
	for i := range oas.Items(oas.Get(n, "oneOf")) {
		w.schema(oas.Index(oas.Join(pointer, "oneOf"), i), "", "", way)
	}
}

func eachOperation(root *yaml.Node, do func(pointer string, op *yaml.Node)) {
	for path, item := range oas.Pairs(oas.Get(root, "paths")) {
		for method, op := range oas.Pairs(item) {
			do(oas.Join("/paths", path, method), op)
		}
	}
}
