package drift

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// verdicts of schema changes, for the request and the response: what grows is
// additive for those who send and tolerable for those who read; what shrinks is
// refused for those who send and harmless for those who read.
func grows(w ways) Verdict   { return w.worse(Additive, Tolerate) }
func shrinks(w ways) Verdict { return w.worse(Breaking, Additive) }

// always is a verdict that is the same on both ways.
func (w ways) always(v Verdict) Verdict { return w.worse(v, v) }

// schemaMutations changes every keyword of every schema.
func schemaMutations(root *yaml.Node) []mutation {
	var out []mutation
	for _, s := range sites(root) {
		n := oas.Resolve(root, s.pointer)
		set := func(name, keyword, value string, want Verdict) {
			out = append(out, mutation{name, oas.Join(s.pointer, keyword), func(root *yaml.Node) {
				oas.Set(oas.Resolve(root, s.pointer), keyword, literal(value))
			}, want})
		}
		drop := func(keyword string, want Verdict) {
			out = append(out, mutation{"drop " + keyword, oas.Join(s.pointer, keyword), func(root *yaml.Node) {
				oas.Remove(oas.Resolve(root, s.pointer), keyword)
			}, want})
		}
		out = append(out, typeMutations(s, n)...)
		isType := func(name string) bool { return oas.Text(oas.Get(n, "type")) == name }
		has := func(keyword string) bool { return oas.Get(n, keyword) != nil }
		if isType("string") {
			for _, bound := range []struct{ keyword, tighter, looser string }{{"minLength", "+", "-"}, {"maxLength", "-", "+"}} {
				switch {
				case has(bound.keyword):
					set("tighten "+bound.keyword, bound.keyword, shift(n, bound.keyword, bound.tighter), shrinks(s.ways))
					set("loosen "+bound.keyword, bound.keyword, shift(n, bound.keyword, bound.looser), grows(s.ways))
					drop(bound.keyword, grows(s.ways))
				case !has("pattern") && !has("format") && !has("enum"):
					set("add "+bound.keyword, bound.keyword, "7", shrinks(s.ways))
				}
			}
			switch {
			case has("pattern"):
				set("change pattern", "pattern", "^[a-z]{24}$", s.ways.worse(Breaking, Tolerate))
				drop("pattern", grows(s.ways))
			case !has("format") && !has("enum"):
				set("add pattern", "pattern", "^[a-z]*$", shrinks(s.ways))
				set("add format", "format", "uri", shrinks(s.ways))
				set("add enum", "enum", "[a, b]", shrinks(s.ways))
			}
			if has("format") {
				drop("format", grows(s.ways))
				set("change format", "format", "date-time", s.ways.always(Breaking))
			}
		}
		if isType("integer") {
			switch {
			case has("minimum"):
				set("tighten minimum", "minimum", shift(n, "minimum", "+"), shrinks(s.ways))
				set("loosen minimum", "minimum", shift(n, "minimum", "-"), grows(s.ways))
				drop("minimum", grows(s.ways))
				set("exclude minimum", "exclusiveMinimum", "true", shrinks(s.ways))
			default:
				set("add minimum", "minimum", "3", shrinks(s.ways))
			}
			if has("maximum") {
				set("tighten maximum", "maximum", shift(n, "maximum", "-"), shrinks(s.ways))
				drop("maximum", grows(s.ways))
			}
			if has("format") {
				set("widen format", "format", "int64", s.ways.worse(Additive, Breaking))
				drop("format", grows(s.ways))
			} else {
				set("add format", "format", "int32", shrinks(s.ways))
			}
			set("add multipleOf", "multipleOf", "2", shrinks(s.ways))
		}
		if isType("array") {
			set("add minItems", "minItems", "1", shrinks(s.ways))
			set("add maxItems", "maxItems", "9", shrinks(s.ways))
			set("add uniqueItems", "uniqueItems", "true", shrinks(s.ways))
			if items := oas.Get(n, "items"); oas.Get(items, "type") != nil || oas.Get(items, "$ref") != nil || oas.Get(items, "anyOf") != nil {
				drop("items", s.ways.worse(Additive, Breaking))
			} else {
				drop("items", InSync)
			}
		}
		if isType("object") {
			out = append(out, objectMutations(s, n)...)
			set("close", "additionalProperties", "false", shrinks(s.ways))
			set("add minProperties", "minProperties", "1", shrinks(s.ways))
			set("add not", "not", "{required: [x]}", shrinks(s.ways))
		}
		if has("enum") {
			out = append(out, enumMutations(root, s, n)...)
		}
		if has("nullable") {
			drop("nullable", shrinks(s.ways))
		} else {
			set("add nullable", "nullable", "true", grows(s.ways))
		}
		if has("deprecated") {
			drop("deprecated", Planning)
		} else if s.field != "" && s.field != "[]" {
			set("deprecate", "deprecated", "true", s.ways.always(Planning))
		}
		if has("default") {
			set("change default", "default", flipped(n), s.ways.worse(Tolerate, Docs))
			drop("default", s.ways.worse(Tolerate, Docs))
		} else if isType("string") {
			if demanded(root, s) { // a value that is required has no use for a default
				set("add default", "default", "x", Docs)
			} else {
				set("add default", "default", "x", s.ways.worse(Additive, Docs))
			}
		}
		if has("discriminator") {
			out = append(out, unionMutations(s, n)...)
		}
	}
	return out
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

func objectMutations(s *site, n *yaml.Node) []mutation {
	var out []mutation
	required := oas.Texts(oas.Get(n, "required"))
	object := func(root *yaml.Node) *yaml.Node { return oas.Resolve(root, s.pointer) }
	require := func(root *yaml.Node, name string) {
		list := oas.Get(object(root), "required")
		if list == nil {
			list = literal("[]")
			oas.Set(object(root), "required", list)
		}
		list.Content = append(list.Content, oas.String(name))
	}
	add := func(root *yaml.Node, name, schema string) {
		oas.Set(oas.Get(object(root), "properties"), name, literal(schema))
	}
	for name, p := range oas.Pairs(oas.Get(n, "properties")) {
		w := s.ways
		if oas.True(oas.Get(p, "readOnly")) {
			w.request = false
		}
		at := oas.Join(s.pointer, "properties", name)
		// A read-only property of a schema that is only sent is nowhere.
		visible := w.request || w.response
		verdict := func(v Verdict) Verdict {
			if !visible {
				return InSync
			}
			return v
		}
		out = append(out, mutation{"drop property", at, func(root *yaml.Node) {
			oas.Remove(oas.Get(object(root), "properties"), name)
			list := oas.Get(object(root), "required")
			if list != nil {
				list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
			}
		}, verdict(Breaking)})
		if slices.Contains(required, name) {
			out = append(out, mutation{"no longer required", at + " required", func(root *yaml.Node) {
				list := oas.Get(object(root), "required")
				list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
			}, verdict(grows(w))})
		} else {
			out = append(out, mutation{"now required", at + " required", func(root *yaml.Node) { require(root, name) }, verdict(shrinks(w))})
		}
		if w.request && !w.response {
			out = append(out, mutation{"now read-only", at + "/readOnly", func(root *yaml.Node) {
				oas.Set(oas.Resolve(root, at), "readOnly", literal("true"))
			}, Breaking})
		}
		if w.response && oas.Get(p, "$ref") == nil {
			out = append(out, mutation{"now write-only", at + "/writeOnly", func(root *yaml.Node) {
				oas.Remove(oas.Resolve(root, at), "readOnly")
				oas.Set(oas.Resolve(root, at), "writeOnly", literal("true"))
			}, Breaking})
		}
		if !w.request && s.ways.request {
			out = append(out, mutation{"no longer read-only", at + "/readOnly", func(root *yaml.Node) {
				oas.Remove(oas.Resolve(root, at), "readOnly")
			}, Additive})
		}
	}
	out = append(out,
		mutation{"add a property", s.pointer + "/properties/brandNew", func(root *yaml.Node) { add(root, "brandNew", "{type: string}") }, Additive},
		mutation{"add a required property", s.pointer + "/properties/brandNew", func(root *yaml.Node) {
			add(root, "brandNew", "{type: string}")
			require(root, "brandNew")
		}, s.ways.worse(Breaking, Additive)},
	)
	if s.ways.request && !s.ways.response {
		out = append(out, mutation{"add a read-only property", s.pointer + "/properties/brandNew", func(root *yaml.Node) {
			add(root, "brandNew", "{type: string, readOnly: true}")
		}, InSync})
	}
	return out
}

// enumMutations adds and drops values. In a branch of a union, the enum of the
// discriminator may list the values of the other branches too, or be missing: the
// mapping says the same.
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

// siblingValues returns the discriminator values that select the other branches of
// the union that a schema is a branch of.
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

// demanded reports whether a schema is that of a required parameter or property.
func demanded(root *yaml.Node, s *site) bool {
	if s.parent != "" {
		return slices.Contains(oas.Texts(oas.Get(oas.Resolve(root, s.parent), "required")), s.field)
	}
	return oas.True(oas.Get(oas.Resolve(root, strings.TrimSuffix(s.pointer, "/schema")), "required"))
}
