package fakeatlas_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// control sends a control request and returns the status and the body.
func control(t *testing.T, srv *fakeatlas.Server, method, path, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, strings.TrimSpace(string(data))
}

// list asks the fake for the buckets of its project with a token, and returns the status
// and the body.
func list(t *testing.T, srv *fakeatlas.Server) (int, string) {
	t.Helper()
	token, err := srv.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	return control(t, srv, http.MethodGet, "/api/atlas/v2/groups/"+srv.ProjectID+"/backup/exportBuckets", "",
		"Authorization", "Bearer "+token, "Accept", v2024)
}

const snaps = `{"projects":[{"id":"fa4ea71a5000000000000001","buckets":[{"_id":"6657c1810000000001000001","bucketName":"snaps","cloudProvider":"GCP","roleId":"c0fa4ea71a50000000000001"}]}]}`

// The test does what a test in another language does: it waits for the fake, sets a state,
// checks the requests, injects faults, and resets everything.
func TestControl(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Control(), fakeatlas.Buckets(2), fakeatlas.Inject(fakeatlas.Status(503).Times(1)))
	if status, body := control(t, srv, http.MethodGet, "/_fake/health", ""); status != 200 || !strings.Contains(body, `"status":"ok"`) {
		t.Errorf("health: %d %s", status, body)
	}
	_, initial := control(t, srv, http.MethodGet, "/_fake/state", "")
	if status, body := control(t, srv, http.MethodPut, "/_fake/state", snaps); status != 204 {
		t.Fatalf("PUT state: %d %s", status, body)
	}
	if _, body := control(t, srv, http.MethodGet, "/_fake/state", ""); body != snaps {
		t.Errorf("the state is %s, want %s", body, snaps)
	}
	if status, body := control(t, srv, http.MethodPut, "/_fake/faults", "status=500,on=list,times=1\n"); status != 200 || body != `["status=500,on=list,times=1"]` {
		t.Errorf("PUT faults: %d %s", status, body)
	}
	if status, _ := list(t, srv); status != 500 {
		t.Errorf("with a fault: %d", status)
	}
	if status, body := list(t, srv); status != 200 || !strings.Contains(body, "snaps") {
		t.Errorf("after the fault: %d %s", status, body)
	}
	_, body := control(t, srv, http.MethodGet, "/_fake/requests?operation=list", "")
	var seen struct{ Requests []map[string]any }
	if err := json.Unmarshal([]byte(body), &seen); err != nil || len(seen.Requests) != 2 || seen.Requests[0]["status"] != 500.0 || seen.Requests[0]["fault"] == "" {
		t.Errorf("requests: %v %s", err, body)
	}
	if strings.Contains(body, "fakeatlas.") || !strings.Contains(body, `"Authorization":["Bearer [credentials]"]`) {
		t.Errorf("the requests show a token: %s", body)
	}
	if status, _ := control(t, srv, http.MethodPost, "/_fake/reset", ""); status != 204 {
		t.Errorf("reset: %d", status)
	}
	if _, body := control(t, srv, http.MethodGet, "/_fake/state", ""); body != initial {
		t.Errorf("after a reset the state is %s, want %s", body, initial)
	}
	if _, body := control(t, srv, http.MethodGet, "/_fake/requests", ""); body != `{"requests":[]}` {
		t.Errorf("after a reset the requests are %s", body)
	}
	if status, _ := list(t, srv); status != 503 {
		t.Errorf("after a reset, the initial fault results in %d, want 503", status)
	}
	if status, body := control(t, srv, http.MethodDelete, "/_fake/faults", ""); status != 200 || body != "[]" {
		t.Errorf("DELETE faults: %d %s", status, body)
	}
}

