package drift

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/openapi"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/tree"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// mutation is one change to the contract, with the verdict that it has to get.
type mutation struct {
	name string
	// at is the pointer of what is changed.
	at   string
	do   func(*yaml.Node)
	want Verdict
}

// ways tells on which ways a schema travels.
type ways struct{ request, response bool }

func (w ways) worse(request, response Verdict) Verdict {
	switch {
	case !w.request && !w.response:
		return InSync
	case !w.response:
		return request
	case !w.request || response.Worse(request):
		return response
	}
	return request
}

// site is a place in the contract where a schema stands.
type site struct {
	pointer string
	ways    ways
	// field tells that it is a property, a member of a list or of a map: what it is
	// in, and the name.
	parent, field string
}

// sites walks the contract from its operations to every schema, and finds out on
// which ways each one travels. It knows nothing of how the comparison does that.
func sites(root *yaml.Node) []*site {
	var order []*site
	known := make(map[string]*site)
	var walk func(pointer, parent, field string, way ways)
	walk = func(pointer, parent, field string, way ways) {
		n := tree.Resolve(root, pointer)
		if ref := tree.Text(tree.Get(n, "$ref")); ref != "" {
			walk(ref[1:], "", "", way)
			return
		}
		if tree.True(tree.Get(n, "readOnly")) && field != "" {
			way.request = false
		}
		s := known[pointer]
		if s == nil {
			s = &site{pointer: pointer, parent: parent, field: field}
			known[pointer] = s
			order = append(order, s)
		} else if (s.ways.request || !way.request) && (s.ways.response || !way.response) {
			return
		}
		s.ways.request = s.ways.request || way.request
		s.ways.response = s.ways.response || way.response
		for name := range tree.Pairs(tree.Get(n, "properties")) {
			walk(tree.Join(pointer, "properties", name), pointer, name, way)
		}
		if tree.Get(n, "items") != nil {
			walk(tree.Join(pointer, "items"), pointer, "[]", way)
		}
		for i := range tree.Items(tree.Get(n, "oneOf")) {
			walk(tree.Index(tree.Join(pointer, "oneOf"), i), "", "", way)
		}
	}
	holder := func(pointer string, way ways) {
		if ref := tree.Text(tree.Get(tree.Resolve(root, pointer), "$ref")); ref != "" {
			pointer = ref[1:]
		}
		n := tree.Resolve(root, pointer)
		if tree.Get(n, "schema") != nil {
			walk(tree.Join(pointer, "schema"), "", "", way)
		}
		for media, m := range tree.Pairs(tree.Get(n, "content")) {
			if tree.Get(m, "schema") != nil {
				walk(tree.Join(pointer, "content", media, "schema"), "", "", way)
			}
		}
		for name := range tree.Pairs(tree.Get(n, "headers")) {
			at := tree.Join(pointer, "headers", name)
			if ref := tree.Text(tree.Get(tree.Resolve(root, at), "$ref")); ref != "" {
				at = ref[1:]
			}
			walk(at+"/schema", "", "", way)
		}
	}
	eachOperation(root, func(pointer string, op *yaml.Node) {
		for i := range tree.Items(tree.Get(op, "parameters")) {
			holder(tree.Index(pointer+"/parameters", i), ways{request: true})
		}
		if tree.Get(op, "requestBody") != nil {
			holder(pointer+"/requestBody", ways{request: true})
		}
		for status := range tree.Pairs(tree.Get(op, "responses")) {
			holder(tree.Join(pointer, "responses", status), ways{response: true})
		}
	})
	return order
}

func eachOperation(root *yaml.Node, do func(pointer string, op *yaml.Node)) {
	for path, item := range tree.Pairs(tree.Get(root, "paths")) {
		for method, op := range tree.Pairs(item) {
			do(tree.Join("/paths", path, method), op)
		}
	}
}

// verdicts of schema changes, for the request and the answer: what grows is
// additive for those who send and tolerable for those who read; what shrinks is
// refused for those who send and harmless for those who read.
func grows(w ways) Verdict   { return w.worse(Additive, Tolerate) }
func shrinks(w ways) Verdict { return w.worse(Breaking, Additive) }

