package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Keywords whose value is a schema, a list of schemas, or a map of schemas. items is a
// schema or a list, and dependencies maps names to schemas or to lists of names.
var (
	toSchema = []string{
		"not", "items", "additionalItems", "additionalProperties", "contains", "propertyNames",
		"if", "then", "else", "unevaluatedItems", "unevaluatedProperties", "contentSchema",
	}
	toSchemas = []string{"allOf", "anyOf", "oneOf", "prefixItems", "items"}
	toMap     = []string{"properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"}
)

// eachSubschema calls visit with every schema directly below a schema, its steps, and a
// function that replaces it.
func eachSubschema(schema map[string]any, visit func(sub any, steps string, replace func(any))) {
	for _, key := range toSchema {
		if sub, ok := schema[key]; ok {
			visit(sub, "/"+key, func(by any) { schema[key] = by })
		}
	}
	for _, key := range toSchemas {
		list, _ := schema[key].([]any)
		for i, sub := range list {
			visit(sub, "/"+key+"/"+strconv.Itoa(i), func(by any) { list[i] = by })
		}
	}
	for _, key := range toMap {
		members, _ := schema[key].(map[string]any)
		for name, sub := range members {
			visit(sub, "/"+key+"/"+escape(name), func(by any) { members[name] = by })
		}
	}
}

// escape returns a name in the form of a step of a JSON pointer in a URI fragment.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "%", "%25").Replace(name)
}

// moved returns a copy of a schema that was the root of its document and is now at a
// pointer of another document: references to the root, or to a place below it, are
// adjusted. base is the pointer of the nearest enclosing schema with an id, to which "#"
// refers there.
func moved(schema any, at, base string) any {
	object, ok := schema.(map[string]any)
	if !ok {
		return schema
	}
	object = deepCopy(object).(map[string]any)
	if hasID(object) {
		base = at
	}
	if ref, ok := object["$ref"].(string); ok && (ref == "#" || strings.HasPrefix(ref, "#/")) {
		object["$ref"] = base + strings.TrimPrefix(ref, "#")
	}
	eachSubschema(object, func(sub any, steps string, replace func(any)) {
		replace(moved(sub, at+steps, base))
	})
	return object
}

func hasID(schema map[string]any) bool {
	for _, key := range []string{"id", "$id"} {
		if id, ok := schema[key].(string); ok && !strings.HasPrefix(id, "#") {
			return true
		}
	}
	return false
}

func deepCopy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := maps.Clone(value)
		for key, member := range object {
			object[key] = deepCopy(member)
		}
		return object
	case []any:
		list := slices.Clone(value)
		for i, item := range list {
			list[i] = deepCopy(item)
		}
		return list
	}
	return value
}

// keywords30 are the keywords of the Schema Object of OpenAPI 3.0, and $ref.
var keywords30 = strings.Fields(`$ref title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength
	pattern maxItems minItems uniqueItems maxProperties minProperties required enum type allOf oneOf anyOf not items properties
	additionalProperties description format default nullable discriminator readOnly writeOnly xml externalDocs example deprecated`)

// foreignTo30 lists the features of a schema and its subschemas that OpenAPI 3.0 lacks:
// other keywords, lists of types or items, the type null, and references to other
// documents.
func foreignTo30(schema any) []string {
	return collect(schema, func(object map[string]any) (found []string) {
		for key := range object {
			if !slices.Contains(keywords30, key) {
				found = append(found, key)
			}
		}
		for _, key := range []string{"type", "items"} {
			if _, ok := object[key].([]any); ok {
				found = append(found, key+" list")
			}
		}
		if object["type"] == "null" {
			found = append(found, "type null")
		}
		return append(found, outside(object)...)
	})
}

// foreignTo31 lists the features of a schema that need more than its document: references
// to other documents, and names by which a reference finds a schema. OpenAPI 3.1 has all
// other keywords of 2020-12.
func foreignTo31(schema any) []string {
	return collect(schema, func(object map[string]any) []string {
		found := outside(object)
		for _, key := range []string{"$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary"} {
			if _, ok := object[key].(string); ok {
				found = append(found, key)
			}
		}
		return found
	})
}

// outside reports whether a reference is not a pointer into the document.
func outside(object map[string]any) []string {
	if ref, ok := object["$ref"].(string); ok && ref != "#" && !strings.HasPrefix(ref, "#/") {
		return []string{"$ref by URI"}
	}
	return nil
}

// collect returns the results of find for a schema and all its subschemas, sorted, without
// duplicates.
func collect(schema any, find func(map[string]any) []string) []string {
	object, ok := schema.(map[string]any)
	if !ok {
		return nil
	}
	found := find(object)
	eachSubschema(object, func(sub any, _ string, _ func(any)) {
		found = append(found, collect(sub, find)...)
	})
	slices.Sort(found)
	return slices.Compact(found)
}
