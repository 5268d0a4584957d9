package schema

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// addUnionFailures reports the errors of the branch that the discriminator selects. If it
// selects none, the errors that all branches have are reported; if there is no
// discriminator, those of the branch that is probably meant.
func (k *kin) addUnionFailures(err *openapi3.SchemaError, at string) {
	value := find(k.value, at)
	u := unionOf(err.Schema, err.SchemaField)
	if selected := u.selected(value); selected != nil && err.SchemaField != "discriminator" {
		k.visit(selected[0].node.schema, value, at)
		return
	}
	found := make([]kin, len(u.branches))
	for i, b := range u.branches {
		found[i] = kin{index: k.index, place: k.place, value: k.value, options: k.options, depth: k.depth}
		found[i].visit(b.node.schema, value, at)
	}
	_, object := value.(map[string]any)
	if u.property != "" && object {
		k.failures = append(k.failures, k.discriminatorFailures(err.Schema, u, value, at, found)...)
		return
	}
	closest := found[k.probableBranch(u, found, value)]
	k.failures = append(k.failures, closest.failures...)
	k.undeclaredErrors += closest.undeclaredErrors
}

// probableBranch returns the position of the branch that a value is probably meant for.
// Among the branches whose enumerations match its members, it is the one with the fewest
// failures, including undeclared members.
func (k *kin) probableBranch(u *union, found []kin, value any) int {
	nodes := make([]*node, len(u.branches))
	for i, b := range u.branches {
		nodes[i] = k.index.node(b.node.schema)
	}
	fitting := byEnumerations(nodes, value)
	best, least := 0, math.MaxInt
	for i := range found {
		w := undeclaredWalk{counting: true}
		w.walk(nodes[i], value, &location{})
		if failures := len(found[i].failures) + w.count; fitting[i] && failures < least {
			best, least = i, failures
		}
	}
	return best
}

// byEnumerations reports which branches match a value by the enumerations of its members.
// Each enumeration works as a discriminator: if some branches list the member's value,
// branches whose enumeration does not list it do not match. If no branch would match, all
// do.
func byEnumerations(branches []*node, value any) []bool {
	fits := make([]bool, len(branches))
	object, _ := value.(map[string]any)
	listed := map[string]bool{}
	for i, n := range branches {
		fits[i] = true
		for name, member := range object {
			if found, _ := n.enumerates(value, name, member); found {
				listed[name] = true
			}
		}
	}
	none := true
	for i, n := range branches {
		for name := range listed {
			found, declared := n.enumerates(value, name, object[name])
			fits[i] = fits[i] && (found || !declared)
		}
		none = none && !fits[i]
	}
	for i := range fits {
		fits[i] = fits[i] || none
	}
	return fits
}

// enumerates reports whether a schema has an enumeration for a member of an object, and
// whether that lists the member's value.
func (n *node) enumerates(object any, name string, member any) (listed, declared bool) {
	text, _ := member.(string)
	for _, schema := range n.applicable(object, (*union).possible, nil) {
		if p := schema.prop(name); p != nil && len(p.node.values) > 0 {
			declared = true
			listed = listed || p.node.lists(text)
		}
	}
	return listed, declared
}

// discriminatorFailures reports a discriminator that names no branch: with the error that all
// branches have in common, if there is one, otherwise with an error that the mapping lacks
// the value.
func (k *kin) discriminatorFailures(s *openapi3.Schema, u *union, value any, at string, found []kin) []Failure {
	agreed := commonFailures(found)
	pointer := shortPointer(oas.Join(at, u.property))
	names := u.choices()
	expected := "one of " + strings.Join(names, ", ")
	if names == nil {
		expected = "a value that names a branch"
	}
	given, there := value.(map[string]any)[u.property]
	for i := range agreed {
		if agreed[i].Pointer == pointer {
			if agreed[i].Keyword == "enum" { // each branch has the values that select it
				agreed[i].Expected = expected
			}
			agreed[i].Hint = cmp.Or(agreed[i].Hint, phrase.DidYouMean(fmt.Sprint(given), names))
			return agreed
		}
	}
	f := Failure{Kind: Violation, Keyword: "discriminator", Pointer: pointer, Spec: k.index.place(s, "discriminator"),
		Expected: expected, Actual: "missing", Message: "the discriminator does not select a branch of the union"}
	if there {
		f.Actual, f.Hint, f.Type = show(given), phrase.DidYouMean(fmt.Sprint(given), names), typeOf(given)
		f.Branch = k.firstMatch(u, value, found)
	}
	return append(agreed, f)
}

// firstMatch returns the place of the first branch that a value matches, "" if there is none.
func (k *kin) firstMatch(u *union, value any, found []kin) string {
	for i, b := range u.branches {
		if len(found[i].failures) > 0 {
			continue
		}
		w := undeclaredWalk{counting: true}
		if w.walk(k.index.node(b.node.schema), value, &location{}); w.count == 0 {
			return k.index.Pointer(b.node.schema)
		}
	}
	return ""
}

// unionOf returns the union of a schema for a violated keyword. An anyOf next to a oneOf has
// no discriminator, because the discriminator belongs to the oneOf.
func unionOf(s *openapi3.Schema, keyword string) *union {
	u := &union{}
	list, d := s.OneOf, s.Discriminator
	switch {
	case len(list) == 0:
		list = s.AnyOf
	case keyword == "anyOf":
		list, d = s.AnyOf, nil
	}
	if d != nil {
		u.property = d.PropertyName
	}
	for _, ref := range list {
		for _, name := range branchNames(d, ref.Ref) {
			u.branches = append(u.branches, branch{name: name, node: &node{schema: ref.Value}})
		}
	}
	return u
}

// branchNames returns the discriminator values that select the schema ref, or an empty name if
// no value selects it, as for an inline schema or a union without a discriminator.
func branchNames(d *openapi3.Discriminator, ref string) []string {
	var names []string
	if d != nil {
		for _, name := range sortedNames(d.Mapping) {
			if d.Mapping[name].Ref == ref {
				names = append(names, name)
			}
		}
	}
	if names == nil {
		return []string{""}
	}
	return names
}

// choices returns the values of the discriminator that select a branch.
func (u *union) choices() []string {
	var names []string
	for _, b := range u.branches {
		if b.name != "" {
			names = append(names, b.name)
		}
	}
	return names
}

// commonFailures returns the failures that all branches have in common, as the first branch
// reports them.
func commonFailures(found []kin) []Failure {
	return slices.DeleteFunc(slices.Clone(found[0].failures), func(f Failure) bool {
		for _, other := range found[1:] {
			if !slices.ContainsFunc(other.failures, func(g Failure) bool { return g.Pointer == f.Pointer && g.Keyword == f.Keyword }) {
				return true
			}
		}
		return false
	})
}
