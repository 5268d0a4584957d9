package drift

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// objectMutations changes the properties of an object.
func objectMutations(s *site, n *yaml.Node) []mutation {
	var out []mutation
	for name, property := range oas.Pairs(oas.Get(n, "properties")) {
		out = append(out, requiredMutations(s, n, name, property)...)
		out = append(out, directionMutations(s, name, property)...)
	}
	place := s.pointer + "/properties/brandNew"
	add := func(root *yaml.Node, schema string) {
		oas.Set(oas.Get(oas.Resolve(root, s.pointer), "properties"), "brandNew", literal(schema))
	}
	out = append(out,
		mutation{"add a property", place, func(root *yaml.Node) { add(root, "{type: string}") }, Additive},
		mutation{"add a required property", place, func(root *yaml.Node) {
			add(root, "{type: string}")
			require(oas.Resolve(root, s.pointer), "brandNew")
		}, s.ways.worse(Breaking, Additive)},
	)
	if s.ways.request && !s.ways.response {
		out = append(out, mutation{"add a read-only property", place, func(root *yaml.Node) { add(root, "{type: string, readOnly: true}") }, InSync})
	}
	return out
}

// require adds a name to the required properties of an object.
func require(object *yaml.Node, name string) {
	list := oas.Get(object, "required")
	if list == nil {
		list = literal("[]")
		oas.Set(object, "required", list)
	}
	list.Content = append(list.Content, oas.String(name))
}

// unrequire removes a name from the required properties of an object.
func unrequire(object *yaml.Node, name string) {
	if list := oas.Get(object, "required"); list != nil {
		list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
	}
}

// propertyWays returns the directions of a property: a read-only property is not part of
// requests.
func propertyWays(s *site, property *yaml.Node) ways {
	return ways{request: s.ways.request && !oas.True(oas.Get(property, "readOnly")), response: s.ways.response}
}

// requiredMutations removes a property of the object n, and changes whether it is required.
func requiredMutations(s *site, n *yaml.Node, name string, property *yaml.Node) []mutation {
	w, at := propertyWays(s, property), oas.Join(s.pointer, "properties", name)
	out := []mutation{{"drop property", at, func(root *yaml.Node) {
		object := oas.Resolve(root, s.pointer)
		oas.Remove(oas.Get(object, "properties"), name)
		unrequire(object, name)
	}, w.always(Breaking)}}
	if slices.Contains(oas.Texts(oas.Get(n, "required")), name) {
		return append(out, mutation{"no longer required", at + " required", func(root *yaml.Node) { unrequire(oas.Resolve(root, s.pointer), name) }, grows(w)})
	}
	return append(out, mutation{"now required", at + " required", func(root *yaml.Node) { require(oas.Resolve(root, s.pointer), name) }, shrinks(w)})
}

// directionMutations changes whether a property is read-only or write-only.
func directionMutations(s *site, name string, property *yaml.Node) []mutation {
	w, at := propertyWays(s, property), oas.Join(s.pointer, "properties", name)
	var out []mutation
	if w.request && !w.response {
		out = append(out, mutation{"now read-only", at + "/readOnly", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, at), "readOnly", literal("true"))
		}, Breaking})
	}
	if w.response && oas.Get(property, "$ref") == nil {
		out = append(out, mutation{"now write-only", at + "/writeOnly", func(root *yaml.Node) {
			oas.Remove(oas.Resolve(root, at), "readOnly")
			oas.Set(oas.Resolve(root, at), "writeOnly", literal("true"))
		}, Breaking})
	}
	if !w.request && s.ways.request {
		out = append(out, mutation{"no longer read-only", at + "/readOnly", func(root *yaml.Node) {
			oas.Remove(oas.Resolve(root, at), "readOnly")
		}, Additive})
	}
	return out
}
