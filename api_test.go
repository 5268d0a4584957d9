package exportbuckets

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestNoInternalTypeIsPublic checks the exported declarations of every package that can be
// imported: none may name a type of an internal package, nor be an alias for one, because
// users could neither name it nor read its documentation. The packages below gen and those of
// other modules count as internal here, because their API is not stable; publicImports lists
// the exceptions. Unexported fields do not count.
func TestNoInternalTypeIsPublic(t *testing.T) {
	declarations := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && notPublic(name):
			return filepath.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			return err
		}
		internal := internalImports(filepath.ToSlash(filepath.Dir(name)), file)
		for _, node := range exported(file) {
			declarations++
			ast.Inspect(node, func(n ast.Node) bool {
				if of, ok := n.(*ast.SelectorExpr); ok && isOneOf(of.X, internal) {
					t.Errorf("%s: an exported declaration names a type of an internal package", files.Position(n.Pos()))
				}
				return true
			})
		}
		return nil
	})
	if err != nil || declarations < 300 {
		t.Errorf("%v, %d declarations", err, declarations)
	}
}

// notPublic reports whether users cannot import the packages in a folder.
func notPublic(dir string) bool {
	switch filepath.Base(dir) {
	case "internal", "cmd", "examples", "scripts", "testdata", "dist", ".git", ".ci", ".github":
		return true
	}
	return false
}

// publicImports contains, by folder, the package of another module whose types are part of
// the API.
var publicImports = map[string]string{
	"client":  "golang.org/x/oauth2",
	"openapi": "github.com/getkin/kin-openapi/openapi3",
}

// otherModule matches the import paths of packages outside of the standard library.
var otherModule = regexp.MustCompile(`^[^/]*\.`)

// internalImports lists the names under which a file in a folder imports packages that users
// of the folder's package need not know.
func internalImports(dir string, file *ast.File) map[string]bool {
	names := make(map[string]bool)
	for _, i := range file.Imports {
		importPath, err := strconv.Unquote(i.Path.Value)
		ours := strings.HasPrefix(importPath, "github.com/atlas-exportbuckets/")
		internal := strings.Contains("/"+importPath+"/", "/internal/") || strings.Contains(importPath, "/gen/")
		if err != nil || importPath == publicImports[dir] || !internal && (ours || !otherModule.MatchString(importPath)) {
			continue
		}
		name := path.Base(strings.TrimSuffix(importPath, "/v3"))
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = true
	}
	return names
}

func isOneOf(x ast.Expr, names map[string]bool) bool {
	id, ok := x.(*ast.Ident)
	return ok && names[id.Name]
}

// exported lists the types in a file's exported declarations: those of parameters and
// results, of exported fields, of constants and variables, and the underlying types of
// types.
func exported(file *ast.File) []ast.Node {
	var found []ast.Node
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.IsExported() {
				found = append(found, decl.Type)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				found = append(found, exportedSpec(spec)...)
			}
		}
	}
	return found
}

func exportedSpec(spec ast.Spec) []ast.Node {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		if spec.Names[0].IsExported() && spec.Type != nil {
			return []ast.Node{spec.Type}
		}
	case *ast.TypeSpec:
		fields, isStruct := spec.Type.(*ast.StructType)
		if !spec.Name.IsExported() || !isStruct {
			return onlyIf(spec.Name.IsExported(), spec.Type)
		}
		var found []ast.Node
		for _, f := range fields.Fields.List {
			found = append(found, onlyIf(len(f.Names) == 0 || f.Names[0].IsExported(), f.Type)...)
		}
		return found
	}
	return nil
}

func onlyIf(condition bool, n ast.Node) []ast.Node {
	if !condition {
		return nil
	}
	return []ast.Node{n}
}
