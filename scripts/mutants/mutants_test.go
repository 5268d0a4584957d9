//go:build unix

package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var anything = regexp.MustCompile("")

var update = flag.Bool("update", false, "rewrite the expected list of changes")

// inModule creates a module with one package of the given files, and makes it the current
// folder.
func inModule(t *testing.T, files map[string]string) {
	t.Helper()
	folder := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.25\n"
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
}

func readTestdata(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestChanges compares the changes of a sample with a list, and compiles them all.
func TestChanges(t *testing.T) {
	golden := absolute(t, "testdata/changes.txt")
	inModule(t, map[string]string{"sample/sample.go": readTestdata(t, "sample.go.txt")})
	targets, err := findTargets([]place{{folder: "sample"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, m := range targets[0].all {
		got.WriteString(m.String() + "\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if want, err := os.ReadFile(golden); err != nil || got.String() != string(want) {
		t.Errorf("changes:\n%s\nwant:\n%s", got.String(), want)
	}
	if _, err := targets[0].build(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for _, m := range targets[0].all {
		if m.broken {
			t.Errorf("%s does not compile", m)
		}
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	codeUnderTest = `package m

// Clamp is tested at one bound only, and Unused not at all.
func Clamp(n int) int {
	if n < 0 {
		return 0
	}
	if n > 10 && n != 12 {
		return 10
	}
	return n
}

func Unused(a, b int) bool { return a == b }

func Endless(n int) (sum int) {
	for i := 0; i < n; i = i + 1 {
		sum += i
	}
	return sum
}
`
	testsOfIt = `package m

import "testing"

func TestClamp(t *testing.T) {
	for n, want := range map[int]int{-1: 0, 0: 0, 5: 5, 11: 10} {
		if got := Clamp(n); got != want {
			t.Errorf("%d: %d", n, got)
		}
	}
}

func TestEndless(t *testing.T) {
	if Endless(3) != 3 {
		t.Error("not 3")
	}
}
`
)

// TestUndetected checks the report for a module whose tests detect all but three changes, one
// of which is explained.
func TestUndetected(t *testing.T) {
	areas["test"] = []place{{folder: "m"}}
	t.Cleanup(func() { delete(areas, "test") })
	inModule(t, map[string]string{
		"m/m.go": codeUnderTest, "m/m_test.go": testsOfIt,
		explainedFile: "# A reason.\nm/m.go Unused: not a == b\n",
	})
	var got bytes.Buffer
	undetected, err := run(options{areas: []string{"test"}, only: anything, workers: 2}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"== m: 9 changes, 2 not detected",
		"m/m.go:5 Clamp: n < 0 becomes n <= 0",
		"m/m.go:8 Clamp: n > 10 becomes n >= 10",
	}
	lines := strings.Split(got.String(), "\n")
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("no line %q in\n%s", line, got.String())
		}
	}
	if undetected != 2 {
		t.Errorf("%d undetected, want 2", undetected)
	}
}
