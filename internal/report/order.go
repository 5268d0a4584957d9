package report

import (
	"slices"
	"strconv"
	"strings"
)

// gravestFirst returns the items in the order of formats that are cut: first
// those that make the command fail, then by level, each in the report's order.
func gravestFirst(items []Item) []Item {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int { return a.gravity() - b.gravity() })
	return sorted
}

func (i Item) gravity() int {
	if i.fails() {
		return i.Level.rank() - 4 // before all that do not fail
	}
	return i.Level.rank()
}

// leastOfMark is how many items of every verdict or level a cut list keeps
// before the rest of the room goes to the gravest.
const leastOfMark = 5

// cutOrder returns the indexes of items, gravest first, in the order in which a
// bounded list takes them: the first leastOfMark of every mark, then the rest.
// Hundreds of breaking changes then do not hide that others need action too.
func cutOrder(items []Item) []int {
	var first, rest []int
	seen := map[string]int{}
	for at, i := range items {
		mark := i.mark()
		if seen[mark]++; seen[mark] <= leastOfMark {
			first = append(first, at)
		} else {
			rest = append(rest, at)
		}
	}
	return append(first, rest...)
}

// showFirst writes items with part until there are most of them or limit bytes are used,
// taking them in cutOrder. It returns the text, in the order of items, and the omitted
// items.
func showFirst(items []Item, most, limit int, part func(Item) string) (text string, left []Item) {
	parts := make([]string, len(items))
	for _, at := range cutOrder(items) {
		if most == 0 {
			break
		}
		if p := part(items[at]); len(p) <= limit {
			parts[at] = p
			limit -= len(p)
			most--
		}
	}
	for at, p := range parts {
		if p == "" {
			left = append(left, items[at])
		}
	}
	return strings.Join(parts, ""), left
}

// countMarks is "2 breaking, 40 docs", in the order of items.
func countMarks(items []Item) string {
	var marks []string
	counts := map[string]int{}
	for _, i := range items {
		if counts[i.mark()] == 0 {
			marks = append(marks, i.mark())
		}
		counts[i.mark()]++
	}
	for n, mark := range marks {
		marks[n] = strconv.Itoa(counts[mark]) + " " + mark
	}
	return strings.Join(marks, ", ")
}
