package codegen

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

const shortName = "x-xgen-operation-id-override"

// Prepare prepares operations extracted from a user's specification for the generator:
//
//   - Operations get their short name (x-xgen-operation-id-override), which Atlas's own
//     tools use, unless two operations share it.
//   - A field _id becomes ID in Go, unless its object has an id too.
//   - Defaults are removed, because generated code never uses them and the generator
//     refuses an allOf whose members have different defaults.
//
// The module's own contract needs none of these changes. The tree is changed in place.
func Prepare(root *oas.Node) {
	shortenNames(root)
	oas.Objects(root, func(n *oas.Node) {
		oas.Remove(n, "default")
		nameID(oas.Get(n, "properties"))
	})
}

// shortenNames gives operations their short names, unless another operation has the same
// name as its short name or its operationId, because two functions would have the same
// name.
func shortenNames(root *oas.Node) {
	taken := make(map[string]int)
	operations := operationNodes(root)
	for _, op := range operations {
		id, short := oas.Get(op, "operationId"), oas.Get(op, shortName)
		for _, name := range slices.Compact([]*oas.Node{id, short}) {
			if name != nil {
				taken[name.Value]++
			}
		}
	}
	for _, op := range operations {
		id, short := oas.Get(op, "operationId"), oas.Get(op, shortName)
		if id != nil && short != nil && taken[short.Value] == 1 {
			id.Value = short.Value
		}
	}
}

func operationNodes(root *oas.Node) []*oas.Node {
	var found []*oas.Node
	for _, item := range oas.Pairs(oas.Get(root, "paths")) {
		for _, op := range oas.Pairs(item) {
			if oas.Get(op, "responses") != nil {
				found = append(found, op)
			}
		}
	}
	return found
}

func nameID(properties *oas.Node) {
	id := oas.Get(properties, "_id")
	if id == nil || !oas.IsMapping(id) || oas.Get(properties, "id") != nil || oas.Get(id, "$ref") != nil || oas.Get(id, goName) != nil {
		return
	}
	setGoName(id, "ID")
}
