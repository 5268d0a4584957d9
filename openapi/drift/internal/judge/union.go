package judge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
)

// choice is a branch that was taken on both sides.
type choice struct {
	property, label string
	// own are the discriminator's values that lead here, in the baseline and
	// upstream; mapped are all that lead anywhere in either.
	own    [2][]string
	mapped []string
}

// values gives the values that a discriminator may have within its branch: a value
// that leads to another branch can't occur here, whether or not a shared enum lists
// it; one that leads nowhere can. Outside of a branch it gives all. side is 0 for
// the baseline and 1 for upstream.
func (c *choice) values(enum []shape.Item, side int) []string {
	var out []string
	for _, item := range enum {
		if c == nil || slices.Contains(c.own[side], item.Value) || !slices.Contains(c.mapped, item.Value) {
			out = append(out, item.Value)
		}
	}
	return out
}

// form is a branch while branches are matched up.
type form struct {
	*shape.Branch
	value string
}

func (c *comparer) union(was, is *shape.Schema, w walk) {
	property := c.discriminator(was, is, w)
	old, now := c.forms(was, property), c.forms(is, property)
	mapped := append(quotedValues(old), quotedValues(now)...)
	pairs, gone, added := c.match(old, now)
	for _, p := range pairs {
		label := formName(p[1])
		inner := w.into(step(w.path, label))
		inner.chosen = &choice{
			property: property, label: property + "=" + label, mapped: mapped,
			own: [2][]string{leadingTo(pairs, 0, p[0].Schema), leadingTo(pairs, 1, p[1].Schema)},
		}
		c.schema(p[0].Schema, p[1].Schema, inner)
	}
	for _, f := range gone {
		c.change("branch-removed", w, Difference{Item: formName(f), Old: text(formName(f)), Was: f.At, Is: branchAt(is, f), Lost: true})
	}
	for _, f := range added {
		c.change("branch-added", w, Difference{Item: formName(f), New: text(formName(f)), Was: branchAt(was, f), Is: f.At, Found: true})
	}
}

// branchAt is where a union would list a branch that it has not.
func branchAt(s *shape.Schema, f form) shape.Place {
	if s.Union == nil || s.Union.Property == "" {
		return s.At.Child("oneOf", formName(f))
	}
	return s.Union.At.Child("discriminator", "mapping", formName(f))
}

// discriminator gives the property that tells the branches on both sides, as far as
// one side says.
func (c *comparer) discriminator(was, is *shape.Schema, w walk) string {
	old, now := discriminatorOf(was), discriminatorOf(is)
	if old != "" && now != "" && old != now {
		d := Difference{Old: text(old), New: text(now), Lost: true, Found: true}
		d.Was, d.Is = was.Union.At.Child("discriminator", "propertyName"), is.Union.At.Child("discriminator", "propertyName")
		c.change("discriminator-changed", w, d)
	}
	if now != "" {
		return now
	}
	return old
}

func discriminatorOf(s *shape.Schema) string {
	if s.Union == nil {
		return ""
	}
	return s.Union.Property
}

// forms lists what a value may be. What is no union has one form, itself. A branch
// without a discriminator's value has the one that its own property is bound to; one
// that repeats another's content is dropped.
func (c *comparer) forms(s *shape.Schema, property string) []form {
	if s.Union == nil {
		return []form{{&shape.Branch{Schema: s, At: s.At}, boundValue(s, property)}}
	}
	var out []form
	taken := make(map[int]bool)
	for _, b := range s.Union.Branches {
		if b.Value != "" {
			out = append(out, form{b, b.Value})
			taken[c.fingerprints.Of(b.Schema)] = true
		}
	}
	for _, b := range s.Union.Branches {
		if b.Value == "" && !taken[c.fingerprints.Of(b.Schema)] {
			out = append(out, form{b, boundValue(b.Schema, property)})
		}
	}
	return out
}

// boundValue is the only value that a property may have, "" when there is a choice.
func boundValue(s *shape.Schema, property string) string {
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

func quotedValues(forms []form) []string {
	var out []string
	for _, f := range forms {
		if f.value != "" {
			out = append(out, string(text(f.value)))
		}
	}
	return out
}

// leadingTo lists a side's values that lead to a schema and to one on the other side;
// one that comes or goes is told as a form.
func leadingTo(pairs [][2]form, side int, s *shape.Schema) []string {
	var there []form
	for _, p := range pairs {
		if p[side].Schema == s {
			there = append(there, p[side])
		}
	}
	return quotedValues(there)
}

// formName is what reports call a branch.
func formName(f form) string {
	if f.value != "" {
		return f.value
	}
	steps := strings.Split(f.Schema.At.Pointer, "/")
	if len(steps) == 4 && steps[1] == "components" {
		return steps[3]
	}
	return summary(f.Schema)
}

// match pairs forms: by value, then those that demand the same, then the most alike
// of what is left. Two forms with different values are never the same.
func (c *comparer) match(old, now []form) (pairs [][2]form, gone, added []form) {
	take := func(same func(a, b form) bool) {
		for i := 0; i < len(old); i++ {
			if j := slices.IndexFunc(now, func(f form) bool { return same(old[i], f) }); j >= 0 {
				pairs = append(pairs, [2]form{old[i], now[j]})
				old, now = slices.Delete(slices.Clone(old), i, i+1), slices.Delete(slices.Clone(now), j, j+1)
				i--
			}
		}
	}
	take(func(a, b form) bool { return a.value != "" && a.value == b.value })
	take(func(a, b form) bool {
		return compatible(a, b) && c.fingerprints.Of(a.Schema) == c.fingerprints.Of(b.Schema)
	})
	for {
		i, j, found := mostAlike(old, now)
		if !found {
			return pairs, old, now
		}
		pairs = append(pairs, [2]form{old[i], now[j]})
		old, now = slices.Delete(slices.Clone(old), i, i+1), slices.Delete(slices.Clone(now), j, j+1)
	}
}

// maxLikenesses bounds how many pairs of forms are held against each other.
const maxLikenesses = 2500

func compatible(a, b form) bool { return a.value == "" || b.value == "" }

func mostAlike(old, now []form) (i, j int, found bool) {
	if len(old)*len(now) > maxLikenesses {
		return 0, 0, false
	}
	best := 0.0
	for x, a := range old {
		for y, b := range now {
			if likeness := alike(a.Schema, b.Schema); compatible(a, b) && likeness > best {
				best, i, j = likeness, x, y
			}
		}
	}
	return i, j, best > 0
}

// alike rates how much two schemas have in common, from 0 for nothing to 1.
func alike(a, b *shape.Schema) float64 {
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
