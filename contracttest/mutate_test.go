package contracttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// A generator creates values that are valid for a schema of the contract, and values that
// violate it in one place. It derives the values from the schema, so that a new constraint
// of the contract is tested without a change to the test.
type generator struct {
	direction schema.Direction
}

// twice is a key of a map to encode; the encoded object contains the member that its value
// names twice.
const twice = "\x00twice"

// mutant is a value with one violation.
type mutant struct {
	what    string // the constraint, such as "pattern of /_id"
	rule    Rule
	pointer string
	value   any
}

// values returns values that are valid for s, with all fields and with only the required
// ones, for each branch of each union.
func (g generator) values(s *openapi3.Schema) []any {
	if len(s.OneOf) > 0 {
		var all []any
		for _, name := range slices.Sorted(maps.Keys(s.Discriminator.Mapping)) {
			for _, v := range g.values(branchOf(s, name)) {
				v.(map[string]any)[s.Discriminator.PropertyName] = name
				all = append(all, v)
			}
		}
		return all
	}
	if !s.Type.Is(openapi3.TypeObject) {
		return []any{g.value(s, true)}
	}
	return []any{g.value(s, true), g.value(s, false)}
}

func branchOf(s *openapi3.Schema, name string) *openapi3.Schema {
	for _, ref := range s.OneOf {
		if ref.Ref == s.Discriminator.Mapping[name].Ref {
			return ref.Value
		}
	}
	panic("the mapping leads nowhere: " + name)
}

