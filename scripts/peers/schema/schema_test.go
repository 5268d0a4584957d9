package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

func parse(t *testing.T, text string) (value any) {
	t.Helper()
	if err := decode([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestMoved(t *testing.T) {
	for _, test := range []struct{ name, schema, want string }{
		{"the root", `{"items":{"$ref":"#"}}`, `{"items":{"$ref":"#/x"}}`},
		{"below the root", `{"allOf":[{"$ref":"#/definitions/a%25b"}]}`, `{"allOf":[{"$ref":"#/x/definitions/a%25b"}]}`},
		{"another document", `{"$ref":"http://h/s#/a"}`, `{"$ref":"http://h/s#/a"}`},
		{"an anchor", `{"$ref":"#a"}`, `{"$ref":"#a"}`},
		{"a property of that name", `{"properties":{"$ref":{"$ref":"#/a"}}}`, `{"properties":{"$ref":{"$ref":"#/x/a"}}}`},
		{"data", `{"enum":[{"$ref":"#/a"}]}`, `{"enum":[{"$ref":"#/a"}]}`},
		{"a root of its own", `{"$defs":{"a/b":{"$id":"http://h/s","not":{"$ref":"#/c"}}}}`,
			`{"$defs":{"a/b":{"$id":"http://h/s","not":{"$ref":"#/x/$defs/a~1b/c"}}}}`},
		{"a list of items", `{"items":[{"$ref":"#"}]}`, `{"items":[{"$ref":"#/x"}]}`},
		{"names and a schema", `{"dependencies":{"a":["b"],"c":{"$ref":"#"}}}`, `{"dependencies":{"a":["b"],"c":{"$ref":"#/x"}}}`},
		{"a boolean", `true`, `true`},
	} {
		t.Run(test.name, func(t *testing.T) {
			schema := parse(t, test.schema)
			got, err := json.Marshal(moved(schema, "#/x", "#/x"))
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
			if kept, _ := json.Marshal(schema); string(kept) != test.schema {
				t.Errorf("the suite's schema became %s", kept)
			}
		})
	}
}

func TestForeign(t *testing.T) {
	for _, test := range []struct {
		schema     string
		in30, in31 []string
	}{
		{`{"type":"object","properties":{"patternProperties":{"type":"string"}}}`, nil, nil},
		{`{"allOf":[{"patternProperties":{"a":{}}}]}`, []string{"patternProperties"}, nil},
		{`{"type":["string","null"],"items":[{}]}`, []string{"items list", "type list"}, nil},
		{`{"not":{"type":"null"}}`, []string{"type null"}, nil},
		{`{"$ref":"#/definitions/a","definitions":{"a":{}}}`, []string{"definitions"}, nil},
		{`{"$id":"http://h","items":{"$ref":"other"}}`, []string{"$id", "$ref by URI"}, []string{"$id", "$ref by URI"}},
		{`{"$anchor":"a","enum":[{"$anchor":"b"}]}`, []string{"$anchor"}, []string{"$anchor"}},
		{`{"properties":{"$anchor":{"const":1}}}`, []string{"const"}, nil},
		{`true`, nil, nil},
	} {
		schema := parse(t, test.schema)
		if got := foreignTo30(schema); !slices.Equal(got, test.in30) {
			t.Errorf("%s in 3.0: got %q, want %q", test.schema, got, test.in30)
		}
		if got := foreignTo31(schema); !slices.Equal(got, test.in31) {
			t.Errorf("%s in 3.1: got %q, want %q", test.schema, got, test.in31)
		}
	}
}

func TestReport(t *testing.T) {
	r := new(result.Result)
	report(r, "draft 4", []verdict{
		{name: "a", suite: valid, verify: valid, kin: valid},
		{name: "b", suite: invalid, verify: valid, kin: invalid},
		{name: "c", suite: invalid, verify: invalid, kin: valid, foreign: []string{"definitions"}},
		{name: "d", suite: invalid, verify: refused, kin: valid, foreign: []string{"definitions", "items list"}},
	})
	wantFailures := []result.Failure{
		{Case: "draft 4: b", Code: "suite invalid, verify valid, kin-openapi invalid"},
		{Case: "draft 4: d", Code: "suite invalid, verify refused, kin-openapi valid; schema has definitions, items list"},
		// Over all cases, verify and kin-openapi agree equally often; over the cases that
		// OpenAPI supports, verify agrees less often.
		{Case: "draft 4", Code: "verify agrees with fewer cases than kin-openapi by itself"},
	}
	if !slices.Equal(r.Failures, wantFailures) {
		t.Errorf("failures:\n got %v\nwant %v", r.Failures, wantFailures)
	}
	var got []int
	for _, c := range r.Counts {
		got = append(got, c.Count)
	}
	if want := []int{4, 2, 2, 2, 1, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("counts: got %v (%v), want %v", got, r.Counts, want)
	}
}

func TestReadVerdicts(t *testing.T) {
	got, err := readVerdicts([]byte(`{"summary":{"checked":3},"findings":[
		{"rule":"schema","operation":"case2"},{"rule":"undeclared-field","operation":"case0"}]}`), 3)
	if want := []string{valid, valid, invalid}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if _, err := readVerdicts([]byte(`{"summary":{"checked":2}}`), 3); err == nil {
		t.Error("an exchange that was not checked passes")
	}
}

func TestKinByItself(t *testing.T) {
	g := group{Schema: parse(t, `{"type":"integer","maximum":2}`), Tests: []test{
		{Data: json.RawMessage(`1`)}, {Data: json.RawMessage(`3`)}, {Data: json.RawMessage(`"x"`)},
	}}
	for _, version := range []string{"3.0.3", "3.1.0"} {
		spec, err := g.specification(version)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := validateByKin(spec, g), []string{valid, invalid, invalid}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", version, got, want)
		}
	}
}

func TestReadGroups(t *testing.T) {
	dir := t.TempDir()
	if _, err := readGroups(dir); err == nil {
		t.Error("an empty folder passes as a suite")
	}
	text := `[{"description":"g","schema":{"maximum":18446744073709551615},"tests":[{"description":"t","data":1.0,"valid":true}]}]`
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	groups, err := readGroups(dir)
	if err != nil || len(groups) != 1 {
		t.Fatalf("got %v, %v", groups, err)
	}
	g := groups[0]
	if schema, _ := json.Marshal(g.Schema); g.File != "x.json" || string(schema) != `{"maximum":18446744073709551615}` || string(g.Tests[0].Data) != "1.0" {
		t.Errorf("got %s, %s, %s", g.File, schema, g.Tests[0].Data)
	}
}
