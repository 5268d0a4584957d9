package compare

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// value compares the values of two parameters or two headers; kind is the beginning of the ids
// of their rules.
func (c *comparer) value(kind string, w walk, base, revision oas.Value) {
	c.required(kind, w, Flip(base.Required, revision.Required, base.Declared.Child("required"), revision.Declared.Child("required")))
	exploded := base.Explode != revision.Explode && explodes(base) && explodes(revision)
	if base.Serialization != revision.Serialization || exploded {
		c.add(kind+"-serialization-changed", w, Difference{
			Old: serialization(base), New: serialization(revision), Lost: true, Found: true,
			Base: base.Declared.Child("style"), Revision: revision.Declared.Child("style"),
		})
	}
	c.deprecation(w, "the "+kind, base.Deprecated, revision.Deprecated, base.Declared.Child("deprecated"), revision.Declared.Child("deprecated"))
	c.prose(w, base.Prose, revision.Prose, base.Declared, revision.Declared)
	w.required = base.Required && revision.Required
	if acceptsOne(base, revision) {
		c.change("type-widened", w, Difference{
			Old: Text(summary(base.Schema)), New: Text(summary(revision.Schema)), Base: base.Schema.Place("type"), Revision: revision.Schema.Place("type"), Lost: true, Found: true,
		})
		return
	}
	c.content(base.Schema, revision.Schema, base.Declared.Child("schema"), revision.Declared.Child("schema"), w)
}

// required records a part that became required or optional. The rules are those of its kind.
func (c *comparer) required(kind string, w walk, d Difference) {
	switch {
	case d.Found && !d.Lost:
		c.add(kind+"-required", w, d)
	case d.Lost && !d.Found:
		c.add(kind+"-optional", w, d)
	}
}

// Flip returns the difference of a boolean.
func Flip(base, revision bool, baseAt, revisionAt oas.Place) Difference {
	return Difference{Old: boolean(base), New: boolean(revision), Base: baseAt, Revision: revisionAt, Lost: base, Found: revision}
}

// either returns the rule yes if a condition holds, else the rule no.
func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func boolean(b bool) json.RawMessage { return json.RawMessage(strconv.FormatBool(b)) }

func (c *comparer) deprecation(w walk, what string, base, revision bool, baseAt, revisionAt oas.Place) {
	if base == revision {
		return
	}
	d := Flip(base, revision, baseAt, revisionAt)
	d.Item = what
	c.add(either(base, "deprecation-withdrawn", "deprecation-added"), w, d)
}

// acceptsOne reports whether a parameter of one value became a list that accepts the same
// single value: "q=a" is a list of one text (OpenAPI 3.0.3, Style Values: form, explode).
func acceptsOne(base, revision oas.Value) bool {
	list := revision.Schema
	if !base.Schema.IsScalar() || list == nil || !isArray(list) || !revision.Explode || revision.Serialization != "form" {
		return false
	}
	items := list.Items
	anyText := !items.HasRequirements() || slices.Equal(items.Types, []string{"string"}) && items.Enum == nil && !hasOtherKeywords(items)
	for keyword, bound := range list.Assertions {
		one := keyword == "uniqueItems" || keyword == "minItems" && bound.Value == "1" || keyword == "maxItems" && bound.Value != "0"
		if !one {
			return false
		}
	}
	return anyText && len(list.Subschemas) == 0 && list.Enum == nil
}

// serialization describes how a value is written.
func serialization(v oas.Value) json.RawMessage {
	if v.Explode {
		return Text(v.Serialization + " explode")
	}
	return Text(v.Serialization)
}

// explodes reports whether explode changes how a value is written: explode has no effect on
// a scalar, and a list of style simple has commas in both cases (OpenAPI 3.0.3, Style
// Examples).
func explodes(v oas.Value) bool {
	return !v.Schema.IsScalar() && (v.Schema == nil || !isArray(v.Schema) || v.Serialization != "simple")
}

func isArray(s *oas.Schema) bool { return slices.Equal(s.Types, []string{"array"}) }