// value returns one valid value for s, with all fields or with only the required ones.
func (g generator) value(s *openapi3.Schema, full bool) any {
	switch {
	case len(s.OneOf) > 0:
		return g.values(s)[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == nil:
		return "anything"
	case s.Type.Is(openapi3.TypeObject):
		object := map[string]any{}
		for name, p := range s.Properties {
			if !g.notInDirection(p.Value) && (full || slices.Contains(s.Required, name)) {
				object[name] = g.value(p.Value, full)
			}
		}
		return object
	case s.Type.Is(openapi3.TypeArray):
		return g.items(s)
	case s.Type.Is(openapi3.TypeBoolean):
		return true
	case s.Type.Is(openapi3.TypeInteger), s.Type.Is(openapi3.TypeNumber):
		return g.number(s)
	}
	return g.text(s)
}

// items is a list with an item of every kind.
func (g generator) items(s *openapi3.Schema) any {
	if len(s.Items.Value.OneOf) > 0 {
		return g.values(s.Items.Value)
	}
	return []any{g.value(s.Items.Value, true)}
}

func (g generator) notInDirection(s *openapi3.Schema) bool {
	return (g.direction == schema.Request && s.ReadOnly) || (g.direction == schema.Response && s.WriteOnly)
}

func (g generator) number(s *openapi3.Schema) any {
	if s.Min != nil {
		return *s.Min
	}
	return 7.0
}

func (g generator) text(s *openapi3.Schema) any {
	switch {
	case s.Pattern == "^([a-f0-9]{24})$":
		return "0123456789abcdef01234567"
	case s.Pattern != "":
		panic("no example for the pattern " + s.Pattern)
	case s.Format == "uuid":
		return "01234567-89ab-4def-8123-456789abcdef"
	}
	return strings.Repeat("a", max(int(s.MinLength), 3))
}

// mutants returns copies of v that each violate one constraint of s.
func (g generator) mutants(s *openapi3.Schema, v any) []mutant {
	m := mutator{generator: g, root: v}
	m.walk(s, v, "", func(replacement any) any { return replacement })
	return m.all
}

type mutator struct {
	generator
	root any
	all  []mutant
}

// walk violates each constraint of s in v, which is at a pointer. rebuild returns the whole
// value with v replaced.
func (m *mutator) walk(s *openapi3.Schema, v any, at string, rebuild func(any) any) {
	if len(s.OneOf) > 0 {
		s = branchOf(s, v.(map[string]any)[s.Discriminator.PropertyName].(string))
	}
	add := func(what string, rule Rule, pointer string, broken any) {
		m.all = append(m.all, mutant{what + " of " + at, rule, pointer, rebuild(broken)})
	}
	for name, wrong := range m.otherTypes(s) {
		add("type "+name, BadSchema, at, wrong)
	}
	switch v := v.(type) {
	case string:
		for what, broken := range brokenTexts(s, v) {
			add(what, BadSchema, at, broken)
		}
	case float64:
		for what, broken := range brokenNumbers(s) {
			add(what, BadSchema, at, broken)
		}
	case []any:
		for i, item := range v {
			m.walk(s.Items.Value, item, at+"/"+strconv.Itoa(i), func(replacement any) any {
				broken := slices.Clone(v)
				broken[i] = replacement
				return rebuild(broken)
			})
		}
	case map[string]any:
		m.object(s, v, at, rebuild, add)
	}
}

func (m *mutator) object(s *openapi3.Schema, v map[string]any, at string, rebuild func(any) any, add func(string, Rule, string, any)) {
	with := func(name string, replacement any) any {
		broken := maps.Clone(v)
		broken[name] = replacement
		return broken
	}
	for _, name := range s.Required {
		if _, there := v[name]; there {
			broken := maps.Clone(v)
			delete(broken, name)
			add("required "+name, BadSchema, at+"/"+name, broken)
		}
	}
	add("undeclared field", UndeclaredField, at+"/neverDeclared", with("neverDeclared", true))
	for name, member := range v {
		add("duplicate "+name, DuplicateKey, at+"/"+name, with(twice, name))
		m.walk(s.Properties[name].Value, member, at+"/"+name, func(replacement any) any { return rebuild(with(name, replacement)) })
	}
	for name, p := range s.Properties {
		if m.notInDirection(p.Value) {
			add("read-only "+name, BadSchema, at+"/"+name, with(name, m.value(p.Value, true)))
		}
	}
}

// otherTypes returns a value of each type that s does not allow.
func (m *mutator) otherTypes(s *openapi3.Schema) map[string]any {
	wrong := map[string]any{
		openapi3.TypeString: "text", openapi3.TypeNumber: 1.5, openapi3.TypeInteger: 3.0, openapi3.TypeBoolean: true,
		openapi3.TypeArray: []any{}, openapi3.TypeObject: map[string]any{}, "null": nil,
	}
	if s.Nullable {
		delete(wrong, "null")
	}
	if s.Type == nil {
		return nil
	}
	for _, allowed := range s.Type.Slice() {
		delete(wrong, allowed)
		if allowed == openapi3.TypeNumber {
			delete(wrong, openapi3.TypeInteger)
		}
	}
	return wrong
}

func brokenTexts(s *openapi3.Schema, v string) map[string]any {
	broken := map[string]any{}
	if len(s.Enum) > 0 {
		broken["enum"] = "NEVER"
		broken["enum in lower case"] = strings.ToLower(v)
		broken["enum, empty"] = ""
	}
	if s.Pattern != "" {
		broken["pattern, one character too many"] = v + "0"
		broken["pattern, one character too few"] = v[1:]
		broken["pattern, another character"] = "G" + v[1:]
		broken["pattern, upper case"] = strings.ToUpper(v)
		broken["pattern, empty"] = ""
		broken["pattern, a line feed"] = v + "\n"
	}
	if s.MinLength > 0 {
		broken["minLength"] = strings.Repeat("é", int(s.MinLength)-1)
	}
	if s.MaxLength != nil {
		broken["maxLength"] = strings.Repeat("a", int(*s.MaxLength)+1)
	}
	if s.Format == "uuid" {
		broken["format"] = "01234567-89ab-4def-8123-456789abcde"
		broken["format, no dashes"] = strings.ReplaceAll(v, "-", "")
	}
	return broken
}

func brokenNumbers(s *openapi3.Schema) map[string]any {
	broken := map[string]any{}
	if s.Min != nil {
		broken["minimum"] = *s.Min - 1
	}
	if s.Max != nil {
		broken["maximum"] = *s.Max + 1
	}
	if s.Format == "int32" {
		broken["format int32"] = 2147483648.0
	}
	return broken
}

// encode writes a value as JSON, including members that occur twice.
func encode(v any) string {
	switch v := v.(type) {
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, encode(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != twice {
				members = append(members, strconv.Quote(name)+":"+encode(v[name]))
			}
		}
		if again, ok := v[twice].(string); ok {
			members = append(members, strconv.Quote(again)+":"+encode(v[again]))
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprint("cannot encode: ", err))
	}
	return string(b)
}
