package schema

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// TestFixedPatterns checks which expressions are matched byte by byte, and their lengths.
func TestFixedPatterns(t *testing.T) {
	for expression, want := range map[string]int{
		`^([a-f0-9]{24})$`:                   24,
		`^a$`:                                1,
		`^ab[cd]{2}(?:e{3}f)$`:               8,
		`^[\x00-\x7f]$`:                      1,
		`^a{256}$`:                           256,
		`^a{257}$`:                           0,
		`^` + strings.Repeat("a", 256) + `$`: 256,
		`^` + strings.Repeat("a", 257) + `$`: 0,
		`^(?:[a-f]{128}){2}$`:                256,
		`^(?:[a-f]{128}){2}g$`:               0,
		`^[\x00-\x80]$`:                      0,
		`^é$`:                                0,
		`^\x{80}$`:                           0,
		`^$`:                                 0,
		`^(?i)a$`:                            0,
		`^a{1,2}$`:                           0,
		`^ab{1,2}c$`:                         0,
		`^(?:ab?){2}$`:                       0,
		`^a+$`:                               0,
		`^a.c$`:                              0,
		`a`:                                  0,
		`ab$`:                                0,
		`^ab`:                                0,
		`bab`:                                0,
		`a[bc]d`:                             0,
		`^a|b$`:                              0,
		`^(?m)a$`:                            0,
	} {
		p := compilePattern(expression)
		if p == nil || len(p.fixed) != want {
			t.Errorf("%.40s: %+v, want %d bytes", expression, p, want)
		}
	}
	if p := compilePattern(`(?=a)`); p != nil {
		t.Errorf("a look-ahead was compiled: %+v", p)
	}
}

// TestWindowCuts checks where a long text is cut: around a byte, between characters.
func TestWindowCuts(t *testing.T) {
	ascii := strings.Repeat("0123456789", 40)
	for _, tt := range []struct {
		text string
		at   int
		want string
	}{
		{ascii[:MaxActual], 3, ascii[:MaxActual]},
		{ascii[:MaxActual+1], 0, ascii[:MaxActual] + "…"},
		{ascii[:MaxActual+1], MaxActual, "…" + ascii[1:MaxActual+1]},
		{ascii, 0, ascii[:MaxActual] + "…"},
		{ascii, 80, ascii[:MaxActual] + "…"},
		{ascii, 81, "…" + ascii[1:MaxActual+1] + "…"},
		{ascii, 400, "…" + ascii[400-MaxActual:]},
		{"x" + strings.Repeat("é", 200), 82, "…" + strings.Repeat("é", 81) + "…"},
		{strings.Repeat("€", 200), 200, "…" + strings.Repeat("€", 54) + "…"},
		{strings.Repeat("𝄞", 100), 202, "…" + strings.Repeat("𝄞", 41) + "…"},
		// Text that is not UTF-8 is cut between bytes.
		{strings.Repeat("\x80", 200), 0, strings.Repeat("\x80", MaxActual+3) + "…"},
		{strings.Repeat("\x80", 1000), 500, "…" + strings.Repeat("\x80", MaxActual+6) + "…"},
	} {
		if got := Window(tt.text, tt.at); got != tt.want {
			t.Errorf("%.10s… at %d: got %q, want %q", tt.text, tt.at, got, tt.want)
		}
	}
}

// TestQuote checks that values that JSON cannot represent are quoted nevertheless.
func TestQuote(t *testing.T) {
	for want, value := range map[string]any{`"a"`: "a", "null": nil, "1e400": json.Number("1e400"), "+Inf": math.Inf(1)} {
		if got := quote(value); got != want {
			t.Errorf("%v is quoted as %s, want %s", value, got, want)
		}
	}
}

// TestFind checks that a pointer without a target has no result.
func TestFind(t *testing.T) {
	value := map[string]any{"a/b": []any{"x", map[string]any{"~": "y"}}}
	for pointer, want := range map[string]any{
		"/a~1b/0": "x", "/a~1b/1/~0": "y", "/a~1b/2": nil, "/a~1b/-1": nil, "/a~1b/x": nil, "/a~1b/0/0": nil, "/c": nil, "/c/d": nil,
	} {
		if got := find(value, pointer); got != want {
			t.Errorf("%s leads to %v, want %v", pointer, got, want)
		}
	}
	if got := find("whole", ""); got != "whole" {
		t.Errorf("the whole value is %v", got)
	}
}

