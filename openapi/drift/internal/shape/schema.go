package shape

// Schema is what a value may be: everything that is demanded of it together.
type Schema struct {
	// At is where the schema is declared; the outermost place where it is put
	// together of several.
	At Place
	// Types are the JSON types that it may have, sorted, null aside; nil is any.
	Types []string
	// Enum are the only values that it may have; nil is any. Null is not among them.
	Enum []Item
	// Assertions are the remaining keywords that restrict the value, by name, each
	// as canonical JSON: format, pattern, bounds, uniqueItems, multipleOf, and
	// keywords that no rule knows more of, such as not.
	Assertions map[string]Item
	// Properties are by name; Required names the ones that must be there, declared or not.
	Properties map[string]*Property
	Required   map[string]Place
	// Closed tells that further properties are refused; Additional is the schema
	// that they have, nil for any.
	Closed     bool
	Additional *Schema
	// Items is the schema of a list's members, nil for any.
	Items *Schema
	// Union is nil unless the value is one of several forms.
	Union *Union

	Nullable, ReadOnly, WriteOnly, Deprecated bool
	// Default is canonical JSON, "" for none.
	Default string
	// Prose are the keywords for human readers: description, title, example(s), externalDocs.
	Prose map[string]Item

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
	Value string
	At    Place
	// Written is how the document writes a value that stands here in a form of its
	// own, "" for one that stands as it is written.
	Written string
}

// Shown is the value as the document writes it.
func (i Item) Shown() string {
	if i.Written != "" {
		return i.Written
	}
	return i.Value
}

// Place gives where a keyword of the schema is declared, or would be.
func (s *Schema) Place(keyword string) Place {
	if at, ok := s.places[keyword]; ok {
		return at
	}
	return s.At.Child(keyword)
}

// Property gives the place of a property, or where it would be.
func (s *Schema) Property(name string) Place {
	if p := s.Properties[name]; p != nil {
		return p.At
	}
	return s.Place("properties").Child(name)
}

// Union is a choice of forms.
type Union struct {
	// Property is the one whose value tells the branch, "" when none does.
	Property string
	// Branches are in the order of the source.
	Branches []*Branch
	At       Place
}

// Branch is one form of a union.
type Branch struct {
	// Value is what the discriminator says, "" when it says nothing of this branch.
	Value  string
	Schema *Schema
	// At is where the branch is put into the union.
	At Place
}
