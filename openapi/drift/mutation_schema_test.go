package drift

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// The verdicts of schema changes. If more values are allowed, the verdict is additive in
// requests and tolerate in responses; if fewer are allowed, it is breaking in requests and
// additive in responses.
func grows(w ways) Verdict   { return w.worse(Additive, Tolerate) }
func shrinks(w ways) Verdict { return w.worse(Breaking, Additive) }

// always returns a function for a verdict that is the same in both directions.
func (w ways) always(v Verdict) Verdict { return w.worse(v, v) }

// schemaMutations changes every keyword of every schema.
func schemaMutations(root *yaml.Node) []mutation {
	var out []mutation
	for _, s := range sites(root) {
		m := &schemaMutator{root: root, site: s, n: oas.Resolve(root, s.pointer)}
		m.out = typeMutations(s, m.n)
		switch oas.Text(oas.Get(m.n, "type")) {
		case "string":
			m.lengths()
			m.text()
		case "integer":
			m.integer()
		case "array":
			m.array()
		case "object":
			m.object()
		}
		if m.has("enum") {
			m.out = append(m.out, enumMutations(root, s, m.n)...)
		}
		m.annotations()
		if m.has("discriminator") {
			m.out = append(m.out, unionMutations(s, m.n)...)
		}
		out = append(out, m.out...)
	}
	return out
}

// schemaMutator collects the mutations of one schema.
type schemaMutator struct {
	root *yaml.Node
	site *site
	n    *yaml.Node
	out  []mutation
}

func (m *schemaMutator) has(keyword string) bool { return oas.Get(m.n, keyword) != nil }

// set adds a mutation that sets a keyword to a value.
func (m *schemaMutator) set(name, keyword, value string, want Verdict) {
	m.out = append(m.out, mutation{name, oas.Join(m.site.pointer, keyword), func(root *yaml.Node) {
		oas.Set(oas.Resolve(root, m.site.pointer), keyword, literal(value))
	}, want})
}

// drop adds a mutation that removes a keyword.
func (m *schemaMutator) drop(keyword string, want Verdict) {
	m.out = append(m.out, mutation{"drop " + keyword, oas.Join(m.site.pointer, keyword), func(root *yaml.Node) {
		oas.Remove(oas.Resolve(root, m.site.pointer), keyword)
	}, want})
}

func (m *schemaMutator) lengths() {
	ways := m.site.ways
	for _, bound := range []struct{ keyword, tighter, looser string }{{"minLength", "+", "-"}, {"maxLength", "-", "+"}} {
		switch {
		case m.has(bound.keyword):
			m.set("tighten "+bound.keyword, bound.keyword, shift(m.n, bound.keyword, bound.tighter), shrinks(ways))
			m.set("loosen "+bound.keyword, bound.keyword, shift(m.n, bound.keyword, bound.looser), grows(ways))
			m.drop(bound.keyword, grows(ways))
		case !m.has("pattern") && !m.has("format") && !m.has("enum"):
			m.set("add "+bound.keyword, bound.keyword, "7", shrinks(ways))
		}
	}
}

func (m *schemaMutator) text() {
	ways := m.site.ways
	switch {
	case m.has("pattern"):
		m.set("change pattern", "pattern", "^[a-z]{24}$", ways.worse(Breaking, Tolerate))
		m.drop("pattern", grows(ways))
	case !m.has("format") && !m.has("enum"):
		m.set("add pattern", "pattern", "^[a-z]*$", shrinks(ways))
		m.set("add format", "format", "uri", shrinks(ways))
		m.set("add enum", "enum", "[a, b]", shrinks(ways))
	}
	if m.has("format") {
		m.drop("format", grows(ways))
		m.set("change format", "format", "date-time", ways.always(Breaking))
	}
}

