package contracttest

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// FuzzValidate checks that no exchange makes the validation panic, and that a second validation
// has the same result.
func FuzzValidate(f *testing.F) {
	f.Add("GET", "/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets", "pageNum=1&envelope=true", atlas2024, 200, atlas2024, `{"results":[{"cloudProvider":"AWS"}],"status":200}`, "")
	f.Add("POST", "/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets", "", atlas2023, 200, atlas2023, `{"_id":"0","_id":1}`, `{"cloudProvider":"GCP","links":[]}`)
	f.Add("DELETE", "/api/atlas/v2/groups/x/backup/exportBuckets/%2e%2e", "access_token=1;&%zz", "*/*;q=0", 204, "", " ", "")
	f.Add("PATCH", "/api/atlas/v1.0/groups/x/backup/exportBuckets/y", "envelope=1", "", 429, "application/json", `{"error":1e400,"errorCode":null,"parameters":[[[]]]}`, "[]")
	j, err := newValidator(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, query, accept string, status int, mediaType, response, request string) {
		if status < 100 || status > 999 {
			return // readers return no such status
		}
		x := &recording.Exchange{
			Request: recording.Request{
				Method: method, URL: &url.URL{Path: path, RawQuery: query}, Body: recording.Body{Bytes: []byte(request), Recorded: request != ""},
				Header: http.Header{"Accept": {accept}, "Content-Type": {mediaType}, "Authorization": {accept}},
			},
			Response: recording.Response{
				Status: status, Body: recording.Body{Bytes: []byte(response), Recorded: true},
				Header: http.Header{"Content-Type": {mediaType}, "Ratelimit-Limit": {query}, "Retry-After": {response}},
			},
		}
		v := j.validate(x)
		if v.err != nil {
			t.Fatal(v.err)
		}
		if first, second := formatFindings(v), formatFindings(j.validate(x)); first != second {
			t.Errorf("first validation\n%s\nthen\n%s", first, second)
		}
		if n := len(v.findings.order); n > maxExchangeFindings {
			t.Errorf("%d findings", n)
		}
	})
}
