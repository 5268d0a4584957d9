//go:build unix

package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// target is a package under test with the changes of its code.
type target struct {
	folder  string // relative to the module's root
	name    string // of the package
	files   map[string]*file
	mutants []*mutant
	all     []*mutant // by index; mutants are those that were chosen
}

// file is a source file.
type file struct {
	path   string // absolute
	source []byte
}

// mutant is one change of the code.
type mutant struct {
	index    int // in the package: the value of the switch
	file     string
	line     int // the first
	end      int // the last line
	function string
	change   string // such as "x < y becomes x <= y"
	edits    []edit
	in       *file
	broken   bool        // does not compile
	tests    []*testFunc // that reach it, the fastest first
}

// name identifies the change while the lines above it change.
func (m *mutant) name() string { return fmt.Sprintf("%s %s: %s", m.file, m.function, m.change) }

func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d %s: %s", m.file, m.line, m.function, m.change)
}

// finder finds the changes of one file.
type finder struct {
	target   *target
	file     *file
	short    string
	fset     *token.FileSet
	info     *types.Info
	pkg      *types.Package
	imports  map[string]string
	wide     bool
	function string
	depth    int
}

func (f *finder) search(syntax *ast.File) {
	for _, declaration := range syntax.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			f.function = d.Name.Name
			if d.Body != nil {
				f.visit(d.Body)
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				f.function = "var"
				f.visit(d)
			}
		}
	}
}

// visit finds the changes of a node and of the nodes below it.
func (f *finder) visit(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		if n == node || n == nil {
			return true
		}
		f.depth++
		f.node(n)
		f.depth--
		return false
	})
}

func (f *finder) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.ArrayType:
		return // the length of an array must be a constant
	case *ast.BasicLit, *ast.Ident:
		f.constant(n.(ast.Expr))
	case *ast.SelectorExpr:
		f.constant(n)
		f.depth++
		f.node(n.X)
		f.depth--
		return
	case *ast.GenDecl:
		if n.Tok != token.VAR {
			return
		}
	case *ast.BinaryExpr:
		if f.info.Types[n].Value != nil {
			f.constant(n)
			return
		}
		f.binary(n)
	case *ast.CallExpr:
		if isCapacity(n) {
			return
		}
	case *ast.IfStmt:
		f.condition(n.Cond)
	case *ast.CaseClause:
		for _, e := range n.List {
			if basic, ok := f.info.TypeOf(e).(*types.Basic); ok && basic.Info()&types.IsBoolean != 0 {
				f.condition(e)
			}
		}
	case *ast.KeyValueExpr:
		f.element(n)
		return
	}
	if f.wide {
		f.statements(n)
	}
	f.visit(n)
}

// element handles a key and a value of a composite literal: a key of an array must be a
// constant.
func (f *finder) element(n *ast.KeyValueExpr) {
	if key, ok := n.Key.(*ast.Ident); ok && f.wide {
		if v, ok := f.info.ObjectOf(key).(*types.Var); ok && v.IsField() {
			f.field(key, n.Value)
		}
	}
	f.depth++
	f.node(n.Value)
	f.depth--
}

// isCapacity reports whether an argument only determines how much memory a call allocates.
func isCapacity(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name == "make"
	case *ast.SelectorExpr:
		return fun.Sel.Name == "Grow"
	}
	return false
}

var boundaries = map[token.Token][2]string{
	token.LSS: {"mutantLess", "<="}, token.LEQ: {"mutantLessOrEqual", "<"},
	token.GTR: {"mutantGreater", ">="}, token.GEQ: {"mutantGreaterOrEqual", ">"},
}

var arithmetic = map[token.Token][2]string{
	token.ADD: {"mutantAdd", "-"}, token.SUB: {"mutantSubtract", "+"},
	token.MUL: {"mutantMultiply", "/"}, token.QUO: {"mutantDivide", "*"}, token.REM: {"mutantRemainder", "*"},
}

func (f *finder) binary(n *ast.BinaryExpr) {
	switch n.Op {
	case token.LAND, token.LOR:
		if !f.wide {
			return
		}
		without := " || mutantIs(%d))"
		if n.Op == token.LOR {
			without = " && !mutantIs(%d))"
		}
		for _, operand := range []ast.Expr{n.X, n.Y} {
			if inner, ok := operand.(*ast.BinaryExpr); !ok || inner.Op != n.Op {
				f.add(operand, fmt.Sprintf("%s without %s", f.text(n), f.text(operand)), "(", without)
			}
		}
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		if basic, ok := f.info.TypeOf(n).(*types.Basic); !ok || basic.Info()&types.IsBoolean == 0 {
			return
		}
		f.add(n, "not "+f.text(n), "(mutantIs(%d) != (", "))")
		f.call(n, boundaries[n.Op])
	default:
		basic, ok := f.info.TypeOf(n).Underlying().(*types.Basic)
		if ok && basic.Info()&types.IsNumeric != 0 {
			f.call(n, arithmetic[n.Op])
		}
	}
}

