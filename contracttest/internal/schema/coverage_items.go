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
func (b Bits) see(root *node, value any) {
	walk([]*node{root}, value, &location{}, b.selected, func(_, applicable []*node, value any, _ *location) {
		for _, n := range applicable {
			switch value := value.(type) {
			case map[string]any:
				for name := range value {
					if p := n.prop(name); p != nil {
						b.set(p.coverageItem)
					}
				}
			case string:
				if item, listed := n.coverageItemOf([]byte(value)); listed {
					b.set(item)
				}
			}
		}
	})
}

// selected returns the selected branch of a union, and marks it.
func (b Bits) selected(u *union, value any) []branch {
	selected := u.selected(value)
	for _, branch := range selected {
		b.set(branch.coverageItem)
	}
	return selected
}
