package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// subject is a schema of the contract, compiled for a direction.
type subject struct {
	name   string
	ref    *openapi3.SchemaRef
	schema *Schema
}

// subjects contains all named schemas of all versions, and a few that are not in the
// contract.
func subjects(t testing.TB) []subject {
	t.Helper()
	var all []subject
	add := func(source, version string) {
		ix := indexOf(t, source)
		for name := range oas.Pairs(oas.At(ix.doc.Root(), "components", "schemas")) {
			at := "/components/schemas/" + name
			all = append(all,
				subject{version + " " + name, ix.Written(at), compiledAt(t, ix, at, Response)},
				subject{version + " " + name + " request", ix.Written(at), compiledAt(t, ix, at, Request)})
		}
	}
	for _, version := range openapi.Versions() {
		source, err := openapi.Source(version)
		if err != nil {
			t.Fatal(err)
		}
		add(string(source), version)
	}
	add(kinOnly, "kinOnly")
	return all
}

// kinOnly contains schemas with keywords that only kin-openapi validates, and similar
// schemas.
const kinOnly = `
openapi: 3.0.1
info: {title: kinOnly, version: "1"}
paths: {}
components:
  schemas:
    Anything: {}
    Nullable: {nullable: true}
    Numbers:
      type: object
      properties:
        n: {type: number, minimum: -1.5, maximum: 3}
        i: {type: integer, minimum: 0, exclusiveMinimum: true}
        l: {type: integer, format: int64}
        s: {type: integer, format: int32}
        m: {type: number, multipleOf: 0.5}
        e: {type: integer, enum: [1, 2]}
    Texts:
      type: object
      properties:
        date: {type: string, format: date-time}
        some: {type: string, pattern: '^a+$'}
        part: {type: string, pattern: 'b[cd]'}
        long: {type: string, minLength: 2, maxLength: 3}
        enum: {type: string, enum: [a, b], nullable: true}
        none: {type: string, format: password}
      additionalProperties: false
    Open: {type: object, additionalProperties: {type: integer}, properties: {a: {type: string}}}
    Lists:
      type: object
      properties:
        few: {type: array, items: {type: integer}, minItems: 1, maxItems: 2}
        set: {type: array, items: {type: integer}, uniqueItems: true}
        any: {type: array, items: {}}
    Composed:
      allOf:
        - {type: object, required: [a], properties: {a: {type: string}}}
        - {type: object, properties: {b: {type: integer}}}
    Either:
      oneOf:
        - {type: object, required: [a], properties: {a: {type: string}}}
        - {type: object, required: [b], properties: {b: {type: integer}}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, tricks: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog', hound: '#/components/schemas/Dog'}}
    Keeper: {type: object, properties: {kind: {type: string}, pet: {$ref: '#/components/schemas/Either'}}}
    Owner:
      oneOf: [{$ref: '#/components/schemas/Keeper'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Keeper', dog: '#/components/schemas/Dog'}}
    Unmapped:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}, value: {type: boolean}}}
`

// agree checks that if the fast path accepts a text, kin-openapi and every other check
// accept it, and both paths report the same coverage.
func agree(t interface {
	Helper()
	Fatalf(string, ...any)
}, s subject, text []byte) (proved bool) {
	t.Helper()
	seen, proved := s.schema.prove(text)
	if !proved {
		return false
	}
	slow := s.schema.checkFully(text)
	if len(slow.Failures) > 0 {
		t.Fatalf("%s: proved valid, but the slow path reports %+v text: %s", s.name, slow.Failures, text)
	}
	if !slices.Equal(seen, slow.Seen) {
		t.Fatalf("%s: coverage %x, and on the slow path %x text: %s", s.name, seen, slow.Seen, text)
	}
	return true
}

// TestProvedIsAccepted checks agree for texts that are valid or almost valid.
func TestProvedIsAccepted(t *testing.T) {
	slowtest.Skip(t)
	all := subjects(t)
	proved, tried := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(all).Draw(t, "schema")
		// rapid prefers small values; a seed spreads the values evenly.
		d := drawer{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), s.schema.direction}
		for range 50 {
			text := d.disturb(d.value(s.ref.Value, 0))
			tried++
			if agree(t, s, []byte(text)) {
				proved++
			}
		}
	})
	t.Logf("%d of %d texts were proved valid", proved, tried)
	if proved < tried/20 {
		t.Errorf("only %d of %d texts were proved valid, too few for this test", proved, tried)
	}
}

