package compare

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// field is a property in one direction.
type field struct {
	*oas.Property
	required bool
}

// fields returns an object's fields in one direction: a request has no read-only
// properties, a response no write-only ones. A name that is only required has no property.
func fields(s *oas.Schema, way Direction) map[string]field {
	out := make(map[string]field)
	for name, p := range s.Properties {
		if !hidden(p, way) && !p.Never {
			_, required := s.Required[name]
			out[name] = field{p, required}
		}
	}
	for name := range s.Required {
		if s.Properties[name] == nil {
			out[name] = field{nil, true}
		}
	}
	return out
}

func hidden(p *oas.Property, way Direction) bool {
	return p != nil && (way == Request && p.ReadOnly || way == Response && p.WriteOnly)
}

func (c *comparer) properties(base, revision *oas.Schema, w walk) {
	old, now := fields(base, w.way), fields(revision, w.way)
	for _, name := range names(old, now) {
		inner := w.into(step(w.path, name))
		p, hadIt := old[name]
		q, hasIt := now[name]
		switch {
		case hadIt && hasIt && p.Property != nil && q.Property != nil:
			inner.chosen = c.choice(base, revision, name)
			inner.required = p.required && q.required
			c.schema(p.Schema, q.Schema, inner)
			c.propertyRequired(name, base, revision, p.required, q.required, inner)
		case p.Property == nil && q.Property == nil:
			c.propertyRequired(name, base, revision, p.required, q.required, inner)
		case p.Property == nil:
			c.appeared(name, base, revision, p, q, inner)
		default:
			c.vanished(name, base, revision, inner)
		}
	}
}

func (c *comparer) propertyRequired(name string, base, revision *oas.Schema, old, now bool, w walk) {
	if old == now {
		return
	}
	d := Flip(old, now, requiredAt(base, name), requiredAt(revision, name))
	d.Item = name
	c.change(either(old, "property-optional", "property-required"), w, d)
}

// requiredAt returns the place where an object requires a property, or would require it.
func requiredAt(s *oas.Schema, name string) oas.Place {
	if at, ok := s.Required[name]; ok {
		return at
	}
	return s.At.Child("required", name)
}

func (c *comparer) appeared(name string, base, revision *oas.Schema, p, q field, w walk) {
	required := q.required && !p.required && w.way == Request
	c.change(either(required, "property-added-required", "property-added"), w, Difference{
		Family: "property", Item: name, New: Text(summary(q.Schema)), Found: true,
		Base: propertyAt(base, name, w.way), Revision: propertyAt(revision, name, w.way),
	})
}

// vanished records a property that the baseline has in this direction and upstream does
// not: it was removed, or exists only in the other direction now.
func (c *comparer) vanished(name string, base, revision *oas.Schema, w walk) {
	d := Difference{
		Family: "property", Item: name, Old: Text(summary(base.Properties[name].Schema)), Lost: true,
		Base: propertyAt(base, name, w.way), Revision: propertyAt(revision, name, w.way),
	}
	rule := "property-removed"
	if p := revision.Properties[name]; hidden(p, w.way) {
		rule, d.Found, d.New = "property-hidden", true, Text("read-only")
		if w.way == Response {
			d.New = Text("write-only")
		}
	}
	c.change(rule, w, d)
}

// propertyAt returns the place where an object declares a property, or would declare it.
// For a property that is hidden in this direction, it is the place of the keyword that
// hides it.
func propertyAt(s *oas.Schema, name string, way Direction) oas.Place {
	p := s.Properties[name]
	switch {
	case p == nil:
		return s.At.Child("properties", name)
	case hidden(p, way) && way == Request:
		return p.Place("readOnly")
	case hidden(p, way):
		return p.Place("writeOnly")
	}
	return p.At
}

// summary describes a schema in one or two words.
func summary(s *oas.Schema) string {
	switch {
	case s == nil:
		return "any"
	case s.Never:
		return "nothing"
	case s.Union != nil:
		return "one of several forms"
	case s.Types == nil && s.HasRequirements():
		return "restricted"
	case s.Types == nil:
		return "any"
	}
	return strings.Join(s.Types, " or ")
}
