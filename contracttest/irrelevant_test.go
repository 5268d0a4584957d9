package contracttest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// pair is a header in a HAR.
type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harItem returns an entry of a HAR, with its members in the order that browsers write.
func harItem(t *testing.T, url, text, encoding string, requestHeaders, responseHeaders []pair) string {
	t.Helper()
	type content struct {
		Text     string `json:"text"`
		Encoding string `json:"encoding"`
	}
	type request struct {
		Method  string `json:"method"`
		URL     string `json:"url"`
		Headers []pair `json:"headers"`
	}
	type response struct {
		Status  int     `json:"status"`
		Headers []pair  `json:"headers"`
		Content content `json:"content"`
	}
	entry, err := json.Marshal(struct {
		Request  request  `json:"request"`
		Response response `json:"response"`
	}{request{"GET", url, requestHeaders}, response{200, responseHeaders, content{text, encoding}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(entry)
}

// TestUnreadableEntriesOutOfScope reads entries that cannot be parsed, such as a large
// script or an image in a URL. The recording of a browser contains such entries in addition
// to API calls. They are errors only if they are API calls.
func TestUnreadableEntriesOutOfScope(t *testing.T) {
	const api = "https://cloud.mongodb.com/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets"
	const other = "https://cloud.mongodb.com/static/app.js"
	large := strings.Repeat("x=1;", 2_000_000)
	headers := make([]pair, 3000)
	for i := range headers {
		headers[i] = pair{"X-A", "b"}
	}
	dated := []pair{{"Content-Type", "application/vnd.atlas.2024-05-30+json"}}
	for name, entry := range map[string]func(url string) string{
		"large":            func(url string) string { return harItem(t, url, large, "", nil, nil) },
		"long URL":         func(url string) string { return harItem(t, url+"?"+large[:100_000], "", "", nil, nil) },
		"request headers":  func(url string) string { return harItem(t, url, "", "", headers, nil) },
		"response headers": func(url string) string { return harItem(t, url, "", "", nil, headers) },
		"base64":           func(url string) string { return harItem(t, url, "%", "base64", nil, nil) },
		"brotli": func(url string) string {
			return harItem(t, url, "/w==", "base64", nil, []pair{{"Content-Encoding", "br"}})
		},
		"large interaction": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "large") {
				slowtest.Skip(t)
			}
			recorded := func(url string) string {
				if entry == nil {
					return "version: 2\ninteractions:\n- request:\n    method: GET\n    url: " + url + "\n  response:\n    code: 200\n    body: " + large + "\n" +
						"- request:\n    method: GET\n    url: " + api + "\n  response:\n    code: 200\n    headers: {Content-Type: [" + dated[0].Value + "]}\n    body: '{\"results\":[]}'\n"
				}
				return `{"log":{"version":"1.2","entries":[` + entry(url) + "," + harItem(t, api, `{"results":[]}`, "", nil, dated) + "]}}"
			}
			report, err := Verify(fstest.MapFS{"a.rec": {Data: []byte(recorded(other))}}, Options{})
			if err != nil || report.Summary.OutOfScope != 1 || report.Summary.Checked != 1 {
				t.Errorf("out of scope: error %v, %+v, want one exchange out of scope and one checked", err, report.Summary)
			}
			report, err = Verify(fstest.MapFS{"a.rec": {Data: []byte(recorded(api))}}, Options{})
			var unreadable *ReadError
			if !errors.As(err, &unreadable) || unreadable.Entry != 0 || report.Summary.Checked != 1 {
				t.Errorf("in scope: error %v, %+v, want entry 0 unreadable and the other checked", err, report.Summary)
			}
		})
	}
}
