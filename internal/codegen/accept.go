package codegen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// operation is what a generated request is known by, and what it asks for.
type operation struct {
	name, method, path string
	// accept is the media type of the answer; "" when no answer has one.
	accept string
}

// operationsOf lists a document's operations by path and method.
func operationsOf(doc *openapi3.T) []operation {
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths.Map())) {
		operations := doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op := operations[method]
			all = append(all, operation{name: op.OperationID, method: method, path: path, accept: acceptOf(op)})
		}
	}
	return all
}

// acceptOf gives the media type of an operation's successful answer, or else of
// any answer that is dated: an answer without a body has a version too.
func acceptOf(op *openapi3.Operation) string {
	other := ""
	for _, status := range slices.Sorted(maps.Keys(op.Responses.Map())) {
		response := op.Responses.Value(status).Value
		if response == nil || len(response.Content) == 0 {
			continue
		}
		mediaType := preferred(slices.Sorted(maps.Keys(response.Content)))
		if strings.HasPrefix(status, "2") {
			return mediaType
		}
		if other == "" && strings.Contains(mediaType, "/vnd.") {
			other = mediaType
		}
	}
	return other
}

// preferred is the media type that the generator decodes: JSON, where there is a choice.
func preferred(mediaTypes []string) string {
	for _, m := range mediaTypes {
		if strings.HasSuffix(m, "json") {
			return m
		}
	}
	return mediaTypes[0]
}

// setAccept makes the generated request builders set the Accept header. Atlas
// refuses a request that does not say which version of a resource it is about,
// and the generator leaves the header out.
func setAccept(code []byte, operations []operation) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "generated.go", code, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("oapi-codegen %s wrote no Go code: %w", GeneratorVersion(), err)
	}
	builders := buildersOf(file)
	var out []byte
	done := 0
	for _, b := range builders {
		accept, ok := acceptFor(operations, b)
		if !ok {
			return nil, fmt.Errorf("oapi-codegen %s made a request, %s %s, that the document does not have", GeneratorVersion(), b.method, b.path)
		}
		end := fset.Position(b.end).Offset
		out = append(out, code[done:end]...)
		done = end
		if accept != "" {
			out = fmt.Appendf(out, "req.Header.Set(\"Accept\", %q)\n\n\t", accept)
		}
	}
	if len(builders) != len(operations) {
		return nil, fmt.Errorf("oapi-codegen %s made %d requests of %d operations", GeneratorVersion(), len(builders), len(operations))
	}
	return append(out, code[done:]...), nil
}

func acceptFor(operations []operation, b builder) (string, bool) {
	for _, op := range operations {
		if op.method == b.method && sprintfPath(op.path) == b.path {
			return op.accept, true
		}
	}
	return "", false
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// sprintfPath gives a path as the generator writes it for fmt.Sprintf.
func sprintfPath(path string) string { return pathParameter.ReplaceAllString(path, "%s") }

// builder is a generated function that builds a request.
type builder struct {
	method, path string
	// end is where its last statement stands, which returns the request.
	end token.Pos
}

// buildersOf finds the functions that call http.NewRequest themselves. The others
// that return a request encode a body and call one of these.
func buildersOf(file *ast.File) []builder {
	var found []builder
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Body == nil || len(f.Body.List) == 0 {
			continue
		}
		b := builder{end: f.Body.List[len(f.Body.List)-1].Pos()}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				b.learn(call)
			}
			return true
		})
		if b.method != "" {
			found = append(found, b)
		}
	}
	return found
}

// learn takes the method from http.NewRequest(http.MethodGet, …) and the path from
// the first fmt.Sprintf("/path/%s", …).
func (b *builder) learn(call *ast.CallExpr) {
	switch name(call.Fun) {
	case "http.NewRequest":
		method := strings.TrimPrefix(name(call.Args[0]), "http.Method")
		b.method = strings.ToUpper(method)
	case "fmt.Sprintf":
		if text, ok := call.Args[0].(*ast.BasicLit); ok && b.path == "" {
			b.path, _ = strconv.Unquote(text.Value)
		}
	}
}

// name gives "pkg.Name" for such an expression, and the value of a text.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			return pkg.Name + "." + e.Sel.Name
		}
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	}
	return ""
}
