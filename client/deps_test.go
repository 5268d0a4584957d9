package client_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/atlas-exportbuckets/exportbuckets/"

// TestClientDependencies checks that a program that imports the client does not depend on
// the tools of this module: no OpenAPI or YAML library, no command line, no contract, and
// no package that is not listed here. The tests may also use the fake, three internal
// packages and three small modules, because `go mod tidy` in an importing module needs the
// dependencies of the tests of its imports.
func TestClientDependencies(t *testing.T) {
	modules := []string{
		"github.com/icholy/digest", "golang.org/x/oauth2",
		"github.com/oapi-codegen/runtime", "github.com/apapsch/go-jsonmerge", "github.com/google/uuid",
	}
	dependOnly(t, []string{"list", "-deps"}, append(modules, module+"client", module+"gen/"))
	modules = append(modules, module+"contracttest/fakeatlas", module+"internal/slowtest", module+"internal/limits", module+"internal/testenv", "github.com/google/go-cmp", "go.uber.org/goleak", "pgregory.net/rapid")
	dependOnly(t, []string{"list", "-deps", "-test"}, append(modules, module+"client", module+"gen/"))
}

// dependOnly lists the packages that the client needs and checks that each has one of
// the allowed prefixes.
func dependOnly(t *testing.T, list []string, allowed []string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append(list, "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		dep, _, _ := strings.Cut(strings.TrimSpace(line), " ") // "package [variant for a test]"
		if !slices.ContainsFunc(allowed, func(prefix string) bool { return strings.HasPrefix(dep, prefix) }) {
			t.Errorf("go %s: the client depends on %s", strings.Join(list, " "), dep)
		}
	}
}
