package oas

import (
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// Anonymous is the name of the requirement without credentials.
const Anonymous = "anonymous"

// maxAlternatives is the largest number of ways to authenticate that one requirement may
// allow.
const maxAlternatives = 100

// security lists the ways to authenticate by their properties, because documents use
// different names for the same scheme. A missing security requirement means anonymous
// access.
func (r *Reader) security(security *Node, pointer string) map[string]*SecurityRequirement {
	out := make(map[string]*SecurityRequirement)
	for i, requirement := range Items(security) {
		r.alternatives(out, place{requirement, Index(pointer, i)})
	}
	if len(out) == 0 {
		out[Anonymous] = &SecurityRequirement{At: r.doc.Place(pointer)}
	}
	return out
}

// alternatives adds the requirements that one item of security describes: all its schemes
// together, once for each combination of their OAuth flows.
func (r *Reader) alternatives(into map[string]*SecurityRequirement, requirement place) {
	combined := []*SecurityRequirement{{At: r.place(requirement), Scopes: map[string]Place{}}}
	for name, scopes := range Pairs(requirement.node) {
		var next []*SecurityRequirement
		for _, identity := range r.identities(name) {
			for _, so := range combined {
				one := so.with(identity, r.scopes(place{scopes, Join(requirement.pointer, name)}))
				one.Schemes, one.DeclaredAt = so.Schemes+" "+name, r.doc.Place(Join("/components/securitySchemes", name))
				next = append(next, one)
			}
		}
		if combined = next; len(combined) > maxAlternatives {
			r.fail("%s: more than %d ways to authenticate", requirement.pointer, maxAlternatives)
			return
		}
	}
	for _, one := range combined {
		slices.Sort(one.Descriptions)
		name := strings.Join(one.Descriptions, " and ")
		if name == "" {
			name = Anonymous
		}
		if _, known := into[name]; !known {
			into[name] = one
		}
	}
}

// with returns the requirement with one more scheme.
func (r *SecurityRequirement) with(s scheme, scopes map[string]Place) *SecurityRequirement {
	out := &SecurityRequirement{
		At: r.At, Descriptions: append(slices.Clone(r.Descriptions), s.name), Scopes: maps.Clone(r.Scopes),
		Addresses: r.Addresses + s.addresses, AddressesAt: s.at,
	}
	maps.Copy(out.Scopes, scopes)
	return out
}

func (r *Reader) scopes(list place) map[string]Place {
	out := make(map[string]Place)
	for i, scope := range Items(list.node) {
		out[scope.Value] = r.place(place{scope, Index(list.pointer, i)})
	}
	return out
}

// scheme describes a security scheme. Its name contains everything that distinguishes
// schemes for a client, except URLs.
type scheme struct {
	name, addresses string
	at              Place
}

// identities returns the descriptions of the scheme with a name, one for each of its OAuth
// flows.
func (r *Reader) identities(name string) []scheme {
	at := place{pointer: Join("/components/securitySchemes", name)}
	at.node = r.doc.Resolve(at.pointer)
	if at.node == nil {
		r.fail("security names the scheme %q, which the document does not have", name)
		return nil
	}
	at = r.follow(at)
	if at.node == nil {
		return nil
	}
	schemes := r.schemes(at)
	for _, keyword := range []string{"description", "bearerFormat"} { // the format is a hint for readers
		r.addProse("security "+schemes[0].name+" "+keyword, at.in(keyword))
	}
	return schemes
}

// schemes returns the description of a scheme or, for OAuth, one description for each flow.
func (r *Reader) schemes(at place) []scheme {
	n := at.node
	switch kind := Text(Get(n, "type")); kind {
	case "http":
		return []scheme{{name: "HTTP " + strings.ToLower(Text(Get(n, "scheme"))), at: r.place(at)}}
	case "apiKey":
		in, key := Text(Get(n, "in")), Text(Get(n, "name"))
		if in == "header" {
			key = textproto.CanonicalMIMEHeaderKey(key)
		}
		return []scheme{{name: "API key in " + in + " " + key, at: r.place(at)}}
	case "openIdConnect":
		address := Text(Get(n, "openIdConnectUrl"))
		return []scheme{{name: "OpenID Connect", addresses: address, at: r.place(at).keyword(n, "openIdConnectUrl")}}
	case "oauth2":
		return r.flows(at)
	default:
		return []scheme{{name: kind, at: r.place(at)}}
	}
}

func (r *Reader) flows(at place) []scheme {
	var out []scheme
	flows := at.in("flows")
	for flow, node := range Pairs(flows.node) {
		var addresses []string
		for _, key := range []string{"authorizationUrl", "tokenUrl", "refreshUrl"} {
			if address := Text(Get(node, key)); address != "" {
				addresses = append(addresses, key+" "+address)
			}
		}
		own := place{node, Join(flows.pointer, flow)}
		r.availableScopes("security OAuth 2.0 "+flow+" scopes", own.in("scopes"))
		out = append(out, scheme{"OAuth 2.0 " + flow, strings.Join(addresses, ", "), r.place(own).keyword(node, "tokenUrl")})
	}
	if out == nil {
		out = []scheme{{name: "OAuth 2.0", at: r.place(at)}}
	}
	return out
}

// availableScopes records the scopes that tokens of a flow can have. The scopes that an
// operation needs are part of its security requirements.
func (r *Reader) availableScopes(name string, at place) {
	var scopes []string
	for scope := range Pairs(at.node) {
		scopes = append(scopes, Quote(scope))
	}
	if len(scopes) == 0 {
		return
	}
	slices.Sort(scopes)
	p := Part{Value: strings.Join(scopes, ","), At: r.place(at)}
	if r.WithProse {
		p.ValueWithProse = Canonical(at.node)
	}
	r.out.Uninterpreted[name] = p
}

// servers lists the base URLs; the path of the first one is part of the operation's key.
func (r *Reader) servers(list *Node, pointer string) map[string]Place {
	out := make(map[string]Place)
	common := ""
	for i, server := range Items(list) {
		address, path := baseAddress(Text(Get(server, "url")))
		if i == 0 {
			common = path
		}
		if path != common {
			address += path
		}
		at := place{server, Index(pointer, i)}
		r.uninterpreted("servers "+address+" variables", at.in("variables"))
		r.addProse("servers "+address+" description", at.in("description"))
		if _, known := out[address]; !known && address != "" {
			out[address] = r.place(at)
		}
	}
	return out
}

// baseAddress returns the scheme and host of a URL in a canonical form, and its path. For a
// relative URL, base is "". Both may contain variables such as {region}.
func baseAddress(address string) (base, path string) {
	address, _, _ = strings.Cut(address, "?")
	scheme, rest, absolute := strings.Cut(address, "://")
	if !absolute {
		return "", strings.TrimRight(address, "/")
	}
	host, path, _ := strings.Cut(rest, "/")
	path = strings.TrimRight("/"+path, "/")
	scheme, host = strings.ToLower(scheme), strings.ToLower(host)
	if port := map[string]string{"https": ":443", "http": ":80"}[scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return scheme + "://" + host, path
}
