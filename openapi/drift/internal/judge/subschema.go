package judge

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// subschemas compares the schemas of keywords that demand more where the schema does:
// patternProperties, prefixItems, then and the like. if and not are exceptions.
func (c *comparer) subschemas(was, is *oas.Schema, w walk) {
	sameCondition := c.same.Of(was.Subschemas["if"], is.Subschemas["if"])
	if !sameCondition && (conditional(was) || conditional(is)) {
		c.keyword("not-judged", "if", was, is, w)
	}
	for _, key := range names(was.Subschemas, is.Subschemas) {
		old, now := was.Subschemas[key], is.Subschemas[key]
		keyword, _, _ := strings.Cut(key, "/")
		switch base := strings.TrimRight(keyword, "'"); {
		case base == "if", (base == "then" || base == "else") && !sameCondition:
		case base != keyword: // demanded by several parts of an allOf: which belongs to which is not known
			if !c.same.Of(old, now) {
				c.keyword("not-judged", base, was, is, w)
			}
		case old == nil && now.Demands():
			c.keyword("assertion-added", key, was, is, w)
		case now == nil && old.Demands():
			c.keyword("assertion-removed", key, was, is, w)
		case base == "not" && old != nil && now != nil:
			c.not(was, is, w)
		default:
			c.content(old, now, was.Place(key), is.Place(key), w.into(step(w.path, strings.ReplaceAll(key, "/", " "))))
		}
	}
}

// conditional reports whether a condition of the schema has consequences.
func conditional(s *oas.Schema) bool {
	return s.Subschemas["if"] != nil && (s.Subschemas["then"].Demands() || s.Subschemas["else"].Demands())
}

// keyword records that a keyword came, went or changed as a whole.
func (c *comparer) keyword(rule, key string, was, is *oas.Schema, w walk) {
	old, now := was.Subschemas[key], is.Subschemas[key]
	d := Difference{Keyword: key, Family: rule + " " + key, Was: was.Place(key), Is: is.Place(key), Lost: old != nil, Found: now != nil}
	if old != nil {
		d.Old, d.Was = text(summary(old)), old.At
	}
	if now != nil {
		d.New, d.Is = text(summary(now)), now.At
	}
	if rule == "not-judged" {
		c.add(rule, w, d)
		return
	}
	c.change(rule, w, d)
}

// not compares what a schema excludes: excluding more demands more.
func (c *comparer) not(was, is *oas.Schema, w walk) {
	swapped := &comparer{Known: c.Known, was: c.is, is: c.was, options: c.options, seen: make(map[visit]bool)}
	swapped.options.Prose = false
	swapped.schema(is.Subschemas["not"], was.Subschemas["not"], walk{way: Request, subject: w.subject, depth: w.depth + 1})
	if len(swapped.out) == 0 {
		return
	}
	rule := "bound-loosened"
	for _, d := range swapped.out {
		if d.Rule.Verdict == Breaking {
			rule = "bound-tightened"
		}
	}
	c.keyword(rule, "not", was, is, w)
}