// always is a verdict that is the same on both ways.
func (w ways) always(v Verdict) Verdict { return w.worse(v, v) }

// schemaMutations changes every keyword of every schema.
func schemaMutations(root *yaml.Node) []mutation {
	var out []mutation
	for _, s := range sites(root) {
		n := tree.Resolve(root, s.pointer)
		set := func(name, keyword, value string, want Verdict) {
			out = append(out, mutation{name, tree.Join(s.pointer, keyword), func(root *yaml.Node) {
				tree.Set(tree.Resolve(root, s.pointer), keyword, literal(value))
			}, want})
		}
		drop := func(keyword string, want Verdict) {
			out = append(out, mutation{"drop " + keyword, tree.Join(s.pointer, keyword), func(root *yaml.Node) {
				tree.Remove(tree.Resolve(root, s.pointer), keyword)
			}, want})
		}
		out = append(out, typeMutations(s, n)...)
		isType := func(name string) bool { return tree.Text(tree.Get(n, "type")) == name }
		has := func(keyword string) bool { return tree.Get(n, keyword) != nil }
		if isType("string") {
			for _, bound := range []struct{ keyword, tighter, looser string }{{"minLength", "+", "-"}, {"maxLength", "-", "+"}} {
				switch {
				case has(bound.keyword):
					set("tighten "+bound.keyword, bound.keyword, shift(n, bound.keyword, bound.tighter), shrinks(s.ways))
					set("loosen "+bound.keyword, bound.keyword, shift(n, bound.keyword, bound.looser), grows(s.ways))
					drop(bound.keyword, grows(s.ways))
				case !has("pattern") && !has("format") && !has("enum"):
					set("add "+bound.keyword, bound.keyword, "7", shrinks(s.ways))
				}
			}
			switch {
			case has("pattern"):
				set("change pattern", "pattern", "^[a-z]{24}$", s.ways.worse(Breaking, Tolerate))
				drop("pattern", grows(s.ways))
			case !has("format") && !has("enum"):
				set("add pattern", "pattern", "^[a-z]*$", shrinks(s.ways))
				set("add format", "format", "uri", shrinks(s.ways))
				set("add enum", "enum", "[a, b]", shrinks(s.ways))
			}
			if has("format") {
				drop("format", grows(s.ways))
				set("change format", "format", "date-time", s.ways.always(Breaking))
			}
		}
		if isType("integer") {
			switch {
			case has("minimum"):
				set("tighten minimum", "minimum", shift(n, "minimum", "+"), shrinks(s.ways))
				set("loosen minimum", "minimum", shift(n, "minimum", "-"), grows(s.ways))
				drop("minimum", grows(s.ways))
				set("exclude minimum", "exclusiveMinimum", "true", shrinks(s.ways))
			default:
				set("add minimum", "minimum", "3", shrinks(s.ways))
			}
			if has("maximum") {
				set("tighten maximum", "maximum", shift(n, "maximum", "-"), shrinks(s.ways))
				drop("maximum", grows(s.ways))
			}
			if has("format") {
				set("widen format", "format", "int64", s.ways.worse(Additive, Breaking))
				drop("format", grows(s.ways))
			} else {
				set("add format", "format", "int32", shrinks(s.ways))
			}
			set("add multipleOf", "multipleOf", "2", shrinks(s.ways))
		}
		if isType("array") {
			set("add minItems", "minItems", "1", shrinks(s.ways))
			set("add maxItems", "maxItems", "9", shrinks(s.ways))
			set("add uniqueItems", "uniqueItems", "true", shrinks(s.ways))
			if items := tree.Get(n, "items"); tree.Get(items, "type") != nil || tree.Get(items, "$ref") != nil {
				drop("items", s.ways.worse(Additive, Breaking))
			} else {
				drop("items", InSync)
			}
		}
		if isType("object") {
			out = append(out, objectMutations(s, n)...)
			set("close", "additionalProperties", "false", shrinks(s.ways))
			set("add minProperties", "minProperties", "1", shrinks(s.ways))
			set("add not", "not", "{required: [x]}", shrinks(s.ways))
		}
		if has("enum") {
			out = append(out, enumMutations(root, s, n)...)
		}
		if has("nullable") {
			drop("nullable", shrinks(s.ways))
		} else {
			set("add nullable", "nullable", "true", grows(s.ways))
		}
		if has("deprecated") {
			drop("deprecated", Planning)
		} else if s.field != "" && s.field != "[]" {
			set("deprecate", "deprecated", "true", s.ways.always(Planning))
		}
		if has("default") {
			set("change default", "default", flipped(n), s.ways.worse(Tolerate, Docs))
			drop("default", s.ways.worse(Tolerate, Docs))
		} else if isType("string") {
			set("add default", "default", "x", s.ways.worse(Additive, Docs))
		}
		if has("discriminator") {
			out = append(out, unionMutations(s, n)...)
		}
	}
	return out
}

