package drift

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// schemaMap is a schema as encoding/json reads it.
type schemaMap = map[string]any

// randomSchema returns a schema without contradictions, so that every keyword has an effect.
func randomSchema(r *rand.Rand, depth int) schemaMap {
	kinds := []string{"string", "integer", "boolean", "enum", "object", "object", "array", "oneOf"}
	if depth > 2 {
		kinds = kinds[:4]
	}
	switch kind := kinds[r.IntN(len(kinds))]; kind {
	case "string":
		return schemaMap{"type": "string", "minLength": 1 + r.IntN(3), "maxLength": 5 + r.IntN(3)}
	case "integer":
		return schemaMap{"type": "integer", "minimum": r.IntN(3), "maximum": 5 + r.IntN(3)}
	case "enum":
		return schemaMap{"type": "string", "enum": []any{"a", "b", "c"}}
	case "array":
		return schemaMap{"type": "array", "items": randomSchema(r, depth+1), "maxItems": 3 + r.IntN(3)}
	case "oneOf":
		return schemaMap{"oneOf": []any{schemaMap{"type": "boolean"}, schemaMap{"type": "integer", "maximum": 9}, randomObject(r, depth)}}
	case "object":
		return randomObject(r, depth)
	default:
		return schemaMap{"type": kind}
	}
}

func randomObject(r *rand.Rand, depth int) schemaMap {
	properties := schemaMap{"a": randomSchema(r, depth+1), "b": randomSchema(r, depth+1)}
	return schemaMap{"type": "object", "properties": properties, "required": []any{"a", "b"}[r.IntN(2):]}
}

// schemasIn returns a schema and all schemas in it, in a fixed order.
func schemasIn(s schemaMap) []schemaMap {
	out := []schemaMap{s}
	if items, ok := s["items"].(schemaMap); ok {
		out = append(out, schemasIn(items)...)
	}
	if forms, ok := s["oneOf"].([]any); ok {
		for _, form := range forms {
			out = append(out, schemasIn(form.(schemaMap))...)
		}
	}
	if properties, ok := s["properties"].(schemaMap); ok {
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			out = append(out, schemasIn(properties[name].(schemaMap))...)
		}
	}
	return out
}

// randomEdit is a way to edit a schema. apply reports whether the edit applies to the schema.
type randomEdit struct {
	name  string
	apply func(s schemaMap) bool
}

// set returns an edit that sets a keyword of the schemas that have another given keyword.
func set(having, keyword string, value any) randomEdit {
	return randomEdit{fmt.Sprintf("%s: %v", keyword, value), func(s schemaMap) bool {
		_, has := s[having]
		if has {
			s[keyword] = value
		}
		return has
	}}
}

// replaceBy returns an edit that replaces a whole schema.
func replaceBy(name string, by func(old schemaMap) schemaMap) randomEdit {
	return randomEdit{name, func(s schemaMap) bool {
		latest := by(maps.Clone(s))
		clear(s)
		maps.Copy(s, latest)
		return true
	}}
}

// effectiveEdits change the values that a schema accepts.
var effectiveEdits = []randomEdit{
	set("minLength", "minLength", 4), set("maxLength", "maxLength", 9), set("minLength", "pattern", "^[a-z]"), set("minLength", "format", "email"),
	set("minimum", "minimum", 4), set("minimum", "maximum", 9), set("minimum", "multipleOf", 3), set("minimum", "type", "number"),
	set("enum", "enum", []any{"a", "b"}), set("enum", "enum", []any{"a", "b", "c", "d"}), set("maxItems", "maxItems", 9), set("items", "uniqueItems", true), set("items", "items", schemaMap{"type": "number"}),
	set("properties", "required", []any{"a", "c"}), set("properties", "additionalProperties", false), set("properties", "properties", schemaMap{"a": schemaMap{"type": "number"}}),
	set("properties", "minProperties", 3), set("oneOf", "oneOf", []any{schemaMap{"type": "boolean"}, schemaMap{"type": "number"}}),
	replaceBy("number", func(schemaMap) schemaMap { return schemaMap{"type": "number"} }),
	replaceBy("false", func(schemaMap) schemaMap { return schemaMap{"not": schemaMap{}} }),
	replaceBy("null too", func(old schemaMap) schemaMap { return schemaMap{"anyOf": []any{old, schemaMap{"type": "null"}}} }),
}

