package compare

import (
	"slices"
	"strings"
)

// Rule is one way in which a contract can change.
type Rule struct {
	// ID is stable: acceptances and reports refer to rules by it.
	ID      string
	Verdict Verdict
	// Direction is the direction of the declarations to which the rule applies.
	Direction Direction
	// What describes the change; {item}, {old}, {new} and {keyword} are replaced.
	What string
	// Why is the reason for the verdict.
	Why string
	// Next is the recommended action for the owner of a client.
	Next string
}

// Rules lists all rules in the order of the documentation. The caller must not change them.
func Rules() []*Rule { return rules }

var rules = slices.Concat(lifecycleRules(), requestRules(), responseRules(), otherRules(), schemaRules())

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

// Next steps for the owner of a client, for rules without a more specific one.
const (
	sendNew   = "Change what your code sends before Atlas enforces this; until then the old request may still pass."
	readNew   = "Change the code that reads this before Atlas rolls it out."
	handleNew = "Make sure that your code handles this; everything that it reads today remains."
	optional  = "No change is needed; use it if you want it."
	planMove  = "Set a date for the move to a version without a sunset."
	nothing   = "No change is needed."
)

// lifecycleRules are about operations and their resource versions.
func lifecycleRules() []*Rule {
	return []*Rule{
		{"operation-removed", Breaking, Both, "the operation was removed", "Every call fails.", "Stop calling it, or ask MongoDB what replaces it."},
		{"operation-added", Additive, Both, "a new operation", "Existing clients do not call it.", optional},
		{"version-removed", Breaking, Both, "resource version {item} was removed", "Requests for this version get 406, or the response of an older version.", "Move to a version that upstream still lists."},
		{"version-added", Planning, Both, "resource version {item} is new", "Requests still get the version that they ask for, but every version is retired eventually.", "Read what the new version changes and plan the move."},
		{"sunset-added", Planning, Both, "resource version {item} now has a sunset date: {new}", "Calls to this version fail from that day on.", planMove},
		{"sunset-moved", Planning, Both, "the sunset date of resource version {item} moved from {old} to {new}", "The time left for the move to another version changes.", "Adjust the date of your move."},
		{"sunset-withdrawn", Planning, Both, "resource version {item} no longer has a sunset date; it was {old}", "The move is no longer urgent.", nothing},
		{"sunset-near", Planning, Both, "resource version {item} is switched off on {new}", "The sunset is within the lead time.", "Move to a later version now."},
		{"sunset-past", Planning, Both, "resource version {item} was switched off on {new}", "Calls to it may fail at any time.", "Move to a later version immediately."},
		{"deprecation-added", Planning, Both, "{item} is deprecated", "It still works, but may be removed.", "Find its replacement and plan the change."},
		{"deprecation-withdrawn", Planning, Both, "{item} is no longer deprecated", "Its removal is no longer planned.", nothing},
	}
}

// requestRules are about addresses, authentication, parameters and bodies of requests.
func requestRules() []*Rule {
	return []*Rule{
		{"server-removed", Breaking, Request, "the address {item} was removed", "Requests to it may fail.", "Send requests to an address that upstream lists."},
		{"server-changed", Breaking, Request, "the address changed from {old} to {new}", "Requests to the old one may fail.", "Send requests to an address that upstream lists."},
		{"server-added", Additive, Request, "the address {item} was added", "The existing addresses remain.", optional},
		{"login-removed", Breaking, Request, "{item} is no longer a way to authenticate", "Requests that authenticate this way are refused.", "Use a way to authenticate that upstream lists."},
		{"login-changed", Breaking, Request, "the way to authenticate changed from {old} to {new}", "Requests that authenticate the old way are refused.", "Use a way to authenticate that upstream lists."},
		{"login-required", Breaking, Request, "authentication is now required: {new}", "Requests without credentials are refused.", "Send credentials."},
		{"login-relaxed", Additive, Request, "fewer credentials are required: {new} instead of {old}", "Requests that send all of them still work.", optional},
		{"login-added", Additive, Request, "{item} is a new way to authenticate", "The existing ways remain.", optional},
		{"scope-added", Breaking, Request, "the token now needs the scope {item}", "Tokens without it are refused.", "Request tokens with this scope."},
		{"scope-removed", Additive, Request, "the token no longer needs the scope {item}", "Tokens that have it still work.", nothing},
		{"token-address-changed", Breaking, Request, "the token address changed from {old} to {new}", "The old address may no longer issue tokens.", "Request tokens from the new address."},

		{"parameter-added", Additive, Request, "a new optional parameter", "Requests without it have the same effect as before.", optional},
		{"parameter-added-required", Breaking, Request, "a new parameter that is required", "Requests without it are refused.", sendNew},
		{"parameter-removed", Breaking, Request, "the parameter was removed", "Requests with it may be refused, and it no longer has an effect.", "Stop sending it."},
		{"parameter-renamed", Breaking, Request, "the parameter {old} is now {new}", "Requests with the old name may be refused, and the parameter no longer has an effect.", sendNew},
		{"parameter-required", Breaking, Request, "the parameter is now required", "Requests without it are refused.", sendNew},
		{"parameter-optional", Additive, Request, "the parameter is now optional", "Requests with it still work.", nothing},
		{"parameter-serialization-changed", Breaking, Request, "the serialization of the parameter changed from {old} to {new}", "The server may read another value from the old form, or refuse it.", sendNew},

		{"request-body-added", Additive, Request, "the request may have a body", "Requests without one still work.", optional},
		{"request-body-added-required", Breaking, Request, "the request now needs a body", "Requests without one are refused.", sendNew},
		{"request-body-removed", Breaking, Request, "the request no longer has a body", "Requests with one may be refused.", sendNew},
		{"request-body-required", Breaking, Request, "the request's body is now required", "Requests without one are refused.", sendNew},
		{"request-body-optional", Additive, Request, "the request's body is now optional", "Requests with one still work.", nothing},
		{"request-media-type-added", Additive, Request, "the request may also be {item}", "The existing media types remain.", optional},
		{"request-media-type-removed", Breaking, Request, "the request may no longer be {item}", "Requests of this media type get 415.", sendNew},
	}
}

