package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/compare"
)

// cause is a set of differences with one cause: the same change of one declaration, found
// in several operations, versions and directions.
type cause struct {
	differences []compare.Difference
}

// causes groups differences that have the same change and the same place in one of the two
// files.
func (c *comparison) causes() []*cause {
	alike := make(map[string][]compare.Difference)
	var order []string
	for _, d := range c.differences {
		k := strings.Join([]string{d.Family, d.Item, string(d.Old), string(d.New)}, "\x00")
		if alike[k] == nil {
			order = append(order, k)
		}
		alike[k] = append(alike[k], d)
	}
	var out []*cause
	for _, k := range order {
		out = append(out, mergeSamePlace(alike[k])...)
	}
	return out
}

// mergeSamePlace merges differences that share a place on either side.
func mergeSamePlace(all []compare.Difference) []*cause {
	group := make([]int, len(all))
	for i := range group {
		group[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if group[i] != i {
			group[i] = root(group[i])
		}
		return group[i]
	}
	first := make(map[string]int)
	for i, d := range all {
		for _, key := range placesOf(d) {
			if j, known := first[key]; known {
				group[root(i)] = root(j)
			} else {
				first[key] = i
			}
		}
	}
	return collect(all, root)
}

// placesOf lists the keys that a difference has in common with other differences of the
// same cause. The embedded contract has the same declaration at the same pointer in the file
// of each version.
func placesOf(d compare.Difference) []string {
	keys := inherited(d)
	for _, key := range []string{"was " + d.Base.Declared(), "is " + d.Revision.Declared(), "everywhere " + sharedKey(d)} {
		if !strings.HasSuffix(key, " ") {
			keys = append(keys, key)
		}
	}
	return keys
}

// sharedKey returns an equal text for differences that a reader considers one change even
// if each operation has its own declaration: a header of every response, a parameter or a
// status of every operation. It returns "" for other differences.
func sharedKey(d compare.Difference) string {
	family, _, _ := strings.Cut(d.Family, "-")
	switch family {
	case "header", "parameter", "status", "error", "success", "login", "scope", "server", "token":
		if d.Path == "" && d.Family != "parameter-renamed" {
			return d.Rule.ID + string(d.Subject)
		}
	}
	return ""
}

func collect(all []compare.Difference, root func(int) int) []*cause {
	byRoot := make(map[int]*cause)
	var out []*cause
	for i, d := range all {
		r := root(i)
		if byRoot[r] == nil {
			byRoot[r] = new(cause)
			out = append(out, byRoot[r])
		}
		byRoot[r].differences = append(byRoot[r].differences, d)
	}
	return out
}

// worst returns the difference that represents the cause: the one with the worst verdict.
// If several have this verdict, differences of requests take precedence, and then the first
// one found.
func (c *cause) worst() compare.Difference {
	worst := c.differences[0]
	for _, d := range c.differences[1:] {
		switch {
		case d.Rule.Verdict.Worse(worst.Rule.Verdict):
			worst = d
		case d.Rule.Verdict == worst.Rule.Verdict && d.Rule.Direction == compare.Request && worst.Rule.Direction == compare.Response:
			worst = d
		}
	}
	return worst
}

func (c *cause) direction() compare.Direction {
	out := c.differences[0].Rule.Direction
	for _, d := range c.differences[1:] {
		if d.Rule.Direction != out {
			return compare.Both
		}
	}
	return out
}

// operations lists the affected operations in the order in which they were compared, which
// is that of the contract.
func (c *cause) operations(rank map[string]int) []string {
	out := withoutEmpty(c.list(func(d compare.Difference) string { return d.Operation }))
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(rank[a], rank[b]) })
	return out
}

func (c *cause) versions() []string {
	out := withoutEmpty(c.list(func(d compare.Difference) string { return d.Version }))
	slices.Sort(out)
	return out
}

// withoutEmpty removes the operation and the version of parts that belong to no operation.
func withoutEmpty(list []string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func (c *cause) list(of func(compare.Difference) string) []string {
	out := []string{}
	for _, d := range c.differences {
		out = append(out, of(d))
	}
	return unique(out)
}

// subjects describes the affected parts of operations, parts of requests first.
func (c *cause) subjects() []string {
	out := c.list(func(d compare.Difference) string { return string(d.Subject) })
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Compare(compare.Subject(a).Order(), compare.Subject(b).Order())
	})
	return out
}

// path returns the shortest path to the change.
func (c *cause) path() string {
	paths := c.list(func(d compare.Difference) string { return d.Path })
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(steps(a), steps(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

// steps returns the number of steps in a path of fields.
func steps(path string) int { return strings.Count(path, ".") + strings.Count(path, "[") }

// maxSubjects is the largest number of parts and operations that a message lists.
const maxSubjects = 3

// operationList lists operations for a message.
func operationList(operations []string) string {
	return phrase.First(operations, maxSubjects)
}

// where describes the place of the change.
func (c *cause) where(operations []string) string {
	path, subjects := c.path(), c.subjects()
	if path == "" && len(subjects) == 1 && subjects[0] == string(compare.TheOperation) {
		return operationList(operations)
	}
	if path == "" {
		return strings.Join(subjects, " and ")
	}
	return fmt.Sprintf("%s in %s", path, strings.Join(subjects, " and "))
}
