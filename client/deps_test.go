package client_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestStaysLight checks that a program that imports the client doesn't carry the
// tools of this module: no OpenAPI or YAML library, no command line, no contract,
// and nothing that isn't named here.
func TestStaysLight(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command to ask")
	}
	out, err := exec.CommandContext(t.Context(), goTool, "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/atlas-exportbuckets/exportbuckets/"
	allowed := []string{
		module + "client", module + "gen/",
		"github.com/icholy/digest", "golang.org/x/oauth2",
		"github.com/oapi-codegen/runtime", "github.com/apapsch/go-jsonmerge", "github.com/google/uuid",
	}
	for _, dep := range strings.Fields(string(out)) {
		if !slices.ContainsFunc(allowed, func(prefix string) bool { return strings.HasPrefix(dep, prefix) }) {
			t.Errorf("the client depends on %s", dep)
		}
	}
}
