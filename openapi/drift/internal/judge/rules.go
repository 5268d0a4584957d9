package judge

import "strings"

// Rule is one way in which a contract can change.
type Rule struct {
	// ID is stable: acceptances and reports name rules by it.
	ID      string
	Verdict Verdict
	// Direction is the way that the rule looks at.
	Direction Direction
	// What describes the change, with {item}, {old}, {new} and {keyword} filled in.
	What string
	// Why is the reason for the verdict.
	Why string
	// Next is what a client's owner should do about it.
	Next string
}

// Rules lists all rules in the order of the documentation. The caller may not change them.
func Rules() []*Rule { return rules }

var rules = append(operationRules(), schemaRules()...)

var byID = index(rules)

func index(rules []*Rule) map[string]*Rule {
	m := make(map[string]*Rule, len(rules))
	for _, r := range rules {
		m[r.ID] = r
	}
	return m
}

// RuleOf returns the rule with an id, or nil.
func RuleOf(id string) *Rule { return byID[id] }

// Advice to a client's owner, for rules without more specific advice.
const (
	sendNew    = "Change what your code sends before Atlas enforces this; until then the old request may still pass."
	readNew    = "Change the code that reads this before Atlas rolls it out."
	handleNew  = "Make sure that your code survives this value; nothing that it reads today goes away."
	useIfYou   = "Nothing has to change; use it if you want it."
	planAhead  = "Put a date on the move to a version that stays."
	readAtEase = "Nothing has to change."
)

func operationRules() []*Rule {
	return []*Rule{
		{"operation-removed", Breaking, Both, "the operation was removed", "Every call of it fails.", "Stop calling it, or ask MongoDB what replaces it."},
		{"operation-added", Additive, Both, "a new operation", "No code knows it yet.", useIfYou},
		{"version-removed", Breaking, Both, "resource version {item} was removed", "A call that asks for this version gets 406, or an older version's response.", "Move to a version that upstream still has."},
		{"version-added", Planning, Both, "resource version {item} is new", "Calls keep getting the version that they ask for; every version is retired eventually.", "Read what the new version changes and plan the move."},
		{"sunset-added", Planning, Both, "resource version {item} now has a sunset date: {new}", "Calls of this version fail from that day on.", planAhead},
		{"sunset-moved", Planning, Both, "the sunset date of resource version {item} moved from {old} to {new}", "The time that is left for the move changes.", "Adjust the date of your move."},
		{"sunset-withdrawn", Planning, Both, "resource version {item} no longer has a sunset date; it was {old}", "The move is no longer urgent.", readAtEase},
		{"sunset-near", Planning, Both, "resource version {item} is switched off on {new}", "The lead time that was asked for has begun.", "Move to a later version now."},
		{"sunset-past", Planning, Both, "resource version {item} was switched off on {new}", "Calls of it may fail at any moment.", "Move to a later version at once."},
		{"deprecation-added", Planning, Both, "{item} is deprecated", "It works until it is removed.", "Find out what replaces it, and plan the change."},
		{"deprecation-withdrawn", Planning, Both, "{item} is no longer deprecated", "It stays.", readAtEase},

		{"server-removed", Breaking, Request, "the address {item} was removed", "Requests to it may fail.", "Send requests to an address that upstream names."},
		{"server-changed", Breaking, Request, "the address changed from {old} to {new}", "Requests to the old one may fail.", "Send requests to an address that upstream names."},
		{"server-added", Additive, Request, "the address {item} was added", "The old ones stay.", useIfYou},
		{"login-removed", Breaking, Request, "{item} is no longer a way to authenticate", "Requests that authenticate so are refused.", "Authenticate in a way that upstream names."},
		{"login-changed", Breaking, Request, "{old} becomes {new} as a way to authenticate", "Requests that authenticate the old way are refused.", "Authenticate in a way that upstream names."},
		{"login-required", Breaking, Request, "authentication is now needed: {new}", "Requests without credentials are refused.", "Send credentials."},
		{"login-relaxed", Additive, Request, "fewer credentials are needed: {old} becomes {new}", "Requests that send all of them still work.", useIfYou},
		{"login-added", Additive, Request, "{item} is another way to authenticate", "The old ones stay.", useIfYou},
		{"scope-added", Breaking, Request, "{item} is now a scope that the token needs", "Tokens without it are refused.", "Ask for tokens with this scope."},
		{"scope-removed", Additive, Request, "{item} is no longer a scope that the token needs", "Tokens that have it still work.", readAtEase},
		{"token-address-changed", Breaking, Request, "the token address changed from {old} to {new}", "The old address may no longer issue tokens.", "Ask the new address for tokens."},

		{"parameter-added", Additive, Request, "a new optional parameter", "Leaving it out does what it did.", useIfYou},
		{"parameter-added-required", Breaking, Request, "a new parameter that is required", "Requests without it are refused.", sendNew},
		{"parameter-removed", Breaking, Request, "the parameter was removed", "Requests that send it may be refused, and what it asked for no longer happens.", "Stop sending it."},
		{"parameter-renamed", Breaking, Request, "the parameter {old} is now {new}", "Requests that send the old one may be refused, and what it asked for no longer happens.", sendNew},
		{"parameter-required", Breaking, Request, "the parameter is now required", "Requests without it are refused.", sendNew},
		{"parameter-optional", Additive, Request, "the parameter is now optional", "Requests that send it still work.", readAtEase},
		{"parameter-serialization-changed", Breaking, Request, "the serialization of the parameter changed from {old} to {new}", "The server reads the old form as another value, or refuses it.", sendNew},

		{"request-body-added", Additive, Request, "the request may have a body", "Requests without one still work.", useIfYou},
		{"request-body-added-required", Breaking, Request, "the request now needs a body", "Requests without one are refused.", sendNew},
		{"request-body-removed", Breaking, Request, "the request no longer has a body", "Requests with one may be refused.", sendNew},
		{"request-body-required", Breaking, Request, "the request's body is now required", "Requests without one are refused.", sendNew},
		{"request-body-optional", Additive, Request, "the request's body is now optional", "Requests with one still work.", readAtEase},
		{"request-media-type-added", Additive, Request, "the request may also be {item}", "The old media types stay.", useIfYou},
		{"request-media-type-removed", Breaking, Request, "the request may no longer be {item}", "Requests of this media type get 415.", sendNew},

		{"status-added", Additive, Response, "status {item} is now declared", "Every client has to cope with statuses that it does not know; this one is now described.", useIfYou},
		{"success-status-removed", Breaking, Response, "status {item} is no longer declared", "Code that waits for this status treats success as failure.", readNew},
		{"status-generalized", Tolerate, Response, "any status of {item} is now possible", "A response may have another success status.", handleNew},
		{"status-narrowed", Additive, Response, "of {item}, only the declared statuses remain", "Every response still conforms to the old contract.", readAtEase},
		{"error-status-removed", Additive, Response, "status {item} is no longer declared", "Code that handles it is not reached any more; nothing else changes.", readAtEase},
		{"response-body-added", Additive, Response, "the response now has a body", "Clients that expect none don't read it.", useIfYou},
		{"response-body-removed", Breaking, Response, "the response no longer has a body", "What the client reads is no longer there.", readNew},
		{"response-media-type-added", Additive, Response, "the response may also be {item}", "Only clients that ask for it get it.", useIfYou},
		{"response-media-type-removed", Breaking, Response, "the response can no longer be {item}", "Asking for it gets 406, or a response that the client can't read.", readNew},
		{"header-added", Additive, Response, "a new header", "Clients ignore headers that they don't know.", useIfYou},
		{"header-removed", Breaking, Response, "the header was removed", "What the client reads is no longer there.", readNew},
		{"header-required", Additive, Response, "the header is now always there", "Clients that cope without it still do.", readAtEase},
		{"header-optional", Tolerate, Response, "the header may now be missing", "Code that relies on it finds nothing.", handleNew},

		{"not-judged", Tolerate, Both, "{keyword} changed", "drift does not interpret this part of a specification.", "Read what changed there, and what your code makes of it."},
		{"prose-changed", Docs, Both, "{keyword} changed", "It explains and does not bind.", readAtEase},
	}
}

