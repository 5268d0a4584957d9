package oas

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// parse parses a document.
func parse(t testing.TB, text string) *Document {
	t.Helper()
	doc, err := ParseBytes("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDecimalKeepsEveryDigit(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"9007199254740993", "9007199254740992", 1},
		{"9223372036854775808", "9223372036854775807", 1},
		{"18446744073709551615", "9223372036854775807", 1},
		{"1e400", "1e399", 1},
		{"1e400", "10e399", 0},
		{"-1e400", "1", -1},
		{"1e999999999999", "1e1000000000000", -1},
		{"100000000000000000000", "99999999999999999999", 1},
		{"1", "1.0", 0},
		{"1e2", "100", 0},
		{"0x10", "16", 0},
		{"0o17", "15", 0},
		{"1_000", "1e3", 0},
		{"0.1", "0.10", 0},
		{"-0", "0", 0},
		{"-2", "-10", 1},
		{"0.001", "0.0009", 1},
	} {
		x, okX := ParseDecimal(c.a)
		y, okY := ParseDecimal(c.b)
		if !okX || !okY {
			t.Fatalf("%s, %s: read %v, %v", c.a, c.b, okX, okY)
		}
		if got := x.Compare(y); got != c.want {
			t.Errorf("%s against %s: %d, want %d", c.a, c.b, got, c.want)
		}
		if (x.String() == y.String()) != (c.want == 0) {
			t.Errorf("%s and %s are written %s and %s", c.a, c.b, x, y)
		}
	}
	for _, s := range []string{
		"", ".", "e5", "1e", "1e99999999999999999999", "1e1099511627777", "1e-1099511627777", ".inf", "0x", "0b", "1-2", "_1", "0x" + strings.Repeat("f", 999),
	} {
		if d, ok := ParseDecimal(s); ok {
			t.Errorf("%q is read as %s", s, d)
		}
	}
}

func TestDecimalText(t *testing.T) {
	ones := strings.Repeat("1", 40)
	for text, want := range map[string]string{
		"-0.0": "0", "1.50": "1.5", "-012.5": "-12.5", ".5": "0.5", "0.25": "0.25", "-50": "-50", "120e-2": "1.2",
		ones: ones, ones + "1": "1." + ones + "e40", "1e39": "1" + strings.Repeat("0", 39), "1e40": "1e40", "-12e40": "-1.2e41",
		"1e-39": "0." + strings.Repeat("0", 38) + "1", "1e-40": "0." + strings.Repeat("0", 39) + "1", "1e-41": "1e-41", "12e-42": "1.2e-41",
		"1." + ones: "1." + ones + "e0", "1e1099511627776": "1e1099511627776", "1e-1099511627776": "1e-1099511627776",
		"0x" + strings.Repeat("0", 997) + "f": "15",
	} {
		if d, ok := ParseDecimal(text); !ok || d.String() != want {
			t.Errorf("%s is written %s, want %s", text, d, want)
		}
	}
}

func TestDecimalNext(t *testing.T) {
	nines := strings.Repeat("9", 39)
	for _, c := range []struct {
		text string
		step int64
		want string
	}{{"5", 1, "6"}, {"0", -1, "-1"}, {"1e1", -1, "9"}, {nines, 1, "1" + strings.Repeat("0", 39)}, {"9" + nines, -1, "9" + nines[:38] + "8"}, {"1e40", 1, ""}, {"1.5", 1, ""}} {
		d, _ := ParseDecimal(c.text)
		if next, ok := d.Next(c.step); ok != (c.want != "") || ok && next.String() != c.want {
			t.Errorf("%s%+d: %s, %v, want %s", c.text, c.step, next, ok, c.want)
		}
	}
}

