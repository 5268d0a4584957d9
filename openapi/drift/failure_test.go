package drift

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// TestComparisonErrors checks that a document that cannot be compared, as baseline or
// as upstream, is an error that contains the document and the reason.
func TestComparisonErrors(t *testing.T) {
	slowtest.Skip(t)
	source, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	edited := func(steps ...step) string {
		root := base(t)
		apply(t, root, steps)
		return string(encodeTree(t, root))
	}
	for name, test := range map[string]struct{ data, says string }{
		"empty":                          {"", "empty"},
		"blank":                          {" \n\n", "empty"},
		"a comment":                      {"# nothing\n", "not a mapping"},
		"HTML":                           {"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"},
		"prose":                          {"Not found", "not an OpenAPI document"},
		"a list":                         {"- a\n- b\n", "not a mapping"},
		"cut off in YAML":                {text[:len(text)*2/3], ""},
		"cut off in JSON":                {`{"openapi": "3.0.1", "paths": {"/a": {"get": {`, "ends early"},
		"Swagger 2":                      {"swagger: '2.0'\npaths: {}\n", "Swagger"},
		"without paths":                  {"openapi: 3.0.1\ninfo: {title: x}\n", "paths"},
		"another API":                    {"openapi: 3.0.1\ninfo: {title: Pets}\npaths: {/pets: {get: {responses: {'200': {description: x}}}}}\n", `"Pets"`},
		"a reference that dangles":       {edited(put("/components/schemas/Link", "")), "#/components/schemas/Link"},
		"a scheme that dangles":          {edited(put("/components/securitySchemes/DigestAuth", "")), "DigestAuth"},
		"a reference to another file":    {edited(put("/components/schemas/Page", "{$ref: 'https://example.com/x.yaml#/Page'}")), "external references are not followed"},
		"a loop of references":           {edited(put("/components/schemas/Link", "{$ref: '#/components/schemas/NoBody'}"), put("/components/schemas/NoBody", "{$ref: '#/components/schemas/Link'}")), "loop"},
		"a schema that refers to itself": {edited(put("/components/schemas/Link", "{$ref: '#/components/schemas/Link'}")), "loop"},
		"an allOf of itself":             {edited(put("/components/schemas/Link", "{allOf: [{$ref: '#/components/schemas/Link'}]}")), "loop"},
		"a loop of responses":            {edited(put("/components/responses/notFound", "{$ref: '#/components/responses/unauthorized'}"), put("/components/responses/unauthorized", "{$ref: '#/components/responses/notFound'}")), "loop"},
		"a key twice":                    {text + "\nopenapi: 3.0.1\n", ""},
		"a bomb of aliases":              {bomb(), ""},
		"a bomb of schemas":              {edited(bombOfUnions()...), "more than 16,000 schemas"},
		"too many nodes":                 {"openapi: 3.0.1\nx: [" + strings.Repeat("1,", 5_000_000) + "1]", "nodes"},
		"nested too deep":                {"openapi: 3.0.1\nx: " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000), ""},
		"an operation without responses": {edited(put(listPath+"/post/responses", "")), "has no responses"},
		"a second document":              {text + "---\nopenapi: 3.0.1\n", "second YAML document"},
		"no operations":                  {"openapi: 3.0.1\ninfo: {title: Pets}\npaths: {}\n", ""},
		"another generation and nothing in common": {string(encodeTree(t, contractTree(t, openapi.V1))), "generation"},
	} {
		in := Input{Name: "input.yaml", Data: []byte(test.data)}
		good := Input{Name: "base.yaml", Data: source}
		for contractSet, o := range map[string]Options{
			"upstream": {Upstream: in, Baseline: &good, AsOf: someDay},
			"baseline": {Upstream: good, Baseline: &in, AsOf: someDay},
		} {
			r, err := Compare(t.Context(), o)
			if err == nil {
				t.Errorf("%s as %s: %s\n%s", name, contractSet, r.Verdict, formatChanges(r))
				continue
			}
			if !strings.Contains(err.Error(), "input.yaml") || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s as %s: %v; want an error that names the input and contains %q", name, contractSet, err, test.says)
			}
		}
	}
}

