package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// TestOnly checks that a contract limited to a version validates only against that version.
func TestOnly(t *testing.T) {
	c := foreignOf(t, two)
	old, err := c.Only("2023-01-01")
	if err != nil {
		t.Fatal(err)
	}
	if m := matchOf(t, old, "GET", "/api/atlas/v2/things/a", "2024-05-30", "2024-05-30"); m.Version != "2023-01-01" {
		t.Errorf("selected version %s", m.Version)
	}
	if old.Line("two.yaml", "/paths") == 0 {
		t.Error("the lines of the specification are lost")
	}
	if _, err := c.Only("2022-02-02"); err == nil || !strings.Contains(err.Error(), `"2022-02-02" is not in the contract: use auto or one of 2023-01-01, 2024-05-30`) {
		t.Errorf("an unknown version: %v", err)
	}
}

// TestElsewhere checks that the finding for an undeclared method names the version that has it.
func TestElsewhere(t *testing.T) {
	c := foreignOf(t, strings.Replace(two, "    parameters:", `    put:
      operationId: putThing
      responses: {"200": {description: OK, content: {application/vnd.atlas.2024-05-30+json: {schema: {type: object}, x-xgen-version: "2024-05-30"}}}}
    parameters:`, 1))
	for _, tt := range []struct {
		method, asked string
		elsewhere     []string
	}{
		{"PUT", "2023-01-01", []string{"2024-05-30"}}, {"PATCH", "2023-01-01", nil},
	} {
		m := matchOf(t, c, tt.method, "/api/atlas/v2/things/a", tt.asked, "")
		if m.Operation != nil || !slices.Equal(m.Elsewhere, tt.elsewhere) || m.Template != "/api/atlas/v2/things/{id}" {
			t.Errorf("%s in %s: %+v", tt.method, tt.asked, m)
		}
	}
}

// TestWhere checks the versions in which an operation satisfies a condition, and whether an
// exchange of the operation identifies the version of its recording.
func TestWhere(t *testing.T) {
	c := foreignOf(t, two)
	long := func(op *Operation) bool { return op.Declares(200, "/name", "") }
	for template, want := range map[string][]string{
		"/api/atlas/v2/things/{thingId}": {"2023-01-01"}, "/api/atlas/v2/ping": nil, "/gone": nil,
	} {
		if got := c.Where("GET", template, long); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", template, got, want)
		}
	}
	if got := c.Where("DELETE", "/api/atlas/v2/things/{id}", func(*Operation) bool { return true }); !slices.Equal(got, []string{"2023-01-01"}) {
		t.Errorf("an operation that two versions share is in %q", got)
	}
	for _, tt := range []struct {
		method, asked string
		want          bool
	}{
		{"GET", "2023-01-01", true}, {"GET", "2024-05-30", true}, {"DELETE", "2023-01-01", false}, {"DELETE", "2024-05-30", false},
	} {
		if got := c.IdentifiesVersion(matchOf(t, c, tt.method, "/api/atlas/v2/things/a", tt.asked, "").Operation); got != tt.want {
			t.Errorf("%s in %s identifies the version: %v", tt.method, tt.asked, got)
		}
	}
}

// TestAsListed checks the version with which an operation is listed: its own if the file has
// several versions, that of the contract if it has one.
func TestAsListed(t *testing.T) {
	one := strings.NewReplacer("application/vnd.atlas.2023-01-01+json: {schema", "application/json: {schema", `, x-xgen-version: "2023-01-01"}`, "}").Replace(two)
	for _, tt := range []struct{ source, method, want string }{
		{two, "DELETE", "2023-01-01"}, {two, "GET", "2024-05-30"}, {one, "DELETE", "2024-05-30"},
	} {
		c := foreignOf(t, tt.source)
		op := matchOf(t, c, tt.method, "/api/atlas/v2/things/a", "2024-05-30", "").Operation
		if got := c.AsListed(op).Version; got != tt.want {
			t.Errorf("%s in a file of %q is listed with %s, want %s", tt.method, c.Versions(), got, tt.want)
		}
	}
}

// TestCorrectionsAreListedOnce checks that the reason of a correction is listed once, although
// it corrects several documents, and only if it corrects one.
func TestCorrectionsAreListedOnce(t *testing.T) {
	const overlay = `
overlay: 1.1.0
info: {title: t, version: "1"}
actions:
  - {target: $.info, update: {x-note: 1}, description: noted}
  - {target: $.gone, update: {x-note: 1}, description: not found}
  - {target: $.info, update: {x-more: 1}, description: more}
`
	c, err := Embedded(&Overlay{Name: "o.yaml", Source: []byte(overlay)})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"noted", "more"}; !slices.Equal(c.Corrections(), want) {
		t.Errorf("got %q, want %q", c.Corrections(), want)
	}
}

