package drift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/judge"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
)

// cause is a set of differences that one edit made: the same thing happened to one
// declaration, seen from several operations, versions and ways.
type cause struct {
	differences []located
	// rank orders operations by name.
	rank map[string]int
}

// causes groups differences. What happened has to be the same, and the place in one
// of the two files.
func (c *comparison) causes() []*cause {
	alike := make(map[string][]located)
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
		out = append(out, c.inherited(c.bySamePlace(alike[k]))...)
	}
	return out
}

// bySamePlace joins differences that share a place on either side.
func (c *comparison) bySamePlace(all []located) []*cause {
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
		for _, key := range []string{"was " + c.was.key(d.Was), "is " + c.is.key(d.Is)} {
			if strings.HasSuffix(key, " ") {
				continue
			}
			if j, known := first[key]; known {
				group[root(i)] = root(j)
			} else {
				first[key] = i
			}
		}
	}
	return collect(all, root, c.ranks())
}

func collect(all []located, root func(int) int, rank map[string]int) []*cause {
	byRoot := make(map[int]*cause)
	var out []*cause
	for i, d := range all {
		r := root(i)
		if byRoot[r] == nil {
			byRoot[r] = &cause{rank: rank}
			out = append(out, byRoot[r])
		}
		byRoot[r].differences = append(byRoot[r].differences, d)
	}
	return out
}

// ranks gives the order of the operations, by name.
func (c *comparison) ranks() map[string]int {
	out := make(map[string]int)
	for i, key := range c.keys {
		for _, s := range []*side{c.is, c.was} {
			for _, h := range s.operations[key] {
				out[c.nameOf(h)] = i
			}
		}
	}
	return out
}

// key tells places of a side apart. The embedded contract has a file for each
// version; its pointers are the same in all of them, its lines are not.
func (s *side) key(p shape.Place) string {
	if p.IsZero() {
		return ""
	}
	if s.embedded {
		return p.Pointer
	}
	return p.Key()
}

// worst gives the difference that the cause is told by: the worst verdict, then the
// request before the answer, then the order in which they were found.
func (c *cause) worst() located {
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

// operations lists whom it hits, in the order of the contract.
func (c *cause) operations() []string {
	out := c.list(func(d located) string { return d.Operation })
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(c.rank[a], c.rank[b]) })
	return out
}

func (c *cause) versions() []string {
	out := c.list(func(d located) string { return d.Version })
	slices.Sort(out)
	return out
}

func (c *cause) list(of func(located) string) []string {
	out := []string{}
	for _, d := range c.differences {
		if v := of(d); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// subjects lists the parts of operations, in words: what is sent before what is answered.
func (c *cause) subjects() []string {
	out := c.list(func(d located) string { return string(d.Subject) })
	slices.SortStableFunc(out, func(a, b string) int {
		return cmp.Compare(judge.Subject(a).Order(), judge.Subject(b).Order())
	})
	return out
}

// path is the shortest way to what changed.
func (c *cause) path() string {
	paths := c.list(func(d located) string { return d.Path })
	return slices.MinFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(steps(a), steps(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

// steps is how far in a path of fields leads.
func steps(path string) int { return strings.Count(path, ".") + strings.Count(path, "[") }

// where says in words what changed.
func (c *cause) where() string {
	path, subjects := c.path(), c.subjects()
	if path == "" && len(subjects) == 1 && subjects[0] == string(judge.TheOperation) {
		return strings.Join(c.operations(), ", ")
	}
	if path == "" {
		return strings.Join(subjects, " and ")
	}
	return fmt.Sprintf("%s in %s", path, strings.Join(subjects, " and "))
}
