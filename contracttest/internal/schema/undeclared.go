package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

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
	for _, name := range slices.Sorted(maps.Keys(object)) {
		declared := declarations(views, name)
		if len(u.faults) == maxFaults {
			return
		}
		if len(declared) == 0 && closed {
			if u.count++; u.counting {
				continue
			}
			u.faults = append(u.faults, u.fault(nodes[0], views, object, name, at))
			continue
		}
		u.walk(declared, object[name], oas.Join(at, name))
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

func (u *undeclaredWalk) fault(union *node, views []*node, object map[string]any, name, at string) Fault {
	declared, place := declaredNames(views)
	kind, keyword := Undeclared, ""
	spec := place.effective.Place("properties")
	if i := slices.IndexFunc(views, (*node).forbidsMore); i >= 0 {
		kind, keyword = Violation, "additionalProperties"
		spec = views[i].effective.Place(keyword)
	}
	return Fault{
		Kind:     kind,
		Keyword:  keyword,
		Pointer:  oas.Join(at, name),
		Spec:     spec.Declared(),
		Expected: expectedMembers(declared),
		Actual:   member(name, object[name]),
		Type:     typeOf(object[name]),
		Message:  fmt.Sprintf("the contract does not declare %s here", quote(name)),
		Hint:     u.hint(union, object, name, declared),
	}
}

func expectedMembers(declared []string) string {
	if len(declared) == 0 {
		return "no members"
	}
	return "one of " + strings.Join(declared, ", ")
}

// declaredNames gives the names that are declared, and the node that declares most:
// the branch rather than the union.
func declaredNames(views []*node) ([]string, *node) {
	names := map[string]bool{}
	most := views[0]
	for _, n := range views {
		for _, p := range n.props {
			names[p.name] = true
		}
		if len(n.props) > len(most.props) {
			most = n
		}
	}
	return slices.Sorted(maps.Keys(names)), most
}
