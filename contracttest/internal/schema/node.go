package schema

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// node is one occurrence of a schema below the root: what is declared there, what
// can be seen there, and, where provable, what a text must keep.
type node struct {
	effective *oas.Schema
	// schema is the same as it is written, for kin-openapi.
	schema *openapi3.Schema
	// props are the declared members, sorted by name.
	props []prop
	// open tells that members beyond props are allowed by name.
	open  bool
	items *node
	// union is nil unless the value has one of several forms, each of which says all.
	union *union
	// values are the slots of an enum's values, in the order of the enum.
	values []value
	// positions are those of the values, where they are many.
	positions map[string]int

	// provable tells that the fields below say all that the schema does, children
	// aside, so that the fast path may judge by them.
	provable bool
	strict   strictRules
	types    types
	rules    textRules
	least    float64
	most     float64
	required uint64 // the props that must be there, by position
}

type prop struct {
	name string
	node *node
	slot int // -1 for none
	// notInDirection reports that the member does not belong in messages of this direction:
	// readOnly in a request, writeOnly in a response.
	notInDirection bool
}

type value struct {
	text string
	slot int
}

// union is a oneOf or anyOf.
type union struct {
	// property is the discriminator's; "" where there is none.
	property string
	branches []branch
}

type branch struct {
	// name is the discriminator's value, or the schema's name where there is none.
	name string
	node *node
	slot int
	tag  tag
}

// tag is how the fast path knows that an object is of a branch: the discriminator's
// position among the members, and its value with the quotes.
type tag struct {
	member int
	value  []byte
}

// types is a set of JSON types.
type types uint8

const (
	typeNull types = 1 << iota
	typeBool
	typeInteger
	typeNumber
	typeString
	typeArray
	typeObject

	anyType = typeBool | typeInteger | typeNumber | typeString | typeArray | typeObject
)

var typeNames = map[string]types{
	openapi3.TypeNull: typeNull, openapi3.TypeBoolean: typeBool, openapi3.TypeInteger: typeInteger,
	openapi3.TypeNumber: typeNumber | typeInteger, openapi3.TypeString: typeString,
	openapi3.TypeArray: typeArray, openapi3.TypeObject: typeObject,
}

// find gives the position of the member called name, or -1. It looks at hint first:
// members mostly come in the order that they came in before.
func (n *node) find(name []byte, hint int) int {
	if hint < len(n.props) && n.props[hint].name == string(name) {
		return hint
	}
	if len(n.props) > manyNames {
		i, found := slices.BinarySearchFunc(n.props, string(name), func(p prop, name string) int { return strings.Compare(p.name, name) })
		if !found {
			return -1
		}
		return i
	}
	for i := range n.props {
		if n.props[i].name == string(name) {
			return i
		}
	}
	return -1
}

// manyNames is how many names or values are compared one by one.
const manyNames = 32

// slotOf returns the slot of an enum's value.
func (n *node) slotOf(text []byte) (slot int, listed bool) {
	if n.positions != nil {
		i, listed := n.positions[string(text)]
		if !listed {
			return noSlot, false
		}
		return n.values[i].slot, true
	}
	for _, v := range n.values {
		if v.text == string(text) {
			return v.slot, true
		}
	}
	return noSlot, false
}

// prop gives the declared member called name.
func (n *node) prop(name string) *prop {
	if i := n.find([]byte(name), len(n.props)); i >= 0 {
		return &n.props[i]
	}
	return nil
}

// choose gives the branch that the discriminator of value names, nil where there is
// no discriminator or it names none.
func (u *union) choose(value any) *branch {
	object, _ := value.(map[string]any)
	name, ok := object[u.property].(string)
	if !ok || u.property == "" {
		return nil
	}
	for i := range u.branches {
		if u.branches[i].name == name {
			return &u.branches[i]
		}
	}
	return nil
}

// views returns the nodes that judge a value: n itself, or of a union the branch that is
// named, or every branch where none is.
func (n *node) views(value any, into []*node) []*node {
	if n.union == nil {
		return append(into, n)
	}
	if b := n.union.choose(value); b != nil {
		return b.node.views(value, into)
	}
	for _, b := range n.union.branches {
		into = b.node.views(value, into)
	}
	return into
}
