package oas

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// merger collects the requirements of several parts.
type merger struct {
	*Reader
	*Schema
	properties, subschemas map[string][]part
	items, additional      []part
	enumerated             bool
	nulls                  nulls
}

func (m *merger) keywords(p part) {
	if p.chosen == noChoice {
		m.Prose = m.prose(m.Prose, p.place)
	}
	if p.proseOnly {
		return
	}
	if isBool(p.node, "false") {
		m.Never = true
	}
	m.nullsOf(p)
	for keyword, value := range Pairs(p.node) {
		at := place{value, Join(p.pointer, keyword)}
		switch keyword {
		case "type":
			m.types(at, p.chosen != noChoice)
		case "enum":
			m.enum(at, Get(p.node, UnmappedValues))
		case "const":
			m.narrowEnum([]Item{m.item(at)}, at)
		case "properties":
			m.note("properties", at)
			m.properties = collect(m.properties, "", at)
		case "required":
			m.required(at)
		case "oneOf", "anyOf":
			m.nullChoice(at)
		case "nullable", "readOnly", "writeOnly", "deprecated", "default":
			if p.chosen == noChoice {
				m.flag(keyword, at)
			}
		case "unevaluatedProperties", "unevaluatedItems":
			if Get(p.node, evaluator[keyword]) == nil {
				m.subschema(keyword, at)
			}
		default:
			if !m.subschema(keyword, at) {
				m.assertion(keyword, at)
			}
		}
	}
}

// evaluator maps a keyword to the keyword that leaves nothing for it to evaluate (JSON
// Schema 2020-12, sections 11.2 and 11.3).
var evaluator = map[string]string{"unevaluatedProperties": "additionalProperties", "unevaluatedItems": "items"}

// subschema reads a keyword whose value is a schema or contains schemas. It reports whether
// the keyword is of this kind.
func (m *merger) subschema(keyword string, at place) bool {
	switch keyword {
	case "items":
		if IsSequence(at.node) { // JSON Schema before 2020-12
			m.subschemas = collect(m.subschemas, "prefixItems/", at)
			return true
		}
		m.items = append(m.items, part{place: at})
	case "additionalProperties":
		m.extra(at)
	case "prefixItems", "patternProperties", "dependentSchemas":
		m.subschemas = collect(m.subschemas, keyword+"/", at)
	case "then", "else", "if", "not", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema":
		m.note(keyword, at)
		m.Never = m.Never || keyword == "not" && admitsAll(at.node)
		m.one(keyword, at)
	default:
		return false
	}
	return true
}

// one adds the schema of a keyword that has one schema. If several parts have the keyword, each
// schema has a key of its own, except that equal schemas count once and those of propertyNames
// are merged. Equal conditions do not count once, because their consequences may differ.
func (m *merger) one(keyword string, at place) {
	conditional := keyword == "if" || keyword == "then" || keyword == "else"
	key := keyword
	for present := m.subschemas[key]; present != nil && keyword != "propertyNames"; present = m.subschemas[key] {
		if !conditional && m.text(present[0].place) == m.text(at) {
			return
		}
		key += "'"
	}
	m.subschemas = add(m.subschemas, key, part{place: at})
}

// admitsAll reports whether a schema has no keywords, or is true.
func admitsAll(n *Node) bool { return isBool(n, "true") || IsMapping(n) && len(n.Content) == 0 }

// collect adds the schemas of a mapping by name, or of a sequence by index.
func collect(into map[string][]part, prefix string, at place) map[string][]part {
	for name, schema := range Pairs(at.node) {
		key := name
		if prefix != "" {
			key = prefix + escaper.Replace(name)
		}
		into = add(into, key, part{place: place{schema, Join(at.pointer, name)}})
	}
	for i, schema := range Items(at.node) {
		into = add(into, Index(strings.TrimSuffix(prefix, "/"), i), part{place: place{schema, Index(at.pointer, i)}})
	}
	return into
}

func add(into map[string][]part, key string, p part) map[string][]part {
	if into == nil {
		into = make(map[string][]part)
	}
	into[key] = append(into[key], p)
	return into
}

