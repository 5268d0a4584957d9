package codegen

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"
)

// clash describes two names in one object, or in one list of parameters, that become the
// same Go name.
type clash struct {
	first, second string
	// rename is the Go name for the second one.
	rename string
}

// fieldClashes returns the fields that a struct declares twice. A third field with the same
// name is another clash with the first.
func fieldClashes(file *ast.File) []clash {
	var found []clash
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.StructType); ok {
			found = append(found, clashesOf(s)...)
		}
		return true
	})
	return found
}

func clashesOf(s *ast.StructType) []clash {
	var found []clash
	taken := make(map[string]bool)
	for _, field := range s.Fields.List {
		for _, name := range field.Names {
			taken[name.Name] = true
		}
	}
	first := make(map[string]string) // the name in the document, by Go name
	for _, field := range s.Fields.List {
		if len(field.Names) != 1 || field.Tag == nil {
			continue
		}
		name, original := field.Names[0].Name, documentName(field.Tag.Value)
		if other, twice := first[name]; twice && other != original {
			found = append(found, clash{other, original, unusedName(name, taken)})
		} else {
			first[name] = original
		}
	}
	return found
}

// documentName returns a field's name in the document, from its tag.
func documentName(tag string) string {
	text, err := strconv.Unquote(tag)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
	return name
}

// unusedName returns name with the lowest unused number, from 2, and marks it as used.
func unusedName(name string, taken map[string]bool) string {
	for n := 2; ; n++ {
		if numbered := name + strconv.Itoa(n); !taken[numbered] {
			taken[numbered] = true
			return numbered
		}
	}
}

// declarations counts the package's names: functions, types, constants and variables,
// and methods with their receiver.
func declarations(file *ast.File) map[string]int {
	count := make(map[string]int)
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil && len(d.Recv.List) == 1 {
				name = receiver(d.Recv.List[0].Type) + "." + name
			}
			count[name]++
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				for _, name := range specNames(spec) {
					count[name.Name]++
				}
			}
		}
	}
	delete(count, "_")
	return count
}

func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	case *ast.ValueSpec:
		return s.Names
	}
	return nil
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	return name(e)
}
