package oas

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// referencing has references of each kind, and data that looks like references.
const referencing = `
openapi: 3.1.0
paths:
  /a:
    get:
      tags: [{$ref: '#/list'}]
      responses:
        $ref: {$ref: '#/response-named-ref'}
        '200':
          content:
            a/b:
              schema: {discriminator: {propertyName: k, mapping: {a: A, b: '#/b'}}, properties: {$ref: {$ref: '#/property-named-ref'}, example: {$ref: '#/property'}}}
              examples: {one: {$ref: '#/example'}, two: {value: {$ref: '#/data'}}}
              example: {$ref: '#/data'}
components:
  schemas: {A: {enum: [{$ref: '#/data'}], default: {$ref: '#/data'}, examples: [{$ref: '#/data'}], x-a: {$ref: '#/data'}, $ref: '#/schema', allOf: [{$ref: '#/member'}]}}
`

func TestReferences(t *testing.T) {
	root := parse(t, referencing).Root()
	var found []string
	if err := References(root, "", func(r Reference) error {
		found = append(found, r.Pointer+" "+r.Ref)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	const media = "/paths/~1a/get/responses/200/content/a~1b"
	if want := []string{
		"/paths/~1a/get/tags/0 #/list", "/paths/~1a/get/responses/$ref #/response-named-ref",
		media + "/schema/discriminator/mapping/a #/components/schemas/A", media + "/schema/discriminator/mapping/b #/b",
		media + "/schema/properties/$ref #/property-named-ref", media + "/schema/properties/example #/property", media + "/examples/one #/example",
		"/components/schemas/A #/schema", "/components/schemas/A/allOf/0 #/member",
	}; !slices.Equal(found, want) {
		t.Errorf("\n got %q\nwant %q", found, want)
	}
	for i := range found {
		seen, stop := 0, fmt.Errorf("stop at %d", i)
		err := References(root, "", func(Reference) error {
			if seen++; seen > i {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || seen != i+1 {
			t.Errorf("%v after %d references, want %v", err, seen, stop)
		}
	}
}

// TestClosure compares parts whose references lead to equal or other parts.
func TestClosure(t *testing.T) {
	const callback = "{'{$request.body#/u}': {post: {requestBody: {$ref: '#/components/requestBodies/R'}, responses: {'200': {description: x}}}}}"
	const list = "R: {content: {a/b: {schema: {$ref: '#/components/schemas/T'}}}}"
	const tree = "T: {properties: {next: {$ref: '#/components/schemas/T'}, tags: {type: array}}}"
	read := func(version, callback, body, schema string) Part {
		doc := parse(t, "openapi: "+version+"\npaths: {/a: {post: {responses: {}, callbacks: {c: "+callback+"}}}}\ncomponents: {requestBodies: {"+body+"}, schemas: {"+schema+"}}")
		return doc.part(place{doc.Resolve("/paths/~1a/post/callbacks"), "/paths/~1a/post/callbacks"}, true)
	}
	const ref, siblings = "{$ref: '#/components/schemas/A'}", "{$ref: '#/components/schemas/A', minProperties: 1}"
	flat := func(schema, components string) Part {
		return read("3.1.0", callback, "R: {content: {a/b: {schema: "+schema+"}}}", components)
	}
	for name, c := range map[string]struct {
		a, b Part
		same bool
	}{
		"written out":           {flat(ref, "A: {type: object}"), flat("{type: object}", "A: {}"), true},
		"renamed with siblings": {flat(siblings, "A: {type: object}"), flat(strings.Replace(siblings, "/A", "/B", 1), "B: {type: object}"), true},
		"another sibling":       {flat(siblings, "A: {type: object}"), flat(strings.Replace(siblings, "1", "2", 1), "A: {type: object}"), false},
		"another target":        {flat(siblings, "A: {type: object}"), flat(siblings, "A: {type: array}"), false},
	} {
		if got := c.a.Value == c.b.Value; got != c.same {
			t.Errorf("%s: the value is the same: %v", name, got)
		}
	}
	base := read("3.1.0", callback, list, tree)
	for name, c := range map[string]struct {
		part        Part
		value, word bool // whether they are equal to those of base
	}{
		"the same":            {read("3.1.0", callback, list, tree), true, true},
		"renamed":             {read("3.1.0", callback, strings.ReplaceAll(list, "/T", "/U"), strings.NewReplacer("/T", "/U", "T:", "U:").Replace(tree)), true, true},
		"another order":       {read("3.1.0", callback, list, "T: {properties: {tags: {type: array}, next: {$ref: '#/components/schemas/T'}}}"), true, true},
		"another type":        {read("3.1.0", callback, list, strings.Replace(tree, "array", "string", 1)), false, false},
		"another key":         {read("3.1.0", callback, list, strings.Replace(tree, "tags", "tag", 1)), false, false},
		"a description":       {read("3.1.0", callback, list, strings.Replace(tree, "type: array", "type: array, description: Words.", 1)), true, false},
		"an extension":        {read("3.1.0", callback, list, strings.Replace(tree, "type: array", "type: array, x-a: 1", 1)), true, true},
		"next to a reference": {read("3.1.0", callback, strings.Replace(list, "schemas/T'", "schemas/T', minProperties: 1", 1), tree), false, false},
		"a dangling target":   {read("3.1.0", callback, strings.Replace(list, "schemas/T", "schemas/X", 1), tree), false, false},
		"list of one":         {read("3.1.0", callback, list, strings.Replace(tree, "type: array", "type: [array]", 1)), false, false},
	} {
		if value, word := c.part.Value == base.Value, c.part.ValueWithProse == base.ValueWithProse; value != c.value || word != c.word {
			t.Errorf("%s: the value is the same: %v, the words: %v", name, value, word)
		}
	}
}

func TestProse(t *testing.T) {
	const schema = "{description: Base., title: Base, examples: {a: {$ref: '#/components/examples/e'}, b: {$ref: '#/none'}}, oneOf: [{description: First., minLength: 1}, {maxLength: 2}], allOf: [{description: Member., summary: Member.}]}"
	doc := parse(t, "openapi: 3.1.0\npaths: {}\nx-schema: "+schema+"\nx-list: {examples: [a, {$ref: '#/none'}]}\ncomponents: {examples: {e: {value: 1}}}")
	read := func(pointer string, withProse bool) *Schema {
		r := doc.Reader()
		r.WithProse = withProse
		s, err := r.Schema(pointer)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := read("/x-schema", true)
	for _, c := range []struct {
		prose             Prose
		keyword, want, at string
	}{
		{s.Prose, "description", `"Base."`, "/x-schema/description"}, {s.Prose, "summary", `"Member."`, "/x-schema/allOf/0/summary"}, {s.Prose, "tags", "", ""},
		{s.Prose, "examples", `{"a":{"value":1},"b":{"$ref":"#/none"}}`, "/x-schema/examples"},
		{s.Union.Branches[0].Schema.Prose, "description", `"First."`, "/x-schema/oneOf/0/description"}, {s.Union.Branches[0].Schema.Prose, "title", "", ""},
		{read("/x-list", true).Prose, "examples", `["a",{"$ref":"#/none"}]`, "/x-list/examples"}, {read("/x-schema", false).Prose, "title", "", ""},
	} {
		if item, ok := c.prose.Item(c.keyword); ok != (c.want != "") || item.Value != c.want || item.At.Pointer != c.at {
			t.Errorf("%s: %s at %s, %v, want %s at %s", c.keyword, item.Value, item.At.Pointer, ok, c.want, c.at)
		}
	}
}

// TestChainsAtTheLimit checks that the longest allowed chain of references is followed, and
// that a chain that is longer by one is an error.
func TestChainsAtTheLimit(t *testing.T) {
	for _, n := range []int{maxTrail - 1, maxTrail} {
		doc, err := ParseBytes("x.json", growingDocument(ref(0), chain(n, func(i int) string { return ref(i + 1) })))
		if err != nil {
			t.Fatal(err)
		}
		const schema = "/paths/~1x/get/responses/200/content/application~1json/schema"
		var exceeded *limits.ExceededError
		_, err = doc.Reader().Schema(schema)
		if n < maxTrail && err != nil || n == maxTrail && !errors.As(err, &exceeded) {
			t.Errorf("a schema behind %d references: %v", n+1, err)
		}
		_, _, err = doc.Follow(doc.Resolve("/components/schemas/s0"), "")
		if err != nil {
			t.Errorf("a chain of %d references: %v", n, err)
		}
		_, _, err = doc.Follow(doc.Resolve(schema), "")
		if n < maxTrail && err != nil || n == maxTrail && !errors.As(err, &exceeded) {
			t.Errorf("a chain of %d references: %v", n+1, err)
		}
	}
}

// TestReaderLimits checks that schemas at a limit are read, and that schemas above it are an
// error.
func TestReaderLimits(t *testing.T) {
	for name, c := range map[string]struct {
		most   int
		schema func(n int) (schema, schemas string)
	}{
		"schemas": {maxSchemas - 1, func(n int) (string, string) {
			return `{"properties": {` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"p%d": {}`, i) }) + `}}`, ""
		}},
		"branches of a union": {maxBranches, func(n int) (string, string) {
			return `{"oneOf": [` + limitstest.List(n, ref) + `]}`, chain(n, func(int) string { return `{}` })
		}},
		"branches of a mapping": {maxBranches, func(n int) (string, string) {
			return `{"discriminator": {"propertyName": "k", "mapping": {` + limitstest.List(n, func(i int) string { return fmt.Sprintf(`"v%d": "s%d"`, i, i) }) + `}}}`, chain(n, func(int) string { return `{}` })
		}},
		// A union has the nodes of its own part, and each of its branches those of two parts.
		"nodes": {600_000/150 - 2, func(n int) (string, string) {
			return `{"description": "` + strings.Repeat("x", 60_000) + `", "oneOf": [` + limitstest.List(149, ref) + `], "required": [` + limitstest.List(n, func(int) string { return `"a"` }) + `]}`, chain(149, func(int) string { return `{}` })
		}},
	} {
		for n := c.most; n <= c.most+1; n++ {
			doc, err := ParseBytes("x.json", growingDocument(c.schema(n)))
			if err != nil {
				t.Fatal(err)
			}
			ops, err := doc.Operations()
			if err != nil {
				t.Fatal(err)
			}
			var exceeded *limits.ExceededError
			_, err = doc.Reader().Operation(ops[0], Unversioned)
			if n == c.most && err != nil || n > c.most && (!errors.As(err, &exceeded) || exceeded.Operation != "getX") {
				t.Errorf("%d %s: %v", n, name, err)
			}
		}
	}
}
