package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// modern is a document of OpenAPI 3.1.
const modern = `
openapi: 3.1.0
info: {title: modern, version: "1"}
paths: {}
components:
  schemas:
    Plain:
      type: object
      required: [id]
      properties:
        id: {type: [string, "null"], maxLength: 3}
        n: {type: integer, exclusiveMinimum: 0}
    Const: {type: object, required: [kind], properties: {kind: {const: a}, pair: {type: array, prefixItems: [{type: string}, {type: integer}]}}}
    Either: {oneOf: [{$ref: '#/components/schemas/Const'}, {type: object, required: [id], properties: {id: {type: string}}}]}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Untyped: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}, listed: {enum: [1, null]}, unlisted: {enum: [1, 2]}, not: {not: {type: 'null'}}, limited: {maxLength: 3}, any: {}}}
    Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, name: {type: string}}}
`

// failuresOf returns failures as "kind keyword pointer", one per line.
func failuresOf(v Verdict) string {
	var lines []string
	for _, f := range v.Failures {
		kind := [...]string{Malformed: "malformed", Duplicate: "duplicate", Undeclared: "undeclared", Violation: ""}[f.Kind]
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprint(kind, " ", f.Keyword, " ", f.Pointer)), " "))
	}
	return strings.Join(lines, "\n")
}

func compiled(t *testing.T, source, name string) *Schema {
	t.Helper()
	return compiledAt(t, indexOf(t, source), "/components/schemas/"+name, Response)
}

// indexOf reads a document.
func indexOf(t testing.TB, source string) *Index {
	t.Helper()
	doc, err := oas.ParseBytes("test.yaml", []byte(source))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return NewIndex(doc, MaxValues)
}