// twoWay is a rule of schemas, which has a verdict for either way.
type twoWay struct {
	name              string
	what              string
	request, response Verdict
	// whyRequest and whyResponse are the reasons; "" means that the rule does not exist in
	// that direction.
	whyRequest, whyResponse string
}

const (
	refused  = "A request that conforms to the old contract may be refused."
	accepted = "Requests that were accepted still are."
	excluded = "A response may contain values that the old contract excluded."
	narrower = "Every response still conforms to the old contract."
)

var twoWays = []twoWay{
	{"type-changed", "the type changed from {old} to {new}", Breaking, Breaking, refused, "What the client reads is of another type."},
	{"type-widened", "the type was widened from {old} to {new}", Additive, Breaking, accepted, "What the client reads may be of another type."},
	{"type-narrowed", "the type was narrowed from {old} to {new}", Breaking, Additive, refused, narrower},
	{"format-added", "the format {new} was added", Breaking, Additive, refused, narrower},
	{"format-removed", "the format {old} was removed", Additive, Tolerate, accepted, excluded},
	{"format-changed", "the format changed from {old} to {new}", Breaking, Breaking, refused, "What the client reads is of another type."},
	{"format-widened", "the format was widened from {old} to {new}", Additive, Breaking, accepted, "The value may not fit the type that the client reads it into."},
	{"format-narrowed", "the format was narrowed from {old} to {new}", Breaking, Additive, refused, narrower},
	{"enum-added", "the enum {new} was added", Breaking, Additive, refused, narrower},
	{"enum-removed", "the enum {old} was removed", Additive, Tolerate, accepted, excluded},
	{"enum-value-added", "enum value {new} was added", Additive, Tolerate, accepted, excluded},
	{"enum-value-removed", "enum value {old} was removed", Breaking, Additive, refused, narrower},
	{"pattern-added", "the pattern {new} was added", Breaking, Additive, refused, narrower},
	{"pattern-removed", "the pattern {old} was removed", Additive, Tolerate, accepted, excluded},
	{"pattern-changed", "the pattern changed from {old} to {new}", Breaking, Tolerate, refused + " Whether the new pattern admits all that the old one did can't be decided in general.", excluded},
	{"bound-tightened", "{keyword} tightens from {old} to {new}", Breaking, Additive, refused, narrower},
	{"bound-loosened", "{keyword} loosens from {old} to {new}", Additive, Tolerate, accepted, excluded},
	{"assertion-added", "{keyword} was added: {new}", Breaking, Additive, refused, narrower},
	{"assertion-removed", "{keyword} was removed; it was {old}", Additive, Tolerate, accepted, excluded},
	{"assertion-changed", "{keyword} changed from {old} to {new}", Breaking, Tolerate, refused, excluded},
	{"nullable-added", "may now be null", Additive, Tolerate, accepted, excluded},
	{"nullable-removed", "may no longer be null", Breaking, Additive, refused, narrower},
	{"property-added", "a new field", Additive, Additive, "Leaving it out does what it did.", "Clients ignore fields that they don't know."},
	{"property-added-required", "a new field that is required", Breaking, "", "Requests without it are refused.", ""},
	{"property-removed", "the field was removed", Breaking, Breaking, "Atlas refuses fields that it does not know.", "What the client reads is no longer there."},
	{"property-hidden", "the field is now {new}", Breaking, Breaking, "Atlas refuses fields that it does not take.", "What the client reads is no longer there."},
	{"property-required", "the field is now required", Breaking, Additive, "Requests without it are refused.", "Clients that cope without it still do."},
	{"property-optional", "the field is no longer required", Additive, Tolerate, accepted, "Code that relies on it finds nothing."},
	{"additional-properties-closed", "further fields are no longer allowed", Breaking, Additive, refused, narrower},
	{"additional-properties-opened", "further fields are now allowed", Additive, Tolerate, accepted, excluded},
	{"branch-added", "form {new} was added", Additive, Tolerate, accepted, "A response may have a form that the client does not know."},
	{"branch-removed", "form {old} was removed", Breaking, Additive, refused, narrower},
	{"exclusive-added", "a value that has two of the forms at once is now refused", Breaking, Additive, refused, narrower},
	{"exclusive-removed", "a value may now have two of the forms at once", Additive, Tolerate, accepted, excluded},
	{"discriminator-added", "the discriminator property {new} was added", Tolerate, Additive, "A request whose field names another form may be refused.", narrower},
	{"discriminator-removed", "the discriminator property {old} was removed", Additive, Tolerate, accepted, "A client that selects the form by this field may find another one."},
	{"discriminator-changed", "the discriminator property changed from {old} to {new}", Breaking, Breaking, refused, "The client reads the form from a field that no longer selects it."},
	{"default-added", "the default {new} was added", Additive, Docs, "What leaving it out does is now promised.", "The server returns a value in any case."},
	{"default-removed", "the default {old} was removed", Tolerate, Docs, "The request is still accepted; what it does may change.", "The server returns a value in any case."},
	{"default-without-effect", "the default changed from {old} to {new}", Docs, "", "The value is required, so that its default has no effect.", ""},
	{"default-changed", "the default changed from {old} to {new}", Tolerate, Docs, "The request is still accepted and does something else.", "The server returns a value in any case."},
}