func TestDecimalMultiples(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"10", "5", true}, {"0.3", "0.1", true}, {"10", "4", false}, {"1e400", "1e400", true}, {"1e308", "10", true},
		{"1e308", "3", false}, {"1e-300", "1e-301", true}, {"1e999999999", "2", true},
		{"1e999999999", "3", false}, {"1e999999999", "1e999999998", true}, {"1e999999998", "1e999999999", false}, {"0", "7", true}, {"0", "0", true},
		{"7", "0", false}, {"-9", "3", true}, {"7", "-7", true}, {"15", "5", true}, {"0", "10", true}, {"1", "1e-1000000000000", true},
		{strings.Repeat("9", 1000), "9", true}, {strings.Repeat("9", 1000), "7", false}, {strings.Repeat("9", 1001), "9", false}} {
		x, _ := ParseDecimal(c.a)
		y, _ := ParseDecimal(c.b)
		if got := x.IsMultipleOf(y); got != c.want {
			t.Errorf("%s a multiple of %s: %v", c.a, c.b, got)
		}
	}
}

// TestCanonical checks the canonical form of values in all notations of YAML.
func TestCanonical(t *testing.T) {
	doc := parse(t, "openapi: 3.0.3\npaths: {}\nx: ['1', \"1e400\", 1e400, !!str 1e400, !!int '7', 0x1F, 1_000, +1, 1., .5, -.5, -12, _1, -, 9-1, ~, True, a, [], {b: 1.0, a: null}, \"\\xff\"]")
	want := `["1","1e400",1e400,"1e400",7,31,1000,1,1,0.5,-0.5,-12,"_1","-","9-1",null,true,"a",[],{"a":null,"b":1},"ÿ"]`
	if got := Canonical(Get(doc.Root(), "x")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Canonical(String("1e400")); got != `"1e400"` {
		t.Errorf("a new string is %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"second document":  {"openapi: 3.0.3\npaths: {}\n---\nopenapi: 3.0.3\n", "second YAML document"},
		"duplicate key":    {"openapi: 3.0.3\npaths: {}\npaths: {}\n", `duplicate key "paths"`},
		"JSON cut off":     {`{"openapi": "3.0.3", "paths": {"/a": {`, "it ends early"},
		"text after JSON":  {`{"openapi": "3.0.3", "paths": {}} x`, "invalid JSON"},
		"merge key":        {"openapi: 3.0.3\nx: &x {a: 1}\npaths: {<<: *x}\n", "merge keys"},
		"deep nesting":     {"openapi: 3.0.3\npaths: {}\nx: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "more than 200 levels of nesting at line 3"},
		"deep JSON":        {`{"openapi": "3.0.3", "paths": {}, "x": ` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", "more than 200 levels of nesting"},
		"deep aliases":     {aliasChain(250), "more than 200 levels of nesting"},
		"aliases":          {bomb(), "more than 400,000 nodes at line "},
		"HTML":             {"<html>", "web page"},
		"Swagger":          {"swagger: '2.0'\npaths: {}", "Swagger 2.0"},
		"OpenAPI 3.2":      {"openapi: 3.2.0\npaths: {}", "not supported"},
		"empty":            {" \n", "empty"},
		"a list":           {"- openapi", "not a mapping"},
		"key not a scalar": {"openapi: 3.0.3\npaths: {? [a] : b}", "not a scalar"},
	} {
		_, err := ParseBytes("x.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// aliasChain is a document whose aliases expand to lists in each other.
func aliasChain(n int) string {
	var out strings.Builder
	out.WriteString("openapi: 3.0.3\npaths: {}\na0: &a0 []\n")
	for i := range n {
		fmt.Fprintf(&out, "a%d: &a%d [*a%d]\n", i+1, i+1, i)
	}
	return out.String()
}

// bomb is a document whose aliases expand to billions of nodes.
func bomb() string {
	var out strings.Builder
	out.WriteString("openapi: 3.0.3\npaths: {}\na0: &a0 [1,1,1,1,1,1,1,1,1,1]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&out, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	return out.String()
}

func TestComplete(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: t}\n"
	for name, c := range map[string]struct{ text, want string }{
		"whole":           {head + "paths: {/a: {get: {responses: {'200': {description: ok}}}}}\nservers: []", ""},
		"no responses":    {head + "servers: []\npaths: {/a: {get: {operationId: x}}}", "GET /a (line 4) has no responses; the last thing that was read is /paths/~1a/get/operationId"},
		"no servers":      {head + "paths: {/a: {get: {responses: {}}}}", `it has no "servers"`},
		"3.1":             {"openapi: 3.1.0\nservers: []\npaths: {/a: {get: {}}}", ""},
		"3.1, a number":   {"openapi: 3.1.0\nservers: []\npaths: {/a: {get: {responses: 1}}}\ntags: [a, b]", "GET /a (line 3) has no responses; the last thing that was read is /tags/1, line 4"},
		"dangling":        {head + "servers: []\npaths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/R'}}}}}", "test.yaml: the document is not complete: at /paths/~1a/get/responses/200, line 4"},
		"dangling target": {head + "servers: []\npaths: {}\ncomponents: {schemas: {A: {discriminator: {propertyName: p, mapping: {x: B}}}}}", "does not contain the target"},
		"external":        {head + "servers: []\npaths: {}\ncomponents: {schemas: {A: {$ref: 'other.yaml#/A'}}}", "test.yaml: at /components/schemas/A, line 5"},
		"$ref as data": {head + "servers: []\npaths: {}\ncomponents: {schemas: {A: {enum: [{$ref: '#/x'}], default: {$ref: y}, example: {$ref: z}, x-a: {$ref: q}, " +
			"properties: {$ref: {type: string}}}}}", ""},
	} {
		doc := parse(t, c.text)
		err := errors.Join(doc.HasSections("servers"), doc.Complete())
		switch {
		case c.want == "" && err != nil, c.want != "" && err == nil:
			t.Errorf("%s: %v, want %q", name, err, c.want)
		case err != nil && !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if name == "external" && !errors.Is(err, ErrExternal) {
			t.Errorf("%v is not ErrExternal", err)
		}
	}
}

func TestTarget(t *testing.T) {
	doc := parse(t, `
openapi: 3.1.0
paths: {}
components:
  schemas:
    A: {$anchor: once, properties: {'a "b"': {}, '100%': {}}}
    B: {$defs: {c: {$id: 'https://example.com/c', $anchor: twice}, d: {$anchor: twice}}}
`)
	for ref, want := range map[string]string{
		"#/components/schemas/A":                        "/components/schemas/A",
		"#/components/schemas/A/properties/a%20%22b%22": `/components/schemas/A/properties/a "b"`,
		"#/components/schemas/A/properties/100%":        "/components/schemas/A/properties/100%",
		"#/components/schemas/A/properties/100%25":      "/components/schemas/A/properties/100%",
		"#once":                  "/components/schemas/A",
		"#twice":                 "",
		"#/components/schemas/C": "",
	} {
		n, got, err := doc.Target(ref)
		if want == "" && !errors.Is(err, ErrDangling) || want != "" && (err != nil || n == nil || got != want) {
			t.Errorf("%s: got %q, %v, want %q", ref, got, err, want)
		}
	}
}

func TestOperationsFollowPathItems(t *testing.T) {
	doc := parse(t, `
openapi: 3.1.0
paths:
  /a: {$ref: '#/components/pathItems/P'}
  /b/{id}: {parameters: [], post: {operationId: doB, x-xgen-operation-id-override: b, responses: {}}}
components: {pathItems: {P: {get: {responses: {'200': {description: ok, content: {application/vnd.atlas.2024-01-02+json: {}}}}}}}}
`)
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	if len(ops) != 2 || ops[0].ShortName != "GET /a" || ops[0].Versions[0] != "2024-01-02" || ops[0].Pointer() != "/components/pathItems/P/get" {
		t.Errorf("%+v", ops[0])
	}
	if ops[1].ShortName != "b" || ops[1].Key() != "POST /b/{}" {
		t.Errorf("%s %s", ops[1].ShortName, ops[1].Key())
	}
}
