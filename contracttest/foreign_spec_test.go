package contracttest

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/secrets"
)

// foreignSpec is a specification of another API, with features of OpenAPI that Atlas's
// specification does not use.
const foreignSpec = `
openapi: 3.0.3
info: {title: T, version: "1"}
servers: [{url: https://api.example.com/base/v1}]
paths:
  /deep:
    get:
      operationId: deep
      parameters: [{name: f, in: query, style: deepObject, schema: {type: object, properties: {a: {type: integer}}}}]
      responses: {"200": {description: OK, content: {application/*: {schema: {type: integer}}}}}
  /free/:
    get:
      operationId: free
      parameters: [{name: rest, in: query, schema: {type: object, additionalProperties: {type: string}}}]
      responses: {"200": {description: OK, content: {"*/*": {schema: {type: integer}}}}}
  /shared: {$ref: '#/components/x-items/shared'}
  /kinds:
    get:
      operationId: kinds
      responses: {"200": {description: OK, content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}}}}}
components:
  x-items:
    shared: {get: {operationId: shared, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/paths/~1deep/get/responses/200/content/application~1*/schema'}}}}}}}
  schemas:
    Cat: {type: object, properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, properties: {kind: {type: string}, lives: {type: integer}}}
`

func TestForeignForms(t *testing.T) {
	for name, tc := range map[string]struct{ target, mediaType, body, want string }{
		"path of the server":      {"/base/v1/deep", "application/json", "1", ""},
		"without that path":       {"/deep", "application/json", "1", ""},
		"another path":            {"/base/v2/deep", "application/json", "1", "out of scope"},
		"deepObject":              {"/base/v1/deep?f[a]=1", "application/json", "1", ""},
		"deepObject, wrong":       {"/base/v1/deep?f[a]=x", "application/json", "1", "parameter"},
		"not its member":          {"/base/v1/deep?g[a]=1", "application/json", "1", "undeclared-query"},
		"range":                   {"/base/v1/deep", "application/vnd.x+json", `"x"`, "schema"},
		"outside of the range":    {"/base/v1/deep", "text/plain", "x", "media-type"},
		"any range, not JSON":     {"/base/v1/free/", "text/plain", "x", ""},
		"any range, JSON":         {"/base/v1/free/", "application/json", `"x"`, "schema"},
		"free-form query":         {"/base/v1/free/?x=1&y=2", "application/json", "1", ""},
		"without the final slash": {"/base/v1/free", "application/json", "1", "out of scope"},
		"path item by reference":  {"/base/v1/shared", "application/json", `"x"`, "schema"},
		"implicit discriminator":  {"/base/v1/kinds", "application/json", `{"kind":"Cat","lives":9}`, ""},
		"its branch":              {"/base/v1/kinds", "application/json", `{"kind":"Dog","lives":"x"}`, "schema"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "GET " + tc.target + " HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: " + tc.mediaType + "\n\n" + tc.body + "\n"
			r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Spec: []byte(foreignSpec)})
			if r == nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range r.Findings {
				got = append(got, string(f.Rule))
			}
			if r.Summary.OutOfScope == 1 {
				got = append(got, "out of scope")
			}
			if strings.Join(got, " ") != tc.want {
				t.Errorf("got %q, want %q: %v", got, tc.want, r.Findings)
			}
		})
	}
}

// get returns an exchange in HTTP text.
func get(target, mediaType, body string) string {
	return "GET " + target + " HTTP/1.1\nHost: h\nAccept: " + mediaType + "\n\nHTTP/1.1 200 OK\nContent-Type: " + mediaType + "\n\n" + body + "\n"
}

// specOf returns a specification of one GET /a, with its parameters and the schemas of its
// response in two versions.
func specOf(parameters, older, newer string) []byte {
	return fmt.Appendf(nil, `
openapi: 3.0.1
info: {title: T, version: "1"}
paths:
  /a:
    get: {operationId: a, parameters: %s, responses: {"200": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {schema: %s}, application/vnd.atlas.2024-05-30+json: {schema: %s}}}}}
  /b:
    get: {operationId: b, responses: {"200": {description: OK, content: {application/vnd.atlas.preview+json: {}}}}}
`, parameters, older, newer)
}

