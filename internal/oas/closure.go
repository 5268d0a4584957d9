package oas

import (
	"crypto/sha256"
	"encoding/hex"
)

// closure returns a text that is equal for two parts if the parts and everything that they
// refer to are written the same, apart from prose and extensions.
func (d *Document) closure(n *Node) string {
	sum := sha256.New()
	queue, queued := []*Node{n}, map[*Node]bool{n: true}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		bare := Clone(next)
		Strip(bare, isProse)
		sum.Write([]byte(Canonical(bare)))
		_ = References(next, "", func(r Reference) error { // the visitor returns no error
			if target, _, err := d.Target(r.Ref); err == nil && !queued[target] {
				queued[target] = true
				queue = append(queue, target)
			}
			return nil
		})
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// isProse reports whether a key of an OpenAPI object is for human readers only, or is an
// extension.
func isProse(key string) bool {
	switch key {
	case "description", "summary", "title", "example", "examples", "externalDocs", "tags":
		return true
	}
	return len(key) > 2 && key[:2] == "x-"
}

// Strip removes the keys of OpenAPI objects that unwanted selects, in the tree below n. Data
// and the API's own names are kept, even if they equal such a key.
func Strip(n *Node, unwanted func(key string) bool) {
	Objects(n, func(object *Node) {
		Keep(object, func(key string, _ *Node) bool { return !unwanted(key) })
	})
}

// Objects calls visit for each OpenAPI object in the tree at n, outer objects first. Mappings
// from the API's names to objects, such as properties, and data, such as examples and enums,
// are not OpenAPI objects.
func Objects(n *Node, visit func(object *Node)) {
	for _, item := range Items(n) {
		Objects(item, visit)
	}
	if !IsMapping(n) {
		return
	}
	visit(n)
	for key, value := range Pairs(n) {
		switch {
		case isData(key) || key == "mapping" || key == "scopes":
		case IsMapping(value) && isNameMap(key):
			for _, object := range Pairs(value) {
				Objects(object, visit)
			}
		default:
			Objects(value, visit)
		}
	}
}

// Webhooks returns the document's webhooks by name. Like the parts in Effective.Uninterpreted,
// they are compared as a whole.
func (d *Document) Webhooks() map[string]Item {
	out := make(map[string]Item)
	for name, n := range Pairs(Get(d.root, "webhooks")) {
		out[name] = Item{Value: d.closure(n), At: d.placeOf(n, Join("/webhooks", name))}
	}
	return out
}
