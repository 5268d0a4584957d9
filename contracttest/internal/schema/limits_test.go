package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// documentOf returns a document of schemas, one per line.
func documentOf(schemas string) string {
	return "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    " + strings.ReplaceAll(schemas, "\n", "\n    ") + "\n"
}

// TestLongTexts checks that every failure of a text up to maxWhole is reported, and only
// the first failure of a longer text.
func TestLongTexts(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: object, properties: {a: {type: string}, b: {type: string}}}"), "Root")
	text := `{"a":1,"b":2}`
	for size, want := range map[int]string{maxFullBytes: "type /a\ntype /b", maxFullBytes + 1: "type /a"} {
		got := failuresOf(s.Check([]byte(text + strings.Repeat(" ", size-len(text)))))
		if size > maxFullBytes && got == "type /b" { // the first failure may be any of them
			got = want
		}
		if got != want {
			t.Errorf("%d bytes: got %s, want %s", size, got, want)
		}
	}
}

// TestManyFailures checks that every failure of a text with up to maxWholeValues values is
// reported, and only the first failure of a text with more.
func TestManyFailures(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: object, properties: {a: {type: string}, b: {type: string}, list: {type: array, items: {type: integer}}}}"), "Root")
	for values, want := range map[int]int{maxFullValues: 2, maxFullValues + 1: 1} {
		text := `{"a":1,"b":2,"list":[0` + strings.Repeat(",0", values-5) + `]}`
		if got := len(s.Check([]byte(text)).Failures); got != want {
			t.Errorf("%d values: %d failures, want %d", values, got, want)
		}
	}
}

// TestHintsAreBounded checks that the first maxHints failures of a kind have hints.
func TestHintsAreBounded(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: object, properties: {list: {type: array, items: {type: string, enum: [VALUE]}}, MEMBER: {type: string}}}"), "Root")
	var text strings.Builder
	text.WriteString(`{"list":["VALUE"`)
	for range maxHints + 1 {
		text.WriteString(`,"VALUES"`)
	}
	text.WriteString("]")
	for i := range maxHints + 1 {
		fmt.Fprintf(&text, `,"MEMBE%c":1`, 'Я'+rune(i))
	}
	hints := map[Kind]int{}
	for _, f := range s.Check([]byte(text.String() + "}")).Failures {
		if f.Hint != "" {
			hints[f.Kind]++
		}
	}
	if hints[Violation] != maxHints || hints[Undeclared] != maxHints {
		t.Errorf("got %v hints, want %d of each kind", hints, maxHints)
	}
}

// TestLongMatches checks that a text of up to maxMatchBytes is matched with a pattern that
// may backtrack, and that a longer one is reported as not judged.
func TestLongMatches(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: string, pattern: '^(?!b)'}"), "Root")
	for size, want := range map[int]string{maxMatchBytes: "the value does not match its pattern", maxMatchBytes + 1: "more than 65,536 bytes for a pattern that may backtrack; that is the limit"} {
		failures := s.Check([]byte(`"` + strings.Repeat("b", size) + `"`)).Failures
		if len(failures) != 1 || failures[0].Message != want || (failures[0].Kind == NotJudged) != (size > maxMatchBytes) {
			t.Errorf("%d bytes: %+v", size, failures)
		}
	}
}

// TestTypes checks the type of an invalid value, as numbers are written and as kin-openapi
// reads them.
func TestTypes(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: object, properties: {a: {type: boolean, maxLength: 1}}}"), "Root")
	for value, want := range map[string]string{"1": "integer", "-20": "integer", "1.5": "number", `"x"`: "string", "[]": "array", "{}": "object", "null": "null"} {
		for _, member := range []string{"a", "undeclared"} {
			if failures := s.Check([]byte(`{"` + member + `":` + value + `}`)).Failures; len(failures) != 1 || failures[0].Type != want {
				t.Errorf("%s of %s: %+v, want the type %s", member, value, failures, want)
			}
		}
	}
}

// TestFailuresAreBounded checks that the number of reported failures of a body is limited.
func TestFailuresAreBounded(t *testing.T) {
	s := compiled(t, documentOf("Root: {type: object, properties: {a: {type: string}, list: {type: array, items: {type: boolean}}}}"), "Root")
	count := map[Kind]int{}
	var text strings.Builder
	text.WriteString(`{"a":1`)
	for i := range maxFailures + 1 {
		fmt.Fprintf(&text, `,"x%d":1,"a":""`, i)
	}
	text.WriteString(`,"a":""}`)
	wrong := `{"list":[0` + strings.Repeat(",0", maxFailures) + `]}`
	for _, text := range []string{text.String(), wrong} {
		for _, f := range s.Check([]byte(text)).Failures {
			count[f.Kind]++
		}
	}
	long := compiled(t, documentOf("Root: {type: array, items: {type: string, pattern: '^(?=a)'}}"), "Root")
	if got := len(long.Check([]byte(`["b"` + strings.Repeat(`,"b"`, maxFailures) + `]`)).Failures); got != maxFailures {
		t.Errorf("%d texts that do not match are reported, want %d", got, maxFailures)
	}
	if count[Duplicate] != maxFailures || count[Undeclared] != maxFailures || count[Violation] != maxFailures {
		t.Errorf("got %v", count)
	}
	k := kin{index: s.index, value: nil}
	many := openapi3.MultiError{}
	for range maxFailures + 1 {
		many = append(many, errors.New("any"))
	}
	if k.add(many, "/a"); len(k.failures) != maxFailures || k.failures[0].Pointer != "/a" || k.failures[0].Message != "any" {
		t.Errorf("%d failures, the first is %+v", len(k.failures), k.failures[0])
	}
}

