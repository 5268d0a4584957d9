package dependents

import (
	"bytes"
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// The largest number of lines that importing the client may add to a module.
const (
	maxBeforeTidy   = 21 // in go.mod, after go get
	maxRequirements = 7  // in go.mod, after go mod tidy
	maxSumLines     = 37 // in go.sum, after go mod tidy
)

func TestImportingTheClientCostsLittle(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "client")
	if r := d.run(t, nil, "go", "mod", "tidy"); strings.Contains(r.stderr, "module lookup disabled by GOPROXY=off") {
		// A test of a module that the client uses needs this module; go mod tidy -diff
		// downloads it if there is a network.
		t.Logf("counted without a module that is not downloaded:\n%s", r.stderr)
		d.runGo(t, "mod", "tidy", "-e")
	} else if r.code != 0 {
		t.Fatalf("go mod tidy: %s", r.stderr)
	}
	requirements, lines := d.mod(t).Require, bytes.Count(d.read(t, "go.sum"), []byte("\n"))
	t.Logf("%d requirements in go.mod, %d lines in go.sum", len(requirements), lines)
	if len(requirements) > maxRequirements {
		t.Errorf("go.mod has %d requirements, more than %d:\n%s", len(requirements), maxRequirements, d.read(t, "go.mod"))
	}
	if lines > maxSumLines {
		t.Errorf("go.sum has %d lines, more than %d:\n%s", lines, maxSumLines, d.read(t, "go.sum"))
	}
}

// TestGoGetThenTidy counts the requirements after go get, which may add those of tools.go,
// and after go mod tidy, which removes them again.
func TestGoGetThenTidy(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "client")
	if err := os.WriteFile(d.path("go.mod"), []byte("module example.com/client\n\ngo 1.25.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.runGo(t, "get", modulePath+"/client@"+d.version)
	before := len(d.mod(t).Require)
	d.runGo(t, "mod", "tidy", "-e")
	after := len(d.mod(t).Require)
	t.Logf("%d requirements after go get, %d after go mod tidy", before, after)
	if before > maxBeforeTidy || after > maxRequirements {
		t.Errorf("%d requirements after go get, more than %d; or %d after go mod tidy, more than %d", before, maxBeforeTidy, after, maxRequirements)
	}
}

// TestImportingTheClientLinksNoTools checks that a program with the client does not contain
// packages that generate or check the contract.
func TestImportingTheClientLinksNoTools(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "client")
	var modules, own []string
	// With -e, packages that are not in go.sum are also listed, without a module.
	const format = "{{if not .Standard}}{{with .Module}}{{.Path}}{{end}} {{.ImportPath}}{{end}}"
	for line := range strings.Lines(d.runGo(t, "list", "-e", "-deps", "-f", format, ".")) {
		module, pkg, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if module == modulePath {
			own = append(own, strings.TrimPrefix(pkg, modulePath+"/"))
		} else {
			modules = append(modules, cmp.Or(module, pkg))
		}
	}
	slices.Sort(modules)
	want := []string{
		"example.com/client", "github.com/apapsch/go-jsonmerge/v2", "github.com/google/uuid",
		"github.com/icholy/digest", "github.com/oapi-codegen/runtime", "golang.org/x/oauth2",
	}
	if diff := gocmp.Diff(want, slices.Compact(modules)); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	for _, pkg := range own {
		if top, _, _ := strings.Cut(pkg, "/"); !slices.Contains([]string{"client", "gen"}, top) {
			t.Errorf("it links %s", pkg)
		}
	}
}

func TestImportedClientWorks(t *testing.T) {
	t.Parallel()
	d := newDependent(t, "client")
	program := d.build(t)
	srv := fakeatlas.New(t, fakeatlas.Buckets(1, fakeatlas.GCP))
	for _, want := range []string{" s3://snaps (new)\n", " s3://snaps\n"} { // the second run finds the bucket
		r := d.run(t, atlas(srv), program, srv.ProjectID, "snaps", "0123456789abcdef01234567")
		if r.code != 0 || !strings.HasSuffix(r.stdout, want) || !strings.Contains(r.stdout, "gs://") {
			t.Errorf("exit code %d, want it to end in %q:\n%s%s", r.code, want, r.stdout, r.stderr)
		}
	}
	r := d.run(t, atlas(srv), program, "0123456789abcdef01234567", "snaps", "0123456789abcdef01234567")
	if r.code != 1 || !strings.Contains(r.stderr, "GROUP_NOT_FOUND") {
		t.Errorf("no such project: exit code %d, %s", r.code, r.stderr)
	}
}

// atlas returns the environment variables for calls to a fake with its API key.
func atlas(srv *fakeatlas.Server) []string {
	return []string{
		"MONGODB_ATLAS_BASE_URL=" + srv.URL,
		"MONGODB_ATLAS_PUBLIC_API_KEY=" + srv.PublicKey, "MONGODB_ATLAS_PRIVATE_API_KEY=" + srv.PrivateKey,
	}
}
