package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/atlas-exportbuckets/exportbuckets/internal/codegen"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// maxGoMod bounds a go.mod file, in bytes; large ones take about 100 KB.
const maxGoMod = 4 << 20

// runtimeHint returns a hint how to require the module that the generated code imports, if
// the file's module does not require it yet, else "". It also returns "" if that is
// unknown.
func runtimeHint(file string, code []byte) string {
	if !bytes.Contains(code, []byte(`"`+codegen.RuntimeModule)) {
		return ""
	}
	mod := nearestMod(file)
	if mod == nil || mod.Module != nil && mod.Module.Mod.Path == codegen.RuntimeModule {
		return ""
	}
	get := fmt.Sprintf("go get %s@%s", codegen.RuntimeModule, codegen.RuntimeVersion)
	for _, r := range mod.Require {
		switch {
		case r.Mod.Path != codegen.RuntimeModule:
		case semver.Compare(r.Mod.Version, codegen.RuntimeVersion) < 0:
			return fmt.Sprintf("go.mod requires %s %s; the generated code needs a newer version: %s", r.Mod.Path, r.Mod.Version, get)
		default:
			return ""
		}
	}
	return fmt.Sprintf("go.mod does not require %s yet, which %s imports: %s", codegen.RuntimeModule, filepath.Base(file), get)
}

// nearestMod reads the go.mod of the module that a file is in.
func nearestMod(file string) *modfile.File {
	folder, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil
	}
	for {
		name := filepath.Join(folder, "go.mod")
		if data, err := limits.ReadFile(name, maxGoMod); err == nil {
			mod, err := modfile.ParseLax(name, data, nil)
			if err != nil {
				return nil
			}
			return mod
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return nil
		}
		folder = parent
	}
}
