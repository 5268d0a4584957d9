package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// golden holds got against testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run go test -update)", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (run go test -update when the change is meant):\n%s", path, cmp.Diff(string(want), string(got)))
	}
}

// written is the report in a format; writing it must not fail.
func written(t testing.TB, f Format, r *Report, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, r, o); err != nil {
		t.Fatalf("write %s: %v", f, err)
	}
	return b.Bytes()
}

// extensions are the golden files' names.
var extensions = map[Format]string{
	Text: "txt", JSON: "json", JUnit: "xml", SARIF: "sarif", GitHub: "github", Markdown: "md", HTML: "html",
}

// samples are the reports that every format is shown with.
func samples() map[string]*Report {
	return map[string]*Report{"verify": verifySample(), "drift": driftSample(), "empty": {}, "hostile": hostileSample()}
}

func TestGolden(t *testing.T) {
	for _, f := range Formats() {
		for name, r := range samples() {
			t.Run(string(f)+"/"+name, func(t *testing.T) {
				got := written(t, f, r, Options{})
				golden(t, name+"."+extensions[f], got)
				if again := written(t, f, r, Options{}); !bytes.Equal(got, again) {
					t.Error("a second run wrote other bytes")
				}
			})
		}
	}
}
