package drift

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// operationMutations changes what operations have besides schemas.
func operationMutations(root *yaml.Node) []mutation {
	var out []mutation
	eachOperation(root, func(pointer string, op *yaml.Node) {
		at := func(root *yaml.Node) *yaml.Node { return oas.Resolve(root, pointer) }
		add := func(name, place string, want Verdict, do func(op *yaml.Node)) {
			out = append(out, mutation{name, pointer + place, func(root *yaml.Node) { do(at(root)) }, want})
		}
		// What ends is deprecated already.
		ends := strings.Contains(string(mustEncode(op)), "x-sunset")
		deprecated := Planning
		if ends {
			deprecated = InSync
		}
		add("deprecate", "/deprecated", deprecated, func(op *yaml.Node) { oas.Set(op, "deprecated", literal("true")) })
		out = append(out, mutation{"drop the operation", pointer, func(root *yaml.Node) {
			steps := oas.Split(pointer)
			oas.Remove(oas.At(root, "paths", steps[1]), steps[2])
		}, Breaking})
		for i, p := range oas.Items(oas.Get(op, "parameters")) {
			place := oas.Index("/parameters", i)
			name := oas.Text(oas.Get(p, "name")) + oas.Text(oas.Get(p, "$ref"))
			add("drop the parameter "+name, place, Breaking, func(op *yaml.Node) {
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
		add("add a parameter", "/parameters/new", Additive, parameter("{in: query, name: new, schema: {type: string}}"))
		add("add a required parameter", "/parameters/new", Breaking, parameter("{in: query, name: new, required: true, schema: {type: string}}"))
		add("add an ignored parameter", "/parameters/new", InSync, parameter("{in: header, name: Accept, required: true, schema: {type: string}}"))
		for status := range oas.Pairs(oas.Get(op, "responses")) {
			want := Additive
			if status[0] == '2' {
				want = Breaking
			}
			if status == "204" {
				// Without its answer it would have no version either.
				continue
			}
			place := oas.Join("/responses", status)
			if isOnlyVersion(op, status) {
				continue
			}
			add("drop the status "+status, place, want, func(op *yaml.Node) { oas.Remove(oas.Get(op, "responses"), status) })
		}
		add("add a status", "/responses/418", Additive, func(op *yaml.Node) {
			oas.Set(oas.Get(op, "responses"), "418", literal("{description: x}"))
		})
		success := successOf(op)
		headers := "/responses/" + success + "/headers"
		for name := range oas.Pairs(oas.At(op, "responses", success, "headers")) {
			add("drop the header "+name, headers+"/"+name, Breaking, func(op *yaml.Node) {
				oas.Remove(oas.At(op, "responses", success, "headers"), name)
			})
		}
		add("add a header", headers+"/X-New", Additive, func(op *yaml.Node) {
			oas.Set(oas.At(op, "responses", success, "headers"), "X-New", literal("{schema: {type: string}}"))
		})
		if success != "204" {
			add("add a media type", "/responses/"+success+"/content/new", Additive, func(op *yaml.Node) {
				oas.Set(oas.At(op, "responses", success, "content"), "text/csv", literal("{schema: {type: string}}"))
			})
		}
		if oas.Get(op, "requestBody") != nil {
			add("body optional", "/requestBody/required", Additive, func(op *yaml.Node) { oas.Remove(oas.Get(op, "requestBody"), "required") })
			add("add a request media type", "/requestBody/content/new", Additive, func(op *yaml.Node) {
				oas.Set(oas.At(op, "requestBody", "content"), "text/csv", literal("{schema: {type: string}}"))
			})
			add("drop the body", "/requestBody", Breaking, func(op *yaml.Node) { oas.Remove(op, "requestBody") })
		} else {
			add("add a body", "/requestBody", Additive, func(op *yaml.Node) {
				oas.Set(op, "requestBody", literal("{content: {application/json: {schema: {type: object}}}}"))
			})
			add("add a required body", "/requestBody", Breaking, func(op *yaml.Node) {
				oas.Set(op, "requestBody", literal("{required: true, content: {application/json: {schema: {type: object}}}}"))
			})
		}
		add("a login of its own", "/security", Breaking, func(op *yaml.Node) { oas.Set(op, "security", literal("[{DigestAuth: []}]")) })
		add("a further login", "/security", Additive, func(op *yaml.Node) {
			oas.Set(op, "security", literal("[{DigestAuth: []}, {ServiceAccounts: []}, {DigestAuth: [], ServiceAccounts: []}]"))
		})
		add("no login", "/security", Additive, func(op *yaml.Node) { oas.Set(op, "security", literal("[]")) })
		add("a scope", "/security", Breaking, func(op *yaml.Node) {
			oas.Set(op, "security", literal("[{DigestAuth: []}, {ServiceAccounts: [admin]}]"))
		})
		add("another server", "/servers", Additive, func(op *yaml.Node) {
			oas.Set(op, "servers", literal("[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.example.com'}]"))
		})
		for mediaType, media := range oas.Pairs(oas.At(op, "responses", success, "content")) {
			place := oas.Join("/responses/"+success+"/content", mediaType)
			set := func(date string) func(*yaml.Node) {
				return func(op *yaml.Node) {
					oas.Set(oas.At(op, "responses", success, "content", mediaType), "x-sunset", oas.String(date))
				}
			}
			add("set the sunset", place+"/x-sunset", Planning, set("2031-01-01"))
			if oas.Get(media, "x-sunset") != nil {
				add("withdraw the sunset", place+"/x-sunset", Planning, func(op *yaml.Node) {
					oas.Remove(oas.At(op, "responses", success, "content", mediaType), "x-sunset")
				})
			}
		}
	})
	return append(out, rootMutations()...)
}

func successOf(op *yaml.Node) string {
	for status := range oas.Pairs(oas.Get(op, "responses")) {
		if status[0] == '2' {
			return status
		}
	}
	return ""
}

// isOnlyVersion tells whether a status's answer alone carries the operation's version.
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
		set("drop a login", "security", "[{ServiceAccounts: []}]", Breaking),
		set("no login anywhere", "security", "[{DigestAuth: []}, {ServiceAccounts: []}, {}]", Additive),
		set("another host", "servers", "[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.mongodbgov.com'}]", Additive),
		{"another token address", flow + "/tokenUrl", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, flow), "tokenUrl", oas.String("https://id.example.com/token"))
		}, Breaking},
		{"another scheme", "/components/securitySchemes/DigestAuth/scheme", func(root *yaml.Node) {
			oas.Set(oas.Resolve(root, "/components/securitySchemes/DigestAuth"), "scheme", oas.String("digest2"))
		}, Breaking},
	}
}