func (m *merger) note(keyword string, at place) {
	if _, known := m.places[keyword]; !known {
		m.places[keyword] = m.place(at)
	}
}

// enum adds a list of values, including those that a cut moved out of it.
func (m *merger) enum(at place, unmapped *Node) {
	var own []Item
	for i, node := range slices.Concat(Items(at.node), Items(unmapped)) {
		item := m.item(place{node, Index(at.pointer, i)})
		if item.Value != "null" {
			own = append(own, item)
		} else if m.doc.Is31() {
			m.Nullable = true
			m.note("nullable", place{node, Index(at.pointer, i)})
		}
	}
	m.narrowEnum(own, at)
}

// narrowEnum keeps the values that all parts allow.
func (m *merger) narrowEnum(own []Item, at place) {
	m.note("enum", at)
	if !m.enumerated {
		m.enumerated = true
		m.Enum = uniqueItems(own)
		return
	}
	allowed := make(map[string]bool, len(own))
	for _, item := range own {
		allowed[item.Value] = true
	}
	m.Enum = slices.DeleteFunc(m.Enum, func(i Item) bool { return !allowed[i.Value] })
}

func uniqueItems(list []Item) []Item {
	out := make([]Item, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, i := range list {
		if !seen[i.Value] {
			seen[i.Value] = true
			out = append(out, i)
		}
	}
	return out
}

func (m *merger) required(at place) {
	for i, name := range Items(at.node) {
		if m.Required == nil {
			m.Required = make(map[string]Place)
		}
		if _, known := m.Required[name.Value]; !known && name.Kind == yaml.ScalarNode {
			m.Required[name.Value] = m.place(place{name, Index(at.pointer, i)})
		}
	}
	m.note("required", at)
}

func (m *merger) extra(at place) {
	m.note("additionalProperties", at)
	switch {
	case IsMapping(at.node) && len(at.node.Content) > 0:
		m.additional = append(m.additional, part{place: at})
	case isBool(at.node, "false"):
		m.Closed = true
	}
}

func (m *merger) flag(keyword string, at place) {
	if keyword == "default" {
		if m.Default == "" {
			m.Default = Canonical(at.node)
			m.note(keyword, at)
		}
		return
	}
	if !True(at.node) {
		return
	}
	switch keyword {
	case "nullable":
		m.Nullable = true // OpenAPI 3.1 does not have this keyword, but documents that were converted to 3.1 keep it
	case "readOnly":
		m.ReadOnly = true
	case "writeOnly":
		m.WriteOnly = true
	case "deprecated":
		m.Deprecated = true
	}
	m.note(keyword, at)
}

// withoutAssertion are the keywords that other code reads, and those that require nothing.
var withoutAssertion = append([]string{"$ref", "allOf", "discriminator", "$comment", "$anchor", "$defs", "definitions"}, proseKeys...)

func (m *merger) assertion(keyword string, at place) {
	switch {
	case slices.Contains(withoutAssertion, keyword) || strings.HasPrefix(keyword, "x-") || keyword == "uniqueItems" && !True(at.node):
	case keyword == "dependentRequired":
		for name, list := range Pairs(at.node) {
			for i, needed := range Items(list) {
				item := m.item(place{needed, Index(Join(at.pointer, name), i)})
				m.assert(keyword+Join("", name, needed.Value), item)
			}
		}
	default:
		m.assert(keyword, m.item(at))
	}
}

// assert adds an assertion to those of the other parts with the same keyword.
func (m *merger) assert(keyword string, own Item) {
	present, has := m.Assertions[keyword]
	switch {
	case !has:
	case present.Value == own.Value:
		return
	case IsBound(keyword):
		if IsStricterBound(keyword, present.Value, own.Value) {
			return
		}
	default:
		all := m.Each(keyword)
		if slices.ContainsFunc(all, func(i Item) bool { return i.Value == own.Value }) {
			return
		}
		all = append(slices.Clip(all), own)
		own = Item{Value: "[" + strings.Join(Values(all), ",") + "]", At: present.At, All: all}
	}
	if m.Assertions == nil {
		m.Assertions = make(map[string]Item)
	}
	m.Assertions[keyword] = own
	m.places[keyword] = own.At
}
