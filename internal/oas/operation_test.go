package oas

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// operationForm describes an effective operation, one line for each part.
func operationForm(op *Effective) []string {
	var out []string
	add := func(format string, args ...any) {
		out = append(out, strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
	flags := func(required, explode, deprecated bool) (words string) {
		for word, is := range sorted(map[string]bool{"required": required, "exploded": explode, "deprecated": deprecated}) {
			if is {
				words += " " + word
			}
		}
		return words
	}
	media := func(of string, media map[string]*Media) {
		for name, m := range sorted(media) {
			add("%s %s as %s (%s)", of, name, m.Type, form(m.Schema))
		}
	}
	for address, at := range sorted(op.Servers) {
		add("server %s at %s", address, at.Pointer)
	}
	for name, requirement := range sorted(op.Security) {
		add("security %s, schemes%s, scopes %s, addresses %q", name, requirement.Schemes, slices.Sorted(maps.Keys(requirement.Scopes)), requirement.Addresses)
	}
	for key, p := range sorted(op.Parameters) {
		add("parameter %s label %s as %s%s (%s)", key, p.Label, p.Serialization, flags(p.Required, p.Explode, p.Deprecated), form(p.Schema))
	}
	if op.Body != nil {
		add("body%s", flags(op.Body.Required, false, false))
		media("body", op.Body.Media)
	}
	for status, r := range sorted(op.Responses) {
		add("response %s ignored %v", status, r.Ignored)
		media("response "+status, r.Media)
		for key, h := range sorted(r.Headers) {
			add("response %s header %s as %s%s (%s)", status, key, h.Serialization, flags(h.Required, h.Explode, h.Deprecated), form(h.Schema))
		}
	}
	for name, part := range sorted(op.Uninterpreted) {
		add("part %s at %s: value %v, words %v", name, part.At.Pointer, part.Value != "", part.ValueWithProse != "")
	}
	return out
}

// TestOperations checks the effective form of an operation with the given keywords, in a path
// with one parameter. The keywords of the path end with a comma.
func TestOperations(t *testing.T) {
	const top = "servers: [{url: 'https://example.com/v1/'}]\n"
	for name, c := range map[string]struct {
		top, item, operation string
		want                 []string
	}{
		"servers": {
			"servers: [{url: https://example.com/never}]\n", "", "servers: [{url: 'HTTPS://Example.com:443/v1?x=1', variables: {a: {default: b}}}, {url: 'http://h:80/v1'}, {url: 'http://h:8080/v2/'}, {url: ftp://h:80}, {url: /v3}, {url: 'https://example.com/v1/', description: again}, {}, {url: 'https:///v1'}]",
			[]string{"server /v3 at /paths/~1a~1{id}/post/servers/4", "server ftp://h:80 at /paths/~1a~1{id}/post/servers/3", "server http://h at /paths/~1a~1{id}/post/servers/1", "server http://h:8080/v2 at /paths/~1a~1{id}/post/servers/2",
				"server https:// at /paths/~1a~1{id}/post/servers/7", "server https://example.com at /paths/~1a~1{id}/post/servers/0", "part servers https://example.com description at /paths/~1a~1{id}/post/servers/5/description: value false, words true", "part servers https://example.com variables at /paths/~1a~1{id}/post/servers/0/variables: value true, words true"},
		},
		"servers of the path": {top, "servers: [{url: 'https://path.example.com'}], ", "", []string{"server https://path.example.com at /paths/~1a~1{id}/servers/0"}},
		"relative server":     {"servers: [{url: /v1}, {url: /v1}]\n", "", "", nil},
		"security": {
			"security: [{Never: []}]\n", "", "security: [{Digest: []}, {Header: [], Query: []}, {Flows: [read, write]}, {Open: []}, {Bare: []}, {}, {Digest2: []}, {Mutual: []}]",
			[]string{
				`security API key in header X-Key and API key in query x-key, schemes Header Query, scopes [], addresses ""`,
				`security HTTP digest, schemes Digest, scopes [], addresses ""`,
				`security OAuth 2.0, schemes Bare, scopes [], addresses ""`,
				`security OAuth 2.0 authorizationCode, schemes Flows, scopes [read write], addresses "authorizationUrl https://a, tokenUrl https://t"`,
				`security OAuth 2.0 clientCredentials, schemes Flows, scopes [read write], addresses "tokenUrl https://c"`,
				`security OpenID Connect, schemes Open, scopes [], addresses "https://o"`,
				`security anonymous, schemes, scopes [], addresses ""`,
				`security mutualTLS, schemes Mutual, scopes [], addresses ""`,
				"part security HTTP digest description at /components/securitySchemes/Digest/description: value false, words true",
				"part security OAuth 2.0 authorizationCode scopes at /components/securitySchemes/Flows/flows/authorizationCode/scopes: value true, words true",
			},
		},
		"no security": {"security: []\n", "", "", []string{`security anonymous, schemes, scopes [], addresses ""`}},
		"parameters": {
			"", "parameters: [{name: a, in: query, schema: {type: integer}}, {name: i, in: query}], ",
			"parameters: [{name: id, in: path}, {name: a, in: query, required: true, deprecated: true, schema: {type: string}}, {name: b, in: query, style: spaceDelimited, allowEmptyValue: true}, {name: c, in: query, explode: false, allowReserved: true, allowEmptyValue: false}, " +
				"{name: X-D, in: header}, {name: Accept, in: header}, {name: Content-Type, in: header}, {name: Authorization, in: header}, {name: accept, in: query}, {in: query}, {name: e, in: cookie}, {name: f, in: query, content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}}}}, {name: g, in: header, explode: true}]",
			[]string{
				"parameter cookie e label e as form exploded (any)", "parameter header g label g as simple exploded (any)", "parameter header x-d label X-D as simple (any)", "parameter path {1} label id as simple required (any)",
				"parameter query a label a as form deprecated exploded required (string)", "parameter query accept label accept as form exploded (any)",
				"parameter query b label b as spaceDelimited (any)", "parameter query c label c as form allowReserved (any)",
				"parameter query f label f as application/vnd.atlas+json (object)", "parameter query i label i as form exploded (any)", "part parameters query b allowEmptyValue at /paths/~1a~1{id}/post/parameters/2/allowEmptyValue: value true, words true",
			},
		},
		"bodies": {
			"", "summary: Words., ", "requestBody: {required: true, content: {application/vnd.atlas.2024-05-30+json: {schema: {type: string}, encoding: {a: {}}}, 'Text/Plain; charset=utf-8': {}, application/vnd.atlas.2023-01-01+json: {}}}",
			[]string{"body required", "body application/vnd.atlas+json as application/vnd.atlas.2024-05-30+json (string)", "body text/plain as Text/Plain; charset=utf-8 (any)",
				"part path summary at /paths/~1a~1{id}/summary: value false, words true", "part requestBody application/vnd.atlas+json encoding at /paths/~1a~1{id}/post/requestBody/content/application~1vnd.atlas.2024-05-30+json/encoding: value true, words true"},
		},
		"a body of another version": {"", "", "requestBody: {content: {application/vnd.atlas.2023-01-01+json: {}}}", nil},
		"a body without content":    {"", "", "requestBody: {content: {}}", []string{"body"}},
		"responses": {
			"", "", "callbacks: {c: {}}, responses: {'200': {headers: {X-A: {required: true, schema: {type: string}}, content-type: {}, X-B: {deprecated: true, explode: true, content: {text/plain: {schema: {type: integer}}}}}, links: {l: {}}}, " +
				"'202': {content: {application/vnd.atlas.2023-01-01+json: {}}}, '204': {content: {application/vnd.atlas.2024-05-30+json: {}, application/vnd.atlas.2023-01-01+json: {schema: {}}}}, '304': {content: {application/json: {schema: {}}}}, '100': {content: {a/b: {schema: {}}}}, 4xx: {}, Default: {}}",
			[]string{"response 100 ignored true", "response 200 ignored false", "response 200 header x-a as simple required (string)", "response 200 header x-b as text/plain deprecated (integer)",
				"response 204 ignored false", "response 304 ignored true", "response 4XX ignored false", "response default ignored false",
				"part callbacks at /paths/~1a~1{id}/post/callbacks: value true, words true", "part responses 200 links at /paths/~1a~1{id}/post/responses/200/links: value true, words true"},
		},
	} {
		doc := parse(t, "openapi: 3.0.3\n"+c.top+"paths: {'/a/{id}': {"+c.item+"post: {"+c.operation+"}}}\n"+securitySchemes)
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		r := doc.Reader()
		r.WithProse = true
		op, err := r.Operation(ops[0], "2024-05-30")
		if err != nil {
			t.Fatal(err)
		}
		got := operationForm(op)
		if !strings.Contains(c.top+c.operation, "security") {
			got = slices.DeleteFunc(got, func(line string) bool { return strings.HasPrefix(line, "security anonymous") })
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

// TestPathParameters checks that a path parameter is identified by its position.
func TestPathParameters(t *testing.T) {
	for path, want := range map[string]string{
		"/a/{b}/c/{id}": "path {2}", "/{id}": "path {1}", "/{other}": "path {1}", "/{a}/{b}": "path id", "/a": "path id",
	} {
		doc := parse(t, "openapi: 3.0.3\npaths: {'"+path+"': {get: {parameters: [{name: id, in: path}], responses: {}}}}")
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		if op, err := doc.Reader().Operation(ops[0], Unversioned); err != nil || !slices.Equal(sortedKeys(op.Parameters), []string{want}) {
			t.Errorf("%s: %q, %v, want %s", path, sortedKeys(op.Parameters), err, want)
		}
	}
}

// TestAlternativesAreBounded checks that a security requirement with more combinations of
// OAuth flows than allowed is an error.
func TestAlternativesAreBounded(t *testing.T) {
	scheme := func(name string, flows int) string {
		return name + ": {type: oauth2, flows: {" + limitstest.List(flows, func(i int) string { return name + strconv.Itoa(i) + ": {}" }) + "}}"
	}
	for flows, refused := range map[int]bool{10: false, 11: true} {
		doc := parse(t, "openapi: 3.0.3\nsecurity: [{A: [], B: []}]\npaths: {/a: {get: {responses: {}}}}\ncomponents: {securitySchemes: {"+scheme("A", 10)+", "+scheme("B", flows)+"}}")
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		op, err := doc.Reader().Operation(ops[0], Unversioned)
		if (err != nil) != refused || !refused && len(op.Security) != 100 {
			t.Errorf("10 and %d flows: %d ways, %v", flows, len(op.Security), err)
		}
	}
}

// TestSecurityErrors checks that a security requirement whose scheme cannot be read is an
// error.
func TestSecurityErrors(t *testing.T) {
	for scheme, want := range map[string]string{"X: {$ref: '#/none'}": "does not contain the target of the reference", "Y: {type: http}": `the scheme "X", which the document does not have`} {
		doc := parse(t, "openapi: 3.0.3\nsecurity: [{X: []}]\npaths: {/a: {get: {responses: {}}}}\ncomponents: {securitySchemes: {"+scheme+"}}")
		ops, err := doc.Operations()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.Reader().Operation(ops[0], Unversioned); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

const securitySchemes = `
components:
  securitySchemes:
    Digest: {type: http, scheme: Digest, description: Words.}
    Digest2: {$ref: '#/components/securitySchemes/Digest'}
    Header: {type: apiKey, in: header, name: x-key}
    Query: {type: apiKey, in: query, name: x-key}
    Flows: {type: oauth2, flows: {authorizationCode: {authorizationUrl: https://a, tokenUrl: https://t, scopes: {read: r, write: w}}, clientCredentials: {tokenUrl: https://c, scopes: {}}}}
    Open: {type: openIdConnect, openIdConnectUrl: https://o}
    Bare: {type: oauth2}
    Mutual: {type: mutualTLS}
`
