//go:build unix

package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// findTargets returns the packages of an area with all their changes.
func findTargets(area []place, wide bool) ([]*target, error) {
	var found []*target
	for _, where := range area {
		loaded, err := packages.Load(&packages.Config{
			Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
		}, "./"+where.folder)
		if err != nil {
			return nil, err
		}
		p := loaded[0]
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("%s: %w", where.folder, p.Errors[0])
		}
		t := &target{folder: where.folder, name: p.Name, files: map[string]*file{}}
		for _, syntax := range p.Syntax {
			path := p.Fset.Position(syntax.Package).Filename
			base := filepath.Base(path)
			if strings.HasSuffix(base, ".gen.go") || where.files != nil && !where.files(base) {
				continue
			}
			source, err := os.ReadFile(path) //nolint:gosec // the compiler named it
			if err != nil {
				return nil, err
			}
			f := &file{path: path, source: source}
			t.files[path] = f
			(&finder{target: t, file: f, short: where.folder + "/" + base, fset: p.Fset, info: p.TypesInfo, pkg: p.Types, imports: importNames(syntax, p.TypesInfo), wide: wide}).search(syntax)
		}
		t.mutants = t.all
		found = append(found, t)
	}
	return found, nil
}

// choose keeps the changes that the options select.
func choose(packages []*target, o options) {
	total := 0
	for _, p := range packages {
		kept := p.mutants[:0:0]
		for _, m := range p.mutants {
			if o.only.MatchString(m.String()) {
				kept = append(kept, m)
			}
		}
		p.mutants = kept
		total += len(kept)
	}
	if o.sample == 0 {
		return
	}
	for _, p := range packages {
		kept := p.mutants[:0:0]
		for _, m := range p.mutants {
			sum := fnv.New64a()
			fmt.Fprint(sum, o.seed, m.name())
			if sum.Sum64()%uint64(total) < uint64(o.sample) { //nolint:gosec // both are counts
				kept = append(kept, m)
			}
		}
		p.mutants = kept
	}
}

// importNames returns the names under which the file imports packages.
func importNames(syntax *ast.File, info *types.Info) map[string]string {
	names := map[string]string{}
	for _, spec := range syntax.Imports {
		if object := info.PkgNameOf(spec); object != nil {
			names[object.Imported().Path()] = object.Name()
		}
	}
	return names
}