// TestCutShort truncates documents at every fiftieth line. Each must be refused as long as
// a section of the baseline is missing, and the error must name the last node that was
// read. As in Atlas's file, servers and security come last.
func TestCutShort(t *testing.T) {
	slowtest.Skip(t)
	t.Parallel()
	root := base(t)
	for _, last := range []string{"security", "servers"} {
		value := oas.Get(root, last)
		oas.Remove(root, last)
		oas.Set(root, last, value)
	}
	whole := encodeTree(t, root)
	end := bytes.Index(whole, []byte("\nservers:"))
	good := Input{Name: "whole.yaml", Data: whole}
	for i, b := range whole[:end] {
		if b != '\n' && i%50 > 0 {
			continue
		}
		for name, baseline := range map[string]*Input{"a file": &good, "the embedded contract": nil} {
			r, err := Compare(t.Context(), Options{Upstream: Input{Name: "short.yaml", Data: whole[:i]}, Baseline: baseline, AsOf: someDay})
			if err == nil {
				t.Fatalf("truncated after %d of %d bytes, %q, against %s: %s", i, len(whole), whole[max(0, i-40):i], name, r.Verdict)
			}
			if !strings.Contains(err.Error(), "short.yaml") {
				t.Errorf("truncated after %d bytes: %v", i, err)
			}
		}
	}
	for _, section := range []string{"security", "servers"} {
		lacking := changed(t, root, put("/"+section, ""))
		_, err := Compare(t.Context(), Options{Upstream: input(t, "short.yaml", lacking), Baseline: &good, AsOf: someDay})
		if err == nil || !strings.Contains(err.Error(), "the document is not complete") || !strings.Contains(err.Error(), "the last thing that was read is") {
			t.Errorf("without %s: %v", section, err)
		}
	}
}

// bomb returns a document with nine levels of aliases, each of which refers ten times to the
// level below.
func bomb() string {
	out := "openapi: 3.0.1\na0: &a0 [x]\n"
	for i := 1; i < 10; i++ {
		below := string(rune('0' + i - 1))
		out += "a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+below+",", 9) + "*a" + below + "]\n"
	}
	return out + "paths: {}\n"
}

// bombOfUnions returns edits that add unions next to unions, which have 30^4 branches.
func bombOfUnions() []step {
	var unions []string
	for i := range 4 {
		member := fmt.Sprintf("{type: string, maxLength: %d}", i)
		unions = append(unions, "{oneOf: ["+strings.Repeat(member+",", 30)+member+"]}")
	}
	return []step{put("/components/schemas/Link", "{allOf: ["+strings.Join(unions, ", ")+"]}")}
}

// TestTreesAreNotLoops checks that a schema may contain itself in its properties.
func TestTreesAreNotLoops(t *testing.T) {
	root := base(t)
	apply(t, root, []step{put("/components/schemas/Link/properties/children", "{type: array, items: {$ref: '#/components/schemas/Link'}}")})
	same := clone(root)
	if r := compareTrees(t, root, same); r.Verdict != InSync {
		t.Error(formatChanges(r))
	}
	longer := clone(root)
	apply(t, longer, []step{put("/components/schemas/Link/properties/href/maxLength", "9")})
	if r := compareTrees(t, root, longer); len(r.Changes) != 1 {
		t.Error(formatChanges(r))
	}
	unrolled := clone(root)
	apply(t, unrolled, []step{put("/components/schemas/Link/properties/children/items", string(encodeTree(t, oas.Resolve(root, "/components/schemas/Link"))))})
	if r := compareTrees(t, root, unrolled); r.Verdict != InSync {
		t.Errorf("unrolled once\n%s", formatChanges(r))
	}
}