func literal(source string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		panic(err)
	}
	return doc.Content[0]
}

func shift(n *yaml.Node, keyword, sign string) string {
	v, err := strconv.Atoi(tree.Text(tree.Get(n, keyword)))
	if err != nil {
		panic(err)
	}
	if sign == "+" {
		return strconv.Itoa(v + 1)
	}
	return strconv.Itoa(v - 1)
}

func flipped(n *yaml.Node) string {
	switch tree.Text(tree.Get(n, "default")) {
	case "true":
		return "false"
	case "false":
		return "true"
	}
	return "77"
}

func typeMutations(s *site, n *yaml.Node) []mutation {
	change := func(name, to string, want Verdict) mutation {
		return mutation{name, s.pointer + "/type", func(root *yaml.Node) {
			tree.Set(tree.Resolve(root, s.pointer), "type", tree.Scalar(to))
		}, want}
	}
	var out []mutation
	switch tree.Text(tree.Get(n, "type")) {
	case "integer":
		out = append(out, change("widen type", "number", s.ways.worse(Additive, Breaking)), change("change type", "string", s.ways.always(Breaking)))
	case "":
		if tree.Get(n, "discriminator") == nil {
			out = append(out, change("give a type", "string", shrinks(s.ways)))
		}
		return out
	default:
		out = append(out, change("change type", "integer", s.ways.always(Breaking)))
	}
	return append(out, mutation{"drop type", s.pointer + "/type", func(root *yaml.Node) {
		tree.Remove(tree.Resolve(root, s.pointer), "type")
	}, s.ways.worse(Additive, Breaking)})
}

func objectMutations(s *site, n *yaml.Node) []mutation {
	var out []mutation
	required := tree.Texts(tree.Get(n, "required"))
	object := func(root *yaml.Node) *yaml.Node { return tree.Resolve(root, s.pointer) }
	require := func(root *yaml.Node, name string) {
		list := tree.Get(object(root), "required")
		if list == nil {
			list = literal("[]")
			tree.Set(object(root), "required", list)
		}
		list.Content = append(list.Content, tree.Scalar(name))
	}
	add := func(root *yaml.Node, name, schema string) {
		tree.Set(tree.Get(object(root), "properties"), name, literal(schema))
	}
	for name, p := range tree.Pairs(tree.Get(n, "properties")) {
		w := s.ways
		if tree.True(tree.Get(p, "readOnly")) {
			w.request = false
		}
		at := tree.Join(s.pointer, "properties", name)
		// A read-only property of a schema that is only sent is nowhere.
		visible := w.request || w.response
		verdict := func(v Verdict) Verdict {
			if !visible {
				return InSync
			}
			return v
		}
		out = append(out, mutation{"drop property", at, func(root *yaml.Node) {
			tree.Remove(tree.Get(object(root), "properties"), name)
			list := tree.Get(object(root), "required")
			if list != nil {
				list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
			}
		}, verdict(Breaking)})
		if slices.Contains(required, name) {
			out = append(out, mutation{"no longer required", at + " required", func(root *yaml.Node) {
				list := tree.Get(object(root), "required")
				list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return n.Value == name })
			}, verdict(grows(w))})
		} else {
			out = append(out, mutation{"now required", at + " required", func(root *yaml.Node) { require(root, name) }, verdict(shrinks(w))})
		}
		if w.request && !w.response {
			out = append(out, mutation{"now read-only", at + "/readOnly", func(root *yaml.Node) {
				tree.Set(tree.Resolve(root, at), "readOnly", literal("true"))
			}, Breaking})
		}
		if w.response && tree.Get(p, "$ref") == nil {
			out = append(out, mutation{"now write-only", at + "/writeOnly", func(root *yaml.Node) {
				tree.Remove(tree.Resolve(root, at), "readOnly")
				tree.Set(tree.Resolve(root, at), "writeOnly", literal("true"))
			}, Breaking})
		}
		if !w.request && s.ways.request {
			out = append(out, mutation{"no longer read-only", at + "/readOnly", func(root *yaml.Node) {
				tree.Remove(tree.Resolve(root, at), "readOnly")
			}, Additive})
		}
	}
	out = append(out,
		mutation{"add a property", s.pointer + "/properties/brandNew", func(root *yaml.Node) { add(root, "brandNew", "{type: string}") }, Additive},
		mutation{"add a required property", s.pointer + "/properties/brandNew", func(root *yaml.Node) {
			add(root, "brandNew", "{type: string}")
			require(root, "brandNew")
		}, s.ways.worse(Breaking, Additive)},
	)
	if s.ways.request && !s.ways.response {
		out = append(out, mutation{"add a read-only property", s.pointer + "/properties/brandNew", func(root *yaml.Node) {
			add(root, "brandNew", "{type: string, readOnly: true}")
		}, InSync})
	}
	return out
}

