package drift

import (
	"math/rand/v2"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// rewritings returns functions that rewrite a whole document in another notation with the
// same meaning.
func rewritings() map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"every reference inlined":            func(root *yaml.Node) { inlineAll(root, root, branchReferences(root)) },
		"every schema renamed":               func(root *yaml.Node) { renameAll(root, "schemas", "X") },
		"every response renamed":             func(root *yaml.Node) { renameAll(root, "responses", "X") },
		"every parameter component renamed":  func(root *yaml.Node) { renameAll(root, "parameters", "X") },
		"every header component renamed":     func(root *yaml.Node) { renameAll(root, "headers", "X") },
		"every schema wrapped in allOf":      func(root *yaml.Node) { wrapAll(root, "allOf") },
		"every schema wrapped in oneOf":      func(root *yaml.Node) { wrapAll(root, "oneOf") },
		"objects split in two by allOf":      splitObjects,
		"keys and lists in another order":    func(root *yaml.Node) { shuffle(root, rand.New(rand.NewPCG(3, 4))) },
		"security at each operation":         securityDown,
		"schemes renamed":                    renameSchemes,
		"defaults written out":               writeDefaults,
		"lengths next to patterns":           writeLengths,
		"uuid as a pattern":                  uuidPattern,
		"groups in patterns":                 groupPatterns,
		"unions by mapping only":             dropOneOf,
		"unions by oneOf, anyOf and mapping": func(root *yaml.Node) { renameKey(root, "oneOf", "anyOf") },
		"OpenAPI 3.1":                        toOpenAPI31,
		"path parameters renamed":            renamePathParameters,
		"parameters shared by the path":      shareParameters,
		"the path's prefix in the server":    prefixToServer,
		"a schema split in two equal ones":   splitSchema,
		"every operation's servers":          serversDown,
	}
}

func eachNode(n *yaml.Node, do func(*yaml.Node)) {
	do(n)
	for _, child := range n.Content {
		eachNode(child, do)
	}
}

// inlineAll replaces references by their targets, except in a cycle.
func inlineAll(root, n *yaml.Node, trail []string) {
	if ref := oas.Text(oas.Get(n, "$ref")); ref != "" && !slices.Contains(trail, ref) {
		*n = *clone(oas.Resolve(root, ref[1:]))
		inlineAll(root, n, append(slices.Clone(trail), ref))
		return
	}
	for _, child := range n.Content {
		inlineAll(root, child, trail)
	}
}

// branchReferences lists the references of mappings. They cannot be inlined, because a
// branch is identified by its reference: an inlined schema allows every value of its enum.
func branchReferences(root *yaml.Node) []string {
	var out []string
	eachNode(root, func(n *yaml.Node) {
		for _, target := range oas.Pairs(oas.At(n, "discriminator", "mapping")) {
			out = append(out, target.Value)
		}
	})
	return out
}

func renameAll(root *yaml.Node, section, prefix string) {
	members := oas.At(root, "components", section)
	if members == nil {
		return
	}
	for i := 0; i < len(members.Content); i += 2 {
		renameComponent(root, section, members.Content[i].Value, prefix+members.Content[i].Value)
	}
}

func renameComponent(root *yaml.Node, section, from, to string) {
	before, after := "#/components/"+section+"/"+from, "#/components/"+section+"/"+to
	eachNode(root, func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Value == before {
			n.Value = after
		}
	})
	members := oas.At(root, "components", section)
	for i := 0; i < len(members.Content); i += 2 {
		if members.Content[i].Value == from {
			members.Content[i] = oas.String(to)
		}
	}
}

// wrapAll wraps every schema, except those that a discriminator names, in a list with one
// member.
func wrapAll(root *yaml.Node, keyword string) {
	for _, s := range slices.Backward(everySchema(root)) {
		wrap(oas.Resolve(root, s), keyword)
	}
}

func wrap(n *yaml.Node, keyword string) {
	inner := *n
	outer := literal("{" + keyword + ": []}")
	// Keywords about the whole property stay outside.
	for _, flag := range []string{"readOnly", "deprecated", "default"} {
		if value := oas.Get(&inner, flag); value != nil {
			oas.Remove(&inner, flag)
			oas.Set(outer, flag, value)
		}
	}
	list := oas.Get(outer, keyword)
	list.Content = append(list.Content, &inner)
	*n = *outer
}

