package report

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// written returns the report in a format. It fails the test if writing returns an error.
func written(t testing.TB, f Format, r *Report, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, r, o); err != nil {
		t.Fatalf("write %s: %v", f, err)
	}
	return b.Bytes()
}

// extensions contains the extensions of the golden files.
var extensions = map[Format]string{
	Text: "txt", JSON: "json", JUnit: "xml", SARIF: "sarif", GitHub: "github", Markdown: "md", HTML: "html",
}

// samples returns the reports that are written in every format.
func samples() map[string]*Report {
	return map[string]*Report{"verify": verifySample(), "drift": driftSample(), "empty": {}, "hostile": hostileSample()}
}

func TestGolden(t *testing.T) {
	for _, f := range Formats() {
		for name, r := range samples() {
			t.Run(string(f)+"/"+name, func(t *testing.T) {
				got := written(t, f, r, Options{})
				golden.Check(t, filepath.Join("testdata", name+"."+extensions[f]), got)
				if again := written(t, f, r, Options{}); !bytes.Equal(got, again) {
					t.Error("a second run wrote other bytes")
				}
			})
		}
	}
}
