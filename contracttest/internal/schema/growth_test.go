package schema

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// growing is a schema with a place for each kind of large text.
const growing = `Root: {type: object, properties: {list: {type: array, items: {$ref: '#/components/schemas/Item'}}, tree: {$ref: '#/components/schemas/Tree'}, set: {type: array, uniqueItems: true, items: {type: number}}, map: {type: object, additionalProperties: {type: string}}, text: {type: string, pattern: '^(a|b)*$', maxLength: 9}}}
Item: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}}
A: {type: object, required: [kind], properties: {kind: {type: string, enum: [a]}, n: {type: integer, maximum: 5}}}
B: {type: object, required: [kind], properties: {kind: {type: string, enum: [b]}, s: {type: string, minLength: 2}}}
Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, v: {type: integer}}}`

// growingTexts are texts, each of which grows in one place.
var growingTexts = map[string]func(n int) string{
	"valid items":        func(n int) string { return `{"list":[` + limitstest.NumberedList(n, `{"kind":"a","n":1}`) + `]}` },
	"invalid items":      func(n int) string { return `{"list":[` + limitstest.NumberedList(n, `{"kind":"a","n":%d}`) + `]}` },
	"wrong branches":     func(n int) string { return `{"list":[` + limitstest.NumberedList(n, `{"kind":"c%d","n":1}`) + `]}` },
	"undeclared members": func(n int) string { return `{` + limitstest.NumberedList(n, `"m%d":1`) + `}` },
	"undeclared in list": func(n int) string { return `{"list":[` + limitstest.NumberedList(n, `{"kind":"b","n%d":1}`) + `]}` },
	"duplicate keys":     func(n int) string { return `{` + limitstest.NumberedList(n, `"text":"a"`) + `}` },
	"a map":              func(n int) string { return `{"map":{` + limitstest.NumberedList(n, `"m%d":"v"`) + `}}` },
	"wrong values":       func(n int) string { return `{"map":{` + limitstest.NumberedList(n, `"m%d":1`) + `}}` },
	"a set":              func(n int) string { return `{"set":[` + limitstest.NumberedList(n, `%d`) + `]}` },
	"a long text":        func(n int) string { return `{"text":"` + strings.Repeat("ab", n) + `"}` },
	"a chain":            func(n int) string { return strings.Repeat(`{"tree":`, n/40) + `{"v":"x"}` + strings.Repeat("}", n/40) },
	"malformed":          func(n int) string { return `{"list":[` + limitstest.NumberedList(n, `{"kind":"a"}`) },
}

// nested returns a text with a value inside nested objects, levels deep. The outermost has
// the member first, the others the member each.
func nested(levels int, first, each, value string) string {
	return `{"` + first + `":` + strings.Repeat(`{"`+each+`":`, levels) + value + strings.Repeat("}", levels+1)
}

// TestGrowth checks that validating a text allocates in proportion to the text, whatever is
// wrong with it.
func TestGrowth(t *testing.T) {
	slowtest.Skip(t)
	s := compiled(t, documentOf(growing), "Root")
	for name, text := range growingTexts {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) { s.Check([]byte(text)) })
		limitstest.MemoryGrowth(t, "enveloped, "+name, 1000, func(n int) string { return `{"status":200,"envelope":` + text(n) + `}` }, func(text string) {
			s.CheckEnveloped([]byte(text), Envelope{Status: 200})
		})
	}
}

// TestGrowthBelowDepth checks that the cost of a failure does not depend on the nesting depth of
// valid values.
func TestGrowthBelowDepth(t *testing.T) {
	s := compiled(t, documentOf(`Root: {type: object, properties: {text: {type: string}, tree: {$ref: '#/components/schemas/Tree'}}}
Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, many: {type: array, items: {type: integer}}}}`), "Root")
	for name, text := range map[string]func(n int) string{
		"members": func(n int) string {
			return nested(n/20, "text", strings.Repeat("k", 900), `{`+limitstest.NumberedList(n, `"m%d":1`)+`}`)
		},
		"elements": func(n int) string {
			return nested(n/20, "tree", "left", `{"many":[`+limitstest.NumberedList(n, `1`)+`,"x"]}`)
		},
	} {
		limitstest.MemoryGrowth(t, name, 2000, text, func(text string) {
			if failures := s.Check([]byte(text)).Failures; len(failures) != 1 || failures[0].Keyword != "type" {
				t.Errorf("%s: got %+v", name, failures)
			}
		})
	}
}