// everySchema lists the places of schemas, outer schemas before inner ones, without
// following references.
func everySchema(root *yaml.Node) []string {
	var out []string
	var walk func(n *yaml.Node, pointer string)
	schema := func(n *yaml.Node, pointer string) {
		if n != nil {
			out = append(out, pointer)
		}
	}
	walk = func(n *yaml.Node, pointer string) {
		for key, value := range oas.Pairs(n) {
			at := oas.Join(pointer, key)
			if key == "schema" || key == "items" {
				schema(value, at)
			}
			if key == "properties" {
				for name, property := range oas.Pairs(value) {
					schema(property, oas.Join(at, name))
				}
			}
			walk(value, at)
		}
		for i, item := range oas.Items(n) {
			walk(item, oas.Index(pointer, i))
		}
	}
	walk(root, "")
	slices.SortFunc(out, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return out
}

func splitObjects(root *yaml.Node) {
	for name, n := range oas.Pairs(oas.At(root, "components", "schemas")) {
		properties := oas.Get(n, "properties")
		if properties == nil || len(properties.Content) < 4 || oas.Get(n, "discriminator") != nil || oas.Get(n, "allOf") != nil {
			continue
		}
		half := len(properties.Content) / 4 * 2
		first, second := literal("{type: object, properties: {}}"), literal("{type: object, properties: {}}")
		oas.Get(first, "properties").Content = properties.Content[:half]
		oas.Get(second, "properties").Content = properties.Content[half:]
		if required := oas.Get(n, "required"); required != nil {
			oas.Set(second, "required", required)
			oas.Remove(n, "required")
		}
		oas.Remove(n, "properties")
		other := literal("{allOf: []}")
		oas.Set(oas.At(root, "components", "schemas"), name+"Half", second)
		oas.Get(other, "allOf").Content = []*yaml.Node{first, literal("{$ref: '#/components/schemas/" + name + "Half'}")}
		oas.Set(n, "allOf", oas.Get(other, "allOf"))
	}
}

// unordered contains the lists whose order has no meaning.
var unordered = []string{"required", "enum", "parameters", "oneOf", "anyOf", "security"}

func shuffle(n *yaml.Node, random *rand.Rand) {
	if n.Kind == yaml.MappingNode {
		for key, value := range oas.Pairs(n) {
			if slices.Contains(unordered, key) && value.Kind == yaml.SequenceNode {
				random.Shuffle(len(value.Content), func(i, j int) { value.Content[i], value.Content[j] = value.Content[j], value.Content[i] })
			}
		}
		pairs := len(n.Content) / 2
		random.Shuffle(pairs, func(i, j int) {
			n.Content[2*i], n.Content[2*j] = n.Content[2*j], n.Content[2*i]
			n.Content[2*i+1], n.Content[2*j+1] = n.Content[2*j+1], n.Content[2*i+1]
		})
	}
	for _, child := range n.Content {
		shuffle(child, random)
	}
}

func securityDown(root *yaml.Node) {
	security := oas.Get(root, "security")
	oas.Remove(root, "security")
	eachOperation(root, func(_ string, op *yaml.Node) {
		own := clone(security)
		slices.Reverse(own.Content)
		oas.Set(op, "security", own)
	})
}

func serversDown(root *yaml.Node) {
	servers := oas.Get(root, "servers")
	oas.Remove(root, "servers")
	eachOperation(root, func(_ string, op *yaml.Node) { oas.Set(op, "servers", clone(servers)) })
}

func renameSchemes(root *yaml.Node) {
	schemes := oas.At(root, "components", "securitySchemes")
	for i := 0; i < len(schemes.Content); i += 2 {
		schemes.Content[i] = oas.String("S" + schemes.Content[i].Value)
	}
	for _, requirement := range oas.Items(oas.Get(root, "security")) {
		for i := 0; i < len(requirement.Content); i += 2 {
			requirement.Content[i] = oas.String("S" + requirement.Content[i].Value)
		}
	}
}

func writeDefaults(root *yaml.Node) {
	add := func(n *yaml.Node, keyword, value string) {
		if oas.Get(n, keyword) == nil {
			oas.Set(n, keyword, literal(value))
		}
	}
	for _, at := range everySchema(root) {
		n := oas.Resolve(root, at)
		if oas.Get(n, "$ref") != nil {
			continue
		}
		for _, keyword := range []string{"nullable", "readOnly", "writeOnly", "deprecated"} {
			add(n, keyword, "false")
		}
		switch oas.Text(oas.Get(n, "type")) {
		case "string":
			add(n, "minLength", "0")
		case "array":
			add(n, "minItems", "0")
			add(n, "uniqueItems", "false")
		case "object":
			add(n, "minProperties", "0")
			add(n, "additionalProperties", "true")
			add(n, "required", "[]")
		case "integer":
			if oas.Get(n, "minimum") != nil {
				add(n, "exclusiveMinimum", "false")
			}
		}
	}
	eachNode(root, func(n *yaml.Node) {
		if in := oas.Text(oas.Get(n, "in")); in == "query" && oas.Get(n, "name") != nil {
			add(n, "required", "false")
			add(n, "style", "form")
			add(n, "explode", "true")
			add(n, "deprecated", "false")
			add(n, "allowReserved", "false")
		}
	})
	eachOperation(root, func(_ string, op *yaml.Node) { add(op, "deprecated", "false") })
}

func writeLengths(root *yaml.Node) {
	for _, at := range everySchema(root) {
		if n := oas.Resolve(root, at); oas.Text(oas.Get(n, "pattern")) == "^([a-f0-9]{24})$" {
			oas.Set(n, "minLength", literal("24"))
			oas.Set(n, "maxLength", literal("24"))
		}
	}
}

func uuidPattern(root *yaml.Node) {
	for _, at := range everySchema(root) {
		if n := oas.Resolve(root, at); oas.Text(oas.Get(n, "format")) == "uuid" {
			oas.Remove(n, "format")
			oas.Set(n, "pattern", oas.String(`^[0-9a-fA-F]{8}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{4}\b-[0-9a-fA-F]{12}$`))
			oas.Set(n, "minLength", literal("32"))
			oas.Set(n, "maxLength", literal("36"))
		}
	}
}

func groupPatterns(root *yaml.Node) {
	for _, at := range everySchema(root) {
		if n := oas.Resolve(root, at); oas.Get(n, "pattern") != nil {
			oas.Set(n, "pattern", oas.String("^[0-9a-f]{24}$"))
		}
	}
}

func dropOneOf(root *yaml.Node) {
	for _, n := range oas.Pairs(oas.At(root, "components", "schemas")) {
		if oas.At(n, "discriminator", "mapping") != nil {
			oas.Remove(n, "oneOf")
		}
	}
}

func renameKey(root *yaml.Node, from, to string) {
	eachNode(root, func(n *yaml.Node) {
		if value := oas.Get(n, from); value != nil && n.Kind == yaml.MappingNode {
			oas.Set(n, to, value)
			oas.Remove(n, from)
		}
	})
}

func toOpenAPI31(root *yaml.Node) {
	oas.Set(root, "openapi", oas.String("3.1.0"))
	for _, at := range everySchema(root) {
		n := oas.Resolve(root, at)
		if oas.True(oas.Get(n, "nullable")) && oas.Get(n, "type") != nil {
			oas.Remove(n, "nullable")
			oas.Set(n, "type", literal("["+oas.Text(oas.Get(n, "type"))+", 'null']"))
		}
	}
}

func renamePathParameters(root *yaml.Node) {
	paths := oas.Get(root, "paths")
	for i := 0; i < len(paths.Content); i += 2 {
		paths.Content[i].Value = strings.NewReplacer("{groupId}", "{project}", "{exportBucketId}", "{id}").Replace(paths.Content[i].Value)
	}
	eachNode(root, func(n *yaml.Node) {
		if name := oas.Get(n, "name"); name != nil && oas.Text(oas.Get(n, "in")) == "path" {
			name.Value = map[string]string{"groupId": "project", "exportBucketId": "id"}[name.Value]
		}
	})
}

func shareParameters(root *yaml.Node) {
	for _, item := range oas.Pairs(oas.Get(root, "paths")) {
		shared := literal("[{$ref: '#/components/parameters/groupId'}]")
		for _, op := range oas.Pairs(item) {
			list := oas.Get(op, "parameters")
			list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool {
				return oas.Text(oas.Get(n, "$ref")) == "#/components/parameters/groupId"
			})
		}
		oas.Set(item, "parameters", shared)
	}
}

