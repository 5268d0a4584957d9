package oas

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// listed returns the branches of oneOf or anyOf, except one of type null, which OpenAPI 3.1
// documents use for nullable.
func (p part) listed(keyword string) []place {
	if p.chosen&choiceOf(keyword) != 0 {
		return nil
	}
	var out []place
	for i, item := range Items(Get(p.node, keyword)) {
		if !isNull(item) {
			out = append(out, place{item, Index(Join(p.pointer, keyword), i)})
		}
	}
	return out
}

// keywordOf returns the keyword that lists the branches of a choice.
func keywordOf(choice choices) string {
	if choice == byAnyOf {
		return "anyOf"
	}
	return "oneOf"
}

func choiceOf(keyword string) choices {
	if keyword == "anyOf" {
		return byAnyOf
	}
	return byOneOf
}

// isNull reports whether a branch allows only null.
func isNull(n *Node) bool {
	return Text(Get(n, "type")) == "null" && len(n.Content) == 2
}

func (p part) hasMapping() bool {
	mapping := At(p.node, "discriminator", "mapping")
	return IsMapping(mapping) && len(mapping.Content) > 0
}

// byMapping returns the choice that a mapping makes of a list with a single branch, or without
// a list. Next to both oneOf and anyOf, a mapping makes no choice; it only names branches.
func (p part) byMapping() choices {
	oneOf, anyOf := Get(p.node, "oneOf"), Get(p.node, "anyOf")
	switch {
	case !p.hasMapping() || oneOf != nil && anyOf != nil:
		return noChoice
	case anyOf != nil:
		return byAnyOf
	}
	return byOneOf
}

// hasChoice reports whether a part allows several forms.
func (p part) hasChoice(r *Reader) bool { return !p.proseOnly && p.choice(r) != noChoice }

// choice returns the first keyword by which a part allows several forms.
func (p part) choice(r *Reader) choices {
	switch {
	case p.proseOnly:
		return noChoice
	case p.chosen&byOneOf == 0 && (len(p.listed("oneOf")) > 1 || p.byMapping() == byOneOf || len(p.derived(r)) > 0):
		return byOneOf
	case p.chosen&byAnyOf == 0 && (len(p.listed("anyOf")) > 1 || p.byMapping() == byAnyOf):
		return byAnyOf
	}
	return noChoice
}

// derived returns the schemas that inherit from a base whose discriminator has no mapping.
// Each component that has the base in its allOf is a branch, which the component's name
// selects (OpenAPI 3.0.3, Discriminator Object).
func (p part) derived(r *Reader) []member {
	if p.chosen&byOneOf != 0 || Get(p.node, "discriminator") == nil || p.hasMapping() || Get(p.node, "oneOf") != nil || Get(p.node, "anyOf") != nil {
		return nil
	}
	return r.derivedFrom(p.node)
}

func (r *Reader) derivedFrom(base *Node) []member {
	if r.derived == nil {
		r.derived = make(map[*Node][]member)
		for name, schema := range Pairs(At(r.doc.root, "components", "schemas")) {
			at := place{schema, Join("/components/schemas", name)}
			for _, m := range Items(Get(schema, "allOf")) {
				if target, _, err := r.doc.Target(Ref(m)); err == nil && Ref(m) != "" {
					r.derived[target] = append(r.derived[target], member{part{place: at}, name, at})
				}
			}
		}
	}
	return r.derived[base]
}

// maxBranches is the largest number of branches that a union may have. The unions of the
// contract have 3.
const maxBranches = 500

// union makes s a union if one of its parts is one. Each branch has the requirements of all
// other parts as well, and of the keywords next to the choice.
func (r *Reader) union(s *Schema, parts []part) {
	i := slices.IndexFunc(parts, func(p part) bool { return p.hasChoice(r) })
	if i < 0 {
		return
	}
	choice := parts[i].choice(r)
	rest := r.choose(parts, i, choice)
	s.Union = &Union{Property: Text(At(parts[i].node, "discriminator", "propertyName")), At: r.place(parts[i].place)}
	s.Union.Exclusive = choice == byOneOf && Get(parts[i].node, "oneOf") != nil
	for _, m := range r.members(parts[i], choice) {
		of := append([]part{m.part}, rest...)
		if m.node == parts[i].node { // the base itself is a branch, too
			of = rest
		}
		s.Union.Branches = append(s.Union.Branches, &Branch{Value: m.value, At: r.place(m.at), Schema: r.schema(of)})
	}
	listed := Items(Get(parts[i].node, keywordOf(choice)))
	if r.doc.Is31() && len(listed) > 0 && !parts[i].orNull && !slices.ContainsFunc(listed, isNull) {
		s.Nullable = s.Nullable && slices.ContainsFunc(s.Union.Branches, func(b *Branch) bool { return b.Schema.Nullable })
	}
	s.dropImpossible()
	r.mergeEnums(s, parts[i])
}

