package shape

// Operation is one operation at one resource version.
type Operation struct {
	// Key is method and path with empty parameter names: "GET /api/…/{}".
	Key string
	// Name is the short name, or the operationId where there is none.
	Name string
	// Version is the resource version that this is.
	Version string
	At      Place

	Parameters map[string]*Parameter
	Body       *Body
	// Responses are by status: "200", "4XX", "default".
	Responses map[string]*Response
	// Logins are the ways to authenticate, by what they are; any one of them will do.
	Logins map[string]*Login
	// LoginsAt is the security keyword in effect.
	LoginsAt Place
	// Servers are the base addresses, paths aside.
	Servers   map[string]Place
	ServersAt Place
	// Prose is as in Schema, with summary and tags.
	Prose map[string]Item
}

// Parameter is a value that the request carries outside its body.
type Parameter struct {
	// Name is as the path, query string, header or cookie has it; a path parameter's
	// is its position, because the client never sends its name.
	Name, In string
	// Label is the name that people know it by.
	Label    string
	Required bool
	// Serialization is how a list or an object is written: style, explode, allowReserved.
	Serialization string
	Schema        *Schema
	Deprecated    bool
	Prose         map[string]Item
	// At is where the operation lists it, Declared where it is described.
	At, Declared Place
}

// Body is a request's body, or an answer's.
type Body struct {
	Required   bool
	RequiredAt Place
	// Media are the forms that it may have, by media type without resource version.
	Media map[string]*Media
	Prose map[string]Item
	// At is where the operation has it, Declared where it is described.
	At, Declared Place
}

// Media is a body in one media type.
type Media struct {
	// Type is as in the document, resource version included.
	Type   string
	Schema *Schema
	Prose  map[string]Item
	At     Place
}

// Response is an answer with one status.
type Response struct {
	// Headers are by canonical name.
	Headers map[string]*Header
	Body
}

// Header is a header of an answer.
type Header struct {
	// Name is as the document writes it.
	Name       string
	Required   bool
	Schema     *Schema
	Deprecated bool
	Prose      map[string]Item
	// At is where the answer lists it, Declared where it is described.
	At, Declared Place
}

// Login is one way to authenticate: a scheme, or several together.
type Login struct {
	// Scopes are what it demands.
	Scopes map[string]Place
	// Addresses are where tokens come from.
	Addresses string
	// Schemes are what the document calls its schemes, DeclaredAt is where the last of
	// them is described.
	Schemes     string
	DeclaredAt  Place
	AddressesAt Place
	At          Place
}