// enumMutations adds and drops values. A discriminator's value that leads to another
// branch says nothing within this one.
func enumMutations(root *yaml.Node, s *site, n *yaml.Node) []mutation {
	owner := strings.TrimPrefix(s.parent, "/components/schemas/")
	own, direct := branchOf(root, owner)
	out := []mutation{
		{"add a value", s.pointer + "/enum/NEW", func(root *yaml.Node) {
			e := tree.Get(tree.Resolve(root, s.pointer), "enum")
			e.Content = append(e.Content, tree.Scalar("NEW"))
		}, grows(s.ways)},
		{"drop the enum", s.pointer + "/enum", func(root *yaml.Node) { tree.Remove(tree.Resolve(root, s.pointer), "enum") }, grows(s.ways)},
	}
	for _, value := range tree.Texts(tree.Get(n, "enum")) {
		want := shrinks(s.ways)
		if own != "" && own != value && !direct {
			want = InSync
		}
		out = append(out, mutation{"drop the value " + value, s.pointer + "/enum/" + value, func(root *yaml.Node) {
			e := tree.Get(tree.Resolve(root, s.pointer), "enum")
			e.Content = slices.DeleteFunc(e.Content, func(n *yaml.Node) bool { return n.Value == value })
		}, want})
	}
	return out
}

// branchOf gives the discriminator's value that leads to a schema, and whether the
// schema is used outside of its union as well.
func branchOf(root *yaml.Node, name string) (value string, direct bool) {
	ref := "#/components/schemas/" + name
	for _, base := range tree.Pairs(tree.At(root, "components", "schemas")) {
		for v, target := range tree.Pairs(tree.At(base, "discriminator", "mapping")) {
			if target.Value == ref {
				value = v
			}
		}
	}
	text := strings.Count(string(mustEncode(root)), "'"+ref+"'")
	// The union names it twice: in its mapping and among its branches.
	return value, text > 2
}

func mustEncode(root *yaml.Node) []byte {
	data, err := yaml.Marshal(root)
	if err != nil {
		panic(err)
	}
	return data
}

func unionMutations(s *site, n *yaml.Node) []mutation {
	union := func(root *yaml.Node) *yaml.Node { return tree.Resolve(root, s.pointer) }
	var out []mutation
	for value, target := range tree.Pairs(tree.At(n, "discriminator", "mapping")) {
		out = append(out, mutation{"drop the branch " + value, tree.Join(s.pointer, "discriminator", "mapping", value), func(root *yaml.Node) {
			tree.Remove(tree.At(union(root), "discriminator", "mapping"), value)
			list := tree.Get(union(root), "oneOf")
			list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool { return tree.Text(tree.Get(n, "$ref")) == target.Value })
		}, shrinks(s.ways)})
	}
	return append(out,
		mutation{"add a branch", s.pointer + "/discriminator/mapping/OCI", func(root *yaml.Node) {
			tree.Set(tree.At(root, "components", "schemas"), "Oracle", literal("{type: object, required: [cloudProvider], properties: {cloudProvider: {type: string}}}"))
			tree.Set(tree.At(union(root), "discriminator", "mapping"), "OCI", tree.Scalar("#/components/schemas/Oracle"))
			list := tree.Get(union(root), "oneOf")
			list.Content = append(list.Content, literal("{$ref: '#/components/schemas/Oracle'}"))
		}, grows(s.ways)},
		mutation{"another discriminator", s.pointer + "/discriminator/propertyName", func(root *yaml.Node) {
			tree.Set(tree.Get(union(root), "discriminator"), "propertyName", tree.Scalar("kind"))
		}, Breaking},
	)
}

