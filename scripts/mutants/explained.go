//go:build unix

package main

import (
	"maps"
	"os"
	"slices"
	"strings"
)

// explanations are the changes that have no effect: the lines of the file that are not
// comments. Each is a mutant's name.
type explanations struct {
	used map[string]bool // by name
}

func readExplained(file string) (*explanations, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	e := &explanations{used: map[string]bool{}}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			e.used[line] = false
		}
	}
	return e, nil
}

func (e *explanations) has(m *mutant) bool {
	_, ok := e.used[m.name()]
	if ok {
		e.used[m.name()] = true
	}
	return ok
}

func (e *explanations) unused() []string {
	maps.DeleteFunc(e.used, func(_ string, used bool) bool { return used })
	return slices.Sorted(maps.Keys(e.used))
}
