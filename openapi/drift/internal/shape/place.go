package shape

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// Place is where something is declared.
type Place struct {
	// Pointer is the JSON pointer in the document that the shape was built from.
	Pointer string
	// Line and Column are those of the nearest enclosing node in the file that was
	// parsed first, from 1; 0 when unknown.
	Line, Column int
	// Below are the steps from that node down to what is meant, "" for itself. A
	// keyword that is not there has its would-be place.
	Below string
}

// Key is the same for two places that one edit of the file would change.
func (p Place) Key() string {
	if p.Line == 0 {
		return p.Pointer
	}
	return fmt.Sprintf("%d:%d%s", p.Line, p.Column, p.Below)
}

// Child is the place of something that is missing below p.
func (p Place) Child(steps ...string) Place {
	p.Pointer = tree.Join(p.Pointer, steps...)
	p.Below = tree.Join(p.Below, steps...)
	return p
}

// IsZero tells whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }

// Origins remembers where the nodes of a document were first read from. A document
// that is written and parsed again, such as by an overlay, has new lines; the pointers stay.
type Origins map[string][2]int

// OriginsOf records the lines of every value in a tree.
func OriginsOf(root *yaml.Node) Origins {
	o := make(Origins)
	o.record(root, "")
	return o
}

func (o Origins) record(n *yaml.Node, pointer string) {
	if n == nil {
		return
	}
	if n.Line > 0 {
		o[pointer] = [2]int{n.Line, n.Column}
	}
	for key, value := range tree.Pairs(n) {
		o.record(value, tree.Join(pointer, key))
	}
	for i, item := range tree.Items(n) {
		o.record(item, tree.Index(pointer, i))
	}
}

// place finds the nearest enclosing node that has an origin.
func (o Origins) place(pointer string) Place {
	at, below := pointer, ""
	for {
		if pos, ok := o[at]; ok {
			return Place{Pointer: pointer, Line: pos[0], Column: pos[1], Below: below}
		}
		i := strings.LastIndexByte(at, '/')
		if i < 0 {
			return Place{Pointer: pointer}
		}
		below = at[i:] + below
		at = at[:i]
	}
}
