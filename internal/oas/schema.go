package oas

import "slices"

// Schema has all requirements on a value.
type Schema struct {
	// At is where the schema is declared; the outermost place where it is put together
	// of several.
	At Place
	// Never reports that no value is valid: the schema false.
	Never bool
	// Types are the JSON types that the value may have except null, sorted; nil means any.
	Types []string
	// Enum are the only values that it may have; nil is any. Null is not among them.
	// A const is an enum of one.
	Enum []Item
	// Assertions are the remaining keywords that restrict the value, by name, each as
	// canonical JSON: format, pattern, bounds, uniqueItems, multipleOf, and keywords
	// that OpenAPI does not know. "dependentRequired/a/b" is one entry per pair.
	Assertions map[string]Item
	// Properties are by name; Required names the ones that must be there, declared or not.
	Properties map[string]*Property
	Required   map[string]Place
	// Closed reports that further properties are refused; Additional is the schema
	// that they have, nil for any.
	Closed     bool
	Additional *Schema
	// Items is the schema of a list's members, nil for any.
	Items *Schema
	// Subschemas are the schemas of other keywords, by their pointer below this one
	// without the first slash: "patternProperties/^x-", "prefixItems/0", "then", "not".
	Subschemas map[string]*Schema
	// Union is nil unless the value is one of several forms.
	Union *Union

	Nullable, ReadOnly, WriteOnly, Deprecated bool
	// Default is canonical JSON, "" for none.
	Default string
	// Prose is for human readers.
	Prose Prose
	// Claim is the claim about this schema by the base that it inherits from, or nil.
	Claim *Claim

	places map[string]Place
}

// Property is a named member of an object.
type Property struct {
	*Schema
	// At is where the object declares it; the schema may be declared elsewhere.
	At Place
}

// Item is a value and where it is declared.
type Item struct {
	// Value is canonical JSON.
	Value string
	At    Place
	// Written is how the document writes a value whose Value has a form of its own, ""
	// for one that has none.
	Written string
}

// Shown is the value as the document writes it.
func (i Item) Shown() string {
	if i.Written != "" {
		return i.Written
	}
	return i.Value
}

// Values returns the items' values, sorted.
func Values(items []Item) []string {
	out := make([]string, 0, len(items))
	for _, i := range items {
		out = append(out, i.Value)
	}
	slices.Sort(out)
	return out
}

// Place returns where a keyword of the schema is declared, or would be.
func (s *Schema) Place(keyword string) Place {
	if at, ok := s.places[keyword]; ok {
		return at
	}
	return s.At.Child(keyword)
}

// Demands reports whether the schema excludes any value but null. A nil schema does not.
func (s *Schema) Demands() bool {
	return s != nil && (s.Never || s.Types != nil || s.Enum != nil || s.Union != nil || len(s.Assertions) > 0 ||
		len(s.Properties) > 0 || len(s.Required) > 0 || s.Closed || s.Items != nil || s.Additional != nil || len(s.Subschemas) > 0)
}

// IsScalar reports whether only strings, numbers and booleans are valid.
func (s *Schema) IsScalar() bool {
	if s == nil || len(s.Types) == 0 {
		return false
	}
	for _, t := range s.Types {
		if t == "object" || t == "array" {
			return false
		}
	}
	return true
}

// Union is a choice of forms. Requirements next to the choice are part of every form.
type Union struct {
	// Property is the one whose value selects the branch, "" when none does.
	Property string
	// Exclusive reports that a value must have exactly one of the forms: oneOf.
	Exclusive bool
	// Branches are in the order of the source.
	Branches []*Branch
	At       Place
}

// Branch is one form of a union.
type Branch struct {
	// Value is the discriminator's value for this branch, "" when it has none.
	Value  string
	Schema *Schema
	// At is where the branch is put into the union.
	At Place
}
