package drift

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Note is a fact about upstream that is not a change.
type Note struct {
	// Kind is correction-not-needed, deprecated-in-use, version-not-shown or
	// operations-not-compared.
	Kind string `json:"kind"`
	// Pointer is the place in the upstream document, or "".
	Pointer    string   `json:"pointer"`
	Line       int      `json:"line"`
	Operations []string `json:"operations"`
	Versions   []string `json:"versions"`
	Message    string   `json:"message"`
}

// note adds a note. It merges notes that differ only in operations and versions.
func (c *comparison) note(n Note) {
	key := [3]string{n.Kind, n.Pointer, n.Message}
	if i, known := c.noted[key]; known {
		c.notes[i].Operations = append(c.notes[i].Operations, n.Operations...)
		c.notes[i].Versions = append(c.notes[i].Versions, n.Versions...)
		return
	}
	if c.noted == nil {
		c.noted = make(map[[3]string]int)
	}
	c.noted[key] = len(c.notes)
	c.notes = append(c.notes, n)
}

// allNotes returns the notes, each with its operations in the order in which they were
// compared.
func (c *comparison) allNotes() []Note {
	for i := range c.notes {
		c.notes[i].Operations = unique(c.notes[i].Operations)
		c.notes[i].Versions = unique(slices.Sorted(slices.Values(c.notes[i].Versions)))
	}
	return c.notes
}

// unique returns the list without repeated entries.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		known := seen[s]
		seen[s] = true
		return known
	})
}

func (c *comparison) notShown(key, version string) {
	c.note(Note{
		Kind: "version-not-shown", Operations: []string{c.nameOf(c.base.at(key, version))}, Versions: []string{version},
		Message: fmt.Sprintf("%s shows only resource version %s; other versions are not compared", c.revision.name, c.revision.only),
	})
}

// maxOthers is the largest number of other operations in a baseline that a user has
// probably extracted. A baseline with more operations is a whole specification and needs no
// note.
const maxOthers = 20

// noteOthers notes operations of a baseline that are not in the contract, unless the user
// selected the operations.
func (c *comparison) noteOthers() {
	if len(c.options.Operations) > 0 || c.options.Baseline == nil {
		return
	}
	others := []string{}
	for _, op := range c.base.all {
		if !c.selects(op.Key()) {
			others = append(others, op.ShortName)
		}
	}
	if len(others) > 0 && len(others) <= maxOthers {
		c.note(Note{
			Kind: "operations-not-compared", Operations: others, Versions: []string{},
			Message: c.base.name + " also has operations other than those of snapshot export buckets; to compare them, pass --operations",
		})
	}
}

// noteOutside notes selected upstream operations that the embedded contract does not cover,
// because the contract is only a part of Atlas's specification.
func (c *comparison) noteOutside(n int) {
	if n == 0 {
		return
	}
	c.note(Note{
		Kind: "operations-not-compared", Operations: []string{}, Versions: []string{},
		Message: "not compared: " + phrase.Count(n, "selected operation") + " of upstream; the embedded contract covers snapshot export buckets only; to compare them, pass a baseline that has them",
	})
}

// noteCorrections adds notes about corrections that upstream no longer needs. It adds none
// for v1.0, which has no corrections, nor for operations that the user selected, which may
// not need them.
func (c *comparison) noteCorrections() {
	if len(c.options.Operations) > 0 {
		return
	}
	if !slices.ContainsFunc(c.revision.order, func(key string) bool { return !slices.Contains(c.revision.versions(key), oas.Unversioned) }) {
		return
	}
	unused := c.corrections.notNeeded()
	for _, id := range slices.Sorted(maps.Keys(unused)) {
		c.note(Note{
			Kind: "correction-not-needed", Operations: []string{}, Versions: []string{},
			Message: fmt.Sprintf("upstream does not need the correction %s: %s", id, unused[id]),
		})
	}
}

// noteDeprecated notes deprecated fields and parameters that an operation has.
func (c *comparison) noteDeprecated(o *oas.Effective, name string) {
	note := func(what string, at oas.Place) {
		c.note(Note{
			Kind: "deprecated-in-use", Pointer: at.Pointer, Line: at.Line, Operations: []string{name}, Versions: []string{o.Version},
			Message: what + " is deprecated and still in use",
		})
	}
	for _, key := range slices.Sorted(maps.Keys(o.Parameters)) {
		if p := o.Parameters[key]; p.Deprecated {
			note("the parameter "+p.Label, p.Declared)
		}
	}
	for name, schema := range o.Schemas() {
		if c.budget.Work(1) != nil {
			return
		}
		if schema.Deprecated && name != "" {
			note("the field "+name, schema.Place("deprecated"))
		}
	}
}