// neutralEdits write the same schema in another notation.
var neutralEdits = []randomEdit{
	replaceBy("allOf", func(old schemaMap) schemaMap { return schemaMap{"allOf": []any{old}} }),
	replaceBy("oneOf", func(old schemaMap) schemaMap { return schemaMap{"oneOf": []any{old}} }),
	replaceBy("allOf with the same type", func(old schemaMap) schemaMap {
		same := schemaMap{}
		if kind, has := old["type"]; has {
			same["type"] = kind
		}
		return schemaMap{"allOf": []any{old, same}}
	}),
	replaceBy("allOf with anything", func(old schemaMap) schemaMap { return schemaMap{"allOf": []any{schemaMap{}, old}} }),
	replaceBy("reference", func(schemaMap) schemaMap { return schemaMap{"$ref": "#/components/schemas/Moved"} }),
	set("enum", "enum", []any{"c", "b", "a"}), set("minLength", "type", []any{"string"}), set("items", "minItems", 0),
	set("type", "x-extension", true), set("type", "$comment", "Other."), set("properties", "additionalProperties", true),
}

// randomDocument returns a document with a schema in the request and the response, and another
// one in its components.
func randomDocument(t *testing.T, s, moved schemaMap) Input {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	component, err := json.Marshal(moved)
	if err != nil {
		t.Fatal(err)
	}
	keys := fmt.Sprintf("components: {schemas: {Moved: %s}}, %s, %s", component, sent(string(text)), read(string(text)))
	return input(t, "schema.yaml", thing(t, keys))
}

// TestRandomEdits edits random schemas in one place. An edit that changes the accepted
// values must be an entry of the report; an edit that changes only the notation must not.
func TestRandomEdits(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 16))
	edits := slices.Concat(effectiveEdits, neutralEdits)
	applied := make(map[string]int)
	for i := range 400 / stride() {
		edit, neutral := edits[i%len(edits)], i%len(edits) >= len(effectiveEdits)
		old := randomSchema(r, 0)
		latest := clonedSchema(t, old)
		moved, ok := editSomewhere(t, r, latest, edit)
		if !ok {
			continue
		}
		applied[edit.name]++
		baseline := randomDocument(t, old, moved)
		report, err := Compare(t.Context(), Options{Baseline: &baseline, Upstream: randomDocument(t, latest, moved), Operations: []string{AllOperations}, AsOf: someDay})
		if err != nil {
			t.Fatal(err)
		}
		if silent := report.Verdict == InSync; silent != neutral && !equalSchemas(t, old, latest) {
			t.Errorf("edit %d, %s: %s, neutral is %t\nold %v\nnew %v\n%s", i, edit.name, report.Verdict, neutral, old, latest, formatChanges(report))
		}
	}
	if len(applied) < len(edits) && stride() == 1 {
		t.Errorf("only %d of %d edits were applied: %s", len(applied), len(edits), strings.Join(slices.Sorted(maps.Keys(applied)), ", "))
	}
}

// editSomewhere edits one of the schemas in s to which the edit applies, and returns a copy
// of the schema before the edit.
func editSomewhere(t *testing.T, r *rand.Rand, s schemaMap, edit randomEdit) (before schemaMap, ok bool) {
	places := schemasIn(s)
	for _, at := range r.Perm(len(places)) {
		before = clonedSchema(t, places[at])
		if edit.apply(places[at]) {
			return before, true
		}
	}
	return nil, false
}

func clonedSchema(t *testing.T, s schemaMap) schemaMap {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var out schemaMap
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func equalSchemas(t *testing.T, a, b schemaMap) bool {
	t.Helper()
	return fmt.Sprint(clonedSchema(t, a)) == fmt.Sprint(clonedSchema(t, b))
}