// findingsOf verifies HTTP text against a specification.
func findingsOf(t *testing.T, text string, opts Options) *Report {
	t.Helper()
	r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestValueOfAnotherVersion checks the hint for an enum value that another version declares.
func TestValueOfAnotherVersion(t *testing.T) {
	spec := specOf("[]", "{properties: {s: {type: string, enum: [ON]}}}", "{properties: {s: {type: string, enum: [ON, IDLE]}}}")
	for value, want := range map[string]string{"IDLE": "declared in version 2024-05-30; version 2023-01-01 was expected", "OM": "did you mean ON?"} {
		r := findingsOf(t, get("/a", atlas2023, `{"s":"`+value+`"}`), Options{Spec: spec})
		if len(r.Findings) != 1 || r.Findings[0].Keyword != "enum" || r.Findings[0].Hint != want {
			t.Errorf("%s: %v, want the hint %q", value, r.Findings, want)
		}
	}
}

// TestSecretParameter checks that a finding does not contain the value of a parameter whose
// name is that of a credential.
func TestSecretParameter(t *testing.T) {
	spec := specOf("[{name: access_token, in: query, schema: {type: string, maxLength: 3}}, {name: sort, in: query, schema: {type: string, maxLength: 3}}]", "{}", "{}")
	r := findingsOf(t, get("/a?access_token=placeholder&sort=upwards", atlas2023, "1"), Options{Spec: spec, Severity: map[Rule]Severity{Secret: SeverityOff}})
	if len(r.Findings) != 2 || r.Findings[0].Actual != secrets.Redacted || !strings.Contains(r.Findings[1].Actual, "upwards") {
		t.Errorf("got %v", r.Findings)
	}
}

// TestPreviews checks that an operation that exists only as a preview is omitted unless the
// version of the contract has a name.
func TestPreviews(t *testing.T) {
	text := get("/a", atlas2023, "1") + get("/b", "application/vnd.atlas.preview+json", "1")
	for version, leftOut := range map[string]int{"": 1, Auto: 1, "2023-01-01": 1, "preview": 0} {
		r := findingsOf(t, text, Options{Spec: specOf("[]", "{}", "{}"), Operations: []string{"all"}, APIVersion: version})
		if r.Summary.PreviewsLeftOut != leftOut {
			t.Errorf("version %q: %+v, want %d omitted", version, r.Summary, leftOut)
		}
	}
}

// TestNotJudged checks the report of values that are too long for a pattern with a look-ahead.
func TestNotJudged(t *testing.T) {
	spec := specOf("[]", "{type: object, properties: {x: {type: string, pattern: '^(?!b)'}, y: {type: string, pattern: '^(?!c)'}}}", "{}")
	long := strings.Repeat("a", 64<<10+1)
	body := `{"x":"` + long + `","y":"a"}`
	r := findingsOf(t, get("/a", atlas2023, body)+get("/a", atlas2023, body)+get("/a", atlas2023, `{"x":"b","y":"`+long+`"}`), Options{Spec: spec})
	if len(r.NotJudged) != 2 || r.NotJudged[0].Count != 2 || r.NotJudged[1].Count != 1 || r.NotJudged[0].Operation != "a" ||
		!strings.HasSuffix(r.NotJudged[0].Spec.Pointer, "/x/pattern") || r.NotJudged[0].Spec.Line != 6 || r.Summary.Checked != 3 || len(r.Findings) != 1 {
		t.Errorf("not judged %+v, findings %v", r.NotJudged, r.Findings)
	}
}

// TestEntryBounds checks that entries may be larger for a user's specification than for the
// module's own contract.
func TestEntryBounds(t *testing.T) {
	text := get("/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets", atlas2024, strings.Repeat(" ", 5<<20)+"{}")
	for name, spec := range map[string][]byte{"between 4 and 16 MiB": specOf("[]", "{}", "{}"), "larger than 4 MiB": nil} {
		_, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Spec: spec})
		if tooLarge := strings.Contains(err.Error(), "larger than 4 MiB"); tooLarge != (spec == nil) {
			t.Errorf("a body %s: %v", name, err)
		}
	}
}

// TestExternalReferenceIsUnusable checks that an external reference is never followed, and
// that exchanges of the other operations are validated.
func TestExternalReferenceIsUnusable(t *testing.T) {
	spec := strings.Replace(dangling, "#/components/schemas/Gone", "https://example.com/x.yaml#/Gone", 1)
	const text = "GET /good HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\"x\"\n"
	r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Spec: []byte(spec)})
	if r == nil || err == nil || !strings.Contains(err.Error(), "external") || len(r.Findings) != 1 {
		t.Errorf("report %+v, error %v", r, err)
	}
}

