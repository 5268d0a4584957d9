package trim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

func zoo(t testing.TB) *oas.Document {
	t.Helper()
	doc, err := oas.ParseFile("testdata/zoo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func operations(t testing.TB, doc *oas.Document) []*oas.Operation {
	t.Helper()
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func cut(t testing.TB, doc *oas.Document, sel trim.Selection) []byte {
	t.Helper()
	out, err := trim.Cut(doc, sel)
	if err != nil {
		t.Fatal(err)
	}
	data, err := oas.Encode(out.Root())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// loadValid reads a document with kin-openapi, which must accept it.
func loadValid(data []byte) (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	// Patterns are not compiled: upstream has some with look-arounds, which RE2 refuses.
	return doc, doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation())
}

func TestCutGolden(t *testing.T) {
	for name, sel := range map[string]trim.Selection{
		"2023-01-01": {Operations: []string{"listAnimals", "createAnimal", "deleteAnimal"}, Version: "2023-01-01"},
		"2024-05-30": {Operations: []string{"deleteAnimal", "listAnimals", "createAnimal", "getAnimal"}, Version: "2024-05-30"},
	} {
		t.Run(name, func(t *testing.T) {
			got := cut(t, zoo(t), sel)
			if bytes.Contains(got, []byte("Prose to drop")) {
				t.Error("prose remains")
			}
			if _, err := loadValid(got); err != nil {
				t.Errorf("does not load: %v", err)
			}
			golden.Check(t, filepath.Join("testdata", "cut-"+name+".yaml"), got)
		})
	}
}

// TestLiftMakesFlatBranches checks that each branch of a union has all constraints of the
// base, and the narrower constraint if both have one.
func TestLiftMakesFlatBranches(t *testing.T) {
	doc, err := loadValid(cut(t, zoo(t), trim.Selection{Operations: []string{"listAnimals"}, Version: "2024-05-30"}))
	if err != nil {
		t.Fatal(err)
	}
	animal := doc.Components.Schemas["Animal"].Value
	if len(animal.OneOf) != 2 || len(animal.Properties) != 0 {
		t.Fatalf("Animal is not a pure union of two: %d branches, %d properties", len(animal.OneOf), len(animal.Properties))
	}
	for _, tc := range []struct {
		what string
		body string
		ok   bool
	}{
		{"a cat", `{"kind":"cat","name":"Tom","claws":18,"purrs":true}`, true},
		{"a cat with the other value of its discriminator", `{"kind":"lion","name":"Leo","claws":18,"purrs":true}`, true},
		{"the base's required field is missing", `{"kind":"cat","claws":18,"purrs":true}`, false},
		{"the branch's own required field is missing", `{"kind":"cat","name":"Tom","claws":18}`, false},
		{"an inline allOf member's required field is missing", `{"kind":"cat","name":"Tom","purrs":true}`, false},
		{"the base's lower bound applies", `{"kind":"cat","name":"T","claws":18,"purrs":true}`, false},
		{"the branch's upper bound applies", `{"kind":"cat","name":"Thomas","claws":18,"purrs":true}`, false},
		{"a branch that is a union itself", `{"kind":"bird","name":"Ada","flies":"wings","span":1.5}`, true},
		{"the outer base reaches the inner branch", `{"kind":"bird","flies":"wings"}`, false},
		{"no such kind", `{"kind":"fish","name":"Wanda"}`, false},
	} {
		t.Run(tc.what, func(t *testing.T) {
			var value any
			if err := json.Unmarshal([]byte(tc.body), &value); err != nil {
				t.Fatal(err)
			}
			if err := animal.VisitJSON(value); (err == nil) != tc.ok {
				t.Errorf("%s: valid %v, want %v (%v)", tc.body, err == nil, tc.ok, err)
			}
		})
	}
}

func TestCutErrorMessages(t *testing.T) {
	for _, tc := range []struct {
		what string
		sel  trim.Selection
		want []string
	}{
		{"an unknown operation", trim.Selection{Operations: []string{"listAnimalz"}}, []string{"zoo.yaml", `"listAnimalz"`, "no operation matches", `did you mean "listAnimals"`}},
		{"no operation", trim.Selection{}, []string{"zoo.yaml", "no operation"}},
		{"an ambiguous name", trim.Selection{Operations: []string{"deleteAnimals"}}, []string{"ambiguous", "GET /old", "POST /old"}},
		{"a version that does not exist", trim.Selection{Operations: []string{"listAnimals"}, Version: "2024-01-01"}, []string{"zoo.yaml", `"2024-01-01"`, "does not exist", "2023-01-01, 2024-05-30"}},
		{"a version before the operation", trim.Selection{Operations: []string{"getDangling"}, Version: "2023-01-01"}, []string{"getDangling", "GET /broken", "does not exist in version 2023-01-01", "2024-05-30"}},
		{"a dangling reference", trim.Selection{Operations: []string{"getDangling"}}, []string{"zoo.yaml", "getDangling", "line ", "#/components/schemas/Nowhere", "does not contain the target"}},
		{"an external reference", trim.Selection{Operations: []string{"getExternal"}}, []string{"getExternal", "elsewhere.example", "not followed"}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			_, err := trim.Cut(zoo(t), tc.sel)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not contain %q", err, want)
				}
			}
		})
	}
}