// drawer generates JSON texts that are mostly valid for a schema.
type drawer struct {
	*rand.Rand
	direction Direction
}

func (d drawer) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d drawer, from []T) T { return from[d.IntN(len(from))] }

func (d drawer) value(s *openapi3.Schema, depth int) string {
	if d.chance(3) {
		return pick(d, oddValues)
	}
	switch {
	case len(s.OneOf) > 0:
		return d.union(s, depth)
	case len(s.AllOf) > 0:
		return d.value(s.AllOf[0].Value, depth)
	case len(s.Enum) > 0:
		b, _ := json.Marshal(pick(d, s.Enum))
		return string(b)
	case s.Type == nil:
		return pick(d, oddValues)
	}
	switch s.Type.Slice()[0] {
	case openapi3.TypeObject:
		return d.object(s, depth, nil)
	case openapi3.TypeArray:
		var items []string
		for range d.IntN(4) {
			items = append(items, d.value(s.Items.Value, depth+1))
		}
		return "[" + strings.Join(items, ",") + "]"
	case openapi3.TypeBoolean:
		return pick(d, []string{"true", "false"})
	case openapi3.TypeInteger, openapi3.TypeNumber:
		return d.plain(s, numbers)
	}
	return d.plain(s, texts)
}

// plain returns one of the candidates, mostly a valid one.
func (d drawer) plain(s *openapi3.Schema, candidates []string) string {
	if d.chance(95) {
		var kept []string
		for _, c := range candidates {
			var v any
			if json.Unmarshal([]byte(c), &v) == nil && s.VisitJSON(v, PlainOptions()...) == nil {
				kept = append(kept, c)
			}
		}
		if len(kept) > 0 {
			candidates = kept
		}
	}
	return pick(d, candidates)
}

func (d drawer) union(s *openapi3.Schema, depth int) string {
	ref := pick(d, s.OneOf)
	if s.Discriminator == nil || len(s.Discriminator.Mapping) == 0 {
		return d.value(ref.Value, depth)
	}
	name := pick(d, slices.Sorted(maps.Keys(s.Discriminator.Mapping)))
	return d.object(ref.Value, depth, map[string]string{s.Discriminator.PropertyName: fmt.Sprintf("%q", name)})
}

