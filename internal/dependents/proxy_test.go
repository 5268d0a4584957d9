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

// world is what all dependents of a test run share.
type world struct {
	version string   // that the module is published at: the one that the examples require
	sums    []byte   // its lines in go.sum
	environ []string // of every command that a dependent runs
}

// cleanUp ends what makeWorld began.
var cleanUp = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	cleanUp()
	os.Exit(code)
}

// theWorld is made by the first test that needs it.
func theWorld(t *testing.T) *world {
	t.Helper()
	slowtest.Skip(t)
	w, err := makeWorld()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var makeWorld = sync.OnceValues(func() (*world, error) {
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
	return &world{version: version, sums: sums, environ: environ}, err
})

// lockScratch returns an empty folder that no other test run uses until cleanUp. It is
// always the same one, because Go's build cache knows a package again by its folder.
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
	return scratch, os.RemoveAll(scratch) // an interrupted run's
}

// requiredVersion is the version of this module that a go.mod requires.
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

// publish lays the checkout out as a module proxy serves it (see "go help goproxy"),
// and returns its lines in go.sum.
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

// offline returns an environment with an empty module cache, which gets modules from
// the proxy and from what is downloaded already. The build cache is the caller's.
func offline(proxy, modules string) ([]string, error) {
	// Asks for the few modules that only tidying needs, where there is a network.
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
		// The build cache's index of packages takes it that a version never changes. This one does.
		"GODEBUG=goindex=0"), nil
}

func fileURL(folder string) string {
	return "file:///" + strings.TrimPrefix(filepath.ToSlash(folder), "/")
}
