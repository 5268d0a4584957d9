package codegen

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
)

// TestGeneratorIsPinnedAsInGoMod checks that dependents run the generator that generated
// gen/: each module in it has the version and the checksums of this module's go.mod.
func TestGeneratorIsPinnedAsInGoMod(t *testing.T) {
	modules := modulesOf(t, generatorCommand)
	golden.Check(t, "generator.mod", modFile(t, "generator", generatorModule, modules))
	golden.Check(t, "generator.sum", sumFile(t, modules))
}

// TestCheckerIsPinnedAsInGoMod checks that generated code is checked with the versions of this
// module's go.mod.
func TestCheckerIsPinnedAsInGoMod(t *testing.T) {
	modules := modulesOf(t, RuntimeModule)
	golden.Check(t, "checker.mod", modFile(t, "checker", RuntimeModule, modules))
	golden.Check(t, "checker.sum", sumFile(t, modules))
}

// modulesOf lists "path version" of the modules in a package's build.
func modulesOf(t *testing.T, pkg string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "tools", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}}{{end}}", pkg)
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var modules []string
	seen := make(map[string]bool)
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !seen[line] {
			seen[line] = true
			modules = append(modules, line)
		}
	}
	return modules
}

func rootFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func modFile(t *testing.T, name, direct string, modules []string) []byte {
	t.Helper()
	root, err := modfile.Parse("go.mod", rootFile(t, "go.mod"), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := new(modfile.File)
	if err := f.AddModuleStmt(name); err != nil {
		t.Fatal(err)
	}
	if err := f.AddGoStmt(root.Go.Version); err != nil {
		t.Fatal(err)
	}
	for _, module := range modules {
		path, version, _ := strings.Cut(module, " ")
		f.AddNewRequire(path, version, path != direct)
	}
	f.SortBlocks()
	f.SetRequireSeparateIndirect(f.Require)
	f.Cleanup()
	data, err := f.Format()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func sumFile(t *testing.T, modules []string) []byte {
	t.Helper()
	var sum bytes.Buffer
	for line := range strings.Lines(string(rootFile(t, "go.sum"))) {
		for _, module := range modules {
			if strings.HasPrefix(line, module+" ") || strings.HasPrefix(line, module+"/go.mod ") {
				sum.WriteString(line)
			}
		}
	}
	return sum.Bytes()
}

func TestVersions(t *testing.T) {
	root, err := modfile.Parse("go.mod", rootFile(t, "go.mod"), nil)
	if err != nil {
		t.Fatal(err)
	}
	required := make(map[string]string)
	for _, r := range root.Require {
		required[r.Mod.Path] = r.Mod.Version
	}
	got := fmt.Sprintf("generator %s, runtime %s", GeneratorVersion(), RuntimeVersion)
	want := fmt.Sprintf("generator %s, runtime %s", required[generatorModule], required[RuntimeModule])
	if got != want {
		t.Errorf("%s; go.mod has %s", got, want)
	}
}
