package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/codegen"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// generatedFiles are the files that a run of generate writes, or checks.
type generatedFiles struct {
	// output is the file that --output names. With --split it contains the client itself.
	output string
	split  bool
	// existing is the content of output, nil if it does not exist. generated is the content to
	// write, by file. leftover are the files of an earlier run that are no longer needed.
	existing  []byte
	generated map[string][]byte
	leftover  []string
}

// outputFiles reads the file that --output names. It fails before the generator runs if
// the file could not be written.
func (f *generateFlags) outputFiles() (*generatedFiles, error) {
	g := &generatedFiles{output: f.output, split: f.split}
	if f.toStdout() {
		return g, nil
	}
	folder := filepath.Dir(f.output)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--output %s: there is no folder %s", f.output, folder)
	}
	var err error
	g.existing, err = readExisting(f.output)
	return g, err
}

// readExisting returns the content of a file that would be replaced, nil if there is none.
func readExisting(name string) ([]byte, error) {
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("--output: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("--output %s: it is a folder; name a file, such as %s", name, filepath.Join(name, "atlas.gen.go"))
	case !info.Mode().IsRegular():
		return nil, nil // a pipe or a device has no content to compare
	}
	data, err := limits.ReadFile(name, codegen.MaxCode)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--output: %w", err)
	case len(data) > 0 && !codegen.IsGenerated(data):
		return nil, fmt.Errorf("--output %s: this file is not generated (no line \"// Code generated … DO NOT EDIT.\"), so it is not replaced; name another, or remove it", name)
	}
	return data, nil
}

// set stores the generated code, divided into files with --split. The keys of tags are
// "METHOD /path".
func (g *generatedFiles) set(code []byte, tags map[string]string) error {
	g.generated = map[string][]byte{g.output: code}
	if g.split {
		parts, err := codegen.Split(code, tags, func(part string) string { return partFile(filepath.Base(g.output), part) })
		if err != nil {
			return fmt.Errorf("--split: %w", err)
		}
		g.generated = make(map[string][]byte)
		for name, part := range parts {
			g.generated[g.path(name)] = part
		}
	}
	for _, name := range codegen.OtherFiles(g.existing) {
		name = g.path(name)
		if data, err := readExisting(name); err == nil && data != nil && g.generated[name] == nil {
			g.leftover = append(g.leftover, name)
		}
	}
	return nil
}

// path returns the path of a file in the folder of --output, with that folder as the user
// wrote it.
func (g *generatedFiles) path(name string) string {
	if name == filepath.Base(g.output) {
		return g.output
	}
	return filepath.Join(filepath.Dir(g.output), name)
}

// partFile returns the file name of a part of a split client: atlas-models.gen.go for the
// part models of atlas.gen.go. It has no underscore, because the go command reads an
// underscore before a name such as linux as a build constraint.
func partFile(output, part string) string {
	if part == "" {
		return output
	}
	stem, rest, found := strings.Cut(output, ".")
	if found {
		rest = "." + rest
	}
	return stem + "-" + part + rest
}

// compare returns an error with exit code 1 if a file differs from the generated code.
func (g *generatedFiles) compare() error {
	for _, name := range slices.Sorted(maps.Keys(g.generated)) {
		before, err := readExisting(name)
		switch {
		case err != nil:
			return err
		case before == nil:
			return staleError("%s does not exist; run go generate", name)
		case !bytes.Equal(before, g.generated[name]):
			return staleError("%s is stale: line %d differs from the code that exportbuckets %s generates; run go generate", name, firstDifference(before, g.generated[name]), releaseVersion())
		}
	}
	if len(g.leftover) > 0 {
		return staleError("%s is left over from an earlier run; run go generate", g.leftover[0])
	}
	return nil
}

func staleError(format string, args ...any) error {
	return &exitError{code: exitFindings, err: fmt.Errorf(format, args...)}
}

// firstDifference returns the number of the first line, from 1, in which two texts differ.
func firstDifference(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}

// write replaces the files that differ. It does not touch the other files, because build
// tools compare modification times. It writes nothing if one of the files is not generated.
func (g *generatedFiles) write(log io.Writer) error {
	stale := make(map[string][]byte)
	for name, code := range g.generated {
		before, err := readExisting(name)
		if err != nil {
			return err
		}
		if before == nil || !bytes.Equal(before, code) {
			stale[name] = code
		}
	}
	for _, name := range slices.Sorted(maps.Keys(stale)) {
		if err := atomicfile.Write(name, stale[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintln(log, "wrote", name)
	}
	for _, name := range g.leftover {
		if err := os.Remove(name); err != nil {
			return err
		}
		fmt.Fprintln(log, "removed", name)
	}
	return nil
}
