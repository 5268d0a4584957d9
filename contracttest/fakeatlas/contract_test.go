package fakeatlas_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/openapi"
)

// undeclared lists the responses of the fake that the contract does not declare, by
// operation and status, each with the reason why the fake sends it.
var undeclared = map[string]string{
	"createExportBucket 413":       "a body larger than 1 MiB: no body that conforms to the contract is as large",
	"createExportBucket 415":       "a body whose media type is not JSON",
	"updateBackupExportBucket 413": "as for create",
	"updateBackupExportBucket 415": "as for create",
}

// ofTheRequest contains the rules that validate requests. Verify skips them if the response
// is a declared 4xx. If the response is an undeclared 4xx, this test sent an invalid
// request on purpose.
var ofTheRequest = map[contracttest.Rule]bool{contracttest.BadParameter: true, contracttest.BadRequestBody: true}

// The fake conforms to the contract: verify reports no findings for any response, to any
// caller, in any version and for any provider, except the statuses above. The test checks
// that the fake sends every response that the contract declares.
func TestKeepsTheContract(t *testing.T) {
	missed := maps.Clone(undeclared)
	for _, version := range openapi.Versions() {
		t.Run(version, func(t *testing.T) {
			d := &drive{t: t, version: version}
			d.everything()
			report := d.verify()
			for _, f := range report.Findings {
				key := fmt.Sprintf("%s %d", f.Operation, f.Status)
				if undeclared[key] == "" {
					key = version + " " + key
				}
				if undeclared[key] != "" && ofTheRequest[f.Rule] {
					continue
				}
				if undeclared[key] == "" || f.Rule != contracttest.UndeclaredStatus {
					t.Errorf("%s: %s %s: %s, expected %s, actual %s", f.Rule, key, f.Pointer, f.Message, f.Expected, f.Actual)
				}
				delete(missed, key)
			}
			checkCoverage(t, report.Coverage)
			t.Logf("%d exchanges checked, %d kinds of undeclared status", report.Summary.Checked, len(report.Findings))
		})
	}
	for _, key := range slices.Sorted(maps.Keys(missed)) {
		t.Errorf("%s is on the list of undeclared responses, but the fake did not send it", key)
	}
}

// checkCoverage checks that every declared response and every branch of a union was seen.
func checkCoverage(t *testing.T, coverage contracttest.Coverage) {
	t.Helper()
	responses, branches := 0, 0
	for _, op := range coverage.Operations {
		for _, r := range op.Responses {
			responses++
			if r.Exchanges == 0 {
				t.Errorf("%s %s: no response %s %s", op.Version, op.Operation, r.Status, r.MediaType)
			}
			for _, name := range slices.Sorted(maps.Keys(r.Variants)) {
				branches++
				if r.Variants[name] == 0 {
					t.Errorf("%s %s %s: no %s", op.Version, op.Operation, r.Status, name)
				}
			}
		}
	}
	if responses == 0 {
		t.Error("nothing is covered")
	}
	t.Logf("%d operations, %d responses and %d branches seen; %v %% with all fields and values", len(coverage.Operations), responses, branches, coverage.Percent)
}

// drive sends every kind of request to a fake in one version, and keeps the exchanges as
// HAR.
type drive struct {
	t       *testing.T
	version string
	c       caller
	entries []map[string]any
}

