package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestWarnIfShared checks which permissions of a credentials file lead to a note.
func TestWarnIfShared(t *testing.T) {
	for mode, want := range map[fs.FileMode]bool{0o600: false, 0o640: false, 0o604: true, 0o644: true} {
		name := filepath.Join(t.TempDir(), "credentials.env")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var notes strings.Builder
		warnIfShared(file, &terminal{err: &notes})
		_ = file.Close()
		if got := strings.Contains(notes.String(), "every user of this machine can read "+name); got != want {
			t.Errorf("mode %o: the note is %q, want one: %t", mode, notes.String(), want)
		}
	}
}

// TestSecretsAreSorted checks that a secret which contains another one is replaced first.
func TestSecretsAreSorted(t *testing.T) {
	got := variableSources{{"MONGODB_ATLAS_ACCESS_TOKEN": "secret", "MONGODB_ATLAS_PRIVATE_KEY": "secret-longer", "MONGODB_ATLAS_PROJECT_ID": "project"}}.secrets()
	if want := []string{"secret-longer", "secret"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
