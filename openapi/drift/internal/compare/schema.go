package compare

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// visit identifies a completed comparison that need not be repeated.
type visit struct {
	base, revision *oas.Schema
	direction      Direction
	subject        Subject
	xml            bool
}

// content compares the schemas of a parameter, a header or a body. A nil schema accepts
// everything; baseAt and revisionAt are the places where a missing schema would be.
func (c *comparer) content(base, revision *oas.Schema, baseAt, revisionAt oas.Place, w walk) {
	if base != nil && revision != nil {
		c.schema(base, revision, w)
		return
	}
	c.compareWithAny(base, revision, baseAt, revisionAt, w)
}

// compareWithAny compares a schema with a schema that has no requirements or is missing.
func (c *comparer) compareWithAny(base, revision *oas.Schema, baseAt, revisionAt oas.Place, w walk) {
	if base.HasRequirements() == revision.HasRequirements() {
		return
	}
	c.change(either(base.HasRequirements(), "type-widened", "type-narrowed"), w, Difference{Base: baseAt, Revision: revisionAt, Lost: base != nil, Found: revision != nil, Old: Text(summary(base)), New: Text(summary(revision))})
}

// change records a difference of schemas, if the rule exists in this direction.
func (c *comparer) change(name string, w walk, d Difference) {
	rule := schemaRule(name, w.direction)
	if rule == nil {
		return
	}
	if d.Family == "" {
		d.Family = name
	}
	c.add(rule.ID, w, d)
}

func (c *comparer) schema(base, revision *oas.Schema, w walk) {
	v := visit{base, revision, w.direction, w.subject, w.xml}
	if c.seen[v] || !c.spendSchema(revision, w) || !c.options.Prose && c.same.Of(base, revision) {
		return
	}
	c.seen[v] = true
	c.prose(w, base.Prose, revision.Prose, base.At, revision.At)
	if base.HasRequirements() != revision.HasRequirements() {
		c.compareWithAny(base, revision, base.Place("type"), revision.Place("type"), w)
		return
	}
	if base.Never != revision.Never {
		c.compareWithFalse(base, revision, w)
		return
	}
	c.flags(base, revision, w)
	if c.typesNextTo(base, revision, w) {
		return
	}
	if base.Union != nil || revision.Union != nil {
		c.union(base, revision, w)
		return
	}
	if !c.types(base, revision, w) {
		return
	}
	c.enum(base, revision, w)
	for _, keyword := range names(base.Assertions, revision.Assertions) {
		c.assertion(keyword, base, revision, w)
	}
	c.properties(base, revision, w)
	c.additional(base, revision, w)
	c.content(base.Items, revision.Items, base.Place("items"), revision.Place("items"), w.into(items(w.path)))
	c.subschemas(base, revision, w)
}

// compareWithFalse compares a schema with the schema false, which allows no value.
func (c *comparer) compareWithFalse(base, revision *oas.Schema, w walk) {
	rule := either(revision.Never, "type-narrowed", "type-widened")
	c.change(rule, w, Difference{Base: base.At, Revision: revision.At, Lost: true, Found: true, Old: Text(summary(base)), New: Text(summary(revision))})
}

// keyword returns the difference between the values of one keyword.
func keyword(name string, base, revision *oas.Schema, old, now string) Difference {
	d := Difference{Base: base.Place(name), Revision: revision.Place(name), Lost: old != "", Found: now != ""}
	if old != "" {
		d.Old = json.RawMessage(old)
	}
	if now != "" {
		d.New = json.RawMessage(now)
	}
	return d
}

func (c *comparer) flags(base, revision *oas.Schema, w walk) {
	if base.Nullable != revision.Nullable && untyped(base) == untyped(revision) {
		c.change(either(base.Nullable, "nullable-removed", "nullable-added"), w, Flip(base.Nullable, revision.Nullable, base.Place("nullable"), revision.Place("nullable")))
	}
	c.deprecation(w, "the field", base.Deprecated, revision.Deprecated, base.Place("deprecated"), revision.Place("deprecated"))
	if base.Default != revision.Default {
		name := "default-" + presence(base.Default, revision.Default)
		if w.required && w.direction == Request {
			name = "default-without-effect"
		}
		c.change(name, w, keyword("default", base, revision, base.Default, revision.Default))
	}
}

// untyped reports whether a schema allows null because it excludes no type.
func untyped(s *oas.Schema) bool { return s.Types == nil && s.Enum == nil && s.Union == nil }

// types compares JSON types, and reports whether the other keywords can be compared.
func (c *comparer) types(base, revision *oas.Schema, w walk) bool {
	old, now := effectiveTypes(base, revision), effectiveTypes(revision, base)
	wider, narrower := admits(now, old), admits(old, now)
	if wider && narrower {
		return true
	}
	name := "type-changed"
	switch {
	case wider:
		name = "type-widened"
	case narrower:
		name = "type-narrowed"
	}
	c.change(name, w, keyword("type", base, revision, typeText(old), typeText(now)))
	enums := base.Enum != nil && revision.Enum != nil
	return name != "type-changed" && (old != nil && now != nil || enums)
}

