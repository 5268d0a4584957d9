package contracttest

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// dangling is a specification with one operation that works and one that does not.
const dangling = `
openapi: 3.0.1
info: {title: T, version: "1"}
paths:
  /good: {get: {operationId: good, responses: {"200": {description: OK, content: {application/json: {schema: {type: integer}}}}}}}
  /bad: {get: {operationId: bad, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}}}}
`

// TestUnusableOperationDoesNotFailReport checks that a dangling reference of an operation
// affects only the exchanges of that operation.
func TestUnusableOperationDoesNotFailReport(t *testing.T) {
	get := func(path string) string {
		return "GET " + path + " HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\"x\"\n\n"
	}
	for name, tc := range map[string]struct {
		text    string
		entries []int // line of the unreadable exchanges; -1 is the specification
		checked int
	}{
		"first":      {get("/bad") + get("/good"), []int{0}, 1},
		"last":       {get("/good") + get("/bad"), []int{1}, 1},
		"twice":      {get("/bad") + get("/good") + get("/bad"), []int{0, 2}, 1},
		"not called": {get("/good"), []int{-1}, 1},
		"alone":      {get("/bad"), []int{0}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(tc.text)}}, Options{Spec: []byte(dangling), SpecName: "s.yaml"})
			if r == nil || err == nil || errors.Is(err, ErrNothingInScope) != (tc.checked == 0) {
				t.Fatalf("report %v, error %v", r, err)
			}
			if r.Summary.Checked != tc.checked || len(r.Findings) != tc.checked || len(r.Unreadable) != len(tc.entries) {
				t.Fatalf("checked %d, findings %+v, unreadable %+v", r.Summary.Checked, r.Findings, r.Unreadable)
			}
			for i, u := range r.Unreadable {
				if u.Recording.Entry != tc.entries[i] || !strings.Contains(u.Reason, "GET /bad cannot be used") || !strings.Contains(err.Error(), u.Reason) {
					t.Errorf("unreadable %+v", u)
				}
			}
		})
	}
}

// TestModernParameters validates parameters and headers under OpenAPI 3.1, whose errors in
// kin-openapi name no schema.
func TestModernParameters(t *testing.T) {
	const spec = `
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /t/{id}:
    get:
      operationId: t
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, exclusiveMinimum: 3}}
        - {name: q, in: query, schema: {type: string, maxLength: 1}}
        - {name: c, in: query, schema: {const: x}}
      responses: {"200": {description: OK, headers: {X-A: {schema: {type: [integer, "null"]}}}}}
`
	const text = "GET /t/2?q=ab&c=y HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nX-A: a\n\n"
	r, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Spec: []byte(spec)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, string(f.Rule)+" "+f.Name)
		if f.Spec.Pointer == "" || f.Spec.Line == 0 {
			t.Errorf("%s %s has no place in the contract: %+v", f.Rule, f.Name, f.Spec)
		}
	}
	if want := "header X-A\nparameter id\nparameter c\nparameter q"; strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
