package codegen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// write returns the files. Declarations stay in the order of the code.
func (s *splitter) write(fileOf func(part string) string) (map[string][]byte, error) {
	bodies := map[string]*bytes.Buffer{clientPart: {}}
	from := s.offset(s.file.Name.End())
	for _, decl := range s.file.Decls {
		text := s.code[from:s.offset(decl.End())]
		from = s.offset(decl.End())
		name, _ := unitOf(decl)
		if name == "" {
			continue // imports
		}
		part := s.units[name].part()
		if bodies[part] == nil {
			bodies[part] = new(bytes.Buffer)
		}
		bodies[part].Write(text)
	}
	var others []string
	for part := range bodies {
		if part != clientPart {
			others = append(others, fileOf(part))
		}
	}
	files := make(map[string][]byte)
	for part, body := range bodies {
		code, err := withUsedImports(slices.Concat(s.heading(part, others), body.Bytes()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fileOf(part), err)
		}
		files[fileOf(part)] = code
	}
	return files, nil
}

const otherFiles = "// Its other files:\n//\n"

// heading returns the beginning of a file. The client's file has the whole header and a list
// of the other files; the others have only the line that marks generated code. The package
// clause and all imports follow.
func (s *splitter) heading(part string, others []string) []byte {
	header, rest, _ := strings.Cut(string(s.code[:s.offset(s.file.Package)]), "\n")
	if part == clientPart {
		header += "\n" + strings.TrimRight(rest, "\n") + "\n//\n" + otherFiles
		for _, name := range slices.Sorted(slices.Values(others)) {
			header += "//\t" + name + "\n"
		}
	}
	return []byte(header + "\n\n" + s.preamble())
}

// OtherFiles returns the names of the other files of a split client, from the header of
// the client's own file; nil for any other code.
func OtherFiles(code []byte) []string {
	header, _, _ := strings.Cut(string(code), "\npackage ")
	_, list, _ := strings.Cut(header, otherFiles)
	var names []string
	for line := range strings.Lines(list) {
		if name, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "//\t"); ok && !strings.ContainsAny(name, `/\`) {
			names = append(names, name)
		}
	}
	return names
}

func (s *splitter) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// preamble returns the package clause and all imports.
func (s *splitter) preamble() string {
	var out strings.Builder
	out.WriteString("package " + s.file.Name.Name + "\n")
	for _, decl := range s.file.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			out.Write(s.code[s.offset(d.Pos()):s.offset(d.End())])
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// withUsedImports removes the imports that code does not use, and formats it.
func withUsedImports(code []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "part.go", code, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, spec := range slices.Clone(file.Imports) {
		path := strings.Trim(spec.Path.Value, `"`)
		if !astutil.UsesImport(file, path) {
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			}
			astutil.DeleteNamedImport(fset, file, name, path)
		}
	}
	var out bytes.Buffer
	err = format.Node(&out, fset, file)
	return out.Bytes(), err
}

// partName returns a tag in the form for a file name.
func partName(tag string) string {
	words := strings.FieldsFunc(strings.ToLower(asciiName(tag)), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if len(words) == 0 {
		return untaggedPart
	}
	return strings.Join(words, "-")
}
