package shape

import (
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// oneList makes a choice of lists of values one list, which admits the same: Atlas
// groups the values of an event's type so, and moves them between the groups. What
// the groups are called and described as is not kept.
func (b *builder) oneList(s *Schema, choice part) {
	if s.Union == nil || s.Union.Property != "" || len(s.Union.Branches) == 0 {
		return
	}
	first := s.Union.Branches[0].Schema
	var values []Item
	nullable := s.Nullable
	for _, branch := range s.Union.Branches {
		if branch.Value != "" || !branch.Schema.isList() || !slices.Equal(branch.Schema.Types, first.Types) {
			return
		}
		values = append(values, branch.Schema.Enum...)
		nullable = nullable || branch.Schema.Nullable
	}
	s.Types, s.Enum, s.Union, s.Nullable = first.Types, uniqueItems(values), nil, nullable
	i := slices.IndexFunc(unionKeys, func(key string) bool { return tree.Get(choice.node, key) != nil })
	s.places["enum"] = b.place(tree.Join(choice.pointer, unionKeys[i]))
}

// isList tells whether a schema is a list of values and nothing more.
func (s *Schema) isList() bool {
	return s.Enum != nil && s.Union == nil && len(s.Assertions)+len(s.Properties)+len(s.Required) == 0 &&
		s.Items == nil && s.Additional == nil && !s.Closed && !s.Deprecated && !s.ReadOnly && !s.WriteOnly && s.Default == ""
}
