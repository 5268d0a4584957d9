package compare

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// choice contains the discriminator values with which both sides' unions select a branch.
type choice struct{ own, mapped []string }

// choice returns the values of both sides for a discriminator property, or nil. Both count, because a
// branch that exists on only one side is reported as a form.
func (c *comparer) choice(base, revision *oas.Schema, property string) *choice {
	old, now := c.options.Base[base.At], c.options.Revision[revision.At]
	if old.Property != property && now.Property != property {
		return nil
	}
	switch {
	case now.Property != property:
		return &choice{old.Values, old.Mapped}
	case old.Property != property:
		return &choice{now.Values, now.Mapped}
	}
	both := set(now.Values)
	return &choice{
		own:    slices.DeleteFunc(slices.Clone(old.Values), func(value string) bool { return !both[value] }),
		mapped: slices.Concat(old.Mapped, now.Mapped),
	}
}

// values returns the values that an enum may have, as JSON, sorted. A value that selects
// another branch cannot occur here, whether or not the enum lists it; a value that selects
// no branch can. Without an enum, they are the values that select the branch.
func (c *choice) values(enum []oas.Item) []string {
	if c == nil {
		return oas.Values(enum)
	}
	var out []string
	own, mapped := set(c.own), set(c.mapped)
	for _, item := range enum {
		if value := oas.Unquote(item.Value); own[value] || !mapped[value] {
			out = append(out, item.Value)
		}
	}
	if enum == nil {
		for _, value := range c.own {
			out = append(out, oas.Quote(value))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// form is a branch that is matched with a branch of the other side.
type form struct {
	*oas.Branch
	value string
}

func (c *comparer) union(base, revision *oas.Schema, w walk) {
	property := c.discriminator(base, revision, w)
	c.exclusive(base, revision, w)
	old, now := c.forms(base, property), c.forms(revision, property)
	pairs, gone, added := c.match(old, now)
	for _, p := range pairs {
		inner := w.into(step(w.path, formName(p[1])))
		c.schema(p[0].Schema, p[1].Schema, inner)
	}
	for _, f := range gone {
		c.change("branch-removed", w, Difference{Item: formName(f), Old: Text(formName(f)), Base: f.At, Revision: branchAt(revision, f), Lost: true})
	}
	for _, f := range added {
		rule := either(w.direction == Response && hasNewType(f, old), "branch-of-another-type", "branch-added")
		c.change(rule, w, Difference{Family: "branch-added", Item: formName(f), New: Text(formName(f)), Base: branchAt(base, f), Revision: f.At, Found: true})
	}
}

// hasNewType reports whether a form has a type that none of the old forms has, so that a
// client for the old types cannot read it.
func hasNewType(f form, old []form) bool {
	var types []string
	for _, o := range old {
		if o.Schema.Types == nil {
			return false
		}
		types = append(types, o.Schema.Types...)
	}
	return f.Schema.Types != nil && !admits(types, f.Schema.Types)
}

// branchAt returns the place where a union would list a branch that it lacks.
func branchAt(s *oas.Schema, f form) oas.Place {
	if s.Union == nil || s.Union.Property == "" {
		return s.At.Child("oneOf", formName(f))
	}
	return s.Union.At.Child("discriminator", "mapping", formName(f))
}

// typesNextTo records a type that was added to or removed from the keywords next to a
// choice, which adds or removes the forms of that type. It reports whether it recorded one.
func (c *comparer) typesNextTo(base, revision *oas.Schema, w walk) bool {
	if base.Union == nil || revision.Union == nil || base.Union.Property != "" || (base.Types == nil) == (revision.Types == nil) {
		return false
	}
	old, now := formTypes(base), formTypes(revision)
	if old == nil || now == nil || slices.Equal(old, now) {
		return false
	}
	c.types(&oas.Schema{Types: old, At: base.At}, &oas.Schema{Types: now, At: revision.At}, w)
	return true
}

// formTypes lists the types of a choice: those declared next to it, or else those of its
// forms.
func formTypes(s *oas.Schema) []string {
	if s.Types != nil {
		return s.Types
	}
	var out []string
	for _, b := range s.Union.Branches {
		if b.Schema.Types == nil {
			return nil
		}
		out = append(out, b.Schema.Types...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// discriminator returns the property that selects the branch on both sides, if at least one
// side declares it.
func (c *comparer) discriminator(base, revision *oas.Schema, w walk) string {
	old, now := discriminatorOf(base), discriminatorOf(revision)
	if old != "" && now != "" && old != now {
		d := Difference{Old: Text(old), New: Text(now), Lost: true, Found: true}
		d.Base, d.Revision = base.Union.At.Child("discriminator", "propertyName"), revision.Union.At.Child("discriminator", "propertyName")
		c.change("discriminator-changed", w, d)
	}
	if base.Union != nil && revision.Union != nil && (old == "") != (now == "") {
		d := keyword("discriminator", base, revision, quotedOr(old), quotedOr(now))
		d.Base, d.Revision = base.Union.At.Child("discriminator"), revision.Union.At.Child("discriminator")
		rule := "discriminator-" + presence(old, now)
		if old == "" && !slices.ContainsFunc(c.forms(base, now), func(f form) bool { return !selects(f, now, revision.Union) }) {
			rule = "discriminator-declared"
		}
		c.change(rule, w, d)
	}
	if now != "" {
		return now
	}
	return old
}

// selects reports whether a form requires a value of a property that the union maps to a form.
func selects(f form, property string, union *oas.Union) bool {
	_, required := f.Schema.Required[property]
	return required && f.value != "" && slices.ContainsFunc(union.Branches, func(b *oas.Branch) bool { return b.Value == f.value })
}

// quotedOr returns a JSON string, or "" for an empty text.
func quotedOr(s string) string {
	if s == "" {
		return ""
	}
	return oas.Quote(s)
}

func discriminatorOf(s *oas.Schema) string {
	if s.Union == nil {
		return ""
	}
	return s.Union.Property
}

// forms lists the forms that a value may have. A schema that is not a union has one form:
// itself. A branch without a discriminator value has the only value that its own property
// allows. A branch with the same content as another one is dropped.
func (c *comparer) forms(s *oas.Schema, property string) []form {
	if s.Union == nil {
		return []form{{&oas.Branch{Schema: s, At: s.At}, onlyValue(s, property)}}
	}
	var out []form
	selected := make(map[int]*oas.Schema)
	for _, b := range s.Union.Branches {
		if b.Value != "" {
			out = append(out, form{b, b.Value})
			selected[c.fingerprints.Of(b.Schema)] = b.Schema
		}
	}
	for _, b := range s.Union.Branches {
		if b.Value == "" && !c.same.Of(b.Schema, selected[c.fingerprints.Of(b.Schema)]) {
			out = append(out, form{b, onlyValue(b.Schema, property)})
		}
	}
	return out
}

// onlyValue returns the only value that a property may have, or "" if it may have several.
func onlyValue(s *oas.Schema, property string) string {
	p := s.Properties[property]
	if p == nil || len(p.Enum) != 1 {
		return ""
	}
	var value string
	if json.Unmarshal([]byte(p.Enum[0].Value), &value) != nil {
		return ""
	}
	return value
}

// formName returns a branch's name in reports.
func formName(f form) string {
	if f.value != "" {
		return f.value
	}
	if name := componentName(f); name != "" {
		return name
	}
	return summary(f.Schema)
}

// componentName returns the name of the component to which a branch refers, or "".
func componentName(f form) string {
	steps := strings.Split(f.Schema.At.Pointer, "/")
	if len(steps) == 4 && steps[1] == "components" {
		return steps[3]
	}
	return ""
}

// match pairs forms: first by value, then by equal requirements, then by name, and finally
// by similarity. It never pairs forms with different values.
func (c *comparer) match(old, now []form) (pairs [][2]form, gone, added []form) {
	m := matching{pairs: make(map[int]int), taken: make(map[int]bool)}
	if c.budget.Work(int64(len(old)*len(now))) != nil { // Compare returns the error
		return nil, nil, nil
	}
	m.all(old, now, func(a, b form) bool { return a.value != "" && a.value == b.value })
	m.all(old, now, func(a, b form) bool {
		return compatible(a, b) && c.fingerprints.Of(a.Schema) == c.fingerprints.Of(b.Schema)
	})
	m.all(old, now, func(a, b form) bool {
		return compatible(a, b) && componentName(a) != "" && componentName(a) == componentName(b)
	})
	m.mostSimilar(old, now)
	for i, f := range old {
		if j, paired := m.pairs[i]; paired {
			pairs = append(pairs, [2]form{f, now[j]})
		} else {
			gone = append(gone, f)
		}
	}
	for j, f := range now {
		if !m.taken[j] {
			added = append(added, f)
		}
	}
	return pairs, gone, added
}

// matching pairs the positions of old forms with those of new forms.
type matching struct {
	pairs map[int]int
	taken map[int]bool
}

func (m matching) pair(i, j int) {
	if _, paired := m.pairs[i]; !paired && !m.taken[j] {
		m.pairs[i], m.taken[j] = j, true
	}
}

// all pairs each old form with the first new form for which same is true.
func (m matching) all(old, now []form, same func(a, b form) bool) {
	for i, a := range old {
		for j, b := range now {
			if _, paired := m.pairs[i]; !paired && !m.taken[j] && same(a, b) {
				m.pair(i, j)
			}
		}
	}
}

// maxSimilarityPairs is the largest number of pairs of forms that are compared for similarity.
const maxSimilarityPairs = 2500

func compatible(a, b form) bool { return a.value == "" || b.value == "" }

// mostSimilar pairs the remaining forms, the most similar first.
func (m matching) mostSimilar(old, now []form) {
	if (len(old)-len(m.pairs))*(len(now)-len(m.pairs)) > maxSimilarityPairs {
		return
	}
	type scoredPair struct {
		i, j int
		how  float64
	}
	var all []scoredPair
	for i, a := range old {
		for j, b := range now {
			if _, paired := m.pairs[i]; !paired && !m.taken[j] && compatible(a, b) {
				if how := similarity(a.Schema, b.Schema); how > 0 {
					all = append(all, scoredPair{i, j, how})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(x, y scoredPair) int { return cmp.Compare(y.how, x.how) })
	for _, l := range all {
		m.pair(l.i, l.j)
	}
}

// similarity rates the similarity of two schemas from 0 to 1.
func similarity(a, b *oas.Schema) float64 {
	if !slices.Equal(a.Types, b.Types) {
		return 0
	}
	shared := 0
	for name := range a.Properties {
		if b.Properties[name] != nil {
			shared++
		}
	}
	all := len(a.Properties) + len(b.Properties)
	if all == 0 {
		return 0.5
	}
	return (0.1 + 2*float64(shared)) / (0.1 + float64(all))
}
