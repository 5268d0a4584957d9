package codegen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// editRequests adds the resource version, which Atlas requires, to the generated requests: as
// Accept, which the generator omits, and as the Content-Type of JSON bodies, which
// plainMediaTypes hid from the generator. It also makes them parse the URL once (see urlEdits).
func editRequests(code []byte, operations []operation) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "generated.go", code, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("oapi-codegen %s wrote no Go code: %w", GeneratorVersion(), err)
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	builders := make(map[string]operation) // by function
	var edits []edit
	for _, f := range functions(file) {
		b, ok := builderOf(f)
		if !ok {
			continue
		}
		op, ok := find(operations, b)
		if !ok {
			return nil, fmt.Errorf("oapi-codegen %s generated a request, %s %s, that the document does not have", GeneratorVersion(), b.method, b.path)
		}
		builders[f.Name.Name] = op
		url, err := urlEdits(f, offset)
		if err != nil {
			return nil, err
		}
		edits = append(edits, url...)
		if at := offset(b.end); op.accept != "" {
			edits = append(edits, edit{at, at, fmt.Sprintf("req.Header.Set(\"Accept\", %q)\n\n\t", op.accept)})
		}
	}
	if len(builders) != len(operations) {
		return nil, fmt.Errorf("oapi-codegen %s generated %d requests for %d operations", GeneratorVersion(), len(builders), len(operations))
	}
	for _, f := range functions(file) {
		literal, op := encoderOf(f, builders)
		if literal != nil && op.send != plainJSON {
			edits = append(edits, edit{offset(literal.Pos()), offset(literal.End()), strconv.Quote(op.send)})
		}
	}
	return apply(code, edits), nil
}

// edit replaces code[from:to]. Edits at the same place keep their order.
type edit struct {
	from, to int
	text     string
}

func apply(code []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out []byte
	done := 0
	for _, e := range edits {
		out = append(append(out, code[done:e.from]...), e.text...)
		done = e.to
	}
	return append(out, code[done:]...)
}

func functions(file *ast.File) []*ast.FuncDecl {
	var found []*ast.FuncDecl
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Body != nil && len(f.Body.List) > 0 {
			found = append(found, f)
		}
	}
	return found
}

func find(operations []operation, b builder) (operation, bool) {
	for _, op := range operations {
		if op.method == b.method && sprintfPath(escapePercent(op.path)) == b.path {
			return op, true
		}
	}
	return operation{}, false
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// sprintfPath returns a path in the form that the generator writes for fmt.Sprintf.
func sprintfPath(path string) string { return pathParameter.ReplaceAllString(path, "%s") }

// builder is a generated function that builds a request.
type builder struct {
	method, path string
	// end is the position of its last statement, which returns the request.
	end token.Pos
}

// builderOf recognizes a builder by its call of http.NewRequest.
func builderOf(f *ast.FuncDecl) (builder, bool) {
	b := builder{end: lastStatement(f).Pos()}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			b.readCall(call)
		}
		return true
	})
	return b, b.method != ""
}

// readCall reads the method from http.NewRequest(http.MethodGet, …) and the path from the
// first fmt.Sprintf("/path/%s", …).
func (b *builder) readCall(call *ast.CallExpr) {
	switch name(call.Fun) {
	case "http.NewRequest":
		b.method = strings.ToUpper(strings.TrimPrefix(name(call.Args[0]), "http.Method"))
	case "fmt.Sprintf":
		if text, ok := call.Args[0].(*ast.BasicLit); ok && b.path == "" {
			b.path, _ = strconv.Unquote(text.Value)
		}
	}
}

// encoderOf recognizes a function that encodes a JSON body and ends in `return
// NewXRequestWithBody(…, "application/json", bodyReader)`: it returns the literal and the
// operation of that builder.
func encoderOf(f *ast.FuncDecl, builders map[string]operation) (*ast.BasicLit, operation) {
	result, ok := lastStatement(f).(*ast.ReturnStmt)
	if !ok || len(result.Results) != 1 {
		return nil, operation{}
	}
	call, ok := result.Results[0].(*ast.CallExpr)
	if !ok {
		return nil, operation{}
	}
	op, ok := builders[name(call.Fun)]
	for _, arg := range call.Args {
		if literal, isText := arg.(*ast.BasicLit); ok && isText && name(literal) == plainJSON {
			return literal, op
		}
	}
	return nil, operation{}
}

func lastStatement(f *ast.FuncDecl) ast.Stmt { return f.Body.List[len(f.Body.List)-1] }

// name returns "pkg.Name" or "Name" for such an expression, and the value of a string
// literal.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return name(e.X) + "." + e.Sel.Name
	case *ast.Ident:
		return e.Name
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	}
	return ""
}