func (m *schemaMutator) integer() {
	ways := m.site.ways
	if m.has("minimum") {
		m.set("tighten minimum", "minimum", shift(m.n, "minimum", "+"), shrinks(ways))
		m.set("loosen minimum", "minimum", shift(m.n, "minimum", "-"), grows(ways))
		m.drop("minimum", grows(ways))
		m.set("exclude minimum", "exclusiveMinimum", "true", shrinks(ways))
	} else {
		m.set("add minimum", "minimum", "3", shrinks(ways))
	}
	if m.has("maximum") {
		m.set("tighten maximum", "maximum", shift(m.n, "maximum", "-"), shrinks(ways))
		m.drop("maximum", grows(ways))
	}
	if m.has("format") {
		m.set("widen format", "format", "int64", ways.worse(Additive, Breaking))
		m.drop("format", grows(ways))
	} else {
		m.set("add format", "format", "int32", shrinks(ways))
	}
	m.set("add multipleOf", "multipleOf", "2", shrinks(ways))
}

func (m *schemaMutator) array() {
	ways := m.site.ways
	m.set("add minItems", "minItems", "1", shrinks(ways))
	m.set("add maxItems", "maxItems", "9", shrinks(ways))
	m.set("add uniqueItems", "uniqueItems", "true", shrinks(ways))
	if items := oas.Get(m.n, "items"); oas.Get(items, "type") != nil || oas.Get(items, "$ref") != nil || oas.Get(items, "anyOf") != nil {
		m.drop("items", ways.worse(Additive, Breaking))
	} else {
		m.drop("items", InSync)
	}
}

func (m *schemaMutator) object() {
	ways := m.site.ways
	m.out = append(m.out, objectMutations(m.site, m.n)...)
	m.set("close", "additionalProperties", "false", shrinks(ways))
	m.set("add minProperties", "minProperties", "1", shrinks(ways))
	m.set("add not", "not", "{required: [x]}", shrinks(ways))
}

// annotations changes the keywords that schemas of every type have.
func (m *schemaMutator) annotations() {
	ways := m.site.ways
	if m.has("nullable") {
		m.drop("nullable", shrinks(ways))
	} else {
		m.set("add nullable", "nullable", "true", grows(ways))
	}
	if m.has("deprecated") {
		m.drop("deprecated", Planning)
	} else if m.site.field != "" && m.site.field != "[]" {
		m.set("deprecate", "deprecated", "true", ways.always(Planning))
	}
	switch {
	case m.has("default"):
		m.set("change default", "default", flipped(m.n), ways.worse(Tolerate, Docs))
		m.drop("default", ways.worse(Tolerate, Docs))
	case oas.Text(oas.Get(m.n, "type")) != "string":
	case isRequired(m.root, m.site): // the default of a required value has no effect
		m.set("add default", "default", "x", Docs)
	default:
		m.set("add default", "default", "x", ways.worse(Additive, Docs))
	}
}

func literal(source string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		panic(err)
	}
	return doc.Content[0]
}

func shift(n *yaml.Node, keyword, sign string) string {
	v, err := strconv.Atoi(oas.Text(oas.Get(n, keyword)))
	if err != nil {
		panic(err)
	}
	if sign == "+" {
		return strconv.Itoa(v + 1)
	}
	return strconv.Itoa(v - 1)
}

func flipped(n *yaml.Node) string {
	switch oas.Text(oas.Get(n, "default")) {
	case "true":
		return "false"
	case "false":
		return "true"
	}
	return "77"
}

func typeMutations(s *site, n *yaml.Node) []mutation {
	change := func(name, to string, want Verdict) mutation {
		return mutation{name, s.pointer + "/type", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, s.pointer), "type", oas.String(to))
		}, want}
	}
	var out []mutation
	switch oas.Text(oas.Get(n, "type")) {
	case "integer":
		out = append(out, change("widen type", "number", s.ways.worse(Additive, Breaking)), change("change type", "string", s.ways.always(Breaking)))
	case "":
		if oas.Get(n, "discriminator") == nil {
			out = append(out, change("give a type", "string", shrinks(s.ways)))
		}
		return out
	default:
		out = append(out, change("change type", "integer", s.ways.always(Breaking)))
	}
	return append(out, mutation{"drop type", s.pointer + "/type", func(root *yaml.Node) {
		oas.Remove(oas.Resolve(root, s.pointer), "type")
	}, s.ways.worse(Additive, Breaking)})
}