// responseRules are about the statuses, bodies and headers of responses.
func responseRules() []*Rule {
	return []*Rule{
		{"status-added", Additive, Response, "status {item} is now declared", "Clients already have to handle unknown statuses; this one is now described.", optional},
		{"success-status-removed", Breaking, Response, "status {item} is no longer declared", "Code that expects this status treats a success as a failure.", readNew},
		{"status-generalized", Tolerate, Response, "any status of the class {item} is now possible", "A response may have another success status.", handleNew},
		{"status-narrowed", Additive, Response, "the class {item} was replaced by specific statuses", "Every response still conforms to the old contract.", nothing},
		{"error-status-removed", Additive, Response, "status {item} is no longer declared", "Code that handles it no longer runs; nothing else changes.", nothing},
		{"response-body-added", Additive, Response, "the response now has a body", "Clients that expect no body do not read it.", optional},
		{"response-body-removed", Breaking, Response, "the response no longer has a body", "The client no longer finds a value that it reads.", readNew},
		{"response-media-type-added", Additive, Response, "the response may also be {item}", "Only clients that request it receive it.", optional},
		{"response-media-type-removed", Breaking, Response, "the response can no longer be {item}", "Requests for it get 406, or a response that the client cannot read.", readNew},
		{"header-added", Additive, Response, "a new header", "Clients ignore unknown headers.", optional},
		{"header-removed", Breaking, Response, "the header was removed", "The client no longer finds a value that it reads.", readNew},
		{"header-serialization-changed", Breaking, Response, "the serialization of the header changed from {old} to {new}", "The client reads another value from the new form.", readNew},
		{"header-required", Additive, Response, "the header is now always present", "Clients that work without it still do.", nothing},
		{"header-optional", Tolerate, Response, "the header may now be missing", "Code that relies on it may fail.", handleNew},
	}
}

// otherRules are about parts that have no effect, or an unknown one.
func otherRules() []*Rule {
	return []*Rule{
		{"not-judged", Tolerate, Both, "{keyword} changed", "drift does not interpret this part of a specification.", "Read the change and check whether your code depends on it."},
		{"prose-changed", Docs, Both, "{keyword} changed", "Prose does not change the contract.", nothing},
	}
}

// schemaRuleSpec is a rule about schemas, which has one verdict for each direction.
type schemaRuleSpec struct {
	name              string
	what              string
	request, response Verdict
	// whyRequest and whyResponse are the reasons; "" means that the rule does not exist in
	// that direction.
	whyRequest, whyResponse string
}

const (
	refused  = "Requests that conform to the old contract may be refused."
	accepted = "Requests that were accepted still are."
	excluded = "Responses may contain values that the old contract excluded."
	narrower = "Every response still conforms to the old contract."
)