func TestInvalidDocuments(t *testing.T) {
	for _, tc := range []struct{ what, data, want string }{
		{"empty", "", "empty"},
		{"white space", " \n\t", "empty"},
		{"HTML", "<!DOCTYPE html><html></html>", "HTML"},
		{"plain text", "hello", "not a mapping"},
		{"a list", "[1, 2]", "not a mapping"},
		{"another YAML file", "name: x\n", `no "openapi" at its top level; the last thing that was read is /name, line 1`},
		{"Swagger 2", "swagger: '2.0'\n", "Swagger 2.0"},
		{"OpenAPI 4", "openapi: 4.0.0\npaths: {}\n", `"4.0.0"`},
		{"no paths", "openapi: 3.0.1\n", `no "paths" at its top level; the last thing that was read is /openapi, line 1`},
		{"an empty mapping", "{}", "nothing was read"},
		{"broken YAML", "openapi: 3.0.1\npaths: {\n", "invalid YAML"},
		{"JSON cut off", `{"openapi": "3.0.1", "paths": {`, "cut off"},
		{"text after JSON", `{"openapi": "3.0.1", "paths": {}} x`, "after the end of the document"},
		{"a key twice", "openapi: 3.0.1\npaths: {}\nopenapi: 3.0.2\n", `line 3: duplicate key "openapi"`},
		{"a key twice in JSON", `{"openapi": "3.0.1", "paths": {}, "openapi": "3.0.2"}`, `duplicate key "openapi"`},
		{"an alias of itself", "openapi: 3.0.1\npaths: &a {x: *a}\n", "more than 200 levels of nesting"},
		{"aliases that expand without limit", "openapi: 3.0.1\npaths: {}\n" + billionLaughs(), "more than 400,000 nodes"},
		{"deep nesting", "openapi: 3.0.1\npaths: " + strings.Repeat("[", 500) + strings.Repeat("]", 500), "more than 200 levels of nesting"},
		{"deep nesting in JSON", `{"openapi": ` + strings.Repeat("[", 5000), "more than 200 levels of nesting"},
		{"a merge key", "openapi: 3.0.1\npaths: &a {}\nx: {<<: *a}\n", "merge keys"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			_, err := oas.ParseBytes("input", []byte(tc.data))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), "input: not an OpenAPI document") || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%q does not contain %q", err, tc.want)
			}
		})
	}
}

func billionLaughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x]\n")
	for i := 1; i < 40; i++ {
		c := func(n int) string { return "a" + string(rune('0'+n/10)) + string(rune('0'+n%10)) }
		prev := c(i - 1)
		if i == 1 {
			prev = "a0"
		}
		b.WriteString(c(i) + ": &" + c(i) + " [*" + prev + ", *" + prev + "]\n")
	}
	return b.String()
}

