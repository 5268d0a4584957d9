package shape

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
)

// Anonymous is the login that needs none.
const Anonymous = "anonymous"

// logins lists the ways to authenticate by what they are, not by what the document
// calls them. No security at all is anonymous access.
func (b *builder) logins(security *yaml.Node, pointer string) map[string]*Login {
	out := make(map[string]*Login)
	for i, requirement := range tree.Items(security) {
		b.alternatives(out, requirement, tree.Index(pointer, i))
	}
	if len(out) == 0 {
		out[Anonymous] = &Login{At: b.place(pointer)}
	}
	return out
}

// alternatives adds what one requirement offers: its schemes together, once for each
// choice of their OAuth flows.
func (b *builder) alternatives(into map[string]*Login, requirement *yaml.Node, pointer string) {
	combined := []*identified{{login: &Login{At: b.place(pointer), Scopes: map[string]Place{}}}}
	for name, scopes := range tree.Pairs(requirement) {
		var next []*identified
		for _, identity := range b.identities(name) {
			for _, so := range combined {
				one := so.with(identity, b.scopes(scopes, tree.Join(pointer, name)))
				one.login.Schemes, one.login.DeclaredAt = so.login.Schemes+" "+name, b.place(tree.Join("/components/securitySchemes", name))
				next = append(next, one)
			}
		}
		if combined = next; len(combined) > maxAlternatives {
			b.fail("%s: more than %d ways to authenticate", pointer, maxAlternatives)
			return
		}
	}
	for _, c := range combined {
		slices.Sort(c.names)
		name := strings.Join(c.names, " and ")
		if name == "" {
			name = Anonymous
		}
		if _, known := into[name]; !known {
			into[name] = c.login
		}
	}
}

const maxAlternatives = 100

type identified struct {
	names []string
	login *Login
}

func (i *identified) with(s scheme, scopes map[string]Place) *identified {
	login := &Login{At: i.login.At, Scopes: make(map[string]Place), Addresses: i.login.Addresses + s.addresses}
	for _, from := range []map[string]Place{i.login.Scopes, scopes} {
		for scope, at := range from {
			login.Scopes[scope] = at
		}
	}
	login.AddressesAt = s.at
	return &identified{append(slices.Clone(i.names), s.name), login}
}

func (b *builder) scopes(list *yaml.Node, pointer string) map[string]Place {
	out := make(map[string]Place)
	for i, scope := range tree.Items(list) {
		out[scope.Value] = b.place(tree.Index(pointer, i))
	}
	return out
}

// scheme is what a security scheme is: its name says all that a client has to know
// to choose it, but for the addresses.
type scheme struct {
	name, addresses string
	at              Place
}

// identities gives what a scheme is, an entry for each of its OAuth flows.
func (b *builder) identities(name string) []scheme {
	n, pointer := b.deref(tree.At(b.root, "components", "securitySchemes", name), tree.Join("/components/securitySchemes", name))
	if n == nil {
		b.fail("security names the scheme %q, which the document does not have", name)
		return nil
	}
	kind := tree.Text(tree.Get(n, "type"))
	switch kind {
	case "http":
		return []scheme{{name: "HTTP " + strings.ToLower(tree.Text(tree.Get(n, "scheme"))), at: b.place(pointer)}}
	case "apiKey":
		return []scheme{{name: "API key in " + tree.Text(tree.Get(n, "in")) + " " + tree.Text(tree.Get(n, "name")), at: b.place(pointer)}}
	case "openIdConnect":
		return []scheme{{name: "OpenID Connect", addresses: tree.Text(tree.Get(n, "openIdConnectUrl")), at: b.place(tree.Join(pointer, "openIdConnectUrl"))}}
	case "oauth2":
		return b.flows(n, pointer)
	}
	return []scheme{{name: kind, at: b.place(pointer)}}
}

func (b *builder) flows(n *yaml.Node, pointer string) []scheme {
	var out []scheme
	for flow, node := range tree.Pairs(tree.Get(n, "flows")) {
		var addresses []string
		for _, key := range []string{"authorizationUrl", "tokenUrl", "refreshUrl"} {
			if address := tree.Text(tree.Get(node, key)); address != "" {
				addresses = append(addresses, key+" "+address)
			}
		}
		out = append(out, scheme{"OAuth 2.0 " + flow, strings.Join(addresses, ", "), b.place(tree.Join(pointer, "flows", flow, "tokenUrl"))})
	}
	if out == nil {
		out = []scheme{{name: "OAuth 2.0", at: b.place(pointer)}}
	}
	return out
}