// TestOperations checks which operations coverage counts: all operations of a small
// contract, and only the used ones of a large contract.
func TestOperations(t *testing.T) {
	names := func(c *Contract, version string) string {
		t.Helper()
		ops, err := c.Operations(version)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, op := range ops {
			names = append(names, op.Name)
		}
		return strings.Join(names, " ")
	}
	if got := names(foreignOf(t, two), "2023-01-01"); got != "ping deleteThing getThing" {
		t.Errorf("a small contract has %q", got)
	}
	if got := names(foreignOf(t, two), "2020-01-01"); got != "" {
		t.Errorf("an unknown version has %q", got)
	}
	many := "openapi: 3.0.1\ninfo: {title: Many, version: '1'}\npaths:\n"
	for i := range maxCounted {
		many += fmt.Sprintf("  /p%02d: {get: {operationId: p%02d, responses: {'200': {description: OK}}}}\n", i, i)
	}
	if got := strings.Fields(names(foreignOf(t, many), oas.Unversioned)); len(got) != maxCounted {
		t.Errorf("the largest contract that is counted as a whole has %d operations, want %d", len(got), maxCounted)
	}
	c := foreignOf(t, many+"  /more: {get: {operationId: more, responses: {'200': {description: OK}}}}\n")
	if got := names(c, oas.Unversioned); got != "" {
		t.Errorf("operations before any exchange: %q", got)
	}
	matchOf(t, c, "GET", "/p07", "", "")
	if got := names(c, oas.Unversioned); got != "p07" {
		t.Errorf("operations after one exchange: %q", got)
	}
	embedded, err := Embedded(nil)
	if err != nil {
		t.Fatal(err)
	}
	newest := embedded.Versions()[len(embedded.Versions())-1]
	if got := names(embedded, newest); !strings.Contains(got, "listExportBuckets") {
		t.Errorf("the module's own contract has %q", got)
	}
}

// TestForeignRefuses checks the error for an unusable specification: it contains the file
// and the problem, and occurs either on loading or when the first exchange needs the
// invalid part.
func TestForeignRefuses(t *testing.T) {
	for source, want := range map[string]string{
		"paths: {": "bad.yaml",
		"openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\n": "bad.yaml: the document declares no operation",
	} {
		if _, err := Foreign("bad.yaml", []byte(source), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", source, err, want)
		}
	}
	for what, broken := range map[string]string{
		"a dangling reference":      "{'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}}",
		"an unknown type":           "{'200': {description: OK, content: {application/json: {schema: {type: text}}}}}",
		"a list in place of a text": "{'200': {description: [1], content: {application/json: {schema: {type: string, minLength: x}}}}}",
	} {
		c, err := Foreign("bad.yaml", []byte("openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {operationId: a, responses: "+broken+"}}}\n"), nil)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		_, err = c.Match("GET", &url.URL{Path: "/a"}, http.Header{}, http.Header{})
		if err == nil || !strings.HasPrefix(err.Error(), "GET /a cannot be used: ") {
			t.Errorf("%s: %v", what, err)
		}
		if _, again := c.Match("GET", &url.URL{Path: "/a"}, http.Header{}, http.Header{}); again == nil || again.Error() != err.Error() {
			t.Errorf("%s: the second time %v", what, again)
		}
		if operations, errs := c.Operations(oas.Unversioned); len(operations) != 0 || len(errs) != 1 || errs[0].Error() != err.Error() {
			t.Errorf("%s: %d operations, errors %v", what, len(operations), errs)
		}
	}
}

// TestIncomplete checks that a reference to another file is an error of the specification
// unless the user's overlay removes it, and that a complete specification has no such error,
// although the module's corrections refer to a schema that it lacks.
func TestIncomplete(t *testing.T) {
	const complete = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {default: {description: x}}}}}\ncomponents: {responses: {R: {description: x}}%s}\n"
	overlay := func(target string) *Overlay {
		return &Overlay{Name: "o.yaml", Source: []byte("overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: [{target: " + target + ", remove: true, description: x}]\n")}
	}
	external := fmt.Sprintf(complete, ", schemas: {S: {$ref: 'o.yaml'}}")
	for name, tt := range map[string]struct {
		source  string
		overlay *Overlay
		want    string
	}{
		"complete":         {fmt.Sprintf(complete, ""), nil, ""},
		"external":         {external, nil, "at /components/schemas/S, line 4: reference"},
		"external removed": {external, overlay("$.components"), ""},
		"another removed":  {external, overlay("$.info.version"), "at /components/schemas/S, line 4: reference"},
	} {
		c, err := Foreign("s.yaml", []byte(tt.source), tt.overlay)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := c.Incomplete(); (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}
