package oas

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestParseFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.yaml")
	if _, err := ParseFile(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(name, []byte("openapi: 3.0.3\npaths: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if doc, err := ParseFile(name); err != nil || doc.Name() != name {
		t.Errorf("%v", err)
	}
	broken := errors.New("broken")
	if _, err := Parse("a.yaml", iotest.ErrReader(broken)); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "a.yaml: ") {
		t.Errorf("a reader that fails: %v", err)
	}
}

// TestSections checks which missing top-level sections are an error.
func TestSections(t *testing.T) {
	for text, want := range map[string]string{
		"openapi: 3.1.0\nwebhooks: {}":           "",
		"openapi: 3.1.0\ncomponents: {}":         "",
		"openapi: 3.1.0\ninfo: {}":               `no "paths"`,
		"openapi: 3.1.0\npaths: 1\nwebhooks: {}": `no "paths"`,
		"openapi: 3.0.3\ncomponents: {}":         `no "paths"`,
		"paths: {}":                              `no "openapi"`,
	} {
		if _, err := ParseBytes("x.yaml", []byte(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestParseJSON checks the values, lines and columns of JSON that YAML's parser refuses.
func TestParseJSON(t *testing.T) {
	doc := parse(t, "\ufeff{\n\t\"openapi\": \"3.0.3\", \"paths\": {},\n\t\"x\": [\"\\ud83d\\ude00\", 1, 1.0, 10000000000000000000, true,\n null, {}]}")
	if got, want := Canonical(Get(doc.Root(), "x")), `["`+"\U0001f600"+`",1,1,10000000000000000000,true,null,{}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if text, err := Encode(Sequence(Items(Get(doc.Root(), "x"))[1:]...)); err != nil || string(text) != "- 1\n- 1.0\n- !!float 10000000000000000000\n- true\n- null\n- {}\n" {
		t.Errorf("%v, encoded as\n%s", err, text)
	}
	for pointer, want := range map[string]string{"": "1:1", "/openapi": "2:19", "/paths": "2:31", "/x": "3:7", "/x/1": "3:24", "/x/5": "4:5"} {
		at := doc.Place(pointer)
		if got := fmt.Sprintf("%d:%d", at.Line, at.Column); got != want {
			t.Errorf("%s is at %s, want %s", pointer, got, want)
		}
	}
	same := parse(t, "openapi: 3.0.3\npaths: {}\nx: [\U0001f600, 1, 1.0, 10000000000000000000, true, null, {}]")
	if at, differ := Difference(doc.Root(), same.Root()); differ {
		t.Errorf("the same document in YAML differs at %s", at)
	}
}

func TestResolve(t *testing.T) {
	root := parse(t, "openapi: 3.0.3\npaths: {}\nx: [a, {b: c}]\ny: {'': d, '0': e}").Root()
	for pointer, want := range map[string]string{
		"/x/0": "a", "/x/1/b": "c", "/x/2": "", "/x/-1": "", "/x/b": "", "/x/0/b": "", "/x/": "", "/y/": "d", "/y/0": "e", "/z": "",
	} {
		if n := Resolve(root, pointer); Text(n) != want || (n == nil) != (want == "") {
			t.Errorf("%s: %v, want %q", pointer, n, want)
		}
	}
	if n := Resolve(nil, "/x"); n != nil {
		t.Errorf("below nothing: %v", n)
	}
	if !(Place{}).IsZero() || parse(t, "openapi: 3.0.3\npaths: {}").Place("/paths").IsZero() {
		t.Error("IsZero")
	}
}

func TestChangingNodes(t *testing.T) {
	m := parse(t, "openapi: 3.0.3\npaths: {a: 1, b: 2, c: 3}").Resolve("/paths")
	Set(m, "b", String("x"))
	Set(m, "d", String("y"))
	copied := Shallow(m)
	Remove(m, "a", "c", "z")
	if got, want := Canonical(m)+Canonical(copied), `{"b":"x","d":"y"}{"a":1,"b":"x","c":3,"d":"y"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	Set(copied, "b", String("z"))
	if got := Text(Get(m, "b")); got != "x" {
		t.Errorf("a change of the copy changed the original to %q", got)
	}
	Remove(nil, "a")
	if Shallow(nil) != nil || Clone(nil) != nil || IsSequence(nil) || IsMapping(nil) || True(nil) || Canonical(nil) != "" {
		t.Error("nil is not nothing")
	}
}

func TestSnapDown(t *testing.T) {
	dated := []string{"2023-01-01", "2023-02-01", "2024-05-30", "preview"}
	for _, c := range []struct {
		versions    []string
		asked, want string
		ok          bool
	}{
		{nil, Unversioned, "", true}, {nil, "2023-01-01", "", true}, {nil, "preview", "", false},
		{dated, Unversioned, "", false}, {dated, "2022-12-31", "", false}, {dated, "2023-01-01", "2023-01-01", true}, {dated, "2024-05-29", "2023-02-01", true},
		{[]string{"2024-05-30", "2023-01-01"}, "2030-01-01", "2024-05-30", true}, {dated, "preview", "preview", true}, {dated, "beta", "beta", false},
	} {
		if got, ok := SnapDown(c.versions, c.asked); got != c.want || ok != c.ok {
			t.Errorf("%s of %s: %q, %v", c.asked, c.versions, got, ok)
		}
	}
}

func TestOperationFacts(t *testing.T) {
	doc := parse(t, `
openapi: 3.0.3
servers: [{url: https://example.com/v1}]
paths:
  /a:
    get: {summary: Words., responses: {'200': {content: {application/vnd.atlas.preview+json: {}}}}}
    put: {description: Words., responses: {'200': {content: {application/vnd.atlas.preview+json: {}, application/vnd.atlas.2024-05-30+json: {}}}}}
  /b/{id}:
    servers: [{url: https://example.com}]
    get: {parameters: [{name: a}, {name: b, description: Words.}], responses: {}}
    put: {parameters: [{name: a}], responses: {}}
`)
	ops, err := doc.Operations()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range ops {
		got = append(got, fmt.Sprint(o.Key(), " preview ", o.IsPreview(), " described ", o.Described()))
	}
	if want := []string{
		"GET /v1/a preview true described true", "PUT /v1/a preview false described true",
		"GET /b/{} preview false described true", "PUT /b/{} preview false described false",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := sortedKeys(doc.Servers()); !slices.Equal(got, []string{"https://example.com"}) {
		t.Errorf("servers %q", got)
	}
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for key := range sorted(m) {
		keys = append(keys, key)
	}
	return keys
}

func TestParts(t *testing.T) {
	const text = "openapi: 3.1.0\njsonSchemaDialect: %s\ninfo: {title: t, version: '1', description: Words.}\ntags: []\npaths: {}\nwebhooks: {w: {post: {summary: Words.}}}"
	for dialect, want := range map[string][]string{defaultDialect: {"description", "tags"}, "https://example.com": {"description", "jsonSchemaDialect", "tags"}} {
		doc := parse(t, fmt.Sprintf(text, dialect))
		parts := doc.Parts(true)
		if got := sortedKeys(parts); !slices.Equal(got, want) {
			t.Errorf("%s: parts %q, want %q", dialect, got, want)
		}
		if p := parts["description"]; p.At.Pointer != "/info/description" || p.Value != "" || p.ValueWithProse == "" {
			t.Errorf("%+v", p)
		}
		if got := sortedKeys(doc.Parts(false)); !slices.Equal(got, slices.DeleteFunc(slices.Clone(want), func(name string) bool { return name != "jsonSchemaDialect" })) {
			t.Errorf("%s without prose: parts %q", dialect, got)
		}
	}
	doc := parse(t, fmt.Sprintf(text, "x"))
	if with, without := doc.Webhooks(true)["webhook w"], doc.Webhooks(false)["webhook w"]; with.ValueWithProse == "" || without.ValueWithProse != "" || with.Value == "" || with.Value != without.Value || with.At.Pointer != "/webhooks/w" {
		t.Errorf("%+v, %+v", with, without)
	}
}
