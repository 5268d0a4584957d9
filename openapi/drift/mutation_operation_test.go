package drift

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// operationMutations changes the parts of operations that are not schemas.
func operationMutations(root *yaml.Node) []mutation {
	var out []mutation
	eachOperation(root, func(pointer string, op *yaml.Node) {
		m := &operationMutator{pointer: pointer, op: op, success: successOf(op)}
		m.lifecycle()
		m.parameters()
		m.statuses()
		m.headers()
		m.bodies()
		m.access()
		m.sunsets()
		out = append(out, m.out...)
	})
	return append(out, rootMutations()...)
}

// operationMutator collects the mutations of one operation.
type operationMutator struct {
	pointer string
	op      *yaml.Node
	// success is the status of the successful response.
	success string
	out     []mutation
}

// add adds a mutation of the operation, at a place below it.
func (m *operationMutator) add(name, place string, want Verdict, do func(op *yaml.Node)) {
	m.out = append(m.out, mutation{name, m.pointer + place, func(root *yaml.Node) { do(oas.Resolve(root, m.pointer)) }, want})
}

func (m *operationMutator) lifecycle() {
	// An operation with a sunset is deprecated already.
	deprecated := Planning
	if strings.Contains(string(mustEncode(m.op)), "x-sunset") {
		deprecated = InSync
	}
	m.add("deprecate", "/deprecated", deprecated, func(op *yaml.Node) { oas.Set(op, "deprecated", literal("true")) })
	m.out = append(m.out, mutation{"drop the operation", m.pointer, func(root *yaml.Node) {
		steps := oas.Split(m.pointer)
		oas.Remove(oas.At(root, "paths", steps[1]), steps[2])
	}, Breaking})
}

func (m *operationMutator) parameters() {
	for i, p := range oas.Items(oas.Get(m.op, "parameters")) {
		place := oas.Index("/parameters", i)
		name := oas.Text(oas.Get(p, "name")) + oas.Text(oas.Get(p, "$ref"))
		m.add("drop the parameter "+name, place, Breaking, func(op *yaml.Node) {
			list := oas.Get(op, "parameters")
			list.Content = slices.Delete(slices.Clone(list.Content), i, i+1)
		})
	}
	parameter := func(source string) func(*yaml.Node) {
		return func(op *yaml.Node) {
			list := oas.Get(op, "parameters")
			list.Content = append(list.Content, literal(source))
		}
	}
	m.add("add a parameter", "/parameters/new", Additive, parameter("{in: query, name: new, schema: {type: string}}"))
	m.add("add a required parameter", "/parameters/new", Breaking, parameter("{in: query, name: new, required: true, schema: {type: string}}"))
	m.add("add an ignored parameter", "/parameters/new", InSync, parameter("{in: header, name: Accept, required: true, schema: {type: string}}"))
}

func (m *operationMutator) statuses() {
	for status := range oas.Pairs(oas.Get(m.op, "responses")) {
		// Without these parts, the operation would not have its version.
		if status == "204" || isOnlyVersion(m.op, status) {
			continue
		}
		want := Additive
		if status[0] == '2' {
			want = Breaking
		}
		m.add("drop the status "+status, oas.Join("/responses", status), want, func(op *yaml.Node) { oas.Remove(oas.Get(op, "responses"), status) })
	}
	m.add("add a status", "/responses/418", Additive, func(op *yaml.Node) {
		oas.Set(oas.Get(op, "responses"), "418", literal("{description: x}"))
	})
}

func (m *operationMutator) headers() {
	place := "/responses/" + m.success + "/headers"
	headers := func(op *yaml.Node) *yaml.Node { return oas.At(op, "responses", m.success, "headers") }
	for name := range oas.Pairs(headers(m.op)) {
		m.add("drop the header "+name, place+"/"+name, Breaking, func(op *yaml.Node) { oas.Remove(headers(op), name) })
	}
	m.add("add a header", place+"/X-New", Additive, func(op *yaml.Node) {
		oas.Set(headers(op), "X-New", literal("{schema: {type: string}}"))
	})
}

