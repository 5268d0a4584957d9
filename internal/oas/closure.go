package oas

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// part returns a part of the document that is compared as a whole.
func (d *Document) part(at place, withProse bool) Part {
	p := Part{At: d.placeOf(at.node, at.pointer)}
	if withProse {
		p = d.prosePart(at)
	}
	p.Value = d.closure(at.node, isProse)
	return p
}

// prosePart returns a part of the document that is only prose.
func (d *Document) prosePart(at place) Part {
	return Part{ValueWithProse: d.closure(at.node, isExtension), At: d.placeOf(at.node, at.pointer)}
}

// closure returns a text that is equal for two parts if the parts and everything that they
// refer to are the same, apart from unwanted keys and the names of what they refer to.
func (d *Document) closure(n *Node, unwanted func(key string) bool) string {
	return d.closureTexts(unwanted).of(n)
}

// closureTexts returns an empty collection of texts without unwanted keys.
func (d *Document) closureTexts(unwanted func(key string) bool) *closureTexts {
	return &closureTexts{doc: d, unwanted: unwanted, known: make(map[*Node]string)}
}

// closureTexts collects the texts of parts and of the parts to which they refer.
type closureTexts struct {
	doc      *Document
	unwanted func(key string) bool
	known    map[*Node]string
}

// of returns the text of a node in the document. A node that contains itself is replaced by
// its number there.
func (c *closureTexts) of(n *Node) string {
	if text, ok := c.known[n]; ok {
		return text
	}
	c.known[n] = "cycle " + strconv.Itoa(len(c.known))
	bare := Clone(n)
	Strip(bare, c.unwanted)
	targets := make(map[*Node]*Node)
	_ = References(bare, "", func(r Reference) error { // the visitor returns no error
		if target, _, err := c.doc.Target(r.Ref); err == nil {
			targets[r.At] = target
		}
		return nil
	})
	c.known[n] = c.text(bare, targets)
	return c.known[n]
}

// text returns the text of a node in a copy without prose, in which some nodes refer to
// targets.
func (c *closureTexts) text(n *Node, targets map[*Node]*Node) string {
	target := targets[n]
	if target != nil && len(n.Content) <= 2 {
		return c.of(target)
	}
	var members []string
	switch {
	case IsMapping(n):
		for key, value := range Pairs(n) {
			member := c.text(value, targets)
			if key == "$ref" && target != nil {
				member = c.of(target)
			}
			members = append(members, Quote(key)+":"+member)
		}
		slices.Sort(members)
	case IsSequence(n):
		members = []string{"list"}
		for _, item := range Items(n) {
			members = append(members, c.text(item, targets))
		}
	default:
		return Canonical(n)
	}
	sum := sha256.Sum256([]byte(strings.Join(members, ",")))
	return hex.EncodeToString(sum[:8])
}

// isProse reports whether a key of an OpenAPI object is for human readers only, or is an
// extension.
func isProse(key string) bool {
	switch key {
	case "description", "summary", "title", "example", "examples", "externalDocs", "tags":
		return true
	}
	return isExtension(key)
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

// Strip removes the keys of OpenAPI objects that unwanted selects, in the tree below n.
// Data and names defined by the API are kept, even if they equal such a key.
func Strip(n *Node, unwanted func(key string) bool) {
	Objects(n, func(object *Node) {
		Keep(object, func(key string, _ *Node) bool { return !unwanted(key) })
	})
}

// Objects calls visit for each OpenAPI object in the tree at n, outer objects first.
// Mappings from names defined by the API to objects, such as properties, and data, such as
// examples and enums, are not OpenAPI objects.
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
