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
func fields(s *oas.Schema, direction Direction) map[string]field {
	out := make(map[string]field)
	for name, p := range s.Properties {
		if !hidden(p, direction) && !p.Never {
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

func hidden(p *oas.Property, direction Direction) bool {
	return p != nil && (direction == Request && p.ReadOnly || direction == Response && p.WriteOnly)
}

func (c *comparer) properties(base, revision *oas.Schema, w walk) {
	old, now := fields(base, w.direction), fields(revision, w.direction)
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
			c.propertyAdded(name, base, revision, p, q, inner)
		default:
			c.propertyRemoved(name, base, revision, inner)
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

func (c *comparer) propertyAdded(name string, base, revision *oas.Schema, p, q field, w walk) {
	required := q.required && !p.required && w.direction == Request
	c.change(either(required, "property-added-required", "property-added"), w, Difference{
		Family: "property", Item: name, New: Text(summary(q.Schema)), Found: true,
		Base: propertyAt(base, name, w.direction), Revision: propertyAt(revision, name, w.direction),
	})
}

// propertyRemoved records a property that the baseline has in this direction and upstream does
// not: it was removed, or exists only in the other direction now.
func (c *comparer) propertyRemoved(name string, base, revision *oas.Schema, w walk) {
	d := Difference{
		Family: "property", Item: name, Old: Text(summary(base.Properties[name].Schema)), Lost: true,
		Base: propertyAt(base, name, w.direction), Revision: propertyAt(revision, name, w.direction),
	}
	rule := "property-removed"
	if p := revision.Properties[name]; hidden(p, w.direction) {
		rule, d.Found, d.New = "property-hidden", true, Text("read-only")
		if w.direction == Response {
			d.New = Text("write-only")
		}
	}
	c.change(rule, w, d)
}

// propertyAt returns the place where an object declares a property, or would declare it.
// For a property that is hidden in this direction, it is the place of the keyword that
// hides it.
func propertyAt(s *oas.Schema, name string, direction Direction) oas.Place {
	p := s.Properties[name]
	switch {
	case p == nil:
		return s.At.Child("properties", name)
	case hidden(p, direction) && direction == Request:
		return p.Place("readOnly")
	case hidden(p, direction):
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