// TestControlRequests checks which requests are shown, and that the body of each is shown as text
// or, if it is not UTF-8, in Base64.
func TestControlRequests(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Control())
	c := bearer(t, srv)
	c.ask("GET", "", "")
	c.ask("POST", "", "{")
	c.ask("POST", "", "\xff")
	for query, want := range map[string]string{
		"":                  "list '' '' create '{' '' create '' '/w=='",
		"?operation=list":   "list '' ''",
		"?operation=create": "create '{' '' create '' '/w=='",
		"?operation=get":    "",
	} {
		_, body := control(t, srv, http.MethodGet, "/_fake/requests"+query, "")
		var seen struct {
			Requests []struct{ Operation, Body, BodyBase64 string }
		}
		if err := json.Unmarshal([]byte(body), &seen); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range seen.Requests {
			got = append(got, fmt.Sprintf("%s '%s' '%s'", r.Operation, r.Body, r.BodyBase64))
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q: got %s, want %s", query, text, want)
		}
	}
}

// TestMostFaults checks that the largest allowed number of faults is accepted.
func TestMostFaults(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Control())
	if status, body := control(t, srv, http.MethodPut, "/_fake/faults", strings.Repeat("reset\n", 1000)); status != 200 {
		t.Errorf("%d %s", status, body)
	}
}

// A new bucket gets the same id after each reset.
func TestResetRepeatsIDs(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Control(), fakeatlas.Buckets(3))
	first := srv.Add(srv.ProjectID, fakeatlas.Bucket{}).ID
	control(t, srv, http.MethodPost, "/_fake/reset", "")
	if again := srv.Add(srv.ProjectID, fakeatlas.Bucket{}).ID; again != first {
		t.Errorf("the id is %s, and %s after a reset", first, again)
	}
}

func TestControlRefuses(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Control())
	for _, tt := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{http.MethodGet, "/_fake/", "", 404, "/_fake/ does not exist; the endpoints are /_fake/health, reset, state, requests and faults"},
		{http.MethodGet, "/_fake/reset", "", 405, "/_fake/reset allows POST, not GET"},
		{http.MethodDelete, "/_fake/state", "", 405, "/_fake/state allows GET and PUT, not DELETE"},
		{http.MethodPut, "/_fake/state", "", 400, "line 1: the document is empty"},
		{http.MethodPut, "/_fake/state", "[]", 400, "a JSON array is not allowed here"},
		{http.MethodPut, "/_fake/state", "{\n\"projects\": [{\"id\": 1}]}", 400, "line 2: projects.id: a JSON number is not allowed here"},
		{http.MethodPut, "/_fake/state", `{"project":[]}`, 400, `unknown field "project"`},
		{http.MethodPut, "/_fake/state", snaps + "x", 400, "unexpected data after the JSON object"},
		{http.MethodPut, "/_fake/state", `{"projects":[{"id":"x"}]}`, 400, `projects[0]: id "x": an id has 24 digits`},
		{http.MethodPut, "/_fake/state", strings.ReplaceAll(snaps, "]}]}", `,{"_id":"X"}]}]}`), 400, `projects[0].buckets[1]: bucket("X")`},
		{http.MethodPut, "/_fake/state", `{"projects":[{"id":"fa4ea71a5000000000000001"},{"id":"fa4ea71a5000000000000001"}]}`, 400, "occurs twice"},
		{http.MethodPut, "/_fake/state", `{"projects":[` + strings.Repeat(" ", 17<<20) + `]}`, 413, "a body may have at most 16 MiB"},
		{http.MethodPut, "/_fake/faults", `["explode"]`, 400, `unknown kind`},
		{http.MethodPut, "/_fake/faults", `[1]`, 400, "a JSON list of texts"},
		{http.MethodPut, "/_fake/faults", strings.Repeat("reset\n", 1001), 400, "there may be 1000 faults"},
	} {
		status, body := control(t, srv, tt.method, tt.path, tt.body)
		var failed struct{ Error string }
		if err := json.Unmarshal([]byte(body), &failed); err != nil || status != tt.status || !strings.Contains(failed.Error, tt.message) {
			t.Errorf("%s %s: %d %s, want %d %s", tt.method, tt.path, status, body, tt.status, tt.message)
		}
	}
	if status, body := control(t, srv, http.MethodPost, "/_fake/reset", "", "Sec-Fetch-Site", "cross-site"); status != 403 {
		t.Errorf("from a page of another origin: %d %s", status, body)
	}
	if _, body := control(t, srv, http.MethodGet, "/_fake/state", ""); body != `{"projects":[{"id":"fa4ea71a5000000000000001","buckets":[]}]}` {
		t.Errorf("a refused request changed the state: %s", body)
	}
}

