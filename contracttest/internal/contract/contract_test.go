package contract

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

func TestRouter(t *testing.T) {
	var r router
	for _, template := range []string{
		"/groups/{groupId}/clusters", "/groups/{groupId}/clusters/{clusterName}", "/groups/{id}/clusters/tenantUpgrade",
		"/groups/{groupId}/clusters/{clusterName}:pause", "/groups/{groupId}/{kind}/all", "/a.b/{x}-{y}", "/a.b/{x}:{y}/c", "/a.b/{x}-{y}/d",
	} {
		r.add(oas.EmptyParameters(template), oas.EmptyParameters(template))
	}
	tests := []struct{ path, shape, values string }{
		{"/groups/1/clusters", "/groups/{}/clusters", "1"},
		{"/groups/1/clusters/two", "/groups/{}/clusters/{}", "1 two"},
		{"/groups/1/clusters/tenantUpgrade", "/groups/{}/clusters/tenantUpgrade", "1"},
		{"/groups/1/clusters/two:pause", "/groups/{}/clusters/{}:pause", "1 two"},
		{"/groups/1/clusters/all", "/groups/{}/clusters/{}", "1 all"},
		{"/groups/1/roles/all", "/groups/{}/{}/all", "1 roles"},
		{"/groups/1/clusters/a%2Fb", "/groups/{}/clusters/{}", "1 a/b"},
		{"/a.b/1-2", "/a.b/{}-{}", "1 2"},
		{"/a.b/1:2/c", "/a.b/{}:{}/c", "1 2"},
		{"/a.b/1-2/d", "/a.b/{}-{}/d", "1 2"},
		{"/a.b/1-2/c", "", ""},
		{"/a.b/1:2", "", ""},
		{"/axb/1-2", "", ""},
		{"/groups/1/clusters/", "", ""},
		{"/groups//clusters", "", ""},
		{"/groups/1", "", ""},
		{"/groups/1/clusters/two/three", "", ""},
		{"/", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		shape, values := r.match(tt.path)
		if shape != tt.shape || strings.Join(values, " ") != tt.values {
			t.Errorf("%s is %q with %q, want %q with %q", tt.path, shape, values, tt.shape, tt.values)
		}
	}
}

// TestRoot checks the path that consists of a slash.
func TestRoot(t *testing.T) {
	var r router
	r.add("/", "/")
	r.add("/{}/", "/{}/")
	for path, want := range map[string]string{"/": "/", "": "", "/a/": "/{}/", "/a": ""} {
		if shape, _ := r.match(path); shape != want {
			t.Errorf("%q is %q, want %q", path, shape, want)
		}
	}
}

func TestRequestedVersion(t *testing.T) {
	tests := []struct {
		accept []string
		want   string
	}{
		{nil, ""},
		{[]string{"*/*"}, ""},
		{[]string{"application/json"}, ""},
		{[]string{"application/vnd.atlas.2024-05-30+json"}, "2024-05-30"},
		{[]string{"Application/VND.ATLAS.2024-05-30+JSON; charset=utf-8"}, "2024-05-30"},
		{[]string{"application/json, application/vnd.atlas.2023-01-01+json"}, "2023-01-01"},
		{[]string{"application/vnd.atlas.2023-01-01+json;q=0.1, application/vnd.atlas.2024-05-30+json;q=0.2"}, "2024-05-30"},
		{[]string{"application/vnd.atlas.2023-01-01+json", "application/vnd.atlas.2024-05-30+json"}, "2023-01-01"},
		{[]string{"application/vnd.atlas.2023-01-01+json;q=0"}, ""},
		{[]string{"application/vnd.atlas.preview+json"}, "preview"},
		{[]string{"application/vnd.atlas.2023-01-01+json;q=0.5, application/vnd.atlas.2024-05-30+json;q=high"}, "2024-05-30"},
		{[]string{"application/vnd.atlas.2023-01-01+json;q=0.5, application/vnd.atlas.2024-05-30+json;q"}, "2024-05-30"},
		{[]string{";;,,application/vnd.atlas.+json"}, ""},
	}
	for _, tt := range tests {
		if got := asked(tt.accept); got != tt.want {
			t.Errorf("%q requests %q, want %q", tt.accept, got, tt.want)
		}
	}
}

func TestSnap(t *testing.T) {
	versions := []string{"2023-01-01", "2024-05-30", "preview"}
	for asked, want := range map[string]string{
		"": "", "2022-12-31": "", "2023-01-01": "2023-01-01", "2024-05-29": "2023-01-01", "2024-05-30": "2024-05-30", "2025-03-12": "2024-05-30",
		"preview": "preview", "latest": "",
	} {
		if got := Snap(versions, asked); got != want {
			t.Errorf("%q snaps to %q, want %q", asked, got, want)
		}
	}
}

// two is a specification with one operation in two versions, one only in the older version,
// and one without versions.
const two = `
openapi: 3.0.1
info: {title: Two, version: "1"}
paths:
  /api/atlas/v2/things/{id}:
    get:
      operationId: getThing
      responses:
        "200":
          description: OK
          content:
            application/vnd.atlas.2023-01-01+json: {schema: {$ref: '#/components/schemas/Thing'}, x-xgen-version: "2023-01-01"}
            application/vnd.atlas.2024-05-30+json: {schema: {$ref: '#/components/schemas/NewThing'}, x-xgen-version: "2024-05-30"}
    delete:
      operationId: deleteThing
      responses:
        "204":
          description: No Content
          content:
            application/vnd.atlas.2023-01-01+json: {x-xgen-version: "2023-01-01"}
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, pattern: '^(?!x)[a-z]+$'}}
  /api/atlas/v2/ping:
    get:
      operationId: ping
      responses:
        "200": {description: OK, content: {application/json: {schema: {type: object, properties: {ok: {type: boolean}}}}}}
components:
  schemas:
    Base: {type: object, required: [id], properties: {id: {type: string}}}
    Thing: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}}}]}
    NewThing: {type: object, properties: {id: {type: string, maxLength: 3}}}
`

func foreignOf(t *testing.T, source string) *Contract {
	t.Helper()
	c, err := Foreign("two.yaml", []byte(source), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func matchOf(t *testing.T, c *Contract, method, path, accept, responded string) *Match {
	t.Helper()
	response := http.Header{}
	if responded != "" {
		response.Set("Content-Type", "application/vnd.atlas."+responded+"+json")
	}
	request := http.Header{}
	if accept != "" {
		request.Set("Accept", "application/vnd.atlas."+accept+"+json")
	}
	m, err := c.Match(method, &url.URL{Path: path}, request, response)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestForeignVersions(t *testing.T) {
	c := foreignOf(t, two)
	if got := c.Versions(); !slices.Equal(got, []string{"2023-01-01", "2024-05-30"}) {
		t.Fatalf("versions are %q", got)
	}
	tests := []struct {
		method, path, accept, responded string
		version, at                     string
	}{
		{"GET", "/api/atlas/v2/things/a", "2023-05-01", "", "2023-01-01", "2023-01-01"},
		{"GET", "/api/atlas/v2/things/a", "2025-01-01", "", "2024-05-30", "2024-05-30"},
		{"GET", "/api/atlas/v2/things/a", "", "2023-01-01", "2023-01-01", "2023-01-01"},
		{"GET", "/api/atlas/v2/things/a", "", "", "2024-05-30", "2024-05-30"},
		{"DELETE", "/api/atlas/v2/things/a", "2024-05-30", "", "2024-05-30", "2023-01-01"},
		{"GET", "/api/atlas/v2/ping", "2024-05-30", "", "2024-05-30", "2024-05-30"},
	}
	for _, tt := range tests {
		m := matchOf(t, c, tt.method, tt.path, tt.accept, tt.responded)
		if m == nil || m.Operation == nil || m.Version != tt.version || m.Operation.At != tt.at {
			t.Errorf("%s %s with Accept %q and Content-Type %q: got %+v", tt.method, tt.path, tt.accept, tt.responded, m)
		}
	}
	if m := matchOf(t, c, "PUT", "/api/atlas/v2/things/a", "", ""); m == nil || m.Operation != nil || !slices.Equal(m.Declared, []string{"DELETE", "GET"}) {
		t.Errorf("PUT: %+v", m)
	}
	if m := matchOf(t, c, "GET", "/elsewhere", "", ""); m != nil {
		t.Errorf("an unknown path is %+v", m)
	}
}

// TestForeignPatternsBeyondGo checks that a contract may have patterns with look-aheads, and
// that values are validated against them.
func TestForeignPatternsBeyondGo(t *testing.T) {
	id := matchOf(t, foreignOf(t, two), "GET", "/api/atlas/v2/things/xyz", "2024-05-30", "").Operation.Path[0]
	if failures := id.CheckPath("abc"); failures != nil {
		t.Errorf("abc: %v", failures)
	}
	if failures := id.CheckPath("xyz"); len(failures) != 1 || failures[0].Keyword != "pattern" || failures[0].Spec == "" {
		t.Errorf("xyz: %v", failures)
	}
}

// TestLinesOfUsersFile checks that the lines in findings are those of the user's file.
func TestLinesOfUsersFile(t *testing.T) {
	c := foreignOf(t, two)
	lines := strings.Split(two, "\n")
	for pointer, want := range map[string]string{
		"/components/schemas/NewThing/properties/id/maxLength":                   "NewThing:",
		"/components/schemas/Thing/allOf/1/properties/name/type":                 "Thing:",
		"/components/schemas/Base/properties/gone/type":                          "Base:",
		"/paths/~1api~1atlas~1v2~1things~1{id}/get/responses/200/content/x/none": "content:",
		"/paths/~1api~1atlas~1v2~1things~1{id}/parameters/0/schema":              "name: id",
		"/paths/~1api~1atlas~1v2~1ping":                                          "/ping:",
		"/paths/~1api~1atlas~1v2~1things~1{id}/parameters/0":                     "name: id",
		"/paths/~1api~1atlas~1v2~1things~1{id}/parameters/1/name":                "    parameters:",
		"/paths/~1api~1atlas~1v2~1things~1{id}/parameters/-1":                    "    parameters:",
		"/paths/~1api~1atlas~1v2~1things~1{id}/parameters/x":                     "    parameters:",
	} {
		line := c.Line("two.yaml", pointer)
		if line < 1 || line > len(lines) || !strings.Contains(lines[line-1], want) {
			t.Errorf("%s is in line %d, want the line with %q", pointer, line, want)
		}
	}
	for file, pointer := range map[string]string{"other.yaml": "/components", "two.yaml": ""} {
		if line := c.Line(file, pointer); line != 0 {
			t.Errorf("%q in %s has line %d", pointer, file, line)
		}
	}
	if got := c.Line("two.yaml", "/gone/x"); got != 0 {
		t.Errorf("a place that does not exist has line %d", got)
	}
}

// TestDocuments checks what is known of a specification file.
func TestDocuments(t *testing.T) {
	for version, is31 := range map[string]bool{"3.0.1": false, "3.1.0": true} {
		c := foreignOf(t, strings.Replace(two, "3.0.1", version, 1))
		if c.Is31("two.yaml") != is31 || c.Is31("other.yaml") {
			t.Errorf("OpenAPI %s: is 3.1 %t, an unknown file %t", version, c.Is31("two.yaml"), c.Is31("other.yaml"))
		}
		if n := c.Node("two.yaml", "/info/title"); oas.Text(n) != "Two" || c.Node("two.yaml", "/gone") != nil || c.Node("other.yaml", "/info") != nil {
			t.Errorf("the title is %v", n)
		}
	}
}

// TestServers checks the paths at which operations are served: those with the path of the
// server's URL, and those without it unless another operation is served there.
func TestServers(t *testing.T) {
	const source = `
openapi: 3.0.1
info: {title: S, version: "1"}
paths:
  /{a}: {servers: [{url: https://h/x}], get: {operationId: a, responses: {"200": {description: OK}}}}
  /{b}: {get: {operationId: b, responses: {"200": {description: OK}}}}
  /c/{d}: {servers: [{url: https://h/y}], get: {operationId: c, responses: {"200": {description: OK}}}}
`
	c := foreignOf(t, source)
	for path, want := range map[string]string{"/x/1": "a", "/1": "b", "/y/c/1": "c", "/c/1": "c", "/z/1": ""} {
		got := ""
		if m := matchOf(t, c, "GET", path, "", ""); m != nil {
			got = m.Operation.Name
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := c.Where("GET", "/c/{e}", func(*Operation) bool { return true }); len(got) != 1 {
		t.Errorf("an operation is found in %q", got)
	}
}

func TestOneVersionFile(t *testing.T) {
	const one = `
openapi: 3.0.1
info: {title: One, version: "1"}
paths:
  /a:
    get: {operationId: a, responses: {"200": {description: OK, content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}}}}}}
    delete: {operationId: d, responses: {"204": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}}}}}
`
	c := foreignOf(t, one)
	if got := c.Versions(); !slices.Equal(got, []string{"2024-05-30"}) {
		t.Errorf("the versions of a one-version file are %q", got)
	}
	if m := matchOf(t, c, "GET", "/a", "2023-01-01", "2023-01-01"); m.Version != "2024-05-30" {
		t.Errorf("version %q was selected for an exchange of another version", m.Version)
	}
	unversioned := strings.NewReplacer("vnd.atlas.2024-05-30+json", "json", "vnd.atlas.2023-01-01+json", "json").Replace(one)
	if got := foreignOf(t, unversioned).Versions(); !slices.Equal(got, []string{oas.Unversioned}) {
		t.Errorf("a file without versions has %q", got)
	}
}

// TestUpstreamAddsPaths checks that the complete Atlas specification declares
// operations of other resources too.
func TestUpstreamAddsPaths(t *testing.T) {
	source, err := os.ReadFile("../../../../shared/upstream/atlas-v2-2026-08-19.yaml")
	if err != nil {
		t.Skip("the shared upstream specification is not here")
	}
	c, err := Foreign("atlas-v2.yaml", source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/groups/0123456789abcdef01234567/clusters", "/groups/0123456789abcdef01234567/backup/exportBuckets", "/orgs"} {
		m, err := c.Match("GET", &url.URL{Path: "/api/atlas/v2" + path}, http.Header{"Accept": {"application/vnd.atlas.2025-03-12+json"}}, http.Header{})
		if err != nil || m == nil || m.Operation == nil {
			t.Errorf("%s: %+v, %v", path, m, err)
		}
	}
}

// FuzzMatch checks that no path, method or header makes Match panic.
func FuzzMatch(f *testing.F) {
	c, err := Embedded(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("GET", "/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets", "application/vnd.atlas.2024-05-30+json", "application/json")
	f.Add("PATCH", "/api/atlas/v1.0/groups/%2e%2e/backup/exportBuckets/%ff", ",;q=,", ";")
	f.Fuzz(func(t *testing.T, method, path, accept, responded string) {
		u := &url.URL{Path: path}
		m, err := c.Match(method, u, http.Header{"Accept": {accept}}, http.Header{"Content-Type": {responded}})
		if err != nil {
			t.Fatal(err)
		}
		if m != nil && m.Operation == nil && len(m.Declared) == 0 {
			t.Errorf("%s %s: a known path without methods: %+v", method, path, m)
		}
	})
}