func prefixToServer(root *yaml.Node) {
	paths := oas.Get(root, "paths")
	for i := 0; i < len(paths.Content); i += 2 {
		paths.Content[i].Value = strings.TrimPrefix(paths.Content[i].Value, "/api/atlas")
	}
	oas.Set(root, "servers", literal("[{url: 'https://cloud.mongodb.com/api/atlas'}]"))
}

// splitSchema lets the error responses of one status use a copy of the error schema.
func splitSchema(root *yaml.Node) {
	schemas := oas.At(root, "components", "schemas")
	oas.Set(schemas, "ApiErrorV2", clone(oas.Get(schemas, "ApiError")))
	oas.Set(schemas, "LinkV2", clone(oas.Get(schemas, "Link")))
	eachNode(oas.At(root, "components", "responses", "notFound"), func(n *yaml.Node) {
		if n.Value == "#/components/schemas/ApiError" {
			n.Value = "#/components/schemas/ApiErrorV2"
		}
	})
	for _, name := range []string{"PaginatedBackupSnapshotExportBucketsView", "PaginatedBackupSnapshotExportBucketView"} {
		if links := oas.At(schemas, name, "properties", "links", "items"); links != nil {
			oas.Set(links, "$ref", oas.String("#/components/schemas/LinkV2"))
		}
	}
}
