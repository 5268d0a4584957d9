// Package golden compares the results of tests with files that were reviewed. The tests of
// a package that imports it have the flag -update, which rewrites the files: read the
// difference before committing it.
package golden

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files that tests compare their results with")

// Updating reports whether the test run rewrites files.
func Updating() bool { return *update }

// Check fails the test if got differs from the file; with -update it writes the file first.
func Check(t testing.TB, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; create it with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); read it and rewrite with -update\n%s", file, diff)
	}
}
