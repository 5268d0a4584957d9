package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// Outcomes of a program for a pair without a verdict.
const (
	refused = "refused" // it reports that it cannot compare the two
	crashed = "crashed"
	hung    = "hung"
)

// verdict contains both programs' verdicts on a pair.
type verdict struct {
	Pair    string // the path of the specification before the change
	Oasdiff string // the highest level, or refused, crashed or hung
	Drift   string // the verdict, or refused, crashed or hung
}

func (v verdict) String() string { return fmt.Sprintf("oasdiff %s, drift %s", v.Oasdiff, v.Drift) }

// agreeing maps a level of oasdiff to the verdicts of drift that mean the same. oasdiff has
// one level where drift distinguishes additive, planning and docs.
var agreeing = map[string][]string{
	"ERR":   {"breaking"},
	"WARN":  {"tolerate"},
	"INFO":  {"additive", "planning", "docs"},
	"none":  {"in-sync", "docs"},
	refused: {refused},
}

func (v verdict) agrees() bool { return slices.Contains(agreeing[v.Oasdiff], v.Drift) }

// countAll adds counts in the order of their names.
func countAll(r *result.Result, counts map[string]int) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		r.Count(name, counts[name])
	}
}

// change is a pair whose verdicts differ from the table, with a description of both.
type change struct{ Pair, Text string }

// changes returns the pairs whose verdicts differ from those of the table, and the pairs
// that only one of the two has.
func changes(table, got []verdict) (changed []change) {
	pinned := make(map[string]verdict)
	for _, v := range table {
		pinned[v.Pair] = v
	}
	for _, v := range got {
		was, ok := pinned[v.Pair]
		delete(pinned, v.Pair)
		switch {
		case !ok:
			changed = append(changed, change{v.Pair, v.String() + ": not in the table"})
		case was != v:
			changed = append(changed, change{v.Pair, fmt.Sprintf("%v: in the table: %v", v, was)})
		}
	}
	for _, pair := range slices.Sorted(maps.Keys(pinned)) {
		changed = append(changed, change{pair, "in the table, and not among the pairs"})
	}
	return changed
}

// readTable reads a table of verdicts: one line per pair, with fields separated by tabs.
func readTable(file string) ([]verdict, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var table []verdict
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("%s: line %d: %d fields, want pair, oasdiff and drift", file, len(table)+1, len(fields))
		}
		table = append(table, verdict{fields[0], fields[1], fields[2]})
	}
	return table, nil
}

// writeTable writes a table that readTable reads.
func writeTable(file string, verdicts []verdict) error {
	var b bytes.Buffer
	for _, v := range verdicts {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", v.Pair, v.Oasdiff, v.Drift)
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
