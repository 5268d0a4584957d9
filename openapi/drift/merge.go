package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
)

// cause is a set of differences that one edit made: the same thing happened to one
// declaration, seen from several operations, versions and ways.
type cause struct {
	differences []judge.Difference
}

// causes groups differences that have the same change and the same place in one of the two
// files.
func (c *comparison) causes() []*cause {
	alike := make(map[string][]judge.Difference)
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
		out = append(out, c.bySamePlace(alike[k])...)
	}
	return out
}

// bySamePlace joins differences that share a place on either side.
func (c *comparison) bySamePlace(all []judge.Difference) []*cause {
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
		for _, key := range c.placesOf(d) {
			if j, known := first[key]; known {
				group[root(i)] = root(j)
			} else {
				first[key] = i
			}
		}
	}
	return collect(all, root)
}

// placesOf lists the keys that a difference shares with others of the same cause.
func (c *comparison) placesOf(d judge.Difference) []string {
	keys := inherited(d)
	for _, key := range []string{"was " + c.base.key(d.Base), "is " + c.revision.key(d.Revision), "everywhere " + everywhere(d)} {
		if !strings.HasSuffix(key, " ") {
			keys = append(keys, key)
		}
	}
	return keys
}

// everywhere is the same for differences that a reader sees as one wherever they are:
// a header on every response, a parameter or a status of every operation. "" for others.
func everywhere(d judge.Difference) string {
	family, _, _ := strings.Cut(d.Family, "-")
	switch family {
	case "header", "parameter", "status", "error", "success", "login", "scope", "server", "token":
		if d.Path == "" && d.Family != "parameter-renamed" {
			return d.Rule.ID + string(d.Subject)
		}
	}
	return ""
}

func collect(all []judge.Difference, root func(int) int) []*cause {
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

// key is the same for places of a side that are one declaration. The embedded contract
// has a file for each version, with the same pointers.
func (s *contractSet) key(p oas.Place) string {
	if p.IsZero() {
		return ""
	}
	return p.Declared()
}

// worst returns the difference that represents the cause: the worst verdict, then requests
// before responses, then the order in which they were found.
func (c *cause) worst() judge.Difference {
	worst := c.differences[0]
	for _, d := range c.differences[1:] {
		switch {
		case d.Rule.Verdict.Worse(worst.Rule.Verdict):
			worst = d
		case d.Rule.Verdict == worst.Rule.Verdict && d.Rule.Direction == judge.Request && worst.Rule.Direction == judge.Response:
			worst = d
		}
	}
	return worst
}

func (c *cause) direction() judge.Direction {
	out := c.differences[0].Rule.Direction
	for _, d := range c.differences[1:] {
		if d.Rule.Direction != out {
			return judge.Both
		}
	}
	return out
}

// operations lists the operations that it affects, in the order of the contract: that
// in which they were compared.
func (c *cause) operations(rank map[string]int) []string {
	out := c.list(func(d judge.Difference) string { return d.Operation })
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(rank[a], rank[b]) })
	return out
}

func (c *cause) versions() []string {
	out := c.list(func(d judge.Difference) string { return d.Version })
	slices.Sort(out)
	return out
}

func (c *cause) list(of func(judge.Difference) string) []string {
	out := []string{}
	seen := make(map[string]bool)
	for _, d := range c.differences {
		if v := of(d); !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// subjects lists the parts of operations, in words: parts of requests before parts of
// responses.
func (c *cause) subjects() []string {
	out := c.list(func(d judge.Difference) string { return string(d.Subject) })
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Compare(judge.Subject(a).Order(), judge.Subject(b).Order())
	})
	return out
}

// path returns the shortest path to the change.
func (c *cause) path() string {
	paths := c.list(func(d judge.Difference) string { return d.Path })
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(steps(a), steps(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

// steps is how far in a path of fields leads.
func steps(path string) int { return strings.Count(path, ".") + strings.Count(path, "[") }

// maxSubjects is how many parts and operations a sentence names.
const maxSubjects = 3

// named lists operations in a sentence.
func named(operations []string) string {
	if len(operations) > maxSubjects {
		return fmt.Sprintf("%s and %d more", strings.Join(operations[:maxSubjects], ", "), len(operations)-maxSubjects)
	}
	return strings.Join(operations, ", ")
}

// where describes the place of the change.
func (c *cause) where(operations []string) string {
	path, subjects := c.path(), c.subjects()
	if path == "" && len(subjects) == 1 && subjects[0] == string(judge.TheOperation) {
		return named(operations)
	}
	if path == "" {
		return strings.Join(subjects, " and ")
	}
	return fmt.Sprintf("%s in %s", path, strings.Join(subjects, " and "))
}
