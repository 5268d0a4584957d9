package fakeatlas_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// For any request, the fake does not panic. It responds with one of its own statuses, and a
// JSON response is valid JSON.
func FuzzRequest(f *testing.F) {
	srv, err := fakeatlas.Start(fakeatlas.InMemory(), fakeatlas.Buckets(3, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP),
		fakeatlas.NoRateLimit(), fakeatlas.KeepRequests(8))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = srv.Close() })
	token, err := srv.AccessToken()
	if err != nil {
		f.Fatal(err)
	}
	path := "/api/atlas/v2/groups/" + srv.ProjectID + "/backup/exportBuckets"
	f.Add("GET", path, "pageNum=1&envelope=true&pretty=true", v2024, v2024, "", "")
	f.Add("POST", path, "", v2024, "application/json", "", awsBody)
	f.Add("POST", path, "", v2023, v2024, "", azureBody)
	f.Add("PATCH", path+"/"+bucketID, "", v2024, v2024, "", `{"requirePrivateNetworking":true}`)
	f.Add("DELETE", path+"/%2e%2e", "", "*/*", "", "", "")
	f.Add("GET", "/api/atlas/v1.0/groups//backup/exportBuckets/", "%zz", "", "", "", "")
	f.Add("POST", "/api/oauth/token", "", "", "application/x-www-form-urlencoded", "Basic Og==", "grant_type=client_credentials")
	f.Add("GET", path, "", v2024, "", `Digest username="a", nc=zz`, "")
	f.Add("GET", path, "", v2024, "field=\x00, truncate=3, gzip, slow=0s", "", "")
	f.Fuzz(func(t *testing.T, method, path, query, accept, contentType, authorization, body string) {
		if authorization == "" {
			authorization = "Bearer " + token
		}
		r := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawPath: path, RawQuery: query}, Host: "localhost", RemoteAddr: "127.0.0.1:1",
			RequestURI: path + "?" + query, Body: http.NoBody, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Accept": {accept}, "Content-Type": {contentType}, "Authorization": {authorization}},
		}
		if body != "" {
			r.Body = readCloser{strings.NewReader(body)}
		}
		if harmless(contentType) {
			r.Header["Prefer"] = []string{contentType}
		}
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		checkAnswer(t, w)
		resetState(srv)
	})
}

// harmless reports whether a Prefer header requests nothing that takes time, moves the
// clock or needs a real connection.
func harmless(prefer string) bool {
	for _, kind := range []string{"slow=", "latency=", "clock=", "reset", "lost", "cut"} {
		if strings.Contains(strings.ToLower(prefer), kind) {
			return false
		}
	}
	return true
}

func checkAnswer(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code < 200 || w.Code > 599 {
		t.Errorf("status %d", w.Code)
	}
	if w.Header().Get("Preference-Applied") != "" {
		return // broken on purpose
	}
	isJSON := strings.Contains(w.Header().Get("Content-Type"), "json")
	if w.Code != http.StatusNoContent && isJSON && !json.Valid(w.Body.Bytes()) {
		t.Errorf("%d with a body that is not JSON: %q", w.Code, w.Body)
	}
	if w.Code >= 400 && !isJSON {
		t.Errorf("%d of type %q", w.Code, w.Header().Get("Content-Type"))
	}
}

// resetState keeps the state from growing over a long run. The first three buckets are the
// seeded ones, or those created after their deletion.
func resetState(srv *fakeatlas.Server) {
	for i, b := range srv.Buckets(srv.ProjectID) {
		if i < 3 {
			continue
		}
		srv.Remove(srv.ProjectID, b.ID)
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
