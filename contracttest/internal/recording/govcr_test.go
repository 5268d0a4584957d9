package recording_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

// awkward contains bodies that YAML must quote, fold or indent. A body that begins with a
// tab and has several lines is not among them: the YAML libraries write it so that neither
// they nor go-vcr can read it.
var awkward = []string{
	"", "{}", "plain", " leading and trailing ", "- id: 0", "- id: 0\n- id: 1\n", "a\n\n- b\n  - c\n", "\n\n", "a\ttab\n\ttab",
	"'quote' \"quote\"", "interactions:\n- id: 9\n", "---\n...\n", "# comment", "key: value: value", "\x00\x01binary\xff\xfe",
	"umläut ✓ \u2028 \u0085 \ufeff", "carriage\r\nreturn\r", "!!binary x", "&anchor *alias", "%directive", "true", "null", "12", "~",
	strings.Repeat("long line with words ", 500), strings.Repeat("{\"a\":\"b\"}", 5000), "{\n  \"pretty\": [\n    1\n  ]\n}\n",
	strings.Repeat("- x\n", 300) + "- `\x01", "|\n  x", ">-\n", "\\\n", "a: 'b\n- c'",
}

// go-vcr writes the cassettes that the test reads: with its own YAML library, as v4 does,
// and with the library that v3 used.
func TestReadsWhatGoVCRWrites(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // before responding: go-vcr records the bytes sent until the response arrived
		_, _ = w.Write(body)
	}))
	defer server.Close()
	for name, opts := range map[string][]recorder.Option{
		"v4": nil, "v3": {recorder.WithMarshalFunc(yaml.Marshal)},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cassette")
			record(t, path, server.URL, opts...)
			got := readAll(t, recording.Paths(path+".yaml"))
			if len(got.errs) > 0 || len(got.exchanges) != len(awkward) {
				t.Fatalf("%d exchanges of %d, errors %v", len(got.exchanges), len(awkward), got.errs)
			}
			for i, x := range got.exchanges {
				if string(x.Response.Body.Bytes) != awkward[i] || string(x.Request.Body.Bytes) != awkward[i] {
					t.Errorf("%.90q was read as %.90q (request %.90q)", awkward[i], x.Response.Body.Bytes, x.Request.Body.Bytes)
				}
				if x.Source.Line != lineOf(t, path+".yaml", i) {
					t.Errorf("entry %d: line %d", i, x.Source.Line)
				}
			}
		})
	}
}

func record(t *testing.T, path, url string, opts ...recorder.Option) {
	t.Helper()
	rec, err := recorder.New(path, append(opts, recorder.WithMode(recorder.ModeRecordOnly), recorder.WithSkipRequestLatency(true))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range awkward {
		resp, err := rec.GetDefaultClient().Post(url, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	if err := rec.Stop(); err != nil {
		t.Fatal(err)
	}
}

// lineOf finds the nth item that begins with its id and in which the request follows.
func lineOf(t *testing.T, path string, n int) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i := range len(lines) - 1 {
		if strings.HasPrefix(strings.TrimSpace(lines[i]), "- id: ") && strings.TrimSpace(lines[i+1]) == "request:" {
			if n--; n < 0 {
				return i + 1
			}
		}
	}
	return 0
}