// Without the option there are no control endpoints.
func TestNoControl(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.AllowUnknown())
	if status, _ := control(t, srv, http.MethodPost, "/_fake/reset", ""); status != 404 {
		t.Errorf("%d, want 404", status)
	}
}

func TestState(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.State([]byte(snaps)), fakeatlas.Buckets(1))
	got := srv.Buckets(srv.ProjectID)
	if len(got) != 2 || got[0].BucketName != "snaps" || got[1].ID == got[0].ID {
		t.Errorf("the buckets are %+v", got)
	}
	if _, err := fakeatlas.Start(fakeatlas.State([]byte(`{"projects":[{"id":"x"}]}`))); err == nil || !strings.Contains(err.Error(), "State: projects[0]") {
		t.Errorf("a wrong state: %v", err)
	}
}

// A fake with TLS works with a client that trusts its certificate, and with no other.
func TestTLS(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.TLS(), fakeatlas.Control(), fakeatlas.Buckets(1), fakeatlas.Inject(fakeatlas.Reset().On(fakeatlas.OpGet)))
	if !strings.HasPrefix(srv.URL, "https://127.0.0.1:") {
		t.Errorf("the URL is %s", srv.URL)
	}
	if status, body := list(t, srv); status != 200 || !strings.Contains(body, "https://127.0.0.1:") {
		t.Errorf("%d %s", status, body)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(srv.Certificate()) {
		t.Fatal("the certificate is not PEM")
	}
	port := srv.URL[strings.LastIndexByte(srv.URL, ':'):]
	for name, config := range map[string]*tls.Config{"localhost": {RootCAs: roots}, "": {}} {
		hc := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		url := "https://localhost" + port + "/_fake/health"
		if name == "" {
			url = srv.URL + "/_fake/health"
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := hc.Do(req)
		if (err == nil) != (name != "") {
			t.Errorf("%q: %v", name, err)
		}
		if err == nil {
			_ = res.Body.Close()
		}
		hc.CloseIdleConnections()
	}
	if plain := fakeatlas.New(t); plain.Certificate() != nil {
		t.Error("a fake without TLS has a certificate")
	}
}

// FuzzState checks that a state is either refused, or set so that reading it returns the
// same state.
func FuzzState(f *testing.F) {
	f.Add([]byte(snaps))
	f.Add([]byte(`{"projects":[{"id":"fa4ea71a5000000000000002","buckets":[{},{"inUse":true,"cloudProvider":"AZURE"}]}]}`))
	f.Add([]byte(`{"projects":null}`))
	srv, err := fakeatlas.Start(fakeatlas.Control(), fakeatlas.InMemory())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = srv.Close() })
	f.Fuzz(func(t *testing.T, state []byte) {
		status, body := control(t, srv, http.MethodPut, "/_fake/state", string(state))
		if status != 204 {
			if status != 400 || !strings.HasPrefix(body, `{"error":`) {
				t.Errorf("%d %s", status, body)
			}
			return
		}
		_, once := control(t, srv, http.MethodGet, "/_fake/state", "")
		if status, body := control(t, srv, http.MethodPut, "/_fake/state", once); status != 204 {
			t.Fatalf("the state that was read cannot be set: %d %s", status, body)
		}
		if _, again := control(t, srv, http.MethodGet, "/_fake/state", ""); !bytes.Equal([]byte(once), []byte(again)) {
			t.Errorf("the state %s became %s", strconv.Quote(once), again)
		}
	})
}
