package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

func TestWriteReplacesAndKeepsPermissions(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.json")
	if err := atomicfile.Write(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(name, []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || string(data) != "new" {
		t.Errorf("got %q, %v", data, err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v, %v; want those of the existing file", info.Mode().Perm(), err)
	}
}

func TestWriteLeavesNothingBehindOnFailure(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"taken", "missing/report.json"} {
		if err := atomicfile.Write(filepath.Join(dir, name), []byte("x"), 0o644); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