// enumOf is a schema with an enumeration of n values.
func enumOf(n int) string {
	return "Root: {type: array, items: {type: string, enum: [" + limitstest.NumberedList(n, "VALUE_%d") + "]}}"
}

// TestLargeEnums checks that a text is validated against a large enumeration, and that
// validation ends with an error if it would take too much work.
func TestLargeEnums(t *testing.T) {
	s := compiled(t, documentOf(enumOf(10_000)), "Root")
	for text, want := range map[string]string{
		`["VALUE_0","VALUE_9999"]`: "",
		`["VALUE_x"]`:              "enum /0",
		`[` + limitstest.NumberedList(2_000, `"VALUE_9998"`) + `]`:                          "", // by the fast path
		`[` + limitstest.NumberedList(2_000, `"VALUE_x"`) + `]`:                             "limit",
		`["VALUE_x",` + limitstest.NumberedList(maxComparisons/10_000-2, `"VALUE_0"`) + `]`: "enum /0",
		`["VALUE_x",` + limitstest.NumberedList(maxComparisons/10_000-1, `"VALUE_0"`) + `]`: "limit",
	} {
		if got := failuresOf(s.Check([]byte(text))); got != want {
			t.Errorf("%.40s: got %s, want %s", text, got, want)
		}
	}
	f := s.Check([]byte(`["VALUE_x"]`)).Failures[0]
	if !strings.HasSuffix(f.Expected, "VALUE_999 and 9000 more") {
		t.Errorf("expected is …%s", f.Expected[max(0, len(f.Expected)-60):])
	}
	for n, more := range map[int]bool{maxCandidates: false, maxCandidates + 1: true} {
		f := compiled(t, documentOf(enumOf(n)), "Root").Check([]byte(`["VALUE_x"]`)).Failures[0]
		if strings.HasSuffix(f.Expected, " more") != more {
			t.Errorf("%d values: expected is …%s", n, f.Expected[len(f.Expected)-60:])
		}
	}
	limitstest.MemoryGrowth(t, "enum", 1000, enumOf, func(schema string) {
		compiled(t, documentOf(schema), "Root").Check([]byte(`["VALUE_0","VALUE_x"]`))
	})
}

// TestManyValues checks that a text with too many values is refused before all of them are
// in memory.
func TestManyValues(t *testing.T) {
	s := compiled(t, documentOf(growing), "Root")
	text := `{"set":[` + strings.Repeat("[],", 2_000_000) + `[]]}`
	var v Verdict
	if used := limitstest.Memory(func() { v = s.Check([]byte(text)) }); used > 64<<20 {
		t.Errorf("it took %d bytes", used)
	}
	if len(v.Failures) != 1 || v.Failures[0].Keyword != "limit" || !strings.Contains(v.Failures[0].Message, "more than 300,000 nodes") {
		t.Errorf("got %+v", v.Failures)
	}
}

// TestManyValuesWithOutsizedNumber checks that a text with a number outside the range of
// float64, whose values are kept twice, may have half as many.
func TestManyValuesWithOutsizedNumber(t *testing.T) {
	s := compiled(t, documentOf(growing), "Root")
	for number, want := range map[string]string{"1": "", "1e999": "more than 300,000 nodes"} {
		message := ""
		if f := s.Check([]byte(`[` + strings.Repeat(`{},`, MaxValues/2) + number + `]`)).Failures; len(f) > 0 && f[0].Keyword == "limit" {
			message = f[0].Message
		}
		if (want == "") != (message == "") || !strings.Contains(message, want) {
			t.Errorf("with %s: got %q, want %q", number, message, want)
		}
	}
}

// TestWideObjects checks members of an object with many properties, which are found by
// binary search.
func TestWideObjects(t *testing.T) {
	slowtest.Skip(t)
	s := compiled(t, documentOf("Root: {type: object, properties: {"+limitstest.NumberedList(5_000, "p%d: {type: integer}")+"}}"), "Root")
	text := `{` + limitstest.NumberedList(5_000, `"p%d":1`) + `}`
	if got := failuresOf(s.Check([]byte(text))); got != "" {
		t.Errorf("got %s", got)
	}
	limitstest.MemoryGrowth(t, "undeclared members", 2_000, func(n int) string { return `{` + limitstest.NumberedList(n, `"q%d":1`) + `}` }, func(text string) { s.Check([]byte(text)) })
}
