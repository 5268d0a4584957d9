package codegen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestUnknownRequestURL checks the error for a request builder that the pinned generator
// would not generate.
func TestUnknownRequestURL(t *testing.T) {
	for _, body := range []string{
		`req, err := http.NewRequest("GET", server, nil); return req, err`,
		`queryURL, err := url.Parse(server); if err != nil { return nil, err }; req, err := http.NewRequest("GET", queryURL.String(), nil); if err != nil { return nil, err }; return req, nil`,
		`return nil, nil`,
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "generated.go", "package p\nfunc NewXRequest() {"+body+"}", parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := file.Decls[0].(*ast.FuncDecl)
		if !ok {
			t.Fatal("no function")
		}
		_, err = urlEdits(f, func(p token.Pos) int { return fset.Position(p).Offset })
		if err == nil || !strings.Contains(err.Error(), "URL of NewXRequest") {
			t.Errorf("%s: %v, want an error that names the function", body, err)
		}
	}
}
