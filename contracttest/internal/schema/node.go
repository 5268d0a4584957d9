package schema

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// node is one occurrence of a schema below the root: its declarations, its coverage items, and, if
// provable, its constraints.
type node struct {
	effective *oas.Schema
	// schema is the written form, for kin-openapi.
	schema *openapi3.Schema
	// props are the declared members, sorted by name.
	props []prop
	// open is true if members beyond props are explicitly allowed.
	open  bool
	items *node
	// union is nil unless the schema is a union. Its branches include the keywords next to
	// the union.
	union *union
	// values are the coverage items of an enum's values, in the order of the enum.
	values []value
	// positions maps values to their positions, if there are many values.
	positions map[string]int

	// provable is true if the fields below contain all constraints of the schema, except
	// those of its children, so that the fast path can validate it.
	provable bool
	strict   strictRules
	types    types
	rules    textRules
	least    float64
	most     float64
	required uint64 // the required props, by position
}

type prop struct {
	name         string
	node         *node
	coverageItem int // -1 for none
	// notInDirection is true if the member does not belong in messages of this direction:
	// readOnly in a request, writeOnly in a response.
	notInDirection bool
}

type value struct {
	text         string
	coverageItem int
}

// union is a oneOf or anyOf.
type union struct {
	// property is the discriminator's property, "" if there is no discriminator.
	property string
	branches []branch
}

type branch struct {
	// name is the discriminator's value, or the schema's name if there is no discriminator.
	name         string
	node         *node
	coverageItem int
	tag          tag
}

// tag identifies the objects of a branch for the fast path: the discriminator's position
// among the members, and its value with the quotes.
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

// find returns the position of the member name, or -1. It tries hint first, because objects
// usually have their members in the same order.
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

// manyNames is the largest number of names or values that are compared one by one.
const manyNames = 32

// coverageItemOf returns the coverage item of an enum's value.
func (n *node) coverageItemOf(text []byte) (coverageItem int, listed bool) {
	if n.positions != nil {
		i, listed := n.positions[string(text)]
		if !listed {
			return noCoverageItem, false
		}
		return n.values[i].coverageItem, true
	}
	for _, v := range n.values {
		if v.text == string(text) {
			return v.coverageItem, true
		}
	}
	return noCoverageItem, false
}

// prop returns the declared member name, nil if there is none.
func (n *node) prop(name string) *prop {
	if i := n.find([]byte(name), len(n.props)); i >= 0 {
		return &n.props[i]
	}
	return nil
}

// selected returns the branch that the discriminator of a value selects, none if there is no
// such branch.
func (u *union) selected(value any) []branch {
	object, _ := value.(map[string]any)
	name, ok := object[u.property].(string)
	if !ok || u.property == "" {
		return nil
	}
	for i := range u.branches {
		if u.branches[i].name == name {
			return u.branches[i : i+1]
		}
	}
	return nil
}

// possible returns the selected branch, or all branches if none is selected.
func (u *union) possible(value any) []branch {
	if b := u.selected(value); b != nil {
		return b
	}
	return u.branches
}

// applicable appends the nodes that apply to a value: n itself or, for a union, those of the
// branches that choose returns.
func (n *node) applicable(value any, choose func(u *union, value any) []branch, into []*node) []*node {
	if n.union == nil {
		return append(into, n)
	}
	for _, b := range choose(n.union, value) {
		into = b.node.applicable(value, choose, into)
	}
	return into
}
