package contracttest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// FuzzRecorder plants a secret for each % in an exchange's texts, and searches for it in
// the files that the recorder wrote.
func FuzzRecorder(f *testing.F) {
	for _, address := range addresses {
		for i, body := range bodies {
			f.Add(address, headerNames[i%len(headerNames)], headerTemplates[i%len(headerTemplates)], body, body)
		}
	}
	f.Fuzz(func(t *testing.T, address, name, value, request, response string) {
		var p planter
		u, err := url.Parse(p.fill(address))
		if err != nil || len(address)+len(request)+len(response) > 1<<16 {
			return
		}
		dir := t.TempDir()
		rec, err := contracttest.NewRecorder(dir, contracttest.RecorderOptions{Name: "fuzz", Spec: []byte(clusterSpec)})
		if err != nil {
			t.Fatal(err)
		}
		next := rec.Middleware(roundTripper(func(req *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: req,
				Header: http.Header{name: {p.fill(value)}}, Body: io.NopCloser(strings.NewReader(p.fill(response))),
			}, nil
		}))
		req := (&http.Request{Method: http.MethodPost, URL: u, Header: http.Header{name: {p.fill(value)}}, Body: io.NopCloser(strings.NewReader(p.fill(request)))}).WithContext(t.Context())
		resp, err := next.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if err := rec.Close(); err != nil && planted.MatchString(err.Error()) {
			t.Errorf("the error contains a secret: %v", err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "fuzz.yaml"))
		if os.IsNotExist(err) {
			return // the exchange could not be scrubbed, which Close reported
		}
		if err != nil {
			t.Fatal(err)
		}
		// Text of the fuzzer may contain the marker; only planted secrets count.
		if at := planted.FindIndex(text); at != nil && !planted.MatchString(address+name+value+request+response) {
			t.Errorf("the file contains %q", text[max(0, at[0]-60):min(len(text), at[1]+20)])
		}
		if bytes.Contains(text, []byte("5f1a2b3c4d5e6f708192a3b4")) {
			t.Error("the file contains the project's id")
		}
	})
}
