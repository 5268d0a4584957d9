package dependents

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/mod/modfile"
)

// dependent is a copy of an example that gets the module from the proxy.
type dependent struct {
	*testEnv
	folder string
}

func newDependent(t *testing.T, example string) *dependent {
	t.Helper()
	d := &dependent{testEnv: sharedEnv(t), folder: t.TempDir()}
	if err := os.CopyFS(d.folder, os.DirFS(filepath.Join(examples, example))); err != nil {
		t.Fatal(err)
	}
	d.runGo(t, "mod", "edit", "-dropreplace="+modulePath)
	sums := append(d.read(t, "go.sum"), d.sums...)
	if err := os.WriteFile(d.path("go.sum"), sums, 0o644); err != nil {
		t.Fatal(err)
	}
	return d
}

// result is the exit code and the output of a program.
type result struct {
	code           int
	stdout, stderr string
}

// downloading matches the messages of the go command about downloads.
var downloading = regexp.MustCompile(`(?m)^go: downloading .*\n`)

// run runs a program in the dependent's folder.
func (d *dependent) run(t *testing.T, environ []string, program string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = d.folder, slices.Concat(d.environ, environ)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), downloading.ReplaceAllString(stderr.String(), "")}
}

// runGo runs the go command, which must succeed, and returns its output.
func (d *dependent) runGo(t *testing.T, args ...string) string {
	t.Helper()
	r := d.run(t, nil, "go", args...)
	if r.code != 0 {
		t.Fatalf("go %q: exit code %d\n%s%s", args, r.code, r.stdout, r.stderr)
	}
	return r.stdout
}

// build builds the module's program.
func (d *dependent) build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	d.runGo(t, "build", "-o", program, ".")
	return program
}

func (d *dependent) path(name string) string {
	return filepath.Join(d.folder, filepath.FromSlash(name))
}

func (d *dependent) read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(d.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// change replaces text in a file.
func (d *dependent) change(t *testing.T, name, from, to string) {
	t.Helper()
	data := d.read(t, name)
	if !bytes.Contains(data, []byte(from)) {
		t.Fatalf("%s does not contain %q", name, from)
	}
	if err := os.WriteFile(d.path(name), bytes.ReplaceAll(data, []byte(from), []byte(to)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (d *dependent) mod(t *testing.T) *modfile.File {
	t.Helper()
	mod, err := modfile.Parse("go.mod", d.read(t, "go.mod"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return mod
}