var directedRules = []schemaRuleSpec{
	{"type-changed", "the type changed from {old} to {new}", Breaking, Breaking, refused, "The client reads a value of another type."},
	{"type-widened", "the type was widened from {old} to {new}", Additive, Breaking, accepted, "The client may read a value of another type."},
	{"type-narrowed", "the type was narrowed from {old} to {new}", Breaking, Additive, refused, narrower},
	{"format-added", "the format {new} was added", Breaking, Additive, refused, narrower},
	{"format-removed", "the format {old} was removed", Additive, Tolerate, accepted, excluded},
	{"format-changed", "the format changed from {old} to {new}", Breaking, Breaking, refused, "The client reads a value of another type."},
	{"format-widened", "the format was widened from {old} to {new}", Additive, Breaking, accepted, "The value may be too large for the client's type."},
	{"format-narrowed", "the format was narrowed from {old} to {new}", Breaking, Additive, refused, narrower},
	{"enum-added", "the enum {new} was added", Breaking, Additive, refused, narrower},
	{"enum-removed", "the enum {old} was removed", Additive, Tolerate, accepted, excluded},
	{"enum-value-added", "enum value {new} was added", Additive, Tolerate, accepted, excluded},
	{"enum-value-removed", "enum value {old} was removed", Breaking, Additive, refused, narrower},
	{"pattern-added", "the pattern {new} was added", Breaking, Additive, refused, narrower},
	{"pattern-removed", "the pattern {old} was removed", Additive, Tolerate, accepted, excluded},
	{"pattern-changed", "the pattern changed from {old} to {new}", Breaking, Tolerate, refused + " In general, it cannot be determined whether the new pattern matches everything that the old one did.", excluded},
	{"bound-tightened", "{keyword} was tightened from {old} to {new}", Breaking, Additive, refused, narrower},
	{"bound-loosened", "{keyword} was loosened from {old} to {new}", Additive, Tolerate, accepted, excluded},
	{"assertion-added", "{keyword} was added: {new}", Breaking, Additive, refused, narrower},
	{"assertion-removed", "{keyword} was removed; it was {old}", Additive, Tolerate, accepted, excluded},
	{"assertion-changed", "{keyword} changed from {old} to {new}", Breaking, Tolerate, refused, excluded},
	{"nullable-added", "may now be null", Additive, Tolerate, accepted, excluded},
	{"nullable-removed", "may no longer be null", Breaking, Additive, refused, narrower},
	{"property-added", "a new field", Additive, Additive, "Requests without it have the same effect as before.", "Clients ignore unknown fields."},
	{"property-added-required", "a new field that is required", Breaking, "", "Requests without it are refused.", ""},
	{"property-removed", "the field was removed", Breaking, Breaking, "Atlas refuses unknown fields.", "The client no longer finds a value that it reads."},
	{"property-hidden", "the field is now {new}", Breaking, Breaking, "Atlas refuses fields that a request must not have.", "The client no longer finds a value that it reads."},
	{"property-required", "the field is now required", Breaking, Additive, "Requests without it are refused.", "Clients that work without it still do."},
	{"property-optional", "the field is no longer required", Additive, Tolerate, accepted, "Code that relies on it may fail."},
	{"additional-properties-closed", "undeclared fields are no longer allowed", Breaking, Additive, refused, narrower},
	{"additional-properties-opened", "undeclared fields are now allowed", Additive, Tolerate, accepted, excluded},
	{"branch-added", "form {new} was added", Additive, Tolerate, accepted, "Responses may have a form that the client does not know."},
	{"branch-of-another-type", "form {new} was added, which has another type", "", Breaking, "", "The client may read a value of another type."},
	{"branch-removed", "form {old} was removed", Breaking, Additive, refused, narrower},
	{"exclusive-added", "a value that matches two of the forms is now refused", Breaking, Additive, refused, narrower},
	{"exclusive-removed", "a value may now match two of the forms", Additive, Tolerate, accepted, excluded},
	{"discriminator-added", "the discriminator property {new} was added", Breaking, Additive, "Requests without this field, or in which it selects another form, may be refused.", narrower},
	{"discriminator-declared", "the discriminator property {new} was declared", Docs, Docs, "Each form requires its own value of the field already.", "Each form requires its own value of the field already."},
	{"discriminator-removed", "the discriminator property {old} was removed", Additive, Tolerate, accepted, "Clients that select the form by this field may select the wrong one."},
	{"discriminator-changed", "the discriminator property changed from {old} to {new}", Breaking, Breaking, refused, "Clients select the form by a field that no longer determines it."},
	{"default-added", "the default {new} was added", Additive, Docs, "The effect of omitting the value is now specified.", "The server always returns a value."},
	{"default-removed", "the default {old} was removed", Tolerate, Docs, "The request is still accepted, but its effect may change.", "The server always returns a value."},
	{"default-without-effect", "the default changed from {old} to {new}", Docs, "", "The value is required, so its default has no effect.", ""},
	{"default-changed", "the default changed from {old} to {new}", Tolerate, Docs, "The request is still accepted, but its effect changes.", "The server always returns a value."},
}

func schemaRules() []*Rule {
	var out []*Rule
	for _, t := range directedRules {
		if t.whyRequest != "" {
			out = append(out, &Rule{"request-" + t.name, t.request, Request, t.what, t.whyRequest, nextStep(t.request, sendNew, "Check whether your requests rely on this.", optional)})
		}
		if t.whyResponse != "" {
			out = append(out, &Rule{"response-" + t.name, t.response, Response, t.what, t.whyResponse, nextStep(t.response, readNew, handleNew, nothing)})
		}
	}
	return out
}

func nextStep(v Verdict, breaking, tolerate, additive string) string {
	switch v {
	case Breaking:
		return breaking
	case Tolerate:
		return tolerate
	case Additive:
		return additive
	default:
		return nothing
	}
}

// schemaRule returns the rule for a schema's change in one direction, or nil.
func schemaRule(name string, direction Direction) *Rule { return byID[string(direction)+"-"+name] }

// Summary describes the change without the values of a particular change.
func (r *Rule) Summary() string { return fill(r.What, "…", "a keyword", "…", "…") }

func fill(what, item, keyword, base, revision string) string {
	return strings.NewReplacer("{item}", item, "{keyword}", keyword, "{old}", base, "{new}", revision).Replace(what)
}