// TestIncompleteSpec checks that a specification that is cut off, or that refers to other files
// anywhere, is an error after the exchanges are validated, and that the error names the place
// once.
func TestIncompleteSpec(t *testing.T) {
	const spec = `
openapi: 3.0.3
info: {title: Complete, version: "1"}
paths:
  /good:
    get: {operationId: good, responses: {"200": {description: OK, content: {application/json: {schema: {type: integer}}}}}}
`
	const text = "GET /good HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\"x\"\n"
	for _, tt := range []struct{ name, added, want string }{
		{"complete", "  /b: {get: {responses: {default: {description: x}}}}", ""},
		{"no responses", "  /b: {get: {summary: x}}", "GET /b (line 7) has no responses; the last thing that was read is /paths/~1b/get/summary, line 7"},
		{"unused schema", "components: {schemas: {S: {$ref: 'o.yaml#/S'}}}", "at /components/schemas/S, line 7: reference \"o.yaml#/S\" leaves the document"},
		{"security scheme", "security: [{k: []}]\ncomponents: {securitySchemes: {k: {$ref: 'o.yaml#/K'}}}", "at /components/securitySchemes/k, line 8: reference"},
		{"callback", "  /b: {get: {responses: {default: {description: x}}, callbacks: {c: {$ref: 'o.yaml#/C'}}}}", "at /paths/~1b/get/callbacks/c, line 7: reference"},
		{"link", "  /b: {get: {responses: {default: {description: x, links: {l: {$ref: 'o.yaml#/L'}}}}}}", "at /paths/~1b/get/responses/default/links/l, line 7: reference"},
		{"example", "  /b: {get: {responses: {default: {description: x, content: {application/json: {examples: {e: {$ref: 'o.yaml#/E'}}}}}}}}", "/examples/e, line 7: reference"},
		{"response", "  /b: {get: {responses: {default: {$ref: 'o.yaml#/R'}}}}", "at /paths/~1b/get/responses/default, line 7: reference"},
		{"no target", "components: {schemas: {S: {$ref: '#/components/schemas/Gone'}}}", "at /components/schemas/S, line 7: reference"},
	} {
		r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Spec: []byte(spec + tt.added + "\n"), SpecName: "spec.yaml"})
		if r == nil || len(r.Findings) != 1 || (err != nil) != (tt.want != "") {
			t.Errorf("%s: report %+v, error %v", tt.name, r, err)
			continue
		}
		if err != nil && (strings.Count(err.Error(), tt.want) != 1 || len(r.Unreadable) != 1 || r.Unreadable[0].Recording.File != "spec.yaml") {
			t.Errorf("%s: %v, unreadable %+v", tt.name, err, r.Unreadable)
		}
	}
}

// TestCoverageNamesOwnVersions checks that the coverage of a file with several versions
// lists each operation once, with its own version.
func TestCoverageNamesOwnVersions(t *testing.T) {
	const spec = `
openapi: 3.0.1
info: {title: Two, version: "1"}
paths:
  /a: {get: {operationId: a, responses: {"200": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}, application/vnd.atlas.2025-01-01+json: {}}}}}}
  /b: {get: {operationId: b, responses: {"200": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}}}}}}
`
	exchange := func(path, asked, version string) string {
		return "GET " + path + " HTTP/1.1\nHost: x.example\nAccept: application/vnd.atlas." + asked + "+json\n\nHTTP/1.1 200 OK\nContent-Type: application/vnd.atlas." + version + "+json\n\n{}\n"
	}
	for _, tt := range []struct {
		texts []string
		want  string
	}{
		{[]string{exchange("/a", "2025-01-01", "2025-01-01"), exchange("/b", "2025-01-01", "2023-01-01")}, "a 2025-01-01, b 2023-01-01"},
		{[]string{exchange("/a", "2023-01-01", "2023-01-01"), exchange("/a", "2025-01-01", "2025-01-01"), exchange("/b", "2025-01-01", "2023-01-01")}, "a 2023-01-01, b 2023-01-01, a 2025-01-01"},
	} {
		fsys := fstest.MapFS{}
		for i, text := range tt.texts {
			fsys[fmt.Sprintf("%d.http", i)] = &fstest.MapFile{Data: []byte(text)}
		}
		r, err := Verify(fsys, Options{Spec: []byte(spec), SpecName: "two.yaml"})
		if err != nil {
			t.Fatal(err)
		}
		var listed []string
		for _, o := range r.Coverage.Operations {
			if o.Percent != 100 {
				t.Errorf("%s %s is covered to %v %%", o.Operation, o.Version, o.Percent)
			}
			listed = append(listed, o.Operation+" "+o.Version)
		}
		if got := strings.Join(listed, ", "); got != tt.want {
			t.Errorf("listed are %s, want %s", got, tt.want)
		}
	}
}
