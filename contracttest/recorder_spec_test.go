package contracttest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// clusterSpec is a specification of operations that the module's own contract lacks.
var clusterSpec = `
openapi: 3.0.1
info: {title: Clusters, version: "1"}
servers: [{url: https://cloud.mongodb.com}]
paths:
  /api/atlas/v2/groups/{groupId}/clusters/{clusterName}/processArgs:
    parameters:
      - {name: groupId, in: path, required: true, schema: {type: string, pattern: '^[a-f0-9]{24}$'}}
      - {name: clusterName, in: path, required: true, schema: {type: string}}
      - {name: verbose, in: query, schema: {type: boolean}}
      - {name: depth, in: query, schema: {type: integer}}
      - {name: sort, in: query, schema: {$ref: '#/components/schemas/Order'}}
    get:
      operationId: getArguments
      responses:
        "200":
          description: OK
          content:
            application/vnd.atlas.2024-08-05+json:
              schema:
                type: object
                required: [state_name, created, versions]
                properties:
                  state_name: {allOf: [{$ref: '#/components/schemas/State'}]}
                  created: {type: string, format: date-time}
                  versions: {type: array, items: {type: string, enum: [TLS1_0, TLS1_2]}}
                  sizeGB: {type: number}
                  owner: {type: string}
                  ownerId: {type: string, pattern: '^[a-f0-9]{24}$'}
                  tree: {$ref: '#/components/schemas/Tree'}
components:
  schemas:
    Tree: {anyOf: [{type: array, items: {$ref: '#/components/schemas/Tree'}}, {enum: [red-leaf]}, {$ref: '#/components/schemas/Forest'}]}
    Forest: {anyOf: [` + strings.Repeat("{$ref: '#/components/schemas/Tree'}, ", 100) + `{enum: [green-leaf]}]}
    Order: {type: string, enum: [newest-first, oldest-first]}
    State: {type: string, enum: [idle_now, BUSY2]}
`

// TestRecorderWithSpec records an operation of another specification. The recorder keeps field
// names and enum values of that specification, so that the recording conforms to it, and
// replaces other values.
func TestRecorderWithSpec(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.atlas.2024-08-05+json")
		_, _ = io.WriteString(w, `{"state_name":"idle_now","created":"2031-07-13T11:12:13Z","versions":["TLS1_2"],"tree":[["red-leaf"],"green-leaf"],"sizeGB":0.5,"owner":"acme-owner","ownerId":"60113b99ce5a6a3d72ea7454"}`)
	}))
	defer srv.Close()
	address := srv.URL + "/api/atlas/v2/groups/5f1a2b3c4d5e6f708192a3b4/clusters/acme-cluster/processArgs?verbose=true&depth=3&sort=newest-first&team=acme"
	record := func(spec []byte) string {
		dir := t.TempDir()
		rec := newRecorder(t, dir, contracttest.RecorderOptions{Spec: spec, Name: "session"})
		resp, err := (&http.Client{Transport: rec}).Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	dir := record([]byte(clusterSpec))
	report, err := contracttest.VerifyPaths(t.Context(), contracttest.Options{
		Spec: []byte(clusterSpec), Severity: map[contracttest.Rule]contracttest.Severity{contracttest.UndeclaredQuery: contracttest.SeverityOff},
	}, dir)
	if err != nil || report.Summary.Checked != 1 || len(report.Findings) > 0 {
		t.Errorf("verify: %+v, %v", report, err)
	}
	for _, text := range disk(t, dir) {
		for _, kept := range []string{"/clusters/redacted/processArgs?verbose=true&depth=3&sort=newest-first&redacted=redacted", `"state_name":"idle_now"`, `"versions":["TLS1_2"]`, `"tree":[["red-leaf"],"green-leaf"]`, `"sizeGB":0.5`, `"owner":"redacted"`} {
			if !strings.Contains(text, kept) {
				t.Errorf("%q was not kept in\n%s", kept, text)
			}
		}
		if found := regexp.MustCompile(`acme|2031|60113b99|5f1a2b3c`).FindString(text); found != "" {
			t.Errorf("%q was kept", found)
		}
	}
	for _, text := range disk(t, record(nil)) {
		for _, gone := range []string{"processArgs", "newest-first", "state_name", "idle_now", "TLS1_2"} {
			if strings.Contains(text, gone) {
				t.Errorf("%q was kept without the specification", gone)
			}
		}
	}
}

// TestRecorderBoundsTheSpec checks that a small specification whose shared values multiply is
// refused.
func TestRecorderBoundsTheSpec(t *testing.T) {
	slowtest.Skip(t)
	var spec strings.Builder
	spec.WriteString("openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: OK}}}}}\ncomponents:\n  schemas:\n    E: {enum: [")
	for i := range 2_000 {
		fmt.Fprintf(&spec, "v%d, ", i)
	}
	spec.WriteString("last]}\n    P:\n      properties:\n")
	for i := range 2_000 {
		fmt.Fprintf(&spec, "        p%d: {$ref: '#/components/schemas/E'}\n", i)
	}
	_, err := contracttest.NewRecorder(t.TempDir(), contracttest.RecorderOptions{Spec: []byte(spec.String())})
	var exceeded *limits.ExceededError
	if !errors.As(err, &exceeded) || !strings.Contains(err.Error(), "2,000,000 steps of work") {
		t.Errorf("error is %v", err)
	}
}

func TestRecorderRefusesABrokenSpec(t *testing.T) {
	for _, spec := range []string{"", "paths: {", "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {$ref: '#/gone'}}\n"} {
		if _, err := contracttest.NewRecorder(t.TempDir(), contracttest.RecorderOptions{Spec: []byte(spec)}); err == nil || !strings.Contains(err.Error(), "recorder: specification") {
			t.Errorf("%q: %v", spec, err)
		}
	}
}
