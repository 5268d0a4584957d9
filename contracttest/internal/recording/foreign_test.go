package recording_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// foreignRecordings are the starts of recordings of other tools, and the text by which an
// error names each tool.
var foreignRecordings = map[string]struct{ text, tool string }{
	"vcrpy":            {"interactions:\n- request:\n    body: null\n    headers:\n      Accept: ['*/*']\n    method: GET\n    uri: https://h/p\n  response:\n    body: {string: '{}'}\n    headers: {}\n    status: {code: 200, message: OK}\nversion: 1\n", "vcrpy"},
	"vcrpy as JSON":    {`{"version": 1, "interactions": [{"request": {"method": "GET", "uri": "https://h/p", "body": null, "headers": {}}, "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}}}]}`, "vcrpy"},
	"VCR":              {"---\nhttp_interactions:\n- request:\n    method: get\n    uri: https://h/p\nrecorded_with: VCR 6.2.0\n", "VCR"},
	"Betamax":          {`{"http_interactions": [{"request": {"uri": "https://h/p"}}], "recorded_with": "betamax/0.9"}`, "Betamax"},
	"zip":              {"PK\x03\x04\x14\x00\x00\x00\x08\x00har.har", "Playwright"},
	"curl -v":          {"*   Trying 192.0.2.1:443...\n* Connected\n> GET /p HTTP/2\n> Host: h\n>\n< HTTP/2 200\n< content-type: application/json\n<\n{}\n", "curl -v"},
	"curl -v, request": {"> GET /p HTTP/1.1\r\n> Host: h\r\n> \r\n< HTTP/1.1 200 OK\r\n< \r\n[]\r\n", "curl -v"},
	"wget -S":          {"--2026-08-10 03:26:45--  https://h/p\nResolving h... 192.0.2.1\nHTTP request sent, awaiting response...\n  HTTP/1.1 200 OK\n  Content-Type: application/json\n", "wget -S"},
}

func TestForeignRecordingIsRefusedByName(t *testing.T) {
	for name, tc := range foreignRecordings {
		got := readText(t, tc.text)
		if len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), tc.tool) || len(got.exchanges) > 0 {
			t.Errorf("%s: errors %v, %d exchanges; want one error that names %s", name, got.errs, len(got.exchanges), tc.tool)
		}
	}
	for _, name := range []string{"curl -v", "wget -S"} {
		got := readText(t, reqHead+foreignRecordings[name].text)
		if len(got.errs) != 1 || !strings.Contains(got.errs[0].Error(), name) {
			t.Errorf("%s below a request head: errors %v", name, got.errs)
		}
	}
}

func TestForeignRecordingInAFolderIsSkippedAndNamed(t *testing.T) {
	for name, tc := range foreignRecordings {
		r := recording.NewReader(recording.InFS(files("a", tc.text, "b.har", harFile, "c.txt", "notes")), recording.Options{})
		for _, err := range r.Exchanges(context.Background()) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if want := (recording.Summary{Files: 1, Skipped: 2, Exchanges: 1}); r.Summary() != want {
			t.Errorf("%s: summary %+v, want %+v", name, r.Summary(), want)
		}
		if f := r.Foreign(); len(f) != 1 || f[0].File != "a" || !strings.Contains(f[0].Reason, tc.tool) {
			t.Errorf("%s: listed %+v, want the file a as a recording of %s", name, f, tc.tool)
		}
	}
}

// TestForeignRecordingsAreListedUpToALimit checks that all are counted.
func TestForeignRecordingsAreListedUpToALimit(t *testing.T) {
	folder := fstest.MapFS{}
	for i := range recording.MaxForeign + 1 {
		folder[fmt.Sprintf("%02d", i)] = &fstest.MapFile{Data: []byte(foreignRecordings["VCR"].text)}
	}
	r := recording.NewReader(recording.InFS(folder), recording.Options{})
	for _, err := range r.Exchanges(t.Context()) {
		t.Error(err)
	}
	if listed, skipped := len(r.Foreign()), r.Summary().Skipped; listed != recording.MaxForeign || skipped != recording.MaxForeign+1 {
		t.Errorf("%d are listed, %d were skipped", listed, skipped)
	}
}

// TestKnownRecordingIsNotForeign checks that recordings in a supported format are read even
// if they mention other tools.
func TestKnownRecordingIsNotForeign(t *testing.T) {
	for name, text := range map[string]string{
		"cassette with a uri":  strings.Replace(cassetteFile, "body: ''", "body: '\n        uri: x'", 1),
		"HTTP text of curl -v": reqHead + okHead + "* x\n> GET /p HTTP/1.1\n< HTTP/1.1 200 OK\n",
		"HAR about vcrpy":      har(entryWith(`"content":{"size":-1,"text":"{\"interactions\":[{\"uri\":1}]}"}`)),
	} {
		if got := readText(t, text); len(got.errs) > 0 || len(got.exchanges) != 1 {
			t.Errorf("%s: errors %v, %d exchanges", name, got.errs, len(got.exchanges))
		}
	}
}
