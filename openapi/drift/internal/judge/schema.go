package judge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// visit is a comparison that was made already: it would only say the same again.
type visit struct {
	was, is *oas.Schema
	way     Direction
	subject Subject
}

// content compares what stands in a parameter, a header or a body. at is where the
// schema would be; nil is no schema, which demands nothing.
func (c *comparer) content(was, is *oas.Schema, wasAt, isAt oas.Place, w walk) {
	if was != nil && is != nil {
		c.schema(was, is, w)
		return
	}
	c.anything(was, is, wasAt, isAt, w)
}

// anything compares a schema with one that demands nothing, or is not there.
func (c *comparer) anything(was, is *oas.Schema, wasAt, isAt oas.Place, w walk) {
	name := "type-widened"
	if !was.Demands() {
		name = "type-narrowed"
	}
	if was.Demands() == is.Demands() {
		return
	}
	c.change(name, w, Difference{Was: wasAt, Is: isAt, Lost: was != nil, Found: is != nil, Old: text(summary(was)), New: text(summary(is))})
}

// change records a difference of schemas. A rule that does not exist on this way
// records nothing.
func (c *comparer) change(name string, w walk, d Difference) {
	rule := schemaRule(name, w.way)
	if rule == nil {
		return
	}
	if d.Family == "" {
		d.Family = name
	}
	c.add(rule.ID, w, d)
}

func (c *comparer) schema(was, is *oas.Schema, w walk) {
	v := visit{was, is, w.way, w.subject}
	if c.seen[v] || !c.enter(is, w) || !c.options.Prose && c.same.Of(was, is) {
		return
	}
	c.seen[v] = true
	c.prose(w, was.Prose, is.Prose, was.At, is.At)
	if was.Demands() != is.Demands() {
		c.anything(was, is, was.Place("type"), is.Place("type"), w)
		return
	}
	if was.Never != is.Never {
		c.never(was, is, w)
		return
	}
	c.flags(was, is, w)
	if c.typesBeside(was, is, w) {
		return
	}
	if was.Union != nil || is.Union != nil {
		c.union(was, is, w)
		return
	}
	if !c.types(was, is, w) {
		return
	}
	c.enum(was, is, w)
	for _, keyword := range names(was.Assertions, is.Assertions) {
		c.assertion(keyword, was, is, w)
	}
	c.properties(was, is, w)
	c.additional(was, is, w)
	c.content(was.Items, is.Items, was.Place("items"), is.Place("items"), w.into(items(w.path)))
	c.subschemas(was, is, w)
}

// never compares a schema with false, which admits nothing.
func (c *comparer) never(was, is *oas.Schema, w walk) {
	rule := "type-widened"
	if is.Never {
		rule = "type-narrowed"
	}
	c.change(rule, w, Difference{Was: was.At, Is: is.At, Lost: true, Found: true, Old: text(summary(was)), New: text(summary(is))})
}

// keyword is a difference of one keyword's values.
func keyword(name string, was, is *oas.Schema, old, now string) Difference {
	d := Difference{Was: was.Place(name), Is: is.Place(name), Lost: old != "", Found: now != ""}
	if old != "" {
		d.Old = json.RawMessage(old)
	}
	if now != "" {
		d.New = json.RawMessage(now)
	}
	return d
}

func (c *comparer) flags(was, is *oas.Schema, w walk) {
	if was.Nullable != is.Nullable && untyped(was) == untyped(is) {
		name := "nullable-added"
		if was.Nullable {
			name = "nullable-removed"
		}
		c.change(name, w, flip(was.Nullable, is.Nullable, was.Place("nullable"), is.Place("nullable")))
	}
	c.deprecation(w, "the field", was.Deprecated, is.Deprecated, was.Place("deprecated"), is.Place("deprecated"))
	if was.Default != is.Default {
		name := "default-" + presence(was.Default, is.Default)
		if w.required && w.way == Request {
			name = "default-without-effect"
		}
		c.change(name, w, keyword("default", was, is, was.Default, is.Default))
	}
}

