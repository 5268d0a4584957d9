package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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

// TestWritePrivate checks that a file that others could read becomes private.
func TestWritePrivate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "recording.yaml")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.WritePrivate(name, []byte("new")); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil || string(data) != "new" {
		t.Errorf("got %q, %v", data, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %v, %v", info.Mode().Perm(), err)
	}
}

// TestWriteWithFails checks that a file is unchanged if its new content cannot be made.
func TestWriteWithFails(t *testing.T) {
	name := filepath.Join(t.TempDir(), "report.json")
	if err := atomicfile.Write(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("no report")
	err := atomicfile.WriteWith(name, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, failed)
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(name); err != nil || string(data) != "old" {
		t.Errorf("got %q, %v", data, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
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

// TestErrorsNameTheFile checks that an error names the file once and not the temporary file.
func TestErrorsNameTheFile(t *testing.T) {
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		filepath.Join(folder, "absent", "report.json"):  "no such file or directory",
		filepath.Join(folder, strings.Repeat("x", 300)): "file name too long",
	} {
		err := atomicfile.Write(name, []byte("new"), 0o644)
		if err == nil || err.Error() != "write "+name+": "+want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := atomicfile.WritePrivate(taken, []byte("new")); err == nil || strings.Contains(err.Error(), ".taken.") || !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want an error without the name of the temporary file", err)
	}
}
