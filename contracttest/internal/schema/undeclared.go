package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// undeclared finds the members that the contract does not declare, looking through
// allOf and unions: a member is declared if any schema that judges its object
// declares it. An object of which nothing is declared may hold anything.
func (s *Schema) undeclared(value any, at string) []Fault {
	u := undeclaredWalk{schema: s}
	u.walk([]*node{s.root}, value, at)
	return u.faults
}

type undeclaredWalk struct {
	schema *Schema
	faults []Fault
	// counting only counts the faults, without writing them down.
	counting bool
	count    int
}

func (u *undeclaredWalk) walk(nodes []*node, value any, at string) {
	var views []*node
	for _, n := range nodes {
		views = n.views(value, views)
	}
	switch value := value.(type) {
	case map[string]any:
		u.object(nodes, views, value, at)
	case []any:
		items := itemsOf(views)
		for i, item := range value {
			u.walk(items, item, at+"/"+strconv.Itoa(i))
		}
	}
}

func (u *undeclaredWalk) object(nodes, views []*node, object map[string]any, at string) {
	closed := isClosed(views)
	d := declared{views: views}
	if len(nodes) > 0 {
		d.union = nodes[0].union
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		members := declarations(views, name)
		if len(u.faults) == maxFaults {
			return
		}
		if len(members) == 0 && closed {
			if u.count++; u.counting {
				continue
			}
			f := d.fault(object, name, at)
			if len(u.faults) < maxHints {
				f.Hint = d.hint(object, name)
			}
			u.faults = append(u.faults, f)
			continue
		}
		u.walk(members, object[name], oas.Join(at, name))
	}
}

// isClosed reports whether members beyond the declared ones are foreign here.
func isClosed(views []*node) bool {
	declares := false
	for _, n := range views {
		if n.open {
			return false
		}
		declares = declares || len(n.props) > 0 || n.forbidsMore()
	}
	return declares
}

// forbidsMore reports whether the schema has additionalProperties: false. What breaks
// that breaks the schema; a member that is merely not declared does not.
func (n *node) forbidsMore() bool { return n.effective.Closed }

func declarations(views []*node, name string) []*node {
	var nodes []*node
	for _, n := range views {
		if p := n.prop(name); p != nil {
			nodes = append(nodes, p.node)
		}
	}
	return nodes
}

// declared is what the contract declares for an object.
type declared struct {
	union *union // nil for none
	views []*node
	names []string // of the members; listed for the first fault
	text  string   // the names as findings show them
	place *node    // the node with the most members: the branch rather than the union
}

// list fills in the names, once for an object: each of many faults repeats them.
func (d *declared) list() {
	if d.place != nil {
		return
	}
	names := map[string]bool{}
	d.place = d.views[0]
	for _, n := range d.views {
		for _, p := range n.props {
			names[p.name] = true
		}
		if len(n.props) > len(d.place.props) {
			d.place = n
		}
	}
	d.names = slices.Sorted(maps.Keys(names))
	if d.text = "no members"; len(d.names) > 0 {
		d.text = "one of " + listed(d.names, len(d.names))
	}
}

func (d *declared) fault(object map[string]any, name, at string) Fault {
	d.list()
	kind, keyword := Undeclared, ""
	spec := d.place.effective.Place("properties")
	if i := slices.IndexFunc(d.views, (*node).forbidsMore); i >= 0 {
		kind, keyword = Violation, "additionalProperties"
		spec = d.views[i].effective.Place(keyword)
	}
	return Fault{
		Kind:     kind,
		Keyword:  keyword,
		Pointer:  oas.Join(at, name),
		Spec:     spec.Declared(),
		Expected: d.text,
		Actual:   member(name, object[name]),
		Type:     typeOf(object[name]),
		Message:  fmt.Sprintf("the contract does not declare %s here", quote(name)),
	}
}
