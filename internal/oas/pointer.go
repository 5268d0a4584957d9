package oas

import (
	"maps"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The escapes of a JSON pointer (RFC 6901, section 4).
var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Join adds steps to a JSON pointer.
func Join(pointer string, steps ...string) string {
	for _, step := range steps {
		if strings.ContainsAny(step, "~/") {
			step = escaper.Replace(step)
		}
		pointer += "/" + step
	}
	return pointer
}

// Index adds a sequence's index to a JSON pointer.
func Index(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

// Split returns the steps of a JSON pointer, nil for the root.
func Split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	steps := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, step := range steps {
		if strings.Contains(step, "~") {
			steps[i] = unescaper.Replace(step)
		}
	}
	return steps
}

// LastStep returns the last step of a JSON pointer, "" for the root.
func LastStep(pointer string) string {
	steps := Split(pointer)
	if len(steps) == 0 {
		return ""
	}
	return steps[len(steps)-1]
}

// Resolve returns the node at a JSON pointer below root, or nil.
func Resolve(root *Node, pointer string) *Node {
	n, below := nearest(root, pointer, child)
	if below != "" {
		return nil
	}
	return n
}

// nearest follows a pointer as far as there are nodes. It returns the last node and the
// rest of the pointer.
func nearest(root *Node, pointer string, child func(n *Node, step string) *Node) (n *Node, below string) {
	n = root
	for _, step := range Split(pointer) {
		if below == "" {
			if next := child(n, step); next != nil {
				n = next
				continue
			}
		}
		below = Join(below, step)
	}
	return n, below
}

func child(n *Node, step string) *Node {
	if n != nil && n.Kind == yaml.SequenceNode {
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil
		}
		return n.Content[i]
	}
	return Get(n, step)
}

// Place is the place of a declaration, or of a missing declaration.
type Place struct {
	// Doc is the document, nil for an unknown place.
	Doc *Document
	// Pointer is the pointer of an existing node. Below contains the steps from that node
	// to the place; it is "" if the place itself exists.
	Pointer, Below string
	// Line and Column are those of the node, starting at 1.
	Line, Column int
}

// Child returns the place of a missing declaration below p.
func (p Place) Child(steps ...string) Place {
	p.Below = Join(p.Below, steps...)
	return p
}

// Declared returns the pointer of the place, whether or not it exists.
func (p Place) Declared() string { return p.Pointer + p.Below }

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p.Doc == nil }

// Resolve returns the node at a JSON pointer, or nil.
func (d *Document) Resolve(pointer string) *Node {
	d.targets.Lock()
	defer d.targets.Unlock()
	return d.targets.resolve(d.root, pointer)
}

// resolve is like the function Resolve, but fast for many pointers into large mappings.
func (t *targets) resolve(root *Node, pointer string) *Node {
	n, below := nearest(root, pointer, t.child)
	if below != "" {
		return nil
	}
	return n
}

// child is like the function child, but indexes large mappings.
func (t *targets) child(n *Node, step string) *Node {
	if !IsMapping(n) || len(n.Content) < 2*maxPairwiseKeys {
		return child(n, step)
	}
	members, known := t.members[n]
	if !known {
		members = maps.Collect(Pairs(n))
		if t.members == nil {
			t.members = make(map[*Node]map[string]*Node)
		}
		t.members[n] = members
	}
	return members[step]
}

// Place returns the place of a pointer. The node may be missing.
func (d *Document) Place(pointer string) Place {
	d.targets.Lock()
	defer d.targets.Unlock()
	n, below := nearest(d.root, pointer, d.targets.child)
	return d.placeOf(n, pointer[:len(pointer)-len(below)]).Child(Split(below)...)
}

// placeOf returns the place of a node whose pointer is known.
func (d *Document) placeOf(n *Node, pointer string) Place {
	return Place{Doc: d, Pointer: pointer, Line: n.Line, Column: n.Column}
}
