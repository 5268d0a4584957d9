package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// twins has two templates of one shape, each with a different method.
const twins = `
openapi: 3.0.1
info: {title: Twins, version: "1"}
paths:
  /loads/{name}:
    post: {operationId: load, parameters: [{name: name, in: path, required: true, schema: {type: string}}], responses: {"201": {description: OK}}}
  /loads/{id}:
    get: {operationId: status, parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^[0-9]+$'}}], responses: {"200": {description: OK}}}
  /loads:
    get: {operationId: all, responses: {"200": {description: OK}}}
`

func TestTemplatesOfOneShape(t *testing.T) {
	c := foreignOf(t, twins)
	for _, tt := range []struct{ method, name, template string }{
		{"POST", "load", "/loads/{name}"}, {"GET", "status", "/loads/{id}"},
	} {
		m := matchOf(t, c, tt.method, "/loads/x", "", "")
		if m.Operation == nil || m.Operation.Name != tt.name || m.Template != tt.template {
			t.Errorf("%s: got %+v", tt.method, m)
		}
	}
	status := matchOf(t, c, "GET", "/loads/x", "", "").Operation
	if failures := status.Path[0].CheckPath("x"); len(failures) != 1 || failures[0].Keyword != "pattern" {
		t.Errorf("the parameter of the GET is validated by another template: %v", failures)
	}
	m := matchOf(t, c, "PATCH", "/loads/x", "", "")
	if want := []string{"GET", "POST"}; m.Operation != nil || !slices.Equal(m.Declared, want) {
		t.Errorf("PATCH: %+v, want the methods %q", m, want)
	}
	if m := matchOf(t, c, "GET", "/loads", "", ""); m.Operation == nil || m.Operation.Name != "all" {
		t.Errorf("the collection: %+v", m)
	}
	if operations, errs := c.Operations(oas.Unversioned); len(operations) != 3 || len(errs) > 0 {
		t.Errorf("%d operations, %v", len(operations), errs)
	}
}

// TestPreviewIsNotTheNewest checks the version of an exchange that names no version.
func TestPreviewIsNotTheNewest(t *testing.T) {
	const source = `
openapi: 3.0.1
info: {title: P, version: "1"}
paths:
  /a:
    get: {operationId: a, responses: {"200": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}, application/vnd.atlas.2024-05-30+json: {}, application/vnd.atlas.preview+json: {}}}}}
    delete: {operationId: d, responses: {"204": {description: OK, content: {application/vnd.atlas.2023-01-01+json: {}}}}}
  /b:
    get: {operationId: b, responses: {"200": {description: OK, content: {application/vnd.atlas.preview+json: {}}}}}
  /c:
    get: {operationId: c, responses: {"200": {description: OK}}}
`
	c := foreignOf(t, source)
	for _, tt := range []struct{ method, path, accept, responded, want string }{
		{"GET", "/a", "", "", "2024-05-30"},
		{"DELETE", "/a", "", "", "2024-05-30"},
		{"GET", "/a", "2030-01-01", "", "2024-05-30"},
		{"GET", "/a", "preview", "", "preview"},
		{"GET", "/a", "", "preview", "preview"},
		{"GET", "/b", "", "", "preview"},
		{"GET", "/c", "", "", "2024-05-30"},
		{"GET", "/c", "preview", "", "preview"},
	} {
		m := matchOf(t, c, tt.method, tt.path, tt.accept, tt.responded)
		if m.Operation == nil || m.Version != tt.want {
			t.Errorf("%s %s, Accept %q, Content-Type %q: %+v, want version %s", tt.method, tt.path, tt.accept, tt.responded, m, tt.want)
		}
	}
}

// TestDanglingOperationDoesNotAffectOthers checks that an operation with a dangling reference
// does not affect the other operations of its path.
func TestDanglingOperationDoesNotAffectOthers(t *testing.T) {
	c := foreignOf(t, strings.Replace(twins, `operationId: load, parameters: [`, `operationId: load, parameters: [{$ref: '#/components/parameters/Gone'}, `, 1))
	if m := matchOf(t, c, "GET", "/loads/7", "", ""); m.Operation == nil || m.Operation.Name != "status" {
		t.Errorf("GET: %+v", m)
	}
	if operations, errs := c.Operations(oas.Unversioned); len(operations) != 2 || len(errs) != 1 || !strings.Contains(errs[0].Error(), "POST /loads/{name} cannot be used") {
		t.Errorf("%d operations, %v", len(operations), errs)
	}
}

// TestSecurityIsNotRead checks that an error in an operation's security does not keep its
// exchanges from being validated.
func TestSecurityIsNotRead(t *testing.T) {
	c := foreignOf(t, strings.Replace(twins, `operationId: load, `, `operationId: load, security: [{Gone: []}], `, 1))
	if m := matchOf(t, c, "POST", "/loads/small", "", ""); m.Operation == nil || m.Operation.Name != "load" {
		t.Errorf("POST: %+v", m)
	}
}
