package oas

// Effective is one operation at one resource version, with everything that applies
// to it.
type Effective struct {
	*Operation
	// Version is the resource version, Unversioned when the media types carry none.
	Version string
	Place   Place

	// Parameters are by place and name, "query pageNum"; a path parameter's name is its
	// position, "path {1}".
	Parameters map[string]*Parameter
	// Body is the request's, nil for none.
	Body *Body
	// Responses are by status: "200", "4XX", "default".
	Responses map[string]*Response
	// Logins are the alternative ways to authenticate, by a description of their schemes.
	Logins map[string]*Login
	// LoginsAt is the security keyword in effect.
	LoginsAt Place
	// Servers are the base addresses without the path that is part of the operation's key.
	Servers   map[string]Place
	ServersAt Place
	// Prose is for human readers.
	Prose Prose
	// Uninterpreted are the parts that have no form of their own here, by place below
	// the operation: callbacks, links, encodings, server variables and the like. The
	// values are equal when the parts and all that they refer to are.
	Uninterpreted map[string]Item
}

// Parameter is a value that the request carries outside its body.
type Parameter struct {
	// Name is as the path, query string, header or cookie has it; a path parameter's is
	// its position, because the client never sends its name, and a header's is in
	// lower case.
	Name, In string
	// Label is the name that the document uses.
	Label    string
	Required bool
	// Serialization is how a value is written: style and allowReserved, or the media
	// type. Explode reports that each member of a list or an object is written by itself.
	Serialization string
	Explode       bool
	Schema        *Schema
	Deprecated    bool
	Prose         Prose
	// At is where the operation lists it, Declared where it is described.
	At, Declared Place
}

// Body is a request's body, or a response's.
type Body struct {
	Required   bool
	RequiredAt Place
	// Media are the forms that it may have, by media type without resource version.
	Media map[string]*Media
	Prose Prose
	// At is where the operation has it, Declared where it is described.
	At, Declared Place
}

// Media is a body in one media type.
type Media struct {
	// Type is as in the document, resource version included.
	Type   string
	Schema *Schema
	Prose  Prose
	At     Place
}

// Response is a response with one status.
type Response struct {
	// Headers are by name in lower case.
	Headers map[string]*Header
	// Ignored reports that the document declares a body for a status which has none.
	Ignored bool
	Body
}

// Header is a header of a response.
type Header struct {
	// Name is as the document writes it.
	Name       string
	Required   bool
	Schema     *Schema
	Deprecated bool
	Prose      Prose
	// At is where the response lists it, Declared where it is described.
	At, Declared Place
}

// Login is one way to authenticate: a scheme, or several together.
type Login struct {
	// Parts are descriptions of the schemes, sorted.
	Parts []string
	// Scopes are the required scopes.
	Scopes map[string]Place
	// Addresses are where tokens come from.
	Addresses string
	// Schemes are the document's names of its schemes, DeclaredAt is where the last of
	// them is described.
	Schemes     string
	DeclaredAt  Place
	AddressesAt Place
	At          Place
}
