package compare

import (
	"maps"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Documents returns the differences between the parts of two documents that belong to no
// operation: those that Parts returns and, if webhooks is true, the webhooks.
func Documents(base, revision *oas.Document, webhooks, prose bool) []Difference {
	c := &comparer{Cache: new(Cache), base: wholeDocument(base, webhooks, prose), revision: wholeDocument(revision, webhooks, prose), options: Options{Prose: prose}}
	c.uninterpreted(TheDocument)
	return c.out
}

// wholeDocument returns the parts of a document in the form of an operation.
func wholeDocument(doc *oas.Document, webhooks, prose bool) *oas.Effective {
	e := &oas.Effective{Place: doc.Place(""), Uninterpreted: doc.Parts(prose)}
	if webhooks {
		maps.Copy(e.Uninterpreted, doc.Webhooks(prose))
	}
	return e
}

// uninterpreted compares the parts that no other rule interprets.
func (c *comparer) uninterpreted(subject Subject) {
	for _, name := range names(c.base.Uninterpreted, c.revision.Uninterpreted) {
		base, old := c.base.Uninterpreted[name]
		revision, now := c.revision.Uninterpreted[name]
		rule := "not-judged"
		switch {
		case old != now && c.ownerMoved(name):
			continue
		case base.Value != revision.Value:
		case c.options.Prose && base.ValueWithProse != revision.ValueWithProse:
			rule = "prose-changed"
		default:
			continue
		}
		d := Difference{Keyword: name, Base: base.At, Revision: revision.At, Lost: old, Found: now}
		if subject != TheDocument {
			d.Keyword = name[strings.LastIndexByte(name, ' ')+1:]
		}
		d.Family = rule + " " + d.Keyword
		if !old {
			d.Base = c.base.Place.Child(d.Keyword)
		}
		if !now {
			d.Revision = c.revision.Place.Child(d.Keyword)
		}
		c.add(rule, walk{subject: subject, direction: Both}, d)
	}
}

// ownerMoved reports whether a part that only one side has may belong to a scheme or server
// that only this side has, which is reported itself.
func (c *comparer) ownerMoved(part string) bool {
	switch owner, _, _ := strings.Cut(part, " "); owner {
	case "security":
		return !sameNames(c.base.Security, c.revision.Security)
	case "servers":
		return !sameNames(c.base.Servers, c.revision.Servers)
	}
	return false
}

func sameNames[V any](a, b map[string]V) bool {
	return maps.EqualFunc(a, b, func(V, V) bool { return true })
}