// untyped reports whether a schema admits null because it excludes no type.
func untyped(s *oas.Schema) bool { return s.Types == nil && s.Enum == nil && s.Union == nil }

// types compares JSON types, and tells whether it makes sense to look further.
func (c *comparer) types(was, is *oas.Schema, w walk) bool {
	wider, narrower := admits(is.Types, was.Types), admits(was.Types, is.Types)
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
	d := keyword("type", was, is, typeText(was.Types), typeText(is.Types))
	c.change(name, w, d)
	return name != "type-changed" && was.Types != nil && is.Types != nil
}

// admits tells whether every value of types b is one of types a; nil is any type.
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
	return string(text(strings.Join(types, " or ")))
}

func (c *comparer) enum(was, is *oas.Schema, w walk) {
	switch {
	case was.Enum == nil && is.Enum == nil:
	case was.Enum == nil && w.chosen == nil:
		c.change("enum-added", w, keyword("enum", was, is, "", list(is.Enum)))
	case is.Enum == nil && w.chosen == nil:
		c.change("enum-removed", w, keyword("enum", was, is, list(was.Enum), ""))
	default:
		old, now := w.chosen.values(was.Enum), w.chosen.values(is.Enum)
		c.enumValues("enum-value-removed", without(old, now), was, is, w)
		c.enumValues("enum-value-added", without(now, old), was, is, w)
	}
}

func list(items []oas.Item) string {
	var values []string
	for _, i := range items {
		values = append(values, i.Value)
	}
	return "[" + strings.Join(values, ",") + "]"
}

// without returns the values that are not among others.
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

// enumValues records the values that were added to a list or removed from it: one
// difference, however many they are.
func (c *comparer) enumValues(rule string, values []string, was, is *oas.Schema, w walk) {
	if len(values) == 0 {
		return
	}
	text := values[0]
	if len(values) > 1 {
		text = "[" + strings.Join(values, ",") + "]"
	}
	d := keyword("enum", was, is, text, "")
	if rule == "enum-value-added" {
		d = keyword("enum", was, is, "", text)
	}
	d.Item = text
	c.change(rule, w, d)
}

func (c *comparer) assertion(name string, was, is *oas.Schema, w walk) {
	old, now := was.Assertions[name].Value, is.Assertions[name].Value
	if old == now {
		return
	}
	var rule string
	switch {
	case name == "format":
		rule = "format-" + formatChange(old, now)
	case name == "pattern":
		rule = "pattern-" + presence(old, now)
	case oas.IsBound(name):
		rule = "bound-loosened"
		if old == "" || now != "" && oas.DemandsMore(name, now, old) {
			rule = "bound-tightened"
		}
	case name == "multipleOf":
		rule = multipleChange(old, now)
	default:
		rule = "assertion-" + presence(old, now)
	}
	d := keyword(name, was, is, was.Assertions[name].Shown(), is.Assertions[name].Shown())
	d.Keyword, d.Family = name, rule+" "+name
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

// widens are the formats whose values another format holds as well.
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

// multipleChange reports whether every multiple of one number is one of the other.
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

func (c *comparer) additional(was, is *oas.Schema, w walk) {
	if was.Closed != is.Closed {
		name := "additional-properties-closed"
		if was.Closed {
			name = "additional-properties-opened"
		}
		c.change(name, w, Difference{
			Was: was.Place("additionalProperties"), Is: is.Place("additionalProperties"), Lost: true, Found: true,
			Old: boolean(!was.Closed), New: boolean(!is.Closed),
		})
		return
	}
	if !was.Closed {
		const keyword = "additionalProperties"
		c.content(was.Additional, is.Additional, was.Place(keyword), is.Place(keyword), w.into(step(w.path, "*")))
	}
}

// into is where the comparison stands one step further in.
func (w walk) into(path string) walk {
	w.path, w.chosen, w.required = path, nil, false
	w.depth++
	return w
}

// items is the path of a list's members.
func items(path string) string {
	if len(path) > maxPath {
		return "…[]"
	}
	return path + "[]"
}

// maxPath bounds a path of fields, in bytes; what is further in begins anew.
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
