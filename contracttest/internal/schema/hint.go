package schema

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Bounds on hints, which compare a text with each candidate.
const (
	maxHints      = 100   // how many faults of one text have a hint
	maxNear       = 200   // the longest text that is compared, in bytes
	maxCandidates = 1_000 // how many names a text is compared with, and findings list
)

// listed joins the first of count names.
func listed(names []string, count int) string {
	if count <= maxCandidates {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxCandidates], ", "), count-maxCandidates)
}

// Nearest returns the candidate that text was probably meant to be, or "".
func Nearest(text string, candidates []string) string {
	if len(text) > maxNear {
		return ""
	}
	candidates = candidates[:min(len(candidates), maxCandidates)]
	best, distance := "", len(text)/3+2
	for _, candidate := range candidates {
		n := levenshtein.ComputeDistance(strings.ToLower(text), strings.ToLower(candidate))
		if n < distance && n < len(candidate) {
			best, distance = candidate, n
		}
	}
	return best
}

func didYouMean(text string, candidates []string) string {
	if best := Nearest(text, candidates); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return ""
}

// hint says why a member may be foreign: it belongs to another branch, or its name
// is misspelt.
func (d *declared) hint(object map[string]any, name string) string {
	if d.union != nil {
		if own := d.union.choose(object); own != nil {
			if others := d.union.declaring(name); len(others) > 0 {
				return fmt.Sprintf("%s belongs to %s; the %s's branch is %s", name, strings.Join(others, " and "), branchWord(d.union.property), own.name)
			}
		}
	}
	return didYouMean(name, d.names)
}

// branchWord is what a person calls that by which a branch is chosen.
func branchWord(property string) string {
	if property == "cloudProvider" {
		return "provider"
	}
	return property
}

// declaring gives the names of the branches that declare a member.
func (u *union) declaring(name string) []string {
	var names []string
	for _, b := range u.branches {
		if b.node.prop(name) != nil {
			names = append(names, b.name)
		}
	}
	return names
}
