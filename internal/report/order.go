package report

import (
	"slices"
	"strconv"
	"strings"
)

// mostSevereFirst returns the items in the order for formats that omit some: first those
// that make the command fail, then by level, each in the order of the report.
func mostSevereFirst(items []Item) []Item {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Item) int { return a.severityRank() - b.severityRank() })
	return sorted
}

func (i Item) severityRank() int {
	if i.fails() {
		return i.Level.rank() - 4 // before all items that do not make the command fail
	}
	return i.Level.rank()
}

// minPerMark is the number of items of every verdict or level that a shortened list keeps
// before it adds more of the most severe ones.
const minPerMark = 5

// cutOrder returns the indexes of items in the order in which a shortened list keeps them:
// the first minPerMark of every mark, then the rest; in both groups, the most severe come
// first. Therefore hundreds of breaking changes do not hide the other verdicts.
func cutOrder(items []Item) []int {
	var first, rest []int
	seen := map[string]int{}
	for at, i := range items {
		mark := i.mark()
		if seen[mark]++; seen[mark] <= minPerMark {
			first = append(first, at)
		} else {
			rest = append(rest, at)
		}
	}
	return append(first, rest...)
}

// showFirst writes items with part until there are most of them or limit bytes are used, in
// cutOrder. It returns the text, in the order of items, and the omitted items.
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

// countMarks counts the items of each mark: "2 breaking, 40 docs", in the order of items.
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
