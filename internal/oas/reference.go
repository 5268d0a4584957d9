package oas

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// The reasons why a reference does not lead to a node.
var (
	// ErrExternal is a reference that leads out of the document. It is never followed.
	ErrExternal = errors.New("external references are not followed")
	// ErrDangling is a reference to nothing.
	ErrDangling = errors.New("the document does not contain the target of the reference")
	// ErrLoop is a chain of references that leads back to its start.
	ErrLoop = errors.New("it is part of a loop of references")
)

// targets caches the targets of references. Documents are read concurrently.
type targets struct {
	sync.Mutex
	byRef   map[string]place
	anchors map[string]place
	// members are the members of large mappings.
	members map[*Node]map[string]*Node
}

// place is a node and its pointer.
type place struct {
	node    *Node
	pointer string
}

// Target returns the target of a reference within the document, and its pointer. The
// reference is a JSON pointer or an $anchor. The errors are ErrExternal and ErrDangling.
func (d *Document) Target(ref string) (*Node, string, error) {
	d.targets.Lock()
	defer d.targets.Unlock()
	if t, known := d.targets.byRef[ref]; known {
		return t.node, t.pointer, nil
	}
	pointer, local := strings.CutPrefix(ref, "#")
	if !local {
		return nil, "", fmt.Errorf("reference %q leaves the document: %w", ref, ErrExternal)
	}
	t := place{pointer: pointer}
	if strings.HasPrefix(pointer, "/") || pointer == "" {
		t.node = d.targets.resolve(d.root, pointer)
		if plain, err := url.PathUnescape(pointer); t.node == nil && err == nil {
			t = place{d.targets.resolve(d.root, plain), plain}
		}
	} else {
		t = d.anchor(pointer)
	}
	if t.node == nil {
		return nil, pointer, fmt.Errorf("reference %q: %w", ref, ErrDangling)
	}
	if d.targets.byRef == nil {
		d.targets.byRef = make(map[string]place)
	}
	d.targets.byRef[ref] = t
	return t.node, t.pointer, nil
}

// Forget discards the cached targets of references. Callers must call it after changing the
// tree.
func (d *Document) Forget() {
	d.targets.Lock()
	defer d.targets.Unlock()
	d.targets.byRef, d.targets.anchors, d.targets.members = nil, nil, nil
}

func (d *Document) anchor(name string) place {
	if d.targets.anchors == nil {
		d.targets.anchors = make(map[string]place)
		collectAnchors(d.root, "", d.targets.anchors)
	}
	return d.targets.anchors[name]
}

// collectAnchors collects the anchors below n. An anchor that occurs twice, below different
// $id, is not resolved, because it is not certain which one a reference means.
func collectAnchors(n *Node, pointer string, into map[string]place) {
	if name := Text(Get(n, "$anchor")); name != "" {
		if _, twice := into[name]; twice {
			into[name] = place{}
		} else {
			into[name] = place{n, pointer}
		}
	}
	for key, value := range Pairs(n) {
		collectAnchors(value, Join(pointer, key), into)
	}
	for i, item := range Items(n) {
		collectAnchors(item, Index(pointer, i), into)
	}
}

// Ref returns the value of an object's $ref, or "" if it has none.
func Ref(n *Node) string { return Text(Get(n, "$ref")) }

// maxTrail is the maximum length of a chain of references, and the maximum nesting depth of
// references and allOf. Real documents stay under 20.
const maxTrail = 500

// Follow follows references from a node to one that is not a reference, and returns that
// node and its pointer. Errors are ErrExternal, ErrDangling, ErrLoop and, for a chain of
// more than 500 references, a *limits.ExceededError.
func (d *Document) Follow(n *Node, pointer string) (*Node, string, error) {
	var trail []*Node
	for {
		ref := Ref(n)
		if ref == "" {
			return n, pointer, nil
		}
		if slices.Contains(trail, n) {
			return nil, pointer, fmt.Errorf("reference %q: %w", ref, ErrLoop)
		}
		if len(trail) >= maxTrail {
			return nil, pointer, &limits.ExceededError{Bound: "references in a chain", Limit: maxTrail, Place: pointer}
		}
		trail = append(trail, n)
		var err error
		if n, pointer, err = d.Target(ref); err != nil {
			return nil, pointer, err
		}
	}
}

// MappingRef returns the reference for a value of discriminator.mapping, which may be a bare
// schema name.
func MappingRef(value string) string {
	if strings.ContainsAny(value, "#/") {
		return value
	}
	return "#" + Join("/components/schemas", value)
}

// Reference is a reference and its place.
type Reference struct {
	// Ref is the reference as written, or "#/…" for a bare name in a mapping.
	Ref string
	// At is the object that contains $ref, or the mapping's value.
	At *Node
	// Pointer is the pointer of At.
	Pointer string
}

// References calls visit for each reference in the tree below n: $ref and
// discriminator.mapping. It stops at the first error. A $ref in data (an example, an enum, a
// default or an extension) and a property named $ref are not references.
func References(n *Node, pointer string, visit func(Reference) error) error {
	if n == nil || n.Kind == yaml.ScalarNode {
		return nil
	}
	if n.Kind == yaml.SequenceNode {
		for i, item := range n.Content {
			if err := References(item, Index(pointer, i), visit); err != nil {
				return err
			}
		}
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if err := memberReferences(n, n.Content[i].Value, n.Content[i+1], pointer, visit); err != nil {
			return err
		}
	}
	return nil
}

func memberReferences(n *Node, key string, value *Node, pointer string, visit func(Reference) error) error {
	switch {
	case key == "$ref" && value.Kind == yaml.ScalarNode:
		return visit(Reference{value.Value, n, pointer})
	case value.Kind == yaml.ScalarNode || isData(key) && key != "examples":
		return nil
	case key == "discriminator":
		at := Join(pointer, key, "mapping")
		for name, target := range Pairs(Get(value, "mapping")) {
			if err := visit(Reference{MappingRef(target.Value), target, Join(at, name)}); err != nil {
				return err
			}
		}
		return nil
	case key == "examples":
		for name, example := range Pairs(value) { // examples of a media type; examples of a schema are a list of values
			if ref := Ref(example); ref != "" {
				if err := visit(Reference{ref, example, Join(pointer, key, name)}); err != nil {
					return err
				}
			}
		}
		return nil
	case value.Kind == yaml.MappingNode && isNameMap(key):
		for name, object := range Pairs(value) {
			if err := References(object, Join(pointer, key, name), visit); err != nil {
				return err
			}
		}
		return nil
	}
	return References(value, Join(pointer, key), visit)
}

// nameMaps are the keys whose value maps names defined by the API to objects: a key
// "description" below "properties" is a field of the API.
var nameMaps = map[string]bool{
	"paths": true, "properties": true, "patternProperties": true, "responses": true, "content": true, "headers": true, "schemas": true,
	"parameters": true, "requestBodies": true, "securitySchemes": true, "callbacks": true, "links": true, "encoding": true, "variables": true,
	"flows": true, "$defs": true, "definitions": true, "dependentSchemas": true, "pathItems": true, "webhooks": true,
}

// isNameMap reports whether the value of a key of an OpenAPI object maps names to objects.
func isNameMap(key string) bool { return nameMaps[key] }

// isData reports whether the value of a key of an OpenAPI object is data of the API, not an
// OpenAPI object.
func isData(key string) bool {
	switch key {
	case "default", "enum", "const", "example", "examples", "required", "security", "dependentRequired":
		return true
	}
	return strings.HasPrefix(key, "x-")
}
