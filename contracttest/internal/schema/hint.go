package schema

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest gives the candidate that text was probably meant to be, or "".
func Nearest(text string, candidates []string) string {
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
func (u *undeclaredWalk) hint(n *node, object map[string]any, name string, declared []string) string {
	if n.union != nil {
		if own := n.union.choose(object); own != nil {
			if others := n.union.declaring(name); len(others) > 0 {
				return fmt.Sprintf("%s belongs to %s; the %s's branch is %s", name, strings.Join(others, " and "), branchWord(n.union.property), own.name)
			}
		}
	}
	return didYouMean(name, declared)
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
