package schema

import (
	"fmt"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Bounds on hints, which compare a text with each candidate.
const (
	maxHints      = 100   // failures of one text that have a hint
	maxCandidates = 1_000 // names that a text is compared with, and that findings list
)

// hint suggests why a member is undeclared: it belongs to another branch, or its name is
// misspelled.
func (d *declared) hint(object map[string]any, name string) string {
	if d.union != nil {
		if own := d.union.selected(object); own != nil {
			if others := d.union.declaring(name); len(others) > 0 {
				return fmt.Sprintf("%s belongs to %s; the %s's branch is %s", name, strings.Join(others, " and "), branchWord(d.union.property), own[0].name)
			}
		}
	}
	return phrase.DidYouMean(name, d.names)
}

// branchWord returns a readable word for the property that selects a branch.
func branchWord(property string) string {
	if property == "cloudProvider" {
		return "provider"
	}
	return property
}

// declaring returns the names of the branches that declare a member.
func (u *union) declaring(name string) []string {
	var names []string
	for _, b := range u.branches {
		if b.node.prop(name) != nil {
			names = append(names, b.name)
		}
	}
	return names
}
