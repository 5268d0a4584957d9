package schema

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// undeclared returns the members that the contract does not declare. A member is declared
// if any schema that applies to its object declares it, including those of allOf and
// unions. An object without declarations may contain anything. refused reports whether
// kin-openapi refuses the value: otherwise no schema that applies forbids the members.
func (s *Schema) undeclared(value any, at string, refused bool) []Failure {
	u := undeclaredWalk{refused: refused}
	u.walk(s.root, value, &location{start: at})
	return u.failures
}

type undeclaredWalk struct {
	refused  bool
	failures []Failure
	// counting is true if the failures are only counted, not stored.
	counting bool
	count    int
}

func (u *undeclaredWalk) walk(root *node, value any, at *location) {
	walk([]*node{root}, value, at, (*union).possible, func(nodes, applicable []*node, value any, at *location) {
		if object, is := value.(map[string]any); is && isClosed(applicable) {
			u.object(nodes, applicable, object, at)
		}
	})
}

func (u *undeclaredWalk) object(nodes, applicable []*node, object map[string]any, at *location) {
	d := declared{nodes: nodes, applicable: applicable, union: nodes[0].union}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if len(u.failures) == maxFailures {
			return
		}
		if len(declarations(applicable, name)) > 0 {
			continue
		}
		if u.count++; u.counting {
			continue
		}
		f := d.failure(object, name, at, u.refused)
		if len(u.failures) < maxHints {
			f.Hint = d.hint(object, name)
		}
		u.failures = append(u.failures, f)
	}
}

// isClosed reports whether undeclared members are failures here.
func isClosed(applicable []*node) bool {
	declares := false
	for _, n := range applicable {
		if n.open {
			return false
		}
		declares = declares || len(n.props) > 0 || n.forbidsMore()
	}
	return declares
}

// forbidsMore reports whether the schema has additionalProperties: false. Then an
// undeclared member violates the schema, and is not merely undeclared.
func (n *node) forbidsMore() bool { return n.effective.Closed }

// forbidding returns the applicable node that forbids undeclared members of an object, nil
// if there is none. If no branch of a union is selected, all of its branches must forbid
// them. A union has at least one branch.
func forbidding(nodes []*node, object map[string]any) *node {
	for _, n := range nodes {
		applicable := n.applicable(object, (*union).possible, nil)
		if !slices.ContainsFunc(applicable, func(n *node) bool { return !n.forbidsMore() }) {
			return applicable[0]
		}
	}
	return nil
}

// declared are the declarations of the contract for an object.
type declared struct {
	union      *union // nil if there is none
	nodes      []*node
	applicable []*node
	names      []string // the names of the members; set for the first failure
	text       string   // the names in the form for findings
	place      *node    // the node with the most members: the branch rather than the union
}

// list lists the names once per object, because many findings may contain them.
func (d *declared) list() {
	if d.place != nil {
		return
	}
	names := map[string]bool{}
	d.place = d.applicable[0]
	for _, n := range d.applicable {
		for _, p := range n.props {
			names[p.name] = true
		}
		if len(n.props) > len(d.place.props) {
			d.place = n
		}
	}
	d.names = slices.Sorted(maps.Keys(names))
	if d.text = "no members"; len(d.names) > 0 {
		d.text = "one of " + phrase.First(d.names, maxCandidates)
	}
}

func (d *declared) failure(object map[string]any, name string, at *location, refused bool) Failure {
	d.list()
	kind, keyword := Undeclared, ""
	spec := d.place.effective.Place("properties")
	if closed := forbidding(d.nodes, object); closed != nil && refused {
		kind, keyword = Violation, "additionalProperties"
		spec = closed.effective.Place(keyword)
	}
	return Failure{
		Kind:     kind,
		Keyword:  keyword,
		Pointer:  at.member(name).pointer(),
		Spec:     spec.Declared(),
		Expected: d.text,
		Actual:   member(name, object[name]),
		Type:     typeOf(object[name]),
		Message:  fmt.Sprintf("the contract does not declare %s here", quote(name)),
	}
}
