package slowtest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

// read returns the text of a file of the module.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// testFiles calls visit with each test file of the module, except those of this package.
func testFiles(t *testing.T, visit func(path, text string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") && filepath.Dir(path) != "internal/slowtest" {
			visit(path, read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestShortIsDecidedHere checks that no other package reads -short itself.
func TestShortIsDecidedHere(t *testing.T) {
	testFiles(t, func(path, text string) {
		if strings.Contains(text, "testing.Short()") {
			t.Errorf("%s calls testing.Short; call slowtest.Skip or slowtest.Reduced", path)
		}
	})
}

// TestSlowTestsRun checks that the steps of make check run the tests that -short skips:
// make race and make cover run without -short, and make cover, which runs without the race
// detector, includes every package with a test that has fewer cases under the race
// detector.
func TestSlowTestsRun(t *testing.T) {
	race := regexp.MustCompile(`(?m)^race:.*\n\t(.*-race.*\$\(PACKAGES\))$`).FindStringSubmatch(read(t, "Makefile"))
	if race == nil || strings.Contains(race[1], "-short") || strings.Contains(race[1], "-run") {
		t.Errorf("make race runs %q; want all tests, without -short", race)
	}
	cover := read(t, "scripts/cover.sh")
	if strings.Contains(cover, "-short") || strings.Contains(cover, "-race") || strings.Contains(cover, "-run") {
		t.Error("make cover does not run all tests of its packages")
	}
	covered := regexp.MustCompile(`go list .*'(.*)\)`).FindString(strings.ReplaceAll(cover, "${GO:-go}", "go"))
	reduced := 0
	testFiles(t, func(path, text string) {
		if !strings.Contains(text, "slowtest.Reduced()") {
			return
		}
		reduced++
		if !coversPackage(covered, filepath.Dir(path)) {
			t.Errorf("%s has fewer cases under the race detector, and make cover does not run it", path)
		}
	})
	if reduced == 0 {
		t.Error("no test calls slowtest.Reduced: the search is broken")
	}
}

// coversPackage reports whether a line of package patterns includes a folder.
func coversPackage(patterns, folder string) bool {
	for _, pattern := range strings.Fields(strings.TrimSuffix(patterns, ")")) {
		prefix, all := strings.CutSuffix(pattern, "/...")
		if prefix == "./"+folder || all && strings.HasPrefix("./"+folder+"/", prefix+"/") {
			return true
		}
	}
	return false
}