func schemaRules() []*Rule {
	var out []*Rule
	for _, t := range twoWays {
		if t.whyRequest != "" {
			out = append(out, &Rule{"request-" + t.name, t.request, Request, t.what, t.whyRequest, nextStep(t.request, sendNew, "Check whether your requests rely on this.")})
		}
		if t.whyResponse != "" {
			out = append(out, &Rule{"response-" + t.name, t.response, Response, t.what, t.whyResponse, nextStep(t.response, readNew, handleNew)})
		}
	}
	return out
}

func nextStep(v Verdict, breaking, tolerate string) string {
	switch v {
	case Breaking:
		return breaking
	case Tolerate:
		return tolerate
	case Additive:
		return useIfYou
	default:
		return readAtEase
	}
}

// schemaRule returns the rule for a schema's change in one direction, or nil.
func schemaRule(name string, way Direction) *Rule { return byID[string(way)+"-"+name] }

// Summary describes the change without the values of a case.
func (r *Rule) Summary() string { return r.Fill("…", "a keyword", "…", "…") }

// Fill puts values into a rule's sentence.
func (r *Rule) Fill(item, keyword, base, revision string) string {
	return strings.NewReplacer("{item}", item, "{keyword}", keyword, "{old}", base, "{new}", revision).Replace(r.What)
}