// choose returns the parts of each branch of the choice of parts[i], the first part that has
// one: the choice is made there, and in every other part that has the same choice.
func (r *Reader) choose(parts []part, i int, choice choices) []part {
	rest := slices.Clone(parts)
	rest[i].chosen |= choice
	for j := range rest {
		rest[j].followed = true
		if rest[j].choice(r) == choice && r.formsOf(rest[j], choice) == r.formsOf(parts[i], choice) {
			rest[j].chosen |= choice
		}
	}
	return rest
}

// formsOf returns a text that is equal for two parts if their choices have the same
// discriminator and the same branches, in any order.
func (r *Reader) formsOf(p part, choice choices) string {
	out := []string{keywordOf(choice), Quote(Text(At(p.node, "discriminator", "propertyName")))}
	for _, m := range r.members(p, choice) {
		out = append(out, Quote(m.value)+":"+r.text(m.place))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// dropImpossible removes the branches that no value satisfies together with the keywords
// next to the choice.
func (s *Schema) dropImpossible() {
	possible := slices.DeleteFunc(slices.Clone(s.Union.Branches), func(b *Branch) bool { return b.Schema.Never })
	if len(possible) == 0 {
		s.Union, s.Never = nil, !s.Nullable
		return
	}
	s.Union.Branches = possible
}

// member is a branch in the notation of the document.
type member struct {
	part
	value string
	at    place
}

// members lists the branches of a union: first those that the discriminator's values map
// to, then those in oneOf or anyOf that no value maps to. More than maxBranches branches
// are an error.
func (r *Reader) members(p part, choice choices) []member {
	var out []member
	if derived := p.derived(r); len(derived) > 0 {
		out = append([]member{{part{place: p.place}, LastStep(p.pointer), p.place}}, derived...)
	}
	mapped := make(map[string]bool)
	if choice&byOneOf != 0 || Get(p.node, "oneOf") == nil { // the discriminator belongs to oneOf if there is one
		for _, m := range r.mappedMembers(p.in("discriminator", "mapping")) {
			out = append(out, m)
			mapped[m.pointer] = true
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if choice&choiceOf(keyword) != 0 {
			out = append(out, r.unmapped(p, keyword, mapped)...)
		}
	}
	if len(out) > maxBranches {
		r.check(&limits.ExceededError{Bound: "branches of a union", Limit: maxBranches}, p.place)
		return nil
	}
	return out
}

// mappedMembers lists the branches that the values of a mapping select.
func (r *Reader) mappedMembers(mapping place) []member {
	var out []member
	for value, target := range Pairs(mapping.node) {
		n, pointer, err := r.doc.Target(MappingRef(target.Value))
		at := place{target, Join(mapping.pointer, value)}
		if err != nil {
			r.fail("at %s, line %d: %w", at.pointer, target.Line, err)
			return nil
		}
		out = append(out, member{part{place: place{n, pointer}}, value, at})
	}
	return out
}

// unmapped lists the branches of oneOf or anyOf that the mapping does not name. If there is
// a discriminator, the value for such a branch is the name of its component.
func (r *Reader) unmapped(p part, keyword string, mapped map[string]bool) []member {
	var out []member
	for _, choice := range p.listed(keyword) {
		value := ""
		if ref := Ref(choice.node); ref != "" {
			if _, pointer, err := r.doc.Target(ref); err == nil && mapped[pointer] {
				continue
			}
			if Get(p.node, "discriminator") != nil {
				value = LastStep(ref)
			}
		}
		out = append(out, member{part{place: choice}, value, choice})
	}
	return out
}

// mergeEnums merges a union whose branches are only enums into one enum, which allows the same
// values. Atlas groups the values of an event's type in such branches and moves values
// between them. The names and descriptions of the branches are not kept.
func (r *Reader) mergeEnums(s *Schema, choice part) {
	if s.Union == nil || s.Union.Property != "" {
		return
	}
	first := s.Union.Branches[0].Schema
	var values []Item
	listed := make(map[string]bool)
	nullable := s.Nullable
	for _, branch := range s.Union.Branches {
		if branch.Value != "" || !branch.Schema.isEnumOnly() || !slices.Equal(branch.Schema.Types, first.Types) {
			return
		}
		for _, item := range branch.Schema.Enum {
			if s.Union.Exclusive && listed[item.Value] {
				return // oneOf refuses a value in two lists
			}
			values = append(values, item)
		}
		for _, item := range branch.Schema.Enum {
			listed[item.Value] = true
		}
		nullable = nullable || branch.Schema.Nullable
	}
	s.Types, s.Enum, s.Union, s.Nullable = first.Types, uniqueItems(values), nil, nullable
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if at := choice.in(keyword); at.node != nil {
			s.places["enum"] = r.place(at)
			return
		}
	}
}

// isEnumOnly reports whether a schema is an enum without other requirements.
func (s *Schema) isEnumOnly() bool {
	others := *s
	others.Types, others.Enum = nil, nil
	return s.Enum != nil && !others.HasRequirements() && len(s.Assertions) == 0 && !s.Deprecated && !s.ReadOnly && !s.WriteOnly && s.Default == ""
}
