package recording

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Standard input is read at its place among the paths. Without standard input, "-" is a
// file name.
func TestStdin(t *testing.T) {
	const exchange = "GET / HTTP/1.1\nHost: a\n\nHTTP/1.1 200 OK\n\n{}\n"
	file := filepath.Join(t.TempDir(), "a.http")
	if err := os.WriteFile(file, []byte(exchange), 0o600); err != nil {
		t.Fatal(err)
	}
	in := Paths(file, "-", "-").WithStdin(strings.NewReader(exchange))
	var files []string
	for x, err := range NewReader(in, Options{}).Exchanges(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, x.Source.File)
	}
	if got, want := strings.Join(files, " "), file+" standard input"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	for _, err := range NewReader(Paths("-"), Options{}).Exchanges(t.Context()) {
		if err == nil || !strings.HasPrefix(err.Error(), "-: no such file") {
			t.Errorf("without standard input: %v", err)
		}
	}
}