func (d drawer) object(s *openapi3.Schema, depth int, fixed map[string]string) string {
	var members []string
	names := slices.Sorted(maps.Keys(s.Properties))
	if d.chance(50) {
		d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	}
	for _, name := range names {
		wanted := 50
		if slices.Contains(s.Required, name) {
			wanted = 98
		}
		if depth > 3 || !d.chance(wanted) || (d.direction == Request && s.Properties[name].Value.ReadOnly && !d.chance(5)) {
			continue
		}
		v := fixed[name]
		if v == "" {
			v = d.value(s.Properties[name].Value, depth+1)
		}
		members = append(members, fmt.Sprintf("%q:%s", name, v))
	}
	if d.chance(2) {
		members = append(members, `"more":1`)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// disturb sometimes changes a byte, or the white space.
func (d drawer) disturb(text string) string {
	switch {
	case d.chance(10):
		at := d.IntN(len(text))
		return text[:at] + pick(d, []string{"", " ", "\"", ",", "0", "\\", "\n", "é", "\xff", "}", "e", "-"}) + text[at+1:]
	case d.chance(10):
		return " " + strings.NewReplacer(",", " ,\n", ":", "\t: ").Replace(text) + "\r\n"
	}
	return text
}

var oddValues = []string{"null", "true", "0", "-0", "01", "1.0", "1e3", "1.5", "-", `""`, `"x"`, "[]", "{}", `[{"a":1,"a":2}]`, `{"a":1,"a":2}`, "[1,1]", "1e999", "123456789012345678901234567890"}

var numbers = []string{"0", "1", "2", "3", "4", "-1", "-2", "500", "501", "2147483647", "2147483648", "-2147483648", "-2147483649", "999999999999999", "9223372036854775807", "9223372036854775808", "1.0", "0.5", "-0", "-0.0", "1e2", "00"}

var texts = []string{
	`"0123456789abcdef01234567"`, `"0123456789ABCDEF01234567"`, `"0123456789abcdef0123456"`, `"0123456789abcdef01234567\n"`, `"012345678\u0039abcdef01234567"`,
	`"https://account.blob.core.windows.net/container"`, `"snapshots"`, `"ab"`, `"éé"`, `"ééé"`, `"𝄞𝄞"`, `"a"`, `"aaa"`, `"bc"`, `"\""`, `"\u00e9\u00e9"`, `"\ud834\udd1e"`, `"\ud834"`,
	`"01234567-89ab-cdef-0123-456789abcdef"`, `"01234567-89AB-cdef-0123-456789abcdeg"`, `"2026-01-02T03:04:05Z"`, `"2026-01-02"`, "\"\xff\"", "\"\t\"", `"AWS"`, `"GCP"`,
}

// FuzzProve searches for an invalid text that the fast path accepts.
func FuzzProve(f *testing.F) {
	for _, text := range []string{
		`{"_id":"0123456789abcdef01234567","bucketName":"abc","cloudProvider":"GCP","roleId":"0123456789abcdef01234567"}`,
		`{"results":[{"_id":"0123456789abcdef01234567","bucketName":"abc","cloudProvider":"AWS","iamRoleId":"0123456789abcdef01234567"}],"totalCount":1}`,
		`{"error":404,"errorCode":"X","parameters":[null,1,"a"],"reason":null}`, `{"kind":"hound","tricks":[{"kind":"cat"}]}`, `{"n":1,"i":2}`,
	} {
		f.Add([]byte(text))
	}
	all := subjects(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range all {
			agree(t, s, text)
		}
	})
}

// TestFixedPatternsMatchAsRegexpDoes compares the byte-by-byte matcher with regexp.
func TestFixedPatternsMatchAsRegexpDoes(t *testing.T) {
	expressions := []string{`^([a-f0-9]{24})$`, `^[a-z]{2}-\d{3}$`, `^abc$`, `^a[^b]c$`, `^(?:x[0-9]){2}$`, `^\x{e9}$`, `^(?i)abc$`, `^[\w]{3}$`, `^.{2}$`, `abc`, `^a{2}`, `^$`}
	rapid.Check(t, func(t *rapid.T) {
		p := compilePattern(rapid.SampledFrom(expressions).Draw(t, "expression"))
		text := rapid.OneOf(rapid.StringMatching(`[a-f0-9]{23,25}`), rapid.StringMatching(`[abcABCx\d-]{0,6}`), rapid.String()).Draw(t, "text")
		if got, want := p.match([]byte(text)), p.expr.MatchString(text); got != want {
			t.Fatalf("%v on %q: got %v, regexp returns %v", p.expr, text, got, want)
		}
	})
}

// FuzzCheck searches for a text that makes the slow path panic, or that kin-openapi refuses
// but the slow path does not report.
func FuzzCheck(f *testing.F) {
	for _, text := range append(append(oddValues, texts...),
		`{"results":[{"cloudProvider":"AWS"},{"cloudProvider":1},null,[]]}`, `{"kind":"hound","tricks":[{"kind":"cow"},{"kind":"cat","tricks":1}]}`,
		`{"n":9,"i":0,"m":0.3}`, `{"few":[],"set":[1,1]}`, `{"a":1,"b":"x"}`, `{"left":{"left":{"value":1}}}`, `{"kind":"b","pair":[1,"x"]}`) {
		f.Add([]byte(text))
	}
	all := subjects(f)
	ix := indexOf(f, modern)
	for name := range oas.Pairs(oas.At(ix.doc.Root(), "components", "schemas")) {
		at := "/components/schemas/" + name
		all = append(all, subject{"modern " + name, ix.Written(at), compiledAt(f, ix, at, Response)})
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, _, ok := parse(text, MaxValues)
		for _, s := range all {
			v := s.schema.checkFully(text)
			// kin-openapi is wrong about numbers that float64 cannot represent, and about values
			// of a discriminator without a mapping that are not the names of branches.
			mayBeWrong := inexact(doc.value) || strings.Contains(s.name, "Unmapped")
			if ok && !mayBeWrong && len(v.Failures) == 0 && s.ref.Value.VisitJSON(doc.bounded, s.schema.options...) != nil {
				t.Errorf("%s: kin-openapi refuses %q, but there is no failure", s.name, text)
			}
			if !ok && len(v.Failures) != 1 {
				t.Errorf("%s: %q is malformed, and has %d failures", s.name, text, len(v.Failures))
			}
		}
	})
}
