package pipeline_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/pipeline"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

const upstreamFile = "../../../shared/upstream/atlas-v2-2026-08-19.yaml"

func upstream(t testing.TB) *pipeline.Upstream {
	t.Helper()
	u, err := pipeline.ReadUpstream(upstreamFile, time.Now())
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("upstream's specification is not next to this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestContractIsFresh checks that the committed files of the contract are those that the
// recipe builds from the upstream specification.
func TestContractIsFresh(t *testing.T) {
	u := upstream(t)
	recipe, err := pipeline.ReadRecipe("../../openapi/select.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		files, err := recipe.Build(u)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 3 {
			t.Fatalf("%d files", len(files))
		}
		for _, f := range files {
			committed, err := os.ReadFile(f.Name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(committed), string(f.Data)); diff != "" {
				t.Errorf("%s is stale; run make openapi (-committed +made):\n%s", f.Name, diff)
			}
		}
	}
}

// TestEveryCorrectionIsNeeded checks that each correction changes the newest upstream
// specification and has a reason.
func TestEveryCorrectionIsNeeded(t *testing.T) {
	u := upstream(t)
	doc, err := oas.ParseBytes(u.Name, u.Data)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := trim.Cut(doc, trim.Selection{
		Operations: []string{"listExportBuckets", "createExportBucket", "getExportBucket", "deleteExportBucket"}, Version: "2024-05-30",
	})
	if err != nil {
		t.Fatal(err)
	}
	needed := make(map[string]bool)
	for _, action := range oas.Items(oas.Get(corrections(t), "actions")) {
		id, reason := oas.Text(oas.Get(action, "x-correction")), oas.Text(oas.Get(action, "description"))
		if id == "" || reason == "" {
			t.Errorf("%s: no id or no reason", oas.Text(oas.Get(action, "target")))
		}
		corrected := applied(t, cut, action)
		needed[id] = needed[id] || !oas.Equal(cut.Root(), corrected.Root())
		cut = corrected
	}
	for id, is := range needed {
		// The newest specification has no schema for its 204 responses any more; that of
		// 2025-11 had one.
		if !is && id != "no-body-on-204" {
			t.Errorf("%s: the correction is no longer needed", id)
		}
	}
}

// corrections returns the overlay of the contract's corrections.
func corrections(t *testing.T) *oas.Node {
	t.Helper()
	source, err := openapi.Recipe("corrections.overlay.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var root oas.Node
	if err := yaml.Unmarshal(source, &root); err != nil {
		t.Fatal(err)
	}
	return root.Content[0]
}

// applied returns the document with one action of the corrections applied.
func applied(t *testing.T, doc *oas.Document, action *oas.Node) *oas.Document {
	t.Helper()
	overlay := oas.Shallow(corrections(t))
	oas.Set(overlay, "actions", oas.Sequence(action))
	text, err := oas.Encode(overlay)
	if err != nil {
		t.Fatal(err)
	}
	corrected, _, err := pipeline.Overlaid(doc, "corrections.overlay.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if err := trim.DedupeParameters(corrected); err != nil {
		t.Fatal(err)
	}
	return corrected
}

const small = `openapi: 3.0.1
info: {title: Small, version: "1", x-xgen-sha: abc}
paths:
  /a:
    get:
      operationId: getA
      responses:
        "200":
          description: OK
          content:
            application/vnd.atlas.2024-05-30+json:
              schema: {$ref: '#/components/schemas/A'}
components:
  schemas:
    A: {type: object, properties: {name: {type: string}}}
`

const smallRecipe = `title: Small
prose: prose.yaml
record: UPSTREAM
cuts:
  - {version: "2024-05-30", output: a.yaml, operations: [getA]}
`

func prose(update string) string {
	return "overlay: 1.1.0\ninfo: {title: x, version: 1.0.0}\nactions:\n  - target: $.components.schemas.A\n    update: " + update + "\n"
}

func build(t *testing.T, recipe, overlay, upstream string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string]string{"select.yaml": recipe, "prose.yaml": overlay} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, err := pipeline.ReadRecipe(filepath.Join(dir, "select.yaml"))
	if err != nil {
		return "", err
	}
	files, err := r.Build(&pipeline.Upstream{Name: "small.yaml", Data: []byte(upstream), Date: "2026-01-02"})
	if err != nil {
		return "", err
	}
	if err := pipeline.Write(files); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, name := range []string{"a.yaml", "UPSTREAM"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	return all.String(), nil
}

func TestBuild(t *testing.T) {
	words := "{description: Our words., x-go-name: Alpha, properties: {name: {description: Its name.}}}"
	for _, tc := range []struct {
		what, recipe, overlay, upstream string
		want                            []string
		fails                           bool
	}{
		{what: "prose and names are applied", overlay: prose(words), want: []string{"Our words.", "x-go-name: Alpha", "Its name.", "x-xgen-sha: abc", "date: 2026-01-02"}},
		{what: "prose for a field that upstream removed", overlay: prose("{properties: {gone: {description: Words.}}}"), want: []string{"prose.yaml", "/components/schemas/A/properties/gone", "more than prose"}, fails: true},
		{what: "a type is not prose", overlay: prose("{properties: {name: {type: integer}}}"), want: []string{"/components/schemas/A/properties/name/type"}, fails: true},
		{what: "no overlay", overlay: "actions: 3", want: []string{"prose.yaml", "no OpenAPI Overlay"}, fails: true},
		{what: "an invalid path in it", overlay: strings.Replace(prose(words), "$.", "$[", 1), want: []string{"prose.yaml"}, fails: true},
		{what: "another API", overlay: prose(words), upstream: strings.Replace(small, "title: Small", "title: Large", 1), want: []string{`"Large"`, "another API"}, fails: true},
		{what: "an unknown key in the recipe", recipe: smallRecipe + "cutz: []\n", want: []string{"select.yaml", "cutz"}, fails: true},
		{what: "no cuts", recipe: "title: x\n", want: []string{"no cuts"}, fails: true},
		{what: "no output", recipe: "cuts: [{operations: [a]}]\n", want: []string{"cut 1", "output"}, fails: true},
		{what: "an unknown operation", recipe: strings.Replace(smallRecipe, "getA", "getB", 1), overlay: prose(words), want: []string{`"getB"`, "no operation matches"}, fails: true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			if tc.recipe == "" {
				tc.recipe = smallRecipe
			}
			if tc.upstream == "" {
				tc.upstream = small
			}
			got, err := build(t, tc.recipe, tc.overlay, tc.upstream)
			if (err != nil) != tc.fails {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				got = err.Error()
			}
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in:\n%s", want, got)
				}
			}
		})
	}
}