func (d *drive) everything() {
	srv := fakeatlas.New(d.t, fakeatlas.NoRateLimit(), fakeatlas.Buckets(6, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP),
		fakeatlas.Accounts(
			fakeatlas.Account{ClientID: "reader", Role: fakeatlas.ReadOnly},
			fakeatlas.Account{ClientID: "faraway", AccessList: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
			fakeatlas.Account{ClientID: "foreign", OtherOrganization: true},
		))
	id := srv.Buckets(srv.ProjectID)[0].ID
	d.c = bearer(d.t, srv)
	d.lists()
	d.creates()
	d.gets(srv)
	d.updates(id)
	d.refusals(srv, id)
	d.limited()
	d.deletes(srv)
}

// ask sends one request in the drive's version, and keeps the exchange.
func (d *drive) ask(c caller, method, path, body string, headers ...string) {
	d.t.Helper()
	accept, contentType := "application/vnd.atlas."+d.version+"+json", "application/vnd.atlas."+d.version+"+json"
	path = c.path(path)
	if d.version == openapi.V1 {
		accept, contentType = "application/json", "application/json"
		path = strings.Replace(path, "/v2/", "/v1.0/", 1)
	}
	sent := []string{"Accept: " + accept}
	if body != "" {
		sent = append(sent, "Content-Type: "+contentType)
	}
	sent = append(sent, headers...)
	d.keep(method, c.srv.URL+path, body, sent, c.ask(method, path, body, sent...))
}

func (d *drive) keep(method, url, body string, sent []string, got reply) {
	request := map[string]any{"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": []any{}, "queryString": []any{}}
	headers := []any{}
	for _, h := range sent {
		name, value, _ := strings.Cut(h, ": ")
		headers = append(headers, map[string]any{"name": name, "value": value})
	}
	request["headers"] = headers
	if body != "" {
		request["postData"] = map[string]any{"mimeType": "application/json", "text": body}
	}
	responseHeaders := []any{}
	for _, name := range slices.Sorted(maps.Keys(got.header)) {
		responseHeaders = append(responseHeaders, map[string]any{"name": name, "value": got.header.Get(name)})
	}
	d.entries = append(d.entries, map[string]any{
		"startedDateTime": "2026-08-10T03:03:17Z", "time": 1, "request": request, "cache": map[string]any{}, "timings": map[string]any{},
		"response": map[string]any{
			"status": got.status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": responseHeaders,
			"content": map[string]any{"size": len(got.body), "mimeType": got.header.Get("Content-Type"), "text": got.body},
		},
	})
}

// verify checks the recorded exchanges, in the drive's version.
func (d *drive) verify() *contracttest.Report {
	d.t.Helper()
	har, err := json.Marshal(map[string]any{"log": map[string]any{
		"version": "1.2", "creator": map[string]any{"name": "fakeatlas", "version": "1"}, "entries": d.entries,
	}})
	if err != nil {
		d.t.Fatal(err)
	}
	report, err := contracttest.Verify(fstest.MapFS{"fake.har": {Data: har}}, contracttest.Options{APIVersion: d.version})
	if err != nil {
		d.t.Fatal(err)
	}
	if report.Summary.Checked != len(d.entries) {
		d.t.Errorf("%d exchanges, of which %d were checked", len(d.entries), report.Summary.Checked)
	}
	return report
}

// queries are the parameters that change the form of any response.
var queries = []string{"", "?envelope=true", "?pretty=true", "?envelope=true&pretty=true"}

func (d *drive) lists() {
	for _, q := range []string{"", "?includeCount=false", "?itemsPerPage=1", "?itemsPerPage=2&pageNum=2", "?pageNum=99"} {
		d.ask(d.c, "GET", q, "")
	}
	for _, q := range queries[1:] {
		d.ask(d.c, "GET", q, "")
	}
	d.ask(d.c, "GET", "?itemsPerPage=501", "")
	d.ask(d.c, "GET", "?pageNum=0", "")
}

func (d *drive) creates() {
	bodies := []string{awsBody, strings.Replace(awsBody, "}", `,"requirePrivateNetworking":true}`, 1)}
	if d.version == openapi.V20240530 {
		bodies = append(bodies, azureBody, gcpBody)
	}
	for _, body := range bodies {
		for _, q := range queries {
			d.ask(d.c, "POST", q, body)
		}
	}
	for _, body := range []string{
		`{`, `{"cloudProvider":"IBM"}`, `{"cloudProvider":"AWS"}`, strings.Replace(awsBody, "snaps", "ab", 1),
		strings.Replace(awsBody, "}", `,"color":"red"}`, 1), strings.Replace(awsBody, `"snaps"`, "1", 1),
	} {
		d.ask(d.c, "POST", "", body)
	}
	d.ask(d.c, "POST", "", awsBody, "Content-Type: text/plain")
	d.ask(d.c, "POST", "", `{"a":"`+strings.Repeat("a", 1<<20)+`"}`)
}

func (d *drive) gets(srv *fakeatlas.Server) {
	for _, b := range srv.Buckets(srv.ProjectID)[:3] {
		for _, q := range queries {
			d.ask(d.c, "GET", b.ID+q, "") // 404 in a version that does not support the provider
		}
		d.ask(d.c, "GET", b.ID+"?pretty=perhaps", "")
	}
}

func (d *drive) updates(id string) {
	if d.version != openapi.V20240530 {
		return
	}
	for _, q := range queries {
		d.ask(d.c, "PATCH", id+q, `{"requirePrivateNetworking":true}`)
	}
	d.ask(d.c, "PATCH", id, `{}`)
	d.ask(d.c, "PATCH", id, `{"requirePrivateNetworking":true}`, "Content-Type: text/plain")
	d.ask(d.c, "PATCH", id, `{"a":"`+strings.Repeat("a", 1<<20)+`"}`)
}

// refusals provokes the errors that every operation may return: 401, 403, 404, 406 and 500.
func (d *drive) refusals(srv *fakeatlas.Server, id string) {
	const unknownProject = "000000000000000000000000"
	for _, op := range d.operations(id) {
		method, path, body := op[0], op[1], op[2]
		d.ask(plain(d.t, srv), method, path, body)
		for _, client := range []string{"faraway", "foreign", "reader"} {
			if client != "reader" || method != "GET" {
				d.ask(bearerAs(d.t, srv, client), method, path, body)
			}
		}
		for _, project := range []string{unknownProject, "0123456789abcdef01234567"} {
			d.ask(d.c, method, strings.Replace(d.c.path(path), srv.ProjectID, project, 1), body)
		}
		d.ask(d.c, method, path, body, "Prefer: code=500")
		if d.version != openapi.V1 {
			d.ask(d.c, method, path, body, "Accept: application/json")
		}
	}
	d.ask(d.c, "DELETE", unknownProject, "")
}

// operations returns the method, the path and the body of each operation of the version.
func (d *drive) operations(id string) [][3]string {
	all := [][3]string{{"GET", "", ""}, {"POST", "", awsBody}, {"GET", id, ""}, {"DELETE", id, ""}}
	if d.version == openapi.V20240530 {
		all = append(all, [3]string{"PATCH", id, `{"requirePrivateNetworking":true}`})
	}
	return all
}

// limited exceeds the rate limit, and requests a 429 without headers, which Atlas also sends.
func (d *drive) limited() {
	srv := fakeatlas.New(d.t, fakeatlas.Buckets(1), stopped, fakeatlas.RateLimit(fakeatlas.Allowance{Capacity: 1, Refill: 1, Per: time.Hour}))
	c := bearer(d.t, srv)
	c.ask("GET", "", "")
	for _, op := range d.operations(srv.Buckets(srv.ProjectID)[0].ID) {
		d.ask(c, op[0], op[1], op[2])
		d.ask(c, op[0], op[1], op[2], "Prefer: rate-limit=0s")
		d.ask(c, op[0], op[1], op[2], "Prefer: rate-limit=7s")
	}
}

func (d *drive) deletes(srv *fakeatlas.Server) {
	for i, b := range srv.Buckets(srv.ProjectID) {
		if i == 0 {
			srv.SetInUse(srv.ProjectID, b.ID, true)
			d.ask(d.c, "DELETE", b.ID, "")
			srv.SetInUse(srv.ProjectID, b.ID, false)
		}
		d.ask(d.c, "DELETE", b.ID+queries[i%len(queries)], "")
	}
	if diff := cmp.Diff(0, len(srv.Buckets(srv.ProjectID))); diff != "" {
		d.t.Errorf("buckets left (-want +got):\n%s", diff)
	}
}
