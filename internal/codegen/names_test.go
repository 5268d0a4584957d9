package codegen

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// oneOperation returns a document with an operation at a path, with parameters and the
// schema T as its response; schemas contains further components.
func oneOperation(path, parameters, schemas string) []byte {
	return fmt.Appendf(nil, `openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  %s:
    get:
      operationId: getThing
      parameters: %s
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/T'}
components:
  schemas:
    %s
`, path, parameters, schemas)
}

// TestNamesThatCollide generates code, which Generate compiles and vets, from names that
// become one Go name or hide another name.
func TestNamesThatCollide(t *testing.T) {
	needsGenerator(t)
	const object = "T: {type: object, properties: {a: {type: string}}}"
	for _, tc := range []struct {
		what                      string
		path, parameters, schemas string
		want                      []string // regular expressions
	}{
		{
			"properties", "/t", "[]", "T: {type: object, properties: {fooBar: {type: string}, foo-bar: {type: string}, foo_bar: {type: string}}}",
			[]string{"\tFooBar +\\*string +`json:\"foo-bar", "\tFooBar2 +\\*string +`json:\"fooBar", "\tFooBar3 +\\*string +`json:\"foo_bar"},
		},
		{
			"query parameters", "/t", "[{name: filter, in: query, schema: {type: string}}, {name: 'filter[]', in: query, schema: {type: string}}]", object,
			[]string{"\tFilter +\\*string", "\tFilter2 +\\*string"},
		},
		{
			"path parameters that hide names of the code", "/{ctx}/{url}/{Body}/{type}",
			"[{name: ctx, in: path, required: true, schema: {type: string}}, {name: url, in: path, required: true, schema: {type: string}}, " +
				"{name: Body, in: path, required: true, schema: {type: string}}, {name: type, in: path, required: true, schema: {type: string}}]", object,
			[]string{`ctx context.Context, ctxParam string, urlParam string, bodyParam string, pType string`},
		},
		{"a percent sign", "/a%20b/{id}", "[{name: id, in: path, required: true, schema: {type: string}}]", object, []string{`"/a%%20b/%s"`}},
		{
			"values of one name", "/t", "[]", "T: {type: object, properties: {a: {type: string, enum: [a-b, a_b, A B]}}}",
			[]string{`TAAB +TA = "a-b"`, `TAAB2 +TA = "a_b"`, `TAAB3 +TA = "A B"`},
		},
		{
			"values of any script", "/t", "[]", "T: {type: object, properties: {a: {type: string, enum: [日本, 中国, é]}}}",
			[]string{` = "日本"`, ` = "中国"`, ` = "é"`},
		},
		{"a schema named like a response", "/t", "[]", object + "\n    GetThingResponse: {type: object}", []string{"type T struct"}},
		{"a name set by x-go-name", "/t", "[]", "T: {type: object, x-go-name: Thing, properties: {a: {type: string, x-go-name: First}}}", []string{"type Thing struct", "\tFirst +\\*string"}},
		{"an x-go-name that is not a Go name", "/t", "[]", "T: {type: object, x-go-name: 'T struct{}; var x', properties: {a: {type: string}}}", []string{"type T struct"}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			t.Parallel()
			code, err := Generate(t.Context(), Request{Package: "p", Document: oneOperation(tc.path, tc.parameters, tc.schemas), Tool: "tool"})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tc.want {
				if !regexp.MustCompile(want).Match(code) {
					t.Errorf("%s is not in\n%s", want, code)
				}
			}
		})
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	needsGenerator(t)
	const nested = "T: {type: object, properties: {b: {$ref: '#/components/schemas/TStatus'}, status: {type: string, enum: [a]}}}\n    TStatus: {type: string, enum: [b]}"
	for _, tc := range []struct {
		what, path, schemas string
		want                []string
	}{
		{"a type that the generator adds", "/t", nested, []string{"two names of the document become TStatus in Go", "property T.status", "schema TStatus", "x-go-name", "--overlay"}},
		{"a path that would be code", `/a"+x+"`, "T: {type: object}", []string{`has a quote, a backslash or a control character`}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			_, err := Generate(t.Context(), Request{Package: "p", Document: oneOperation("'"+tc.path+"'", "[]", tc.schemas), Tool: "tool"})
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

// TestPathsOfOneShape checks that code can be generated from two paths that differ only in the
// name of their parameter.
func TestPathsOfOneShape(t *testing.T) {
	needsGenerator(t)
	document := []byte(`openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /t/{id}:
    get: {operationId: getT, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {"204": {description: gone}}}
  /t/{name}:
    post: {operationId: addT, parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {"204": {description: done}}}
`)
	code, err := Generate(t.Context(), Request{Package: "p", Document: document, Tool: "tool"})
	if err != nil || !strings.Contains(string(code), "func NewGetTRequest(") || !strings.Contains(string(code), "func NewAddTRequest(") {
		t.Errorf("%v\n%s", err, code)
	}
	same := strings.ReplaceAll(string(document), "    post:", "    get:")
	if _, err := Generate(t.Context(), Request{Package: "p", Document: []byte(same), Tool: "tool"}); err == nil {
		t.Error("no error for two operations with one method and shape")
	}
}

func TestOpenEnums(t *testing.T) {
	needsGenerator(t)
	document := oneOperation("/t", "[]", "T: {type: string, enum: [a, b]}")
	for open, want := range map[bool]bool{false: true, true: false} {
		code, err := Generate(t.Context(), Request{Package: "p", Document: document, Tool: "tool", OpenEnums: open})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(code), ") Valid() bool"); got != want || !strings.Contains(string(code), `TA T = "a"`) {
			t.Errorf("open %v: Valid %v\n%s", open, got, code)
		}
	}
}
