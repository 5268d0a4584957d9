package oas

import "slices"

// Schema contains all requirements on a value.
type Schema struct {
	// At is where the schema is declared. For a schema merged from several places, it is
	// the outermost place.
	At Place
	// Never reports that no value is valid: the schema false.
	Never bool
	// Types are the JSON types that the value may have except null, sorted; nil means any
	// type.
	Types []string
	// Enum lists the allowed values except null; nil means any value. A const is an enum of
	// one value.
	Enum []Item
	// Assertions are the remaining keywords that restrict the value, by name, each as
	// canonical JSON: format, pattern, bounds, uniqueItems, multipleOf, and keywords
	// that OpenAPI does not know. "dependentRequired/a/b" is one entry per pair.
	Assertions map[string]Item
	// Properties contains the declared properties by name. Required contains the names of
	// the required properties, declared or not.
	Properties map[string]*Property
	Required   map[string]Place
	// Closed reports that other properties are not allowed. Additional is the schema of
	// other properties; nil allows any value.
	Closed     bool
	Additional *Schema
	// Items is the schema of the members of an array; nil allows any member.
	Items *Schema
	// Subschemas are the schemas of other keywords, by their pointer below this one
	// without the first slash: "patternProperties/^x-", "prefixItems/0", "then", "not".
	Subschemas map[string]*Schema
	// Union is nil unless the value is one of several forms.
	Union *Union

	Nullable, ReadOnly, WriteOnly, Deprecated bool
	// Default is canonical JSON, or "" if there is none.
	Default string
	// Prose is for human readers.
	Prose Prose
	// BranchValues are the values with which the base of this schema selects it, or nil.
	BranchValues *BranchValues

	places map[string]Place
}

// Property is a named member of an object.
type Property struct {
	*Schema
	// At is where the object declares the property; the schema may be declared elsewhere.
	At Place
}

// Item is a value and the place where it is declared.
type Item struct {
	// Value is canonical JSON.
	Value string
	At    Place
	// Written is the value as the document writes it, or "" if it equals Value.
	Written string
	// All contains the different values of an assertion that several parts of the schema
	// make; all of them apply. It is nil for one value. Value is then the JSON array of the
	// values.
	All []Item
}

// Each returns the values of an assertion: none, one, or those of several parts.
func (s *Schema) Each(keyword string) []Item {
	item, has := s.Assertions[keyword]
	if !has || item.All != nil {
		return item.All
	}
	return []Item{item}
}

// Shown returns the value as the document writes it.
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

// Place returns the place of a keyword of the schema, whether or not the schema has it.
func (s *Schema) Place(keyword string) Place {
	if at, ok := s.places[keyword]; ok {
		return at
	}
	return s.At.Child(keyword)
}

// HasRequirements reports whether the schema excludes any value other than null. A nil schema does
// not.
func (s *Schema) HasRequirements() bool {
	return s != nil && (s.Never || s.Types != nil || s.Enum != nil || s.Union != nil || s.hasAssertion() ||
		len(s.Properties) > 0 || len(s.Required) > 0 || s.Closed || s.Items != nil || s.Additional != nil || len(s.Subschemas) > 0)
}

// hasAssertion reports whether an assertion excludes values: one of a keyword that OpenAPI knows.
func (s *Schema) hasAssertion() bool {
	for keyword := range s.Assertions {
		if IsAssertion(keyword) {
			return true
		}
	}
	return false
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

// Union is a choice of forms: oneOf, anyOf or the schemas that inherit from a base. The
// requirements next to the choice are part of every branch.
type Union struct {
	// Property is the discriminator property, or "" if there is none.
	Property string
	// Exclusive reports that a value must match exactly one branch: oneOf.
	Exclusive bool
	// Branches are in the order of the source.
	Branches []*Branch
	At       Place
}

// Branch is one branch of a union.
type Branch struct {
	// Value is the discriminator's value for this branch, or "".
	Value  string
	Schema *Schema
	// At is the place where the union lists the branch.
	At Place
}
