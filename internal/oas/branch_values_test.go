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

// describeDiscriminators describes the values of each discriminator in one line.
func describeDiscriminators(name string, discriminators []BranchValues) (out []string) {
	for _, c := range discriminators {
		line := fmt.Sprintf("%s: %s %s of %s", name, c.Property, strings.Join(c.Values, ","), strings.Join(c.Mapped, ","))
		if c.Implicit {
			line += " implicit"
		}
		out = append(out, line)
	}
	return out
}

func TestDiscriminatorMap(t *testing.T) {
	const a, b, c, union = "A: {title: A}", "B: {title: B}", "C: {title: C}", "U: {discriminator: {propertyName: k, mapping: {a: A, x: '#/components/schemas/A', b: B}}, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {type: string}]}"
	for name, test := range map[string]struct {
		schemas []string
		want    []string
	}{
		"no union":            {[]string{a, "O: {oneOf: [{$ref: '#/components/schemas/A'}]}"}, nil},
		"a mapping and a ref": {[]string{a, b, c, union}, []string{"A: k a,x of a,x,b,A,B,C", "B: k b of a,x,b,A,B,C", "C: k C of a,x,b,A,B,C implicit"}},
		"a dangling branch":   {[]string{a, "O: {discriminator: {propertyName: k}, anyOf: [{$ref: '#/components/schemas/X'}, {$ref: '#/components/schemas/A'}]}"}, []string{"A: k A of A implicit"}},
		"two unions of one property": {
			[]string{a, b, "O: {discriminator: {propertyName: k, mapping: {o: A}}}", "P: {discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}", "Q: {discriminator: {propertyName: k}, oneOf: [{$ref: '#/components/schemas/B'}]}"},
			[]string{"A: k o,A of o,A,B", "B: k B of A,B implicit"},
		},
		"two properties": {
			[]string{a, "O: {discriminator: {propertyName: k, mapping: {o: A}}}", "P: {discriminator: {propertyName: j, mapping: {p: A}}}", "Q: {discriminator: {propertyName: j, mapping: {q: A}}}"},
			[]string{"A: k o of o,A", "A: j p,q of p,A,q"},
		},
		"a union in a union": {
			[]string{a, b, "O: {discriminator: {propertyName: j, mapping: {i: I}}}", "I: {discriminator: {propertyName: k, mapping: {a: A, b: B}}}"},
			[]string{"A: j i of i,I", "A: k a of a,b,A,B", "B: j i of i,I", "B: k b of a,b,A,B"},
		},
		"a union in a union of the same property": {
			[]string{a, "O: {discriminator: {propertyName: k, mapping: {i: I}}}", "I: {discriminator: {propertyName: k, mapping: {a: A}}}"},
			[]string{"A: k a of a,A"},
		},
		"unions in each other": {
			[]string{"O: {discriminator: {propertyName: j, mapping: {i: I}}}", "I: {discriminator: {propertyName: k, mapping: {o: O}}}"}, nil,
		},
	} {
		doc := parse(t, "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {"+strings.Join(test.schemas, ", ")+"}}")
		discriminators, err := doc.DiscriminatorMap()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, branch := range discriminators.Order {
			got = append(got, describeDiscriminators(Text(Get(branch, "title")), discriminators.ByBranch[branch])...)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, test.want)
		}
	}
}

func TestDiscriminatorMapIsBounded(t *testing.T) {
	doc, err := ParseBytes("x.json", growingDocument(`{"discriminator": {"propertyName": "k"}, "oneOf": [`+limitstest.List(2300, ref)+`]}`, chain(2300, func(int) string { return "{}" })))
	if err != nil {
		t.Fatal(err)
	}
	var exceeded *limits.ExceededError
	if _, err := doc.DiscriminatorMap(); !errors.As(err, &exceeded) || !strings.HasPrefix(err.Error(), "x.json: discriminators: ") {
		t.Errorf("%v", err)
	}
}

func TestBranchValuesSplit(t *testing.T) {
	for _, c := range []struct {
		implicit            bool
		enum, own, unmapped []string
		ok                  bool
	}{
		{false, []string{"b", "x", "a2", "a"}, []string{"a2", "a"}, []string{"x"}, true},
		{false, []string{"b", "x"}, []string{"a", "a2"}, []string{"x"}, true},
		{false, nil, []string{"a", "a2"}, nil, true},
		{true, nil, []string{"a", "a2"}, nil, true},
		{true, []string{"a"}, []string{"a"}, nil, true},
		{true, []string{"b"}, nil, nil, false},
	} {
		values := BranchValues{Property: "k", Values: []string{"a", "a2"}, Mapped: []string{"a", "a2", "b"}, Implicit: c.implicit}
		own, unmapped, ok := values.Split(c.enum)
		if !slices.Equal(own, c.own) || !slices.Equal(unmapped, c.unmapped) || ok != c.ok {
			t.Errorf("%+v: %q, %q, %v", c, own, unmapped, ok)
		}
	}
}

// TestBranchValuesByPlace checks the discriminator values of branches that several unions share.
func TestBranchValuesByPlace(t *testing.T) {
	const schema = "{properties: {u: {$ref: '#/components/schemas/U'}, v: {$ref: '#/components/schemas/V'}, w: {$ref: '#/components/schemas/W'}, n: {$ref: '#/components/schemas/N'}, d: {$ref: '#/components/schemas/D'}, l: {$ref: '#/components/schemas/L'}, e: {}}}"
	op := operationOf(t, "3.0.3", schema, "A: {properties: {a: {}}}", "B: {properties: {b: {}}}",
		"U: {discriminator: {propertyName: k, mapping: {a: A, b: B}}}",
		"V: {discriminator: {propertyName: k, mapping: {v: A}}, oneOf: [{minLength: 1}]}",
		"W: {discriminator: {propertyName: j, mapping: {w: A}}}", // another property
		"N: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
		"D: {allOf: [{$ref: '#/components/schemas/Pet'}], properties: {d: {}}}",
		"Pet: {discriminator: {propertyName: p, mapping: {dog: D, hound: D, cat: B}}}",
		"L: {allOf: [{$ref: '#/components/schemas/Form'}], properties: {l: {}}}",
		"Form: {oneOf: [{$ref: '#/components/schemas/L'}, {$ref: '#/components/schemas/A'}]}")
	var got []string
	for at, values := range BranchValuesByPlace([]*Effective{op, op}) {
		got = append(got, describeDiscriminators(strings.TrimPrefix(at.Pointer, "/components/schemas/"), []BranchValues{values})...)
	}
	slices.Sort(got)
	if want := []string{"A: k a,v of a,b,v,", "B: k b of a,b", "D: p dog,hound of dog,hound,cat"}; !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}