// operationMutations changes what operations have besides schemas.
func operationMutations(root *yaml.Node) []mutation {
	var out []mutation
	eachOperation(root, func(pointer string, op *yaml.Node) {
		at := func(root *yaml.Node) *yaml.Node { return tree.Resolve(root, pointer) }
		add := func(name, place string, want Verdict, do func(op *yaml.Node)) {
			out = append(out, mutation{name, pointer + place, func(root *yaml.Node) { do(at(root)) }, want})
		}
		// What ends is deprecated already.
		ends := strings.Contains(string(mustEncode(op)), "x-sunset")
		deprecated := Planning
		if ends {
			deprecated = InSync
		}
		add("deprecate", "/deprecated", deprecated, func(op *yaml.Node) { tree.Set(op, "deprecated", literal("true")) })
		out = append(out, mutation{"drop the operation", pointer, func(root *yaml.Node) {
			steps := tree.Split(pointer)
			tree.Remove(tree.At(root, "paths", steps[1]), steps[2])
		}, Breaking})
		for i, p := range tree.Items(tree.Get(op, "parameters")) {
			place := tree.Index("/parameters", i)
			name := tree.Text(tree.Get(p, "name")) + tree.Text(tree.Get(p, "$ref"))
			add("drop the parameter "+name, place, Breaking, func(op *yaml.Node) {
				list := tree.Get(op, "parameters")
				list.Content = slices.Delete(slices.Clone(list.Content), i, i+1)
			})
		}
		parameter := func(source string) func(*yaml.Node) {
			return func(op *yaml.Node) {
				list := tree.Get(op, "parameters")
				list.Content = append(list.Content, literal(source))
			}
		}
		add("add a parameter", "/parameters/new", Additive, parameter("{in: query, name: new, schema: {type: string}}"))
		add("add a required parameter", "/parameters/new", Breaking, parameter("{in: query, name: new, required: true, schema: {type: string}}"))
		add("add an ignored parameter", "/parameters/new", InSync, parameter("{in: header, name: Accept, required: true, schema: {type: string}}"))
		for status := range tree.Pairs(tree.Get(op, "responses")) {
			want := Additive
			if status[0] == '2' {
				want = Breaking
			}
			if status == "204" {
				// Without its answer it would have no version either.
				continue
			}
			place := tree.Join("/responses", status)
			if isOnlyVersion(op, status) {
				continue
			}
			add("drop the status "+status, place, want, func(op *yaml.Node) { tree.Remove(tree.Get(op, "responses"), status) })
		}
		add("add a status", "/responses/418", Additive, func(op *yaml.Node) {
			tree.Set(tree.Get(op, "responses"), "418", literal("{description: x}"))
		})
		success := successOf(op)
		headers := "/responses/" + success + "/headers"
		for name := range tree.Pairs(tree.At(op, "responses", success, "headers")) {
			add("drop the header "+name, headers+"/"+name, Breaking, func(op *yaml.Node) {
				tree.Remove(tree.At(op, "responses", success, "headers"), name)
			})
		}
		add("add a header", headers+"/X-New", Additive, func(op *yaml.Node) {
			tree.Set(tree.At(op, "responses", success, "headers"), "X-New", literal("{schema: {type: string}}"))
		})
		if success != "204" {
			add("add a media type", "/responses/"+success+"/content/new", Additive, func(op *yaml.Node) {
				tree.Set(tree.At(op, "responses", success, "content"), "text/csv", literal("{schema: {type: string}}"))
			})
		}
		if tree.Get(op, "requestBody") != nil {
			add("body optional", "/requestBody/required", Additive, func(op *yaml.Node) { tree.Remove(tree.Get(op, "requestBody"), "required") })
			add("add a request media type", "/requestBody/content/new", Additive, func(op *yaml.Node) {
				tree.Set(tree.At(op, "requestBody", "content"), "text/csv", literal("{schema: {type: string}}"))
			})
			add("drop the body", "/requestBody", Breaking, func(op *yaml.Node) { tree.Remove(op, "requestBody") })
		} else {
			add("add a body", "/requestBody", Additive, func(op *yaml.Node) {
				tree.Set(op, "requestBody", literal("{content: {application/json: {schema: {type: object}}}}"))
			})
			add("add a required body", "/requestBody", Breaking, func(op *yaml.Node) {
				tree.Set(op, "requestBody", literal("{required: true, content: {application/json: {schema: {type: object}}}}"))
			})
		}
		add("a login of its own", "/security", Breaking, func(op *yaml.Node) { tree.Set(op, "security", literal("[{DigestAuth: []}]")) })
		add("a further login", "/security", Additive, func(op *yaml.Node) {
			tree.Set(op, "security", literal("[{DigestAuth: []}, {ServiceAccounts: []}, {DigestAuth: [], ServiceAccounts: []}]"))
		})
		add("no login", "/security", Additive, func(op *yaml.Node) { tree.Set(op, "security", literal("[]")) })
		add("a scope", "/security", Breaking, func(op *yaml.Node) {
			tree.Set(op, "security", literal("[{DigestAuth: []}, {ServiceAccounts: [admin]}]"))
		})
		add("another server", "/servers", Additive, func(op *yaml.Node) {
			tree.Set(op, "servers", literal("[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.example.com'}]"))
		})
		for mediaType, media := range tree.Pairs(tree.At(op, "responses", success, "content")) {
			place := tree.Join("/responses/"+success+"/content", mediaType)
			set := func(date string) func(*yaml.Node) {
				return func(op *yaml.Node) {
					tree.Set(tree.At(op, "responses", success, "content", mediaType), "x-sunset", tree.Scalar(date))
				}
			}
			add("set the sunset", place+"/x-sunset", Planning, set("2031-01-01"))
			if tree.Get(media, "x-sunset") != nil {
				add("withdraw the sunset", place+"/x-sunset", Planning, func(op *yaml.Node) {
					tree.Remove(tree.At(op, "responses", success, "content", mediaType), "x-sunset")
				})
			}
		}
	})
	return append(out, rootMutations()...)
}