func compiledAt(t testing.TB, ix *Index, pointer string, d Direction) *Schema {
	t.Helper()
	s, err := ix.Schema(pointer, d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func plainAt(t testing.TB, ix *Index, pointer string) *Plain {
	t.Helper()
	effective, err := ix.reader.Schema(pointer)
	if err != nil {
		t.Fatal(err)
	}
	return ix.CompilePlain(ix.Written(pointer), effective)
}

// TestCheck validates keywords that the module's contract does not use, but other
// specifications may use.
func TestCheck(t *testing.T) {
	tests := []struct {
		source, schema, text string
		want                 string
	}{
		{kinOnly, "Anything", `[{"a":1}]`, ""},
		{kinOnly, "Anything", `null`, ""},
		{kinOnly, "Nullable", `null`, ""},
		{kinOnly, "Numbers", `{"n":-2,"i":0,"l":9300000000000000000,"s":2147483648,"m":0.3,"e":3}`, "enum /e\nexclusiveMinimum /i\nformat /l\nmultipleOf /m\nminimum /n\nformat /s"},
		{kinOnly, "Numbers", `{"n":1e400}`, "maximum /n"},
		{kinOnly, "Texts", `{"date":"today","some":"b","part":"a","long":"abcd","enum":"c","none":""}`, "format /date\nenum /enum\nmaxLength /long\npattern /part\npattern /some"},
		{kinOnly, "Texts", `{"more":1}`, "additionalProperties /more"},
		{kinOnly, "Texts", `{"enum":null}`, ""},
		{kinOnly, "Open", `{"a":"x","b":1}`, ""},
		{kinOnly, "Open", `{"a":"x","b":"y"}`, "type /b"},
		{kinOnly, "Lists", `{"few":[],"set":[1,1]}`, "minItems /few\nuniqueItems /set"},
		{kinOnly, "Lists", `{"few":[1,2,3]}`, "maxItems /few"},
		{kinOnly, "Composed", `{"b":"x","c":1}`, "required /a\ntype /b\nundeclared /c"},
		{kinOnly, "Composed", `{"a":"x","b":1}`, ""},
		{kinOnly, "Either", `{"a":"x"}`, ""},
		{kinOnly, "Either", `{"a":"x","b":1}`, "oneOf"},
		{kinOnly, "Either", `{"a":1}`, "type /a"},
		{kinOnly, "Either", `{"z":1}`, "required /a\nundeclared /z"},
		{kinOnly, "Pet", `{"kind":"hound","tricks":[{"kind":"cat","lives":"9"},{"kind":"cow"}]}`, "type /tricks/0/lives\ndiscriminator /tricks/1/kind"},
		{kinOnly, "Pet", `{"kind":"cat","tricks":[]}`, "undeclared /tricks"},
		{kinOnly, "Pet", `7`, "type"},
		{kinOnly, "Unmapped", `{"kind":"Cat"}`, ""},
		{kinOnly, "Owner", `{"kind":"cat","pet":{"a":"x","b":1}}`, "oneOf /pet"},
		{kinOnly, "Tree", `{"left":{"left":{"left":{"value":1}}}}`, "type /left/left/left/value"},
		{kinOnly, "Tree", `{"left":{"left":{"rigth":{}}}}`, "undeclared /left/left/rigth"},
		{kinOnly, "Tree", `{"a/b":1,"c~d":2,"e\u0000":3}`, "undeclared /a~1b\nundeclared /c~0d\nundeclared /e\x00"},
		{modern, "Plain", `{"id":null}`, ""},
		{modern, "Plain", `{"id":"abcd","n":0}`, "maxLength /id\nexclusiveMinimum /n"},
		{modern, "Plain", `{}`, "required /id"},
		{modern, "Const", `{"kind":"a","pair":["x",1]}`, ""},
		{modern, "Const", `{"kind":"b","pair":[1,"x"]}`, "const /kind\ntype /pair/0\ntype /pair/1"},
		{modern, "Either", `{"id":"x"}`, ""},
		{modern, "Either", `{"id":1}`, "oneOf"},
		{modern, "Untyped", `{"listed":null,"limited":null,"any":null}`, ""},
		{modern, "Untyped", `{"unlisted":null,"not":null}`, "not /not\nenum /unlisted"},
		{modern, "Pet", `{"kind":"cat","lives":"9"}`, "type /lives"},
		{modern, "Pet", `{"kind":"cat","name":"x"}`, "required /lives\nundeclared /name"},
	}
	for _, tt := range tests {
		t.Run(tt.schema, func(t *testing.T) {
			v := compiled(t, tt.source, tt.schema).Check([]byte(tt.text))
			if got := failuresOf(v); got != tt.want {
				t.Errorf("%s by %s: got\n%s\nwant\n%s", tt.text, tt.schema, got, tt.want)
			}
			for _, f := range v.Failures {
				if f.Message == "" || (f.Kind == Violation && f.Spec == "") {
					t.Errorf("%s by %s: no message or place: %+v", tt.text, tt.schema, f)
				}
			}
		})
	}
}

// TestNestedUnionsEnd checks that the validation of a body with a union nested in itself
// ends, and reports the nesting.
func TestNestedUnionsEnd(t *testing.T) {
	const level = `{"kind":"dog","tricks":[`
	s := compiled(t, kinOnly, "Pet")
	deep := strings.Repeat(level, 100) + `{"kind":"cat","lives":"9"}` + strings.Repeat("]}", 100)
	if got := failuresOf(s.Check([]byte(deep))); got != "depth" {
		t.Errorf("got %s", got)
	}
	flat := strings.Repeat(level, 7) + `{"kind":"cat","lives":"9"}` + strings.Repeat("]}", 7)
	if got := failuresOf(s.Check([]byte(flat))); got != "type "+strings.Repeat("/tricks/0", 7)+"/lives" {
		t.Errorf("got %s", got)
	}
}

// TestWindow checks which part of a long text is quoted.
func TestWindow(t *testing.T) {
	long := strings.Repeat("é", 500)
	for _, at := range []int{-5, 0, 1, 333, 999, 1000, 5000} {
		got := Window(long, at)
		if len(got) > MaxActual+2*len("…")+4 || strings.ToValidUTF8(got, "?") != got || !strings.Contains(got, "…") {
			t.Errorf("at %d: %q (%d bytes)", at, got, len(got))
		}
	}
	if got := Window("short", 2); got != "short" {
		t.Errorf("a short text became %q", got)
	}
	text := strings.Repeat("a", 400) + "FAILURE" + strings.Repeat("b", 400)
	if got := Window(text, 402); !strings.Contains(got, "FAILURE") {
		t.Errorf("the failure is not in the window %q", got)
	}
}
