package compare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// subschemas compares the schemas of patternProperties, prefixItems, then and other keywords
// that are more restrictive if their schema is. It compares if and not in other ways.
func (c *comparer) subschemas(base, revision *oas.Schema, w walk) {
	sameCondition := c.same.Of(base.Subschemas["if"], revision.Subschemas["if"])
	if !sameCondition && (conditional(base) || conditional(revision)) {
		c.keyword("not-judged", "if", base, revision, w)
	}
	for _, key := range names(base.Subschemas, revision.Subschemas) {
		old, now := base.Subschemas[key], revision.Subschemas[key]
		keyword, _, _ := strings.Cut(key, "/")
		switch plain := strings.TrimRight(keyword, "'"); {
		case plain == "if", (plain == "then" || plain == "else") && !sameCondition:
		case plain != keyword: // several members of an allOf have it, and which ones correspond is unknown
			if !c.same.Of(old, now) {
				c.keyword("not-judged", plain, base, revision, w)
			}
		case old == nil && now.HasRequirements():
			c.keyword("assertion-added", key, base, revision, w)
		case now == nil && old.HasRequirements():
			c.keyword("assertion-removed", key, base, revision, w)
		case old == nil || now == nil: // the other has no effect
		case plain == "not":
			c.not(base, revision, w)
		default:
			c.schema(old, now, w.into(step(w.path, strings.ReplaceAll(key, "/", " "))))
		}
	}
}

// conditional reports whether a condition of the schema has consequences.
func conditional(s *oas.Schema) bool {
	return s.Subschemas["if"] != nil && (s.Subschemas["then"].HasRequirements() || s.Subschemas["else"].HasRequirements())
}

// keyword records that a whole keyword was added, removed or changed.
func (c *comparer) keyword(rule, key string, base, revision *oas.Schema, w walk) {
	old, now := base.Subschemas[key], revision.Subschemas[key]
	d := Difference{Keyword: key, Family: rule + " " + key, Base: base.Place(key), Revision: revision.Place(key), Lost: old != nil, Found: now != nil}
	if old != nil {
		d.Old, d.Base = Text(summary(old)), old.At
	}
	if now != nil {
		d.New, d.Revision = Text(summary(now)), now.At
	}
	if rule == "not-judged" {
		c.add(rule, w, d)
		return
	}
	c.change(rule, w, d)
}

// not compares the schemas of the keyword not. The less restrictive such a schema is, the
// more values it excludes.
func (c *comparer) not(base, revision *oas.Schema, w walk) {
	old, now := base.Subschemas["not"], revision.Subschemas["not"]
	if c.same.Of(old, now) {
		return
	}
	more, less := c.admitsMore(now, old, w), c.admitsMore(old, now, w)
	rule := "assertion-changed"
	switch {
	case more && !less:
		rule = "bound-tightened"
	case less && !more:
		rule = "bound-loosened"
	}
	c.keyword(rule, "not", base, revision, w)
}

// admitsMore reports whether a may allow a value that b does not allow.
func (c *comparer) admitsMore(a, b *oas.Schema, w walk) bool {
	inner := &comparer{Cache: c.Cache, base: c.base, revision: c.revision, options: c.options, seen: make(map[visit]bool)}
	inner.options.Prose = false
	inner.schema(a, b, walk{direction: Request, subject: w.subject, depth: w.depth + 1})
	c.stopped = cmp.Or(c.stopped, inner.stopped)
	return slices.ContainsFunc(inner.out, func(d Difference) bool {
		switch d.Rule.ID { // unlike in a message, any value may have an undeclared field
		case "request-property-added":
			return true
		case "request-property-removed":
			return false
		}
		return d.Rule.Verdict == Breaking
	})
}