// effectiveTypes returns the types of a schema, nil for any. If only this schema has an
// enum, and it has no type, they are the types of the enum's values.
func effectiveTypes(s, other *oas.Schema) []string {
	if s.Types != nil || s.Enum == nil || other.Enum != nil {
		return s.Types
	}
	out := []string{}
	for _, item := range s.Enum {
		out = append(out, oas.TypeOf(item.Value))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// admits reports whether every value of types b is also a value of types a; nil is any
// type.
func admits(a, b []string) bool {
	if a == nil {
		return true
	}
	for _, t := range b {
		if !slices.Contains(a, t) && (t != "integer" || !slices.Contains(a, "number")) {
			return false
		}
	}
	return b != nil
}

func typeText(types []string) string {
	if types == nil {
		return `"any"`
	}
	return string(Text(strings.Join(types, " or ")))
}

func (c *comparer) enum(base, revision *oas.Schema, w walk) {
	switch {
	case base.Enum == nil && revision.Enum == nil:
	case base.Enum == nil && w.chosen == nil:
		c.change("enum-added", w, keyword("enum", base, revision, "", list(revision.Enum)))
	case revision.Enum == nil && w.chosen == nil:
		c.change("enum-removed", w, keyword("enum", base, revision, list(base.Enum), ""))
	default:
		old, now := w.chosen.values(base.Enum), w.chosen.values(revision.Enum)
		c.enumValues("enum-value-removed", without(old, now), base, revision, w)
		c.enumValues("enum-value-added", without(now, old), base, revision, w)
	}
}

func list(items []oas.Item) string {
	var values []string
	for _, i := range items {
		values = append(values, i.Value)
	}
	return "[" + strings.Join(values, ",") + "]"
}

// without returns the values that others does not contain.
func without(values, others []string) []string {
	among := set(others)
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return among[v] })
}

func set(values []string) map[string]bool {
	out := make(map[string]bool, len(values))
	for _, v := range values {
		out[v] = true
	}
	return out
}

// enumValues records the values that were added to an enum or removed from it as one
// difference.
func (c *comparer) enumValues(rule string, values []string, base, revision *oas.Schema, w walk) {
	if len(values) == 0 {
		return
	}
	text := values[0]
	if len(values) > 1 {
		text = "[" + strings.Join(values, ",") + "]"
	}
	d := keyword("enum", base, revision, text, "")
	if rule == "enum-value-added" {
		d = keyword("enum", base, revision, "", text)
	}
	d.Item = text
	c.change(rule, w, d)
}

func (c *comparer) assertion(name string, base, revision *oas.Schema, w walk) {
	old, now := base.Assertions[name].Value, revision.Assertions[name].Value
	if old == now || name == "xml" && !w.xml {
		return
	}
	d := keyword(name, base, revision, base.Assertions[name].Shown(), revision.Assertions[name].Shown())
	d.Keyword = name
	var rule string
	switch {
	case !oas.IsAssertion(name):
		d.Family = "not-judged " + name
		c.add("not-judged", w, d)
		return
	case name == "format":
		rule = "format-" + formatChange(old, now)
	case name == "pattern":
		rule = "pattern-" + presence(old, now)
	case oas.IsBound(name):
		rule = "bound-loosened"
		if old == "" || now != "" && oas.IsStricterBound(name, now, old) {
			rule = "bound-tightened"
		}
	case name == "multipleOf":
		rule = multipleChange(old, now)
	default:
		rule = "assertion-" + presence(old, now)
	}
	d.Family = rule + " " + name
	c.change(rule, w, d)
}

func presence(old, now string) string {
	switch {
	case old == "":
		return "added"
	case now == "":
		return "removed"
	}
	return "changed"
}

// widens maps a format to the formats that include all of its values.
var widens = map[string]string{`"int32"`: `"int64"`, `"float"`: `"double"`}

func formatChange(old, now string) string {
	switch {
	case old != "" && widens[old] == now && now != "":
		return "widened"
	case now != "" && widens[now] == old && old != "":
		return "narrowed"
	}
	return presence(old, now)
}

// multipleChange reports whether every multiple of one number is a multiple of the other.
func multipleChange(old, now string) string {
	x, _ := oas.ParseDecimal(old)
	y, _ := oas.ParseDecimal(now)
	switch {
	case old == "" || now != "" && y.IsMultipleOf(x):
		return "bound-tightened"
	case now == "" || x.IsMultipleOf(y):
		return "bound-loosened"
	}
	return "assertion-changed"
}

func (c *comparer) additional(base, revision *oas.Schema, w walk) {
	if base.Closed != revision.Closed {
		rule := either(base.Closed, "additional-properties-opened", "additional-properties-closed")
		c.change(rule, w, Difference{
			Base: base.Place("additionalProperties"), Revision: revision.Place("additionalProperties"), Lost: true, Found: true,
			Old: boolean(!base.Closed), New: boolean(!revision.Closed),
		})
		return
	}
	if !base.Closed {
		const keyword = "additionalProperties"
		c.content(base.Additional, revision.Additional, base.Place(keyword), revision.Place(keyword), w.into(step(w.path, "*")))
	}
}

// into returns the position with another path, one level deeper.
func (w walk) into(path string) walk {
	w.path, w.chosen, w.required = path, nil, false
	w.depth++
	return w
}

// items returns the path of the members of an array.
func items(path string) string {
	if len(path) > maxPath {
		return "…[]"
	}
	return path + "[]"
}

// maxPath is the length, in bytes, from which on a path of fields is shortened.
const maxPath = 200

// step adds a field to a path.
func step(path, field string) string {
	switch {
	case path == "":
		return field
	case len(path) > maxPath:
		return "…." + field
	}
	return path + "." + field
}
