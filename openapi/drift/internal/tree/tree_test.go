package tree

import (
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

func parse(t *testing.T, source string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

// Every function gives nothing for nothing, and for what is of another kind.
func TestNothing(t *testing.T) {
	list := parse(t, "[a, {b: c}]")
	for _, n := range []*yaml.Node{nil, list, parse(t, "text")} {
		if Get(n, "a") != nil || At(n, "a", "b") != nil || True(n) {
			t.Errorf("%v has a key", n)
		}
		for key := range Pairs(n) {
			t.Errorf("%v has the key %s", n, key)
		}
	}
	if Items(nil) != nil || Items(parse(t, "{a: b}")) != nil || Text(list) != "" || Text(nil) != "" || Clone(nil) != nil {
		t.Error("nothing is something")
	}
	if got := Texts(list); !slices.Equal(got, []string{"a"}) {
		t.Errorf("texts %q", got)
	}
}

func TestTrue(t *testing.T) {
	for source, want := range map[string]bool{"true": true, "True": true, "'true'": false, "false": false, "[]": false} {
		if True(parse(t, source)) != want {
			t.Errorf("%s: %t", source, !want)
		}
	}
}

// A copy's changes are its own.
func TestChanges(t *testing.T) {
	n := parse(t, "{a: 1, b: 2, c: 3}")
	copied := Clone(n)
	Set(copied, "b", Scalar("x"))
	Set(copied, "d", Scalar("y"))
	Remove(copied, "a")
	Remove(copied, "nothing")
	var got []string
	for key, value := range Pairs(copied) {
		got = append(got, key+Text(value))
	}
	if !slices.Equal(got, []string{"bx", "c3", "dy"}) || Text(Get(n, "b")) != "2" || Text(Get(n, "a")) != "1" {
		t.Errorf("%q of %v", got, n)
	}
}

func TestPointers(t *testing.T) {
	n := parse(t, "{a/b: {m~n: [x, {y: z}]}}")
	pointer := Join(Index(Join("", "a/b", "m~n"), 1), "y")
	if pointer != "/a~1b/m~0n/1/y" || !slices.Equal(Split(pointer), []string{"a/b", "m~n", "1", "y"}) || Split("") != nil {
		t.Errorf("%s is %q", pointer, Split(pointer))
	}
	for pointer, want := range map[string]string{pointer: "z", "/a~1b/m~0n/0": "x", "/a~1b/m~0n/2": "", "/a~1b/m~0n/-1": "", "/a~1b/m~0n/x": "", "/q/r": ""} {
		if got := Text(Resolve(n, pointer)); got != want {
			t.Errorf("at %s is %q, want %q", pointer, got, want)
		}
	}
	if Resolve(n, "") != n || ComponentPointer("#/components/schemas/A") != "/components/schemas/A" || ComponentPointer("other.yaml#/a") != "" {
		t.Error("references are read wrongly")
	}
}
