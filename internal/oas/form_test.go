package oas

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// form describes an effective schema in one line. A schema inside itself is described as "cycle".
func form(s *Schema) string { return formIn(s, nil) }

func formIn(s *Schema, outer []*Schema) string {
	if s == nil {
		return "any"
	}
	if slices.Contains(outer, s) {
		return "cycle"
	}
	outer = append(slices.Clip(outer), s)
	words := []string{}
	add := func(is bool, format string, args ...any) {
		if is {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(s.Never, "never")
	add(s.Types != nil, "%s", strings.Join(s.Types, "|"))
	add(s.Nullable, "null")
	add(s.ReadOnly, "readOnly")
	add(s.WriteOnly, "writeOnly")
	add(s.Deprecated, "deprecated")
	add(s.Default != "", "default=%s", s.Default)
	add(s.Enum != nil, "enum=[%s]", strings.Join(Values(s.Enum), ","))
	add(len(s.Assertions) > 0, "%s", assertions(s))
	for _, name := range slices.Sorted(maps.Keys(s.Required)) {
		add(true, "%s!", name)
	}
	for name, p := range sorted(s.Properties) {
		add(true, "%s:(%s)", name, formIn(p.Schema, outer))
	}
	add(s.Closed, "closed")
	add(s.Additional != nil, "more:(%s)", formIn(s.Additional, outer))
	add(s.Items != nil, "items:(%s)", formIn(s.Items, outer))
	for key, sub := range sorted(s.Subschemas) {
		add(true, "/%s:(%s)", key, formIn(sub, outer))
	}
	if u := s.Union; u != nil {
		add(true, "%s", map[bool]string{true: "oneOf", false: "anyOf"}[u.Exclusive])
		add(u.Property != "", "by %s", u.Property)
		for _, b := range u.Branches {
			add(true, "%s->(%s)", b.Value, formIn(b.Schema, outer))
		}
	}
	return strings.Join(words, " ")
}

// assertions describes the assertions of a schema.
func assertions(s *Schema) string {
	var out []string
	for keyword, item := range sorted(s.Assertions) {
		out = append(out, keyword+"="+item.Value)
	}
	return strings.Join(out, " ")
}