// TestJSONAndYAMLCutToEqualBytes checks that the result of Cut does not depend on the
// notation of its source.
func TestJSONAndYAMLCutToEqualBytes(t *testing.T) {
	data, err := os.ReadFile("testdata/zoo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var asJSON bytes.Buffer
	writeJSON(t, &asJSON, root.Content[0])
	doc, err := oas.ParseBytes("zoo.json", asJSON.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	sel := trim.Selection{Operations: []string{"listAnimals", "createAnimal", "deleteAnimal"}, Version: "2024-05-30"}
	if diff := cmp.Diff(string(cut(t, zoo(t), sel)), string(cut(t, doc, sel))); diff != "" {
		t.Errorf("-yaml +json:\n%s", diff)
	}
}

// writeJSON writes a tree as JSON in the order of its keys, which a Go map does not
// preserve.
func writeJSON(t *testing.T, out *bytes.Buffer, n *yaml.Node) {
	t.Helper()
	open, end := "[", "]"
	switch n.Kind {
	case yaml.ScalarNode:
		var value any
		if err := n.Decode(&value); err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(encoded)
		return
	case yaml.MappingNode:
		open, end = "{", "}"
	default:
	}
	out.WriteString(open)
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			encoded, _ := json.Marshal(child.Value)
			out.Write(encoded)
			out.WriteByte(':')
			continue
		}
		writeJSON(t, out, child)
		if i < len(n.Content)-1 {
			out.WriteByte(',')
		}
	}
	out.WriteString(end)
}

func TestCutLeavesTheSourceAlone(t *testing.T) {
	doc := zoo(t)
	before, err := oas.Encode(doc.Root())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		cut(t, doc, trim.Selection{Operations: []string{"listAnimals", "createAnimal", "getAnimal"}})
	}
	after, err := oas.Encode(doc.Root())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestOperations(t *testing.T) {
	ops := operations(t, zoo(t))
	if len(ops) != 8 {
		t.Fatalf("%d operations", len(ops))
	}
	first := ops[0]
	if first.String() != "GET /zoo/{zooId}/animals" || first.ID != "listZooAnimals" || first.ShortName != "listAnimals" {
		t.Errorf("got %s, %s, %s", first, first.ID, first.ShortName)
	}
	for _, tc := range []struct {
		version, want string
		ok            bool
	}{
		{"2023-01-01", "2023-01-01", true},
		{"2024-01-01", "2023-01-01", true},
		{"2024-05-30", "2024-05-30", true},
		{"2030-01-01", "2024-05-30", true},
		{"2022-01-01", "", false},
		{"preview", "preview", false},
	} {
		if at, ok := first.At(tc.version); ok != tc.ok || at != tc.want {
			t.Errorf("At(%s) = %q, %v; want %q, %v", tc.version, at, ok, tc.want, tc.ok)
		}
	}
}

func TestSelectByMethodAndPath(t *testing.T) {
	byName := cut(t, zoo(t), trim.Selection{Operations: []string{"listAnimals"}})
	byPath := cut(t, zoo(t), trim.Selection{Operations: []string{"get /zoo/{id}/animals"}})
	if !bytes.Equal(byName, byPath) {
		t.Error("method and path select another operation than the name")
	}
}

func TestPreviewNeedsAnExplicitVersion(t *testing.T) {
	doc, err := oas.ParseBytes("early.yaml", []byte(`openapi: 3.0.1
info: {title: Early, version: "1"}
paths:
  /a:
    get:
      operationId: getA
      responses: {"200": {description: OK, content: {application/vnd.atlas.preview+json: {schema: {type: object}}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = trim.Cut(doc, trim.Selection{Operations: []string{"getA"}})
	if err == nil || !strings.Contains(err.Error(), "early.yaml: the selected operations have no dated version; request one of: preview") {
		t.Errorf("got %v", err)
	}
	if _, err := trim.Cut(doc, trim.Selection{Operations: []string{"getA"}, Version: "preview"}); err != nil {
		t.Error(err)
	}
}