func successOf(op *yaml.Node) string {
	for status := range tree.Pairs(tree.Get(op, "responses")) {
		if status[0] == '2' {
			return status
		}
	}
	return ""
}

// isOnlyVersion tells whether a status's answer alone carries the operation's version.
func isOnlyVersion(op *yaml.Node, status string) bool {
	if tree.Get(op, "requestBody") != nil {
		return false
	}
	for mediaType := range tree.Pairs(tree.At(op, "responses", status, "content")) {
		if trim.MediaTypeVersion(mediaType) != "" {
			return true
		}
	}
	return false
}

func rootMutations() []mutation {
	set := func(name, key, value string, want Verdict) mutation {
		return mutation{name, "/" + key, func(root *yaml.Node) { tree.Set(root, key, literal(value)) }, want}
	}
	const flow = "/components/securitySchemes/ServiceAccounts/flows/clientCredentials"
	return []mutation{
		set("drop a login", "security", "[{ServiceAccounts: []}]", Breaking),
		set("no login anywhere", "security", "[{DigestAuth: []}, {ServiceAccounts: []}, {}]", Additive),
		set("another host", "servers", "[{url: 'https://cloud.mongodb.com'}, {url: 'https://cloud.mongodbgov.com'}]", Additive),
		{"another token address", flow + "/tokenUrl", func(root *yaml.Node) {
			tree.Set(tree.Resolve(root, flow), "tokenUrl", tree.Scalar("https://id.example.com/token"))
		}, Breaking},
		{"another scheme", "/components/securitySchemes/DigestAuth/scheme", func(root *yaml.Node) {
			tree.Set(tree.Resolve(root, "/components/securitySchemes/DigestAuth"), "scheme", tree.Scalar("digest2"))
		}, Breaking},
	}
}

