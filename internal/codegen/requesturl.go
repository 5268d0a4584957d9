package codegen

import (
	"fmt"
	"go/ast"
	"go/token"
)

// urlEdits returns edits of f, a function that builds a request, after which f parses the URL
// only once. The generator's code parses the server, resolves the path against it, formats
// the result and parses that again in http.NewRequest, which takes about as long as
// everything else in the function. Resolving the path also removes the dot segments of a
// path parameter "..", so that the request is sent for another resource.
func urlEdits(f *ast.FuncDecl, offset func(token.Pos) int) ([]edit, error) {
	var edits []edit
	replace := func(from, to token.Pos, text string) { edits = append(edits, edit{offset(from), offset(to), text}) }
	statements := f.Body.List
	for i := range max(0, len(statements)-2) {
		variable, call := assignedCall(statements[i])
		afterCheck := statements[i+2].Pos() // after the if statement that follows each of these
		switch {
		case variable == "serverURL":
			replace(statements[i].Pos(), afterCheck, "")
		case variable == "operationPath":
			replace(statements[i].End(), afterCheck, "\n\n\t")
		case variable == "queryURL":
			replace(call.Pos(), call.End(), `url.Parse(strings.TrimSuffix(server, "/") + operationPath)`)
		case variable == "req" && len(call.Args) == 3:
			replace(call.Args[1].Pos(), call.Args[1].End(), `""`)
			replace(afterCheck, afterCheck, "req.URL, req.Host = queryURL, queryURL.Host\n\n\t")
		}
	}
	if len(edits) != 5 {
		return nil, fmt.Errorf("oapi-codegen %s builds the URL of %s in an unknown way", GeneratorVersion(), f.Name.Name)
	}
	return edits, nil
}

// assignedCall returns the first variable of a statement that assigns the results of a
// call, and the call. For any other statement it returns "".
func assignedCall(statement ast.Stmt) (string, *ast.CallExpr) {
	assign, ok := statement.(*ast.AssignStmt)
	if !ok {
		return "", nil
	}
	call, ok := assign.Rhs[0].(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	return name(assign.Lhs[0]), call
}
