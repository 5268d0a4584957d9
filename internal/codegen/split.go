package codegen

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// The names of the parts of a split client, in addition to those of its tags. The part of
// the client itself has an empty name.
const (
	clientPart = ""
	// modelsPart contains the types that several tags use, or no tag.
	modelsPart = "models"
	// untaggedPart contains the operations without a tag.
	untaggedPart = "operations"
)

// Split divides the code of a generated client into parts: one for each tag, with the
// operations whose first tag it is and the types that only they use; "models" with the
// types that several tags use; and "" with the client itself. A part's name is the tag in
// lower-case ASCII, with hyphens; tags with the same name share a part. tags are the
// operations' first tags by "METHOD /path", and fileOf returns the file name of a part. The
// files are the same for the same code. The header of the client's file lists the others.
func Split(code []byte, tags map[string]string, fileOf func(part string) string) (map[string][]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "generated.go", code, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &splitter{fset: fset, code: code, file: file, units: make(map[string]*unit)}
	s.collect()
	s.assign(s.operationParts(tags))
	return s.write(fileOf)
}

// unit is the smallest part of the code that is in one file: a function, or a type with its
// methods and its constants. The methods of the client types are separate units.
type unit struct {
	decls []ast.Decl
	// isType is true if the unit is a type.
	isType bool
	// uses are the identifiers in the unit, sorted; parts are the parts that use it.
	uses  []string
	parts map[string]bool
}

type splitter struct {
	fset  *token.FileSet
	code  []byte
	file  *ast.File
	units map[string]*unit
	order []string
}

// clientTypes are the generated types that have a method for each operation.
var clientTypes = []string{"Client", "ClientInterface", "ClientWithResponses", "ClientWithResponsesInterface"}

// collect divides the declarations into units.
func (s *splitter) collect() {
	for _, decl := range s.file.Decls {
		name, isType := unitOf(decl)
		if name == "" {
			continue // imports
		}
		u := s.units[name]
		if u == nil {
			u = &unit{parts: make(map[string]bool)}
			s.units[name] = u
			s.order = append(s.order, name)
		}
		u.decls = append(u.decls, decl)
		u.isType = u.isType || isType
	}
	for name, u := range s.units {
		u.uses = identifiers(u.decls, name)
	}
}

// unitOf returns the name of the unit to which a declaration belongs, and whether the unit
// is a type: a typed constant belongs to its type, a method to its receiver. A method of a
// client type is a unit, "Client.ListClusters".
func unitOf(decl ast.Decl) (name string, isType bool) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || len(d.Recv.List) != 1 {
			return d.Name.Name, false
		}
		of := receiver(d.Recv.List[0].Type)
		if slices.Contains(clientTypes, of) {
			return of + "." + d.Name.Name, false
		}
		return of, true
	case *ast.GenDecl:
		if d.Tok != token.IMPORT {
			return unitOfSpec(d.Specs[0])
		}
	}
	return "", false
}

func unitOfSpec(spec ast.Spec) (name string, isType bool) {
	v, isValue := spec.(*ast.ValueSpec)
	if !isValue {
		return specNames(spec)[0].Name, true
	}
	if typed, ok := v.Type.(*ast.Ident); ok {
		return typed.Name, true
	}
	return v.Names[0].Name, false
}

func identifiers(decls []ast.Decl, except string) []string {
	found := make(map[string]bool)
	for _, decl := range decls {
		ast.Inspect(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name != except {
				found[id.Name] = true
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// operationParts returns the parts of the functions and methods of operations: those
// that build a request, and those that call such a function.
func (s *splitter) operationParts(tags map[string]string) map[string]string {
	byRequest := make(map[string]string)
	for operation, tag := range tags {
		method, path, _ := strings.Cut(operation, " ")
		byRequest[method+" "+sprintfPath(escapePercent(path))] = partName(tag)
	}
	parts := make(map[string]string)
	for _, f := range functions(s.file) {
		if b, ok := builderOf(f); ok {
			parts[f.Name.Name] = cmp.Or(byRequest[b.method+" "+b.path], untaggedPart)
		}
	}
	// A function that encodes a body calls a builder, a method of Client calls either, and
	// a method of ClientWithResponses calls a method of Client.
	for range 3 {
		for _, name := range s.order {
			if parts[name] == "" && !s.units[name].isType {
				parts[name] = calledPart(parts, s.units[name].uses)
			}
		}
	}
	return parts
}

// calledPart returns the part of the first function or method of Client that is used.
func calledPart(parts map[string]string, uses []string) string {
	for _, name := range uses {
		if part := cmp.Or(parts[name], parts["Client."+name]); part != "" {
			return part
		}
	}
	return ""
}

// assign marks each unit with the parts that use it, from the functions of operations
// and from the client.
func (s *splitter) assign(operations map[string]string) {
	for name, part := range operations {
		if part != "" {
			s.mark(name, part)
		}
	}
	for _, name := range append([]string{"NewClient", "NewClientWithResponses"}, clientTypes...) {
		s.mark(name, clientPart)
	}
}

// mark marks a unit, and all units that it uses, with a part. It does not follow the client
// types, which use every unit.
func (s *splitter) mark(name, part string) {
	u := s.units[name]
	if u == nil || u.parts[part] {
		return
	}
	u.parts[part] = true
	if name == "ClientInterface" || name == "ClientWithResponsesInterface" {
		return
	}
	for _, used := range u.uses {
		if !slices.Contains(clientTypes, used) {
			s.mark(used, part)
		}
	}
}

// part returns the part that a unit belongs to: the only part that uses it, else the models
// or the client.
func (u *unit) part() string {
	switch {
	case u.parts[clientPart] || len(u.parts) != 1 && !u.isType:
		return clientPart
	case len(u.parts) != 1:
		return modelsPart
	}
	return slices.Collect(maps.Keys(u.parts))[0]
}