// call replaces a binary operation by a call of a function that performs either the
// operation or another one.
func (f *finder) call(n *ast.BinaryExpr, with [2]string) {
	if with[0] == "" {
		return
	}
	operator := f.offset(n.OpPos)
	m := f.add(n, fmt.Sprintf("%s becomes %s %s %s", f.text(n), f.text(n.X), with[1], f.text(n.Y)), with[0]+"(%d, ", ")")
	m.edits = append(m.edits, edit{start: operator, end: operator + len(n.Op.String()), text: ","})
}

// condition negates a condition that is not a comparison; comparisons are negated
// elsewhere.
func (f *finder) condition(e ast.Expr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return
	default:
		f.add(e, "not "+f.text(e), "(mutantIs(%d) != (", "))")
	}
}

// constant doubles a number and adds one, changes a text that has no spaces, and negates a
// boolean. Texts with spaces are messages.
func (f *finder) constant(e ast.Expr) {
	value := f.info.Types[e]
	if !f.wide || value.Value == nil || !value.IsValue() {
		return
	}
	name, ok := f.typeName(value.Type)
	if !ok {
		return
	}
	wrapped := name + "("
	switch value.Value.Kind() {
	case constant.Int, constant.Float:
		if value.Value.String() != "0" {
			f.add(e, f.text(e)+" becomes 2x+1", "mutantConstant(%d, "+wrapped, "))")
		}
	case constant.String:
		text := constant.StringVal(value.Value)
		if text != "" && len(text) < 40 && !strings.ContainsAny(text, " \n%") {
			f.add(e, f.text(e)+" becomes another text", "mutantText(%d, "+wrapped, "))")
		}
	case constant.Bool:
		f.add(e, "not "+f.text(e), "(mutantIs(%d) != ", ")")
	default: // complex numbers
	}
}

func (f *finder) typeName(t types.Type) (string, bool) {
	if basic, ok := t.(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	ok := true
	name := types.TypeString(t, func(p *types.Package) string {
		if p == f.pkg {
			return ""
		}
		name, imported := f.imports[p.Path()]
		ok = ok && imported
		return name
	})
	return name, ok
}

func (f *finder) field(key *ast.Ident, value ast.Expr) {
	if t := f.info.Types[value]; t.Value == nil && !t.IsNil() {
		f.add(value, key.Name+": "+f.text(value)+" becomes zero", "mutantZero(%d, ", ")")
	}
}

// statements removes the statements of a block one at a time, and makes returned errors nil.
func (f *finder) statements(n ast.Node) {
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	case *ast.CommClause:
		list = n.Body
	case *ast.ReturnStmt:
		for _, e := range n.Results {
			if id, ok := e.(*ast.Ident); ok && f.info.Types[e].Value == nil && !f.info.Types[e].IsNil() && f.info.TypeOf(id).String() == "error" {
				f.add(e, "return "+f.text(e)+" becomes nil", "mutantZero(%d, ", ")")
			}
		}
	}
	for _, s := range list {
		if removable(s) {
			f.add(s, "no "+f.text(s), "if !mutantIs(%d) { ", " }")
		}
	}
}

func removable(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		name, ok := call.Fun.(*ast.Ident)
		return !ok || name.Name != "panic"
	case *ast.AssignStmt:
		if id, ok := s.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
			return false
		}
		return s.Tok != token.DEFINE
	case *ast.IncDecStmt, *ast.DeferStmt:
		return true
	}
	return false
}

// add records a change that surrounds a node with open and end. One of them has a %d for
// the number of the change.
func (f *finder) add(n ast.Node, change, open, end string) *mutant {
	m := &mutant{
		index: len(f.target.all), file: f.short, line: f.fset.Position(n.Pos()).Line, end: f.fset.Position(n.End()).Line, function: f.function, change: change, in: f.file,
	}
	number := func(text string) string { return strings.Replace(text, "%d", strconv.Itoa(m.index), 1) }
	from, to := f.offset(n.Pos()), f.offset(n.End())
	order := 16*f.depth + 1
	for _, other := range f.target.all {
		if other.in == f.file && len(other.edits) > 0 && other.edits[0].start == from && other.edits[1].start == to {
			order++ // a second change of the same node goes inside of the first
		}
	}
	m.edits = []edit{{from, from, number(open), order}, {to, to, number(end), -order}}
	f.target.all = append(f.target.all, m)
	return m
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// text returns the source of a node on one line.
func (f *finder) text(n ast.Node) string {
	text := strings.Join(strings.Fields(string(f.file.source[f.offset(n.Pos()):f.offset(n.End())])), " ")
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:99]) + "…"
	}
	return text
}