func TestDateOfUpstream(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 4, 23, 0, 0, 0, time.FixedZone("", -3*3600))
	for name, want := range map[string]string{"atlas-2025-01-02.yaml": "2025-01-02", "atlas.yaml": "2026-03-05"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		u, err := pipeline.ReadUpstream(path, now)
		if err != nil || u.Date != want {
			t.Errorf("%s: %v, %v; want %s", name, u.Date, err, want)
		}
	}
}

// TestCorrectionsStandAlone checks that the targets of references in the corrections exist,
// regardless of which operations are extracted.
func TestCorrectionsStandAlone(t *testing.T) {
	doc, err := oas.ParseBytes("buckets.yaml", []byte(`openapi: 3.0.1
info: {title: Buckets, version: "1"}
paths:
  /api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}:
    get:
      operationId: getExportBucket
      parameters: [{$ref: '#/components/parameters/groupId'}]
      responses: {"404": {$ref: '#/components/responses/notFound'}}
components:
  parameters:
    groupId: {in: path, name: groupId, required: true, schema: {type: string}}
  responses:
    notFound: {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/ApiError'}}}}
  schemas:
    ApiError: {type: object}
`))
	if err != nil {
		t.Fatal(err)
	}
	cut, err := pipeline.Cut(doc, trim.Selection{Operations: []string{"getExportBucket"}})
	if err != nil {
		t.Fatal(err)
	}
	corrected, err := pipeline.Corrected(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []*oas.Document{cut, corrected} {
		data, err := oas.Encode(made.Root())
		if err != nil || !strings.Contains(string(data), "name: pretty") {
			t.Errorf("%v, pretty is not declared in:\n%s", err, data)
		}
	}
}

// TestCorrectionsOfSmallDocuments checks that no correction refers to a component that the
// document lacks: a document with one operation may have neither shared responses nor Atlas's
// error schema.
func TestCorrectionsOfSmallDocuments(t *testing.T) {
	const small = `
openapi: 3.0.1
info: {title: Small, version: "1"}
paths:
  /api/atlas/v2/groups/{groupId}/backup/exportBuckets/{exportBucketId}:
    get:
      operationId: getExportBucket
      parameters: [{in: path, name: groupId, required: true, schema: {type: string}}, {in: path, name: exportBucketId, required: true, schema: {type: string}}]
      responses: {'200': {description: x}%s}
%s`
	const notFound = ", '404': {$ref: '#/components/responses/other'}"
	for name, tt := range map[string]struct{ more, components, statuses string }{
		"no components":   {"", "", "200"},
		"no error schema": {notFound, "components: {responses: {other: {description: x}}}", "200 404 406 400"},
		"an error schema": {notFound, "components: {responses: {other: {description: x}}, schemas: {ApiError: {type: object}}}", "200 404 406 400"},
	} {
		doc, err := oas.ParseBytes("small.yaml", []byte(fmt.Sprintf(small, tt.more, tt.components)))
		if err != nil {
			t.Fatal(err)
		}
		corrected, err := pipeline.Corrected(doc)
		if err != nil {
			t.Fatal(err)
		}
		cut, err := pipeline.Cut(doc, trim.Selection{Operations: []string{"getExportBucket"}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, made := range []*oas.Document{corrected, cut} {
			get := made.Resolve("/paths/~1api~1atlas~1v2~1groups~1{groupId}~1backup~1exportBuckets~1{exportBucketId}/get")
			if n := len(oas.Items(oas.Get(get, "parameters"))); n != 2 {
				t.Errorf("%s: %d parameters", name, n)
			}
			var statuses []string
			for status := range oas.Pairs(oas.Get(get, "responses")) {
				statuses = append(statuses, status)
			}
			if got := strings.Join(statuses, " "); got != tt.statuses || made.Complete() != nil {
				t.Errorf("%s: statuses %s, want %s; %v", name, got, tt.statuses, made.Complete())
			}
		}
	}
}

// TestBuildRefusesTruncatedDocument checks that a truncated document is refused.
func TestBuildRefusesTruncatedDocument(t *testing.T) {
	const whole = "openapi: 3.0.1\ninfo: {title: Zoo, version: '1'}\npaths:\n  /a:\n    get: {operationId: getA, responses: {'200': {description: OK}}}\nsecurity: []\nservers: []\n"
	recipe, err := pipeline.ParseRecipe("select.yaml", []byte("sections: [security, servers]\ncuts: [{version: v1.0, output: a.yaml, operations: [getA]}]"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := recipe.Build(&pipeline.Upstream{Name: "up.yaml", Data: []byte(whole)}); err != nil {
		t.Fatalf("the whole document: %v", err)
	}
	for name, test := range map[string]struct{ cut, want string }{
		"before servers":        {strings.TrimSuffix(whole, "servers: []\n"), `up.yaml: the document is not complete: it has no "servers" at its top level`},
		"before both":           {strings.TrimSuffix(whole, "security: []\nservers: []\n"), `it has no "security"`},
		"without responses":     {strings.Replace(whole, ", responses: {'200': {description: OK}}", "", 1), "GET /a (line 5) has no responses"},
		"with a dangling $ref":  {strings.Replace(whole, "{description: OK}", "{$ref: '#/components/responses/ok'}", 1), "does not contain the target"},
		"with an external $ref": {strings.Replace(whole, "{description: OK}", "{$ref: 'other.yaml#/ok'}", 1), "external references are not followed"},
		"at its first byte":     {"", "it is empty"},
	} {
		if _, err := recipe.Build(&pipeline.Upstream{Name: "up.yaml", Data: []byte(test.cut)}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