// TestManyMembers checks that the fast path supports schemas with up to 64 members, and that
// values of larger schemas are validated correctly without it.
func TestManyMembers(t *testing.T) {
	for members, fast := range map[int]bool{64: true, 65: false} {
		var schema, text []string
		for i := range members {
			schema = append(schema, fmt.Sprintf("m%02d: {type: integer}", i))
			text = append(text, fmt.Sprintf(`"m%02d":%d`, i, i))
		}
		last := fmt.Sprintf("m%02d", members-1)
		s := compiled(t, documentOf("Root: {type: object, required: ["+last+"], properties: {"+strings.Join(schema, ", ")+"}}"), "Root")
		whole := "{" + strings.Join(text, ",") + "}"
		seen, proved := s.prove([]byte(whole))
		if proved != fast || failuresOf(s.Check([]byte(whole))) != "" {
			t.Errorf("%d members: proved is %v; %s", members, proved, failuresOf(s.Check([]byte(whole))))
		}
		if proved && (len(seen) != 1 || seen[0] != 1<<64-1) {
			t.Errorf("%d members show %x", members, seen)
		}
		for text, want := range map[string]string{
			"{" + strings.Join(text[:members-1], ",") + "}":      "required /" + last,
			"{" + strings.Join(text, ",") + `,"` + last + `":0}`: "duplicate /" + last,
		} {
			if got := failuresOf(s.Check([]byte(text))); got != want {
				t.Errorf("%d members: got %q, want %q", members, got, want)
			}
		}
	}
}

// TestCoverageItemsAreBounded checks a schema whose occurrences multiply: coverage counts
// up to maxNodes of them separately, and values at the others are only validated.
func TestCoverageItemsAreBounded(t *testing.T) {
	var schemas []string
	for level := range 9 {
		var members []string
		for i := range 9 {
			members = append(members, fmt.Sprintf("m%d: {$ref: '#/components/schemas/L%d'}", i, level+1))
		}
		schemas = append(schemas, fmt.Sprintf("L%d: {type: object, properties: {%s}}", level, strings.Join(members, ", ")))
	}
	s := compiled(t, documentOf(strings.Join(append(schemas, "L9: {type: string, enum: [x]}"), "\n")), "L0")
	if got := len(s.CoverageItems()); got < maxNodes || got > 2*maxNodes {
		t.Errorf("%d coverage items for %d occurrences", got, maxNodes)
	}
	deep := func(value string) []byte {
		return []byte(strings.Repeat(`{"m8":`, 9) + value + strings.Repeat("}", 9))
	}
	if got := s.describe(deep(`"x"`)); len(got) != 1 || got[0] != "proved" {
		t.Errorf("got %v", got)
	}
	if got := failuresOf(s.Check(deep("1"))); got != "type "+strings.Repeat("/m8", 9) {
		t.Errorf("got %s", got)
	}
}

// TestCountedMembers checks that at most maxNodes members are counted.
func TestCountedMembers(t *testing.T) {
	var members strings.Builder
	for i := range maxNodes + 10 {
		fmt.Fprintf(&members, "m%d: {type: string}, ", i)
	}
	if got := len(compiled(t, documentOf("Root: {type: object, properties: {"+members.String()+"}}"), "Root").CoverageItems()); got != maxNodes {
		t.Errorf("%d members are counted, want %d", got, maxNodes)
	}
}

// TestSeen checks that a set of coverage items takes one bit for each coverage item.
func TestSeen(t *testing.T) {
	for n, words := range map[int]int{0: 0, 1: 1, 64: 1, 65: 2} {
		if got := len(newBits(n)); got != words {
			t.Errorf("%d coverage items take %d words, want %d", n, got, words)
		}
	}
	b := newBits(130)
	for _, number := range []int{0, 63, 64, 129, -1} {
		b.set(number)
	}
	for number := range 130 {
		want := number == 0 || number == 63 || number == 64 || number == 129
		if b.Has(number) != want {
			t.Errorf("coverage item %d is in the set: %v", number, b.Has(number))
		}
	}
}