func (m *operationMutator) bodies() {
	if m.success != "204" {
		m.add("add a media type", "/responses/"+m.success+"/content/new", Additive, func(op *yaml.Node) {
			oas.Set(oas.At(op, "responses", m.success, "content"), "text/csv", literal("{schema: {type: string}}"))
		})
	}
	if oas.Get(m.op, "requestBody") != nil {
		m.add("body optional", "/requestBody/required", Additive, func(op *yaml.Node) { oas.Remove(oas.Get(op, "requestBody"), "required") })
		m.add("add a request media type", "/requestBody/content/new", Additive, func(op *yaml.Node) {
			oas.Set(oas.At(op, "requestBody", "content"), "text/csv", literal("{schema: {type: string}}"))
		})
		m.add("drop the body", "/requestBody", Breaking, func(op *yaml.Node) { oas.Remove(op, "requestBody") })
		return
	}
	m.add("add a body", "/requestBody", Additive, func(op *yaml.Node) {
		oas.Set(op, "requestBody", literal("{content: {application/json: {schema: {type: object}}}}"))
	})
	m.add("add a required body", "/requestBody", Breaking, func(op *yaml.Node) {
		oas.Set(op, "requestBody", literal("{required: true, content: {application/json: {schema: {type: object}}}}"))
	})
}

// access changes the security requirements and the servers.
func (m *operationMutator) access() {
	set := func(name, key string, want Verdict, value string) {
		m.add(name, "/"+key, want, func(op *yaml.Node) { oas.Set(op, key, literal(value)) })
	}
	set("separate security requirements", "security", Breaking, "[{DigestAuth: []}]")
	set("a further way to authenticate", "security", Additive, "[{DigestAuth: []}, {ServiceAccounts: []}, {DigestAuth: [], ServiceAccounts: []}]")
	set("no authentication", "security", Additive, "[]")
	set("a scope", "security", Breaking, "[{DigestAuth: []}, {ServiceAccounts: [admin]}]")
	set("another server", "servers", Additive, "[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.example.com'}]")
}

func (m *operationMutator) sunsets() {
	for mediaType, media := range oas.Pairs(oas.At(m.op, "responses", m.success, "content")) {
		place := oas.Join("/responses/"+m.success+"/content", mediaType) + "/x-sunset"
		content := func(op *yaml.Node) *yaml.Node { return oas.At(op, "responses", m.success, "content", mediaType) }
		m.add("set the sunset", place, Planning, func(op *yaml.Node) { oas.Set(content(op), "x-sunset", oas.String("2031-01-01")) })
		if oas.Get(media, "x-sunset") != nil {
			m.add("withdraw the sunset", place, Planning, func(op *yaml.Node) { oas.Remove(content(op), "x-sunset") })
		}
	}
}

func successOf(op *yaml.Node) string {
	for status := range oas.Pairs(oas.Get(op, "responses")) {
		if status[0] == '2' {
			return status
		}
	}
	return ""
}

// isOnlyVersion reports whether no other response has the operation's version in its media
// type.
func isOnlyVersion(op *yaml.Node, status string) bool {
	if oas.Get(op, "requestBody") != nil {
		return false
	}
	for mediaType := range oas.Pairs(oas.At(op, "responses", status, "content")) {
		if oas.MediaTypeVersion(mediaType) != "" {
			return true
		}
	}
	return false
}

func rootMutations() []mutation {
	set := func(name, key, value string, want Verdict) mutation {
		return mutation{name, "/" + key, func(root *yaml.Node) { oas.Set(root, key, literal(value)) }, want}
	}
	const flow = "/components/securitySchemes/ServiceAccounts/flows/clientCredentials"
	return []mutation{
		set("drop a way to authenticate", "security", "[{ServiceAccounts: []}]", Breaking),
		set("no authentication anywhere", "security", "[{DigestAuth: []}, {ServiceAccounts: []}, {}]", Additive),
		set("another host", "servers", "[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.mongodbgov.com'}]", Additive),
		{"another token address", flow + "/tokenUrl", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, flow), "tokenUrl", oas.String("https://id.example.com/token"))
		}, Breaking},
		{"another scheme", "/components/securitySchemes/DigestAuth/scheme", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, "/components/securitySchemes/DigestAuth"), "scheme", oas.String("digest2"))
		}, Breaking},
	}
}