// corrected gives what becomes of a document when the contract's corrections are
// applied: a mutation that they take back is no drift.
func corrected(t testing.TB, root *yaml.Node) *trim.Document {
	t.Helper()
	doc, err := trim.ParseBytes("mutated", encodeTree(t, root))
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := pipeline.Correct(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func clone(root *yaml.Node) *yaml.Node { return tree.Clone(root) }

func TestEverySingleChangeIsOneEntry(t *testing.T) {
	for _, version := range []string{openapi.V20230101, openapi.V20240530} {
		root := contractTree(t, version)
		original := corrected(t, clone(root))
		all := append(schemaMutations(root), operationMutations(root)...)
		if len(all) < 500 {
			t.Errorf("only %d mutations of %s", len(all), version)
		}
		for part := range parts {
			t.Run(fmt.Sprintf("%s/%d", version, part), func(t *testing.T) {
				t.Parallel()
				for i := part; i < len(all); i += parts * stride {
					holdMutation(t, root, all[i], original)
				}
			})
		}
	}
}

// parts is how many tests share the mutations.
const parts = 4

func holdMutation(t *testing.T, root *yaml.Node, m mutation, original *trim.Document) {
	t.Helper()
	mutated := clone(root)
	m.do(mutated)
	r := compareTrees(t, nil, mutated)
	want, n := m.want, 1
	if want != InSync && r.Verdict == InSync && trim.Difference(corrected(t, mutated), original) == "" {
		want = InSync
	}
	if want == InSync {
		n = 0
	}
	if r.Verdict != want || len(r.Changes) != n {
		t.Errorf("%s at %s: %s with %d entries, want %s\n%s", m.name, m.at, r.Verdict, len(r.Changes), want, tell(r))
	}
}

// local mutations change nothing that another one could stand in.
func local(m mutation) bool {
	for _, wide := range []string{"drop the operation", "drop the status", "drop property", "drop the branch", "drop items", "drop type", "change type", "drop the body", "now read-only", "now write-only", "no longer read-only", "give a type", "drop the enum"} {
		if strings.HasPrefix(m.name, wide) {
			return false
		}
	}
	return m.want != InSync && !strings.Contains(m.at, "security") && !strings.HasSuffix(m.at, "servers")
}

func apart(a, b mutation) bool {
	x, _, _ := strings.Cut(a.at, " ")
	y, _, _ := strings.Cut(b.at, " ")
	return !strings.HasPrefix(x+"/", y+"/") && !strings.HasPrefix(y+"/", x+"/") && !related(x, y)
}

// related tells whether two places are keywords of one schema that interact: a bound
// and its exclusive, a format and a pattern that replace one another's lengths.
func related(x, y string) bool {
	return x[:strings.LastIndexByte(x, '/')] == y[:strings.LastIndexByte(y, '/')]
}

func TestTwoChangesAreTwoEntries(t *testing.T) {
	root := contractTree(t, openapi.V20240530)
	original := corrected(t, clone(root))
	var all []mutation
	for _, m := range append(schemaMutations(root), operationMutations(root)...) {
		if local(m) {
			all = append(all, m)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 / stride {
		a, b := all[random.IntN(len(all))], all[random.IntN(len(all))]
		if !apart(a, b) {
			continue
		}
		n := 0
		for _, m := range []mutation{a, b} {
			alone := clone(root)
			m.do(alone)
			if trim.Difference(corrected(t, alone), original) != "" {
				n++
			}
		}
		mutated := clone(root)
		a.do(mutated)
		b.do(mutated)
		r := compareTrees(t, nil, mutated)
		want := a.want
		if b.want.Worse(want) {
			want = b.want
		}
		if len(r.Changes) != n || n == 2 && r.Verdict != want {
			t.Errorf("%s at %s and %s at %s: %s with %d entries, want %s with %d\n%s", a.name, a.at, b.name, b.at, r.Verdict, len(r.Changes), want, n, tell(r))
		}
	}
}
