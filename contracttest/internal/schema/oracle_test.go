package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestRandomSchemas compares the verdicts on random texts for random schemas with those of
// an oracle, which implements JSON Schema 2020-12 and OpenAPI 3.0.4 keyword by keyword.
func TestRandomSchemas(t *testing.T) {
	slowtest.Skip(t)
	for _, version := range []string{"3.0.3", "3.1.0"} {
		t.Run(version, func(t *testing.T) {
			for seed := range uint64(300) {
				d := schemaDrawer{rand.New(rand.NewPCG(seed, 1)), version == "3.1.0"}
				schema := d.schema(3)
				text, err := json.Marshal(schema)
				if err != nil {
					t.Fatal(err)
				}
				s := compiled(t, fmt.Sprintf("openapi: %s\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {schemas: {Root: %s}}", version, text), "Root")
				for range 20 {
					compare(t, s, schema, d.value(2))
				}
			}
		})
	}
}

func compare(t *testing.T, s *Schema, schema, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	failures := slices.DeleteFunc(s.Check(text).Failures, func(f Failure) bool { return f.Kind == Undeclared })
	if want := valid(schema, value); want != (len(failures) == 0) {
		rule, _ := json.Marshal(schema)
		t.Errorf("%s by %s: valid %v, but the failures are %q", text, rule, want, failuresOf(Verdict{Failures: failures}))
	}
}

// valid follows the standards, except that nullable: true allows null regardless of the
// keywords next to it, because documents write it next to an enum or allOf that does not
// allow null.
func valid(schema, value any) bool {
	s, isObject := schema.(map[string]any)
	if !isObject {
		return schema.(bool)
	}
	if value == nil && s["nullable"] == true {
		return true
	}
	for keyword, argument := range s {
		if check := keywordChecks[keyword]; check != nil && !check(s, argument, value) {
			return false
		}
	}
	return validContent(s, value)
}

// validContent checks the members of an object and the items of an array.
func validContent(s map[string]any, value any) bool {
	switch value := value.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		for name, member := range value {
			schema, declared := properties[name]
			if !declared {
				schema, declared = s["additionalProperties"]
			}
			if declared && !valid(schema, member) {
				return false
			}
		}
	case []any:
		prefix := asList(s["prefixItems"])
		for i, item := range value {
			schema, declared := s["items"]
			if i < len(prefix) {
				schema, declared = prefix[i], true
			}
			if declared && !valid(schema, item) {
				return false
			}
		}
	}
	return true
}

// count returns the number of schemas by which the value is valid.
func count(schemas, value any) int {
	n := 0
	for _, schema := range asList(schemas) {
		if valid(schema, value) {
			n++
		}
	}
	return n
}

type keywordCheck func(s map[string]any, argument, value any) bool

// of returns a check that applies only to values of one type.
func of[V, A any](holds func(value V, argument A) bool) keywordCheck {
	return func(_ map[string]any, argument, value any) bool {
		v, applies := value.(V)
		a, is := argument.(A)
		return !applies || !is || holds(v, a)
	}
}

// limit returns the check of minimum, whose sign is 1, or maximum, with the boolean of
// OpenAPI 3.0 that excludes the limit itself.
func limit(exclusive string, sign float64) keywordCheck {
	return func(s map[string]any, argument, value any) bool {
		v, is := value.(float64)
		distance := sign * (v - argument.(float64))
		return !is || distance > 0 || distance == 0 && s[exclusive] != true
	}
}

func includes(list []any, value any) bool {
	return slices.ContainsFunc(list, func(v any) bool { return reflect.DeepEqual(v, value) })
}

var keywordChecks map[string]keywordCheck

func init() { // the checks refer to the table
	keywordChecks = map[string]keywordCheck{
		"minimum":          limit("exclusiveMinimum", 1),
		"maximum":          limit("exclusiveMaximum", -1),
		"exclusiveMinimum": of(func(v, least float64) bool { return v > least }),
		"multipleOf":       of(func(v, divisor float64) bool { return math.Mod(v, divisor) == 0 }),
		"minLength":        of(func(v string, least float64) bool { return len(v) >= int(least) }),
		"maxLength":        of(func(v string, most float64) bool { return len(v) <= int(most) }),
		"pattern":          of(func(v, pattern string) bool { return regexp.MustCompile(pattern).MatchString(v) }),
		"minItems":         of(func(v []any, least float64) bool { return len(v) >= int(least) }),
		"maxItems":         of(func(v []any, most float64) bool { return len(v) <= int(most) }),
		"minProperties":    of(func(v map[string]any, least float64) bool { return len(v) >= int(least) }),
		"maxProperties":    of(func(v map[string]any, most float64) bool { return len(v) <= int(most) }),
		"required": of(func(v map[string]any, names []any) bool {
			return !slices.ContainsFunc(names, func(name any) bool { _, has := v[name.(string)]; return !has })
		}),
		"uniqueItems": of(func(v []any, _ bool) bool {
			return !slices.ContainsFunc(v, func(item any) bool {
				i := slices.IndexFunc(v, func(other any) bool { return reflect.DeepEqual(item, other) })
				return includes(v[i+1:], item)
			})
		}),
		"type": func(_ map[string]any, names, value any) bool {
			is, list := typeOf(value), append([]any{names}, asList(names)...)
			return includes(list, is) || is == "integer" && includes(list, "number")
		},
		"enum":  func(_ map[string]any, list, value any) bool { return includes(asList(list), value) },
		"not":   func(_ map[string]any, schema, value any) bool { return !valid(schema, value) },
		"allOf": func(_ map[string]any, list, value any) bool { return count(list, value) == len(asList(list)) },
		"anyOf": func(_ map[string]any, list, value any) bool { return count(list, value) > 0 },
		"oneOf": func(_ map[string]any, list, value any) bool { return count(list, value) == 1 },
		"contains": func(_ map[string]any, schema, value any) bool {
			items, is := value.([]any)
			return !is || slices.ContainsFunc(items, func(item any) bool { return valid(schema, item) })
		},
		"if": func(s map[string]any, condition, value any) bool {
			next, has := s["else"]
			if valid(condition, value) {
				next, has = s["then"]
			}
			return !has || valid(next, value)
		},
	}
}

func asList(value any) []any { list, _ := value.([]any); return list }
