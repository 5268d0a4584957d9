package schema

// CoverageItem is an item of a schema that counts toward coverage: a member, a value of an enum or
// a branch of a union.
type CoverageItem struct {
	Kind CoverageKind
	// Pointer is the place in a text; * is any item of an array.
	Pointer string
	// Branch is the union branch to which the coverage item belongs, or which it is; "" if
	// there is none.
	Branch string
	// Value is the value of the enum.
	Value string
}

// CoverageKind is the kind of a coverage item.
type CoverageKind int

// The kinds of coverage items.
const (
	FieldItem CoverageKind = iota
	ValueItem
	BranchItem
)

// noCoverageItem is the number of a branch without a name, which is not listed.
const noCoverageItem = -1

// Bits is a set of coverage items, by their number.
type Bits []uint64

func newBits(n int) Bits { return make(Bits, (n+63)/64) }

func (b Bits) set(number int) {
	if number >= 0 {
		b[number>>6] |= 1 << (number & 63)
	}
}

// Has reports whether the coverage item is in the set.
func (b Bits) Has(number int) bool { return b[number>>6]&(1<<(number&63)) != 0 }

// see marks the coverage items that occur in a valid value, for texts that the fast path
// did not accept.
func see(nodes []*node, v any, seen Bits) {
	var views []*node
	for _, n := range nodes {
		views = n.seeUnions(v, views, seen)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			see(noteMember(views, name, seen), member, seen)
		}
	case []any:
		items := itemsOf(views)
		for _, item := range v {
			see(items, item, seen)
		}
	case string:
		for _, n := range views {
			n.seeValue(v, seen)
		}
	}
}

// seeUnions is views for a valid value. It also marks the branches on the path to the
// nodes.
func (n *node) seeUnions(v any, into []*node, seen Bits) []*node {
	if n.union == nil {
		return append(into, n)
	}
	if b := n.union.choose(v); b != nil {
		seen.set(b.coverageItem)
		return b.node.seeUnions(v, into, seen)
	}
	return into
}

func (n *node) seeValue(text string, seen Bits) {
	if number, listed := n.coverageItemOf([]byte(text)); listed {
		seen.set(number)
	}
}

// noteMember marks a member as seen and returns its nodes.
func noteMember(views []*node, name string, seen Bits) []*node {
	var nodes []*node
	for _, n := range views {
		if p := n.prop(name); p != nil {
			seen.set(p.coverageItem)
			nodes = append(nodes, p.node)
		}
	}
	return nodes
}
