//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// build compiles the tests of the package with every change behind the switch. A change
// that does not compile is omitted.
func (t *target) build(folder string) (binary string, err error) {
	binary = filepath.Join(folder, "tests")
	overlay := filepath.Join(folder, "overlay.json")
	for range 20 {
		if err := t.writeOverlay(folder, overlay); err != nil {
			return "", err
		}
		cmd := exec.Command("go", "test", "-c", "-overlay", overlay, "-gcflags=-e", "-ldflags=-s -w", "-o", binary, "./"+t.folder) //nolint:gosec,noctx // a package of this module
		output, err := cmd.CombinedOutput()
		if err == nil {
			return binary, nil
		}
		if t.dropBroken(output) == 0 {
			return "", fmt.Errorf("go test -c: %w\n%s", err, output)
		}
	}
	return "", errors.New("the changes do not compile")
}

// writeOverlay writes the changed files, the switch and the file that maps them to the places
// of the originals.
func (t *target) writeOverlay(folder, overlay string) error {
	replace := map[string]string{}
	write := func(path string, content []byte) error {
		changed := filepath.Join(folder, filepath.Base(path))
		replace[path] = changed
		return os.WriteFile(changed, content, 0o600)
	}
	edits := map[*file][]edit{}
	for _, m := range t.all {
		if !m.broken {
			edits[m.in] = append(edits[m.in], m.edits...)
		}
	}
	for path, f := range t.files {
		if err := write(path, apply(f.source, edits[f])); err != nil {
			return err
		}
		if err := write(filepath.Join(filepath.Dir(path), "mutant_switch.go"), fmt.Appendf(nil, switchSource, t.name, len(t.all))); err != nil {
			return err
		}
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(overlay, content, 0o600)
}

var errorPlace = regexp.MustCompile(`(?m)^(?:.*/)?([^/:\s]+\.go):(\d+):`)

// dropBroken omits the changes in the lines for which the compiler reports errors, and
// returns their number.
func (t *target) dropBroken(output []byte) int {
	dropped := 0
	for _, place := range errorPlace.FindAllSubmatch(output, -1) {
		line, _ := strconv.Atoi(string(place[2]))
		for _, m := range t.all {
			if filepath.Base(m.file) == string(place[1]) && m.line <= line && line <= m.end && !m.broken {
				m.broken = true
				dropped++
			}
		}
	}
	return dropped
}