// TestFailuresAreSorted checks that failures have one order, in whatever order they were
// found: positions by number, then names.
func TestFailuresAreSorted(t *testing.T) {
	want := []Failure{
		{Pointer: ""}, {Pointer: "/2"}, {Pointer: "/2", Kind: Undeclared}, {Pointer: "/2", Kind: Violation, Keyword: "a"}, {Pointer: "/2", Kind: Violation, Keyword: "b"},
		{Pointer: "/2/x"}, {Pointer: "/10"}, {Pointer: "/1a"}, {Pointer: "/3b"}, {Pointer: "/a"}, {Pointer: "/a/2/b"}, {Pointer: "/a/10/a"},
	}
	for turn := range want {
		got := slices.Concat(want[turn:], want[:turn])
		if sortFailures(got); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		slices.Reverse(got)
		if sortFailures(got); !slices.Equal(got, want) {
			t.Errorf("reversed: got %v", got)
		}
	}
}

// TestIndexKnowsPlaces checks that a schema is identified by the place where it is defined,
// even through references of any kind, so that all references to it get the same schema.
func TestIndexKnowsPlaces(t *testing.T) {
	ix := indexOf(t, documentOf(`A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, "x/y": {type: string}, deep: {$ref: '#/components/schemas/A/properties/x~1y'}}}
B: {type: string}
C: {$ref: '#/components/schemas/B'}`))
	a, c := ix.Written("/components/schemas/A"), ix.Written("/components/schemas/C")
	for want, s := range map[string]*openapi3.Schema{
		"/components/schemas/B":                 c.Value,
		"/components/schemas/A":                 a.Value,
		"/components/schemas/A/properties/x~1y": a.Value.Properties["x/y"].Value,
		"":                                      openapi3.NewStringSchema(),
	} {
		if got := ix.Pointer(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if a.Value.Properties["b"].Value != c.Value || a.Value.Properties["deep"].Value != a.Value.Properties["x/y"].Value {
		t.Error("a schema that is referred to is compiled twice")
	}
	if got := ix.place(openapi3.NewStringSchema(), "type"); got != "" {
		t.Errorf("the place of a keyword of an unknown schema is %s", got)
	}
	if got := ix.place(c.Value, ""); got != "/components/schemas/B" {
		t.Errorf("the place of no keyword is %s", got)
	}
}

// TestPlainFailures checks the failures made from kin-openapi's errors about parameters.
func TestPlainFailures(t *testing.T) {
	const at = "/paths/~1a/get/parameters/0"
	for _, tt := range []struct{ schema, value, want string }{
		{"{type: integer, minimum: 1}", "1", ""},
		{"{type: integer, minimum: 1}", "0", "minimum by #Root/minimum: wants at least 1; has 0; the number is smaller than declared"},
		{"{type: string, pattern: '^(?!x)'}", "xy", "pattern by #Root/pattern: wants ^(?!x); has xy; the value does not match its pattern"},
		{"{pattern: '^(?!x)'}", "xy", "pattern by #Root/pattern: wants ^(?!x); has xy; the value does not match its pattern"},
		{"{type: integer, maximum: 9007199254740993}", "9007199254740993", ""},
		{"{type: integer, maximum: 9007199254740993}", "9007199254740994", "maximum by #Root/maximum: wants at most 9007199254740993; has 9007199254740994; the number is larger than declared"},
		{"{type: integer, exclusiveMaximum: true, maximum: 5}", "5", "exclusiveMaximum by #Root/exclusiveMaximum: wants less than 5; has 5; the number is larger than declared"},
		{"{type: integer}", "x", `type by ` + at + `: wants ; has x; the value cannot be read as declared: an invalid integer`},
		{"{type: integer}", "", `type by ` + at + `: wants a value; has ""; the value is empty`},
		{"{type: integer}", "absent", `required by ` + at + `: wants a value; has missing; the value is required`},
		{"{type: string, minLength: 5, pattern: '^a'}", "b", "minLength by #Root/minLength: wants at least 5 characters; has b; the value is shorter than declared\n" +
			"pattern by #Root/pattern: wants ^a; has b; the value does not match its pattern"},
		{"{allOf: [{type: string, maxLength: 1}], pattern: '^a'}", "bb", "maxLength by #Root/allOf/0/maxLength: wants at most 1 characters; has bb; the value is longer than declared\n" +
			"pattern by #Root/pattern: wants ^a; has bb; the value does not match its pattern"},
		{"{type: string, enum: [asc, desc]}", "ASC", "enum by #Root/enum: wants one of asc, desc; has ASC; the value is not one of the declared values; did you mean asc?"},
		{"{type: string, enum: [asc, desc]}", strings.Repeat("x", 200), "enum by #Root/enum: wants one of asc, desc; has " + strings.Repeat("x", MaxActual) + "…; the value is not one of the declared values"},
	} {
		ix := indexOf(t, documentOf("Root: "+tt.schema))
		input := &openapi3filter.RequestValidationInput{
			Request: &http.Request{URL: &url.URL{}, Header: http.Header{}}, QueryParams: url.Values{"p": {tt.value}},
			Route:   &routers.Route{Spec: &openapi3.T{}, Operation: &openapi3.Operation{}},
			Options: &openapi3filter.Options{MultiError: true, SchemaValidationOptions: PlainOptions()},
		}
		if tt.value == "absent" {
			input.QueryParams = url.Values{}
		}
		p := openapi3.NewQueryParameter("p").WithRequired(true)
		p.Schema = ix.Written(root)
		var lines []string
		for _, f := range plainAt(t, ix, root).CorrectFailures(ix.PlainFailures(openapi3filter.ValidateParameter(t.Context(), input, p), at, tt.value), tt.value) {
			line := f.Keyword + " by " + shortPlace(f.Spec) + ": wants " + f.Expected + "; has " + f.Actual + "; " + f.Message
			if f.Hint != "" {
				line += "; " + f.Hint
			}
			lines = append(lines, line+f.Pointer)
		}
		if got := strings.Join(lines, "\n"); got != tt.want {
			t.Errorf("%q by %s: got\n%s\nwant\n%s", tt.value, tt.schema, got, tt.want)
		}
	}
	if got := (*Plain)(nil).CorrectFailures([]Failure{{Keyword: "type"}}, "x"); len(got) != 1 {
		t.Errorf("failures of a value without a schema are %+v", got)
	}
	one := &openapi3.SchemaError{Value: "x", Schema: openapi3.NewStringSchema().WithMaxLength(0), SchemaField: "maxLength"}
	for err, want := range map[error]string{errors.New("none"): "type", one: "maxLength"} {
		if got := indexOf(t, documentOf("Root: {}")).PlainFailures(err, at, "x"); len(got) != 1 || got[0].Keyword != want || got[0].Message == "" {
			t.Errorf("%v is %+v", err, got)
		}
	}
}

// TestTakesMember checks which members an object in a query may have.
func TestTakesMember(t *testing.T) {
	for schema, other := range map[string]bool{
		"{type: object, properties: {a: {}}}":                              false,
		"{type: object, properties: {a: {}}, additionalProperties: false}": false,
		"{type: object, properties: {a: {}}, additionalProperties: true}":  true,
	} {
		p := plainAt(t, indexOf(t, documentOf("Root: "+schema)), root)
		if !p.TakesMember("a") || p.TakesMember("b") != other {
			t.Errorf("%s takes a: %t, b: %t", schema, p.TakesMember("a"), p.TakesMember("b"))
		}
	}
}

// TestOperationErrors checks that an operation with an invalid schema has an error, the first
// one, and that it does not affect other operations of the document.
func TestOperationErrors(t *testing.T) {
	const source = `
openapi: 3.0.1
info: {title: t, version: "1"}
paths:
  /good: {get: {operationId: good, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Good'}}}}}}}
  /bad: {get: {operationId: bad, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Bad'}}}}}}}
components:
  schemas:
    Good: {type: string}
    Bad: {type: object, properties: {good: {$ref: '#/components/schemas/Good'}, first: {minLength: x}, second: {minLength: y}}}
`
	ix := indexOf(t, source)
	operations, err := ix.doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, op := range operations {
			built := false
			err := ix.Operation(op, oas.Unversioned, func(e *oas.Effective) {
				built = true
				for _, m := range e.Responses["200"].Media {
					ix.Compile(oas.Join(m.At.Pointer, "schema"), m.Schema, Response)
				}
			})
			if want := map[string]string{"good": "", "bad": `"x" is not a number`}[op.ShortName]; !built || (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: built %t, error %v, want %q", op.ShortName, built, err, want)
			}
		}
	}
}
