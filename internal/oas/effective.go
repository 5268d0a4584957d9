package oas

// Effective is one operation at one resource version, with everything that applies
// to it.
type Effective struct {
	*Operation
	// Version is the resource version, or Unversioned if the media types have none.
	Version string
	Place   Place

	// Parameters are by place and name, "query pageNum"; the name of a path parameter is
	// its position, "path {1}".
	Parameters map[string]*Parameter
	// Body is the request body, or nil.
	Body *Body
	// Responses has the responses by status: "200", "4XX", "default".
	Responses map[string]*Response
	// Security contains the alternative ways to authenticate, by a description of their
	// schemes.
	Security map[string]*SecurityRequirement
	// SecurityAt is the place of the security keyword in effect.
	SecurityAt Place
	// Servers are the base URLs without the path that is part of the operation's key.
	Servers   map[string]Place
	ServersAt Place
	// Prose is for human readers.
	Prose Prose
	// Uninterpreted contains the parts that this package does not model, by place below the
	// operation: callbacks, links, encodings, server variables and others.
	Uninterpreted map[string]Part
}

// Part is a part of a document that this package does not model, and compares as a whole.
type Part struct {
	// Value is equal for parts that are equal, including everything that they refer to, apart
	// from prose. It is "" for a part that is only prose.
	Value string
	// ValueWithProse is equal for parts that have equal values and equal prose. It is "" if the reader
	// does not read prose.
	ValueWithProse string
	At             Place
}

// Value is the content of a parameter or a header, and its serialization.
type Value struct {
	Required bool
	// Serialization is the way in which a value is written: style and allowReserved, or the
	// media type. Explode reports that each member of a list or an object is written
	// separately.
	Serialization string
	Explode       bool
	Schema        *Schema
	Deprecated    bool
	Prose         Prose
	// At is the place in the operation or response. Declared is the place of the target, if
	// there is a reference.
	At, Declared Place
}

// Parameter is a value that the request carries outside its body.
type Parameter struct {
	// Name is the name in the query string, header (in lower case) or cookie. For a path
	// parameter it is the position, because clients do not send the name.
	Name, In string
	// Label is the name that the document uses.
	Label string
	Value
}

// Body is the body of a request or a response.
type Body struct {
	Required   bool
	RequiredAt Place
	// Media contains the forms that the body may have, by media type without resource
	// version.
	Media map[string]*Media
	Prose Prose
	// At is the place in the operation. Declared is the place of the target, if the
	// operation has a reference.
	At, Declared Place
}

// Media is a body in one media type.
type Media struct {
	// Type is the media type as in the document, including the resource version.
	Type   string
	Schema *Schema
	Prose  Prose
	At     Place
}

// Response is a response with one status.
type Response struct {
	// Headers has the headers by name in lower case.
	Headers map[string]*Header
	// Ignored reports that the document declares a body for a status that cannot have one.
	Ignored bool
	Body
}

// Header is a header of a response.
type Header struct {
	// Name is as the document writes it.
	Name string
	Value
}

// SecurityRequirement is one way to authenticate: a scheme, or several together.
type SecurityRequirement struct {
	// Descriptions are those of the schemes, sorted.
	Descriptions []string
	// Scopes are the required scopes.
	Scopes map[string]Place
	// Addresses are the URLs of the OAuth flow.
	Addresses string
	// Schemes are the document's names of its schemes. DeclaredAt is the place of the last
	// description of a scheme.
	Schemes     string
	DeclaredAt  Place
	AddressesAt Place
	At          Place
}