// enumMutations adds and removes values. In a branch of a union, the enum of the
// discriminator may also list the values of the other branches, or be missing, because the
// mapping already determines the value.
func enumMutations(root *yaml.Node, s *site, n *yaml.Node) []mutation {
	enum := func(root *yaml.Node) *yaml.Node { return oas.Get(oas.Resolve(root, s.pointer), "enum") }
	add := func(values ...string) func(root *yaml.Node) {
		return func(root *yaml.Node) {
			for _, value := range values {
				enum(root).Content = append(enum(root).Content, oas.String(value))
			}
		}
	}
	siblings := siblingValues(root, strings.TrimPrefix(s.parent, "/components/schemas/"))
	withoutEnum := grows(s.ways)
	if len(siblings) > 0 {
		withoutEnum = InSync
	}
	out := []mutation{
		{"add a value", s.pointer + "/enum/NEW", add("NEW"), grows(s.ways)},
		{"drop the enum", s.pointer + "/enum", func(root *yaml.Node) { oas.Remove(oas.Resolve(root, s.pointer), "enum") }, withoutEnum},
	}
	if len(siblings) > 0 {
		out = append(out, mutation{"list the values of the other branches", s.pointer + "/enum", add(siblings...), InSync})
	}
	values := oas.Texts(oas.Get(n, "enum"))
	if len(values) == 1 {
		return out // an enum without values is not a schema
	}
	for _, value := range values {
		out = append(out, mutation{"drop the value " + value, s.pointer + "/enum/" + value, func(root *yaml.Node) {
			enum(root).Content = slices.DeleteFunc(enum(root).Content, func(n *yaml.Node) bool { return n.Value == value })
		}, shrinks(s.ways)})
	}
	return out
}

// siblingValues returns the discriminator values that select the other branches of the
// union to which a schema belongs.
func siblingValues(root *yaml.Node, name string) []string {
	ref := "#/components/schemas/" + name
	for _, base := range oas.Pairs(oas.At(root, "components", "schemas")) {
		var others []string
		branch := false
		for value, target := range oas.Pairs(oas.At(base, "discriminator", "mapping")) {
			if target.Value == ref {
				branch = true
			} else {
				others = append(others, value)
			}
		}
		if branch {
			return others
		}
	}
	return nil
}

func mustEncode(root *yaml.Node) []byte {
	data, err := yaml.Marshal(root)
	if err != nil {
		panic(err)
	}
	return data
}

func unionMutations(s *site, n *yaml.Node) []mutation {
	union := func(root *yaml.Node) *yaml.Node { return oas.Resolve(root, s.pointer) }
	var out []mutation
	for value, target := range oas.Pairs(oas.At(n, "discriminator", "mapping")) {
		out = append(out, mutation{"drop the branch " + value, oas.Join(s.pointer, "discriminator", "mapping", value), func(root *yaml.Node) {
			oas.Remove(oas.At(union(root), "discriminator", "mapping"), value)
			list := oas.Get(union(root), "oneOf")
			list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return oas.Text(oas.Get(n, "$ref")) == target.Value })
		}, shrinks(s.ways)})
	}
	return append(out,
		mutation{"add a branch", s.pointer + "/discriminator/mapping/OCI", func(root *yaml.Node) {
			oas.Set(oas.At(root, "components", "schemas"), "Oracle", literal("{type: object, required: [cloudProvider], properties: {cloudProvider: {type: string}}}"))
			oas.Set(oas.At(union(root), "discriminator", "mapping"), "OCI", oas.String("#/components/schemas/Oracle"))
			list := oas.Get(union(root), "oneOf")
			list.Content = append(list.Content, literal("{$ref: '#/components/schemas/Oracle'}"))
		}, grows(s.ways)},
		mutation{"another discriminator", s.pointer + "/discriminator/propertyName", func(root *yaml.Node) {
			oas.Set(oas.Get(union(root), "discriminator"), "propertyName", oas.String("kind"))
		}, Breaking},
	)
}

// isRequired reports whether a schema is that of a required parameter or property.
func isRequired(root *yaml.Node, s *site) bool {
	if s.parent != "" {
		return slices.Contains(oas.Texts(oas.Get(oas.Resolve(root, s.parent), "required")), s.field)
	}
	return oas.True(oas.Get(oas.Resolve(root, strings.TrimSuffix(s.pointer, "/schema")), "required"))
}
