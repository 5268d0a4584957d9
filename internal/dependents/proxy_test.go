package dependents

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/zip"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

const (
	modulePath = "github.com/atlas-exportbuckets/exportbuckets"
	root       = "../.."
	examples   = root + "/examples"
)

// testEnv is shared by all dependents of a test run.
type testEnv struct {
	version string   // version of the published module: the one that the examples require
	sums    []byte   // lines of the module in go.sum
	environ []string // environment of every command that a dependent runs
}

// cleanUp removes the files that newTestEnv created.
var cleanUp = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	cleanUp()
	os.Exit(code)
}

// sharedEnv returns the testEnv, which the first call creates.
func sharedEnv(t *testing.T) *testEnv {
	t.Helper()
	slowtest.Skip(t)
	w, err := newTestEnv()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var newTestEnv = sync.OnceValues(func() (*testEnv, error) {
	scratch, err := lockScratch()
	if err != nil {
		return nil, err
	}
	version, err := requiredVersion(filepath.Join(examples, "client", "go.mod"))
	if err != nil {
		return nil, err
	}
	proxy := filepath.Join(scratch, "proxy")
	sums, err := publish(proxy, version)
	if err != nil {
		return nil, err
	}
	environ, err := offline(proxy, filepath.Join(scratch, "modules"))
	return &testEnv{version: version, sums: sums, environ: environ}, err
})

// lockScratch returns an empty folder that no other test run uses until cleanUp. It is the
// same for every run, because Go's build cache depends on the folder of a package.
func lockScratch() (string, error) {
	caches, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	base := filepath.Join(caches, "exportbuckets-dependents")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(base, "lock")).Lock()
	if err != nil {
		return "", err
	}
	scratch := filepath.Join(base, "scratch")
	cleanUp = func() {
		_ = os.RemoveAll(scratch)
		unlock()
	}
	return scratch, os.RemoveAll(scratch) // of an interrupted run
}

// requiredVersion returns the version of this module that a go.mod requires.
func requiredVersion(name string) (string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	mod, err := modfile.Parse(name, data, nil)
	if err != nil {
		return "", err
	}
	for _, r := range mod.Require {
		if r.Mod.Path == modulePath {
			return r.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", name, modulePath)
}

// publish writes the checkout to a folder in the layout of a module proxy (see "go help
// goproxy"), and returns its lines in go.sum.
func publish(proxy, version string) (sums []byte, err error) {
	folder := filepath.Join(proxy, filepath.FromSlash(modulePath), "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	var archive bytes.Buffer
	if err := zip.CreateFromDir(&archive, module.Version{Path: modulePath, Version: version}, root); err != nil {
		return nil, err
	}
	for name, data := range map[string][]byte{
		version + ".mod": mod, version + ".zip": archive.Bytes(), "list": []byte(version + "\n"),
		version + ".info": fmt.Appendf(nil, `{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return nil, err
		}
	}
	return sumLines(version, mod, filepath.Join(folder, version+".zip"))
}

func sumLines(version string, mod []byte, archive string) ([]byte, error) {
	ofZip, err := dirhash.HashZip(archive, dirhash.Hash1)
	if err != nil {
		return nil, err
	}
	ofMod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(mod)), nil })
	return fmt.Appendf(nil, "%s %s %s\n%[1]s %[2]s/go.mod %[4]s\n", modulePath, version, ofZip, ofMod), err
}

// offline returns an environment with an empty module cache, which gets modules from the
// proxy and from the caller's module cache. The build cache is the caller's.
func offline(proxy, modules string) ([]string, error) {
	// Download the few modules that only go mod tidy needs, if there is a network.
	tidy := exec.Command("go", "mod", "tidy", "-diff")
	tidy.Dir = root
	_ = tidy.Run()

	known, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(known), "\n")
	downloads, buildCache := filepath.Join(lines[0], "cache", "download"), lines[1]
	var environ []string
	for _, assignment := range os.Environ() {
		name, _, _ := strings.Cut(assignment, "=")
		if !strings.HasPrefix(name, "GO") && !strings.HasPrefix(name, "MONGODB_") && !strings.HasPrefix(name, "MCLI_") {
			environ = append(environ, assignment)
		}
	}
	return append(environ,
		"GOPROXY="+fileURL(proxy)+","+fileURL(downloads)+",off", "GOSUMDB=off", "GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local",
		"GOMODCACHE="+modules, "GOCACHE="+buildCache, "GOFLAGS=-modcacherw",
		// The index of packages in the build cache assumes that a version never changes,
		// but this one does.
		"GODEBUG=goindex=0"), nil
}

func fileURL(folder string) string {
	return "file:///" + strings.TrimPrefix(filepath.ToSlash(folder), "/")
}
