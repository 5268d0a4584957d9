package oas

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// patterns caches facts about patterns by their text, because a specification repeats a few
// patterns often.
type patterns map[string]*patternFacts

type patternFacts struct {
	// canonical is the pattern in its canonical form, as a JSON string.
	canonical string
	// all reports that every text matches; uuid reports that exactly the texts of the form
	// 8-4-4-4-12 match, in upper or lower case.
	all, uuid bool
	// shortest and longest are the lengths of the texts that match.
	shortest, longest int
}

func (p patterns) of(pattern string) *patternFacts {
	facts := p[pattern]
	if facts == nil {
		facts = &patternFacts{canonical: Quote(canonicalPattern(pattern)), all: matchesAll(pattern)}
		facts.uuid = canonicalPattern(strings.ReplaceAll(pattern, `\b`, "")) == uuidPattern
		facts.shortest, facts.longest = patternLengths(pattern)
		p[pattern] = facts
	}
	return facts
}

// uuidPattern is the canonical form of the pattern of a UUID.
var uuidPattern = canonicalPattern("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

// matchesAll reports whether every text matches a pattern. Line breaks, which "." does not
// match, are ignored.
func matchesAll(pattern string) bool {
	re := parsePattern(pattern)
	if re == nil {
		return false
	}
	re = ungroup(re)
	units := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		units = re.Sub
	}
	empty := begins(re) && ends(re) // such as "^$"
	for _, unit := range units {
		switch {
		case unit.Op == syntax.OpStar && isAnyCharacter(unit.Sub[0]):
			empty = false
		case !slices.Contains(emptyMatches, unit.Op):
			return false
		}
	}
	return !empty
}

// emptyMatches match without a character.
var emptyMatches = []syntax.Op{syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine}

// isAnyCharacter reports whether every character matches: ".", or a class such as [\s\S].
func isAnyCharacter(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true
	case syntax.OpCharClass:
		return slices.Equal(re.Rune, []rune{0, unicode.MaxRune})
	}
	return false
}

// canonicalPattern returns a form of a pattern that does not depend on groups and on the
// order in character classes. If Go's regexp cannot parse the pattern, it returns the
// pattern unchanged.
func canonicalPattern(pattern string) string {
	re := parsePattern(pattern)
	if re == nil {
		return pattern
	}
	return ungroup(re).Simplify().String()
}

var unicodeEscape = regexp.MustCompile(`\\u([0-9a-fA-F]{4})`)

// parsePattern parses a pattern of ECMA-262. It returns nil if the pattern uses a feature
// that RE2 lacks, such as lookarounds, or is too large.
func parsePattern(pattern string) *syntax.Regexp {
	if len(pattern) > maxPattern {
		return nil
	}
	re, err := syntax.Parse(unicodeEscape.ReplaceAllString(pattern, `\x{$1}`), syntax.Perl)
	if err != nil {
		return nil
	}
	return re
}

// maxPattern is the length, in bytes, of the longest pattern that is parsed. The longest in
// the Atlas specification has 400.
const maxPattern = 4096

// ungroup replaces capturing groups by their contents.
func ungroup(re *syntax.Regexp) *syntax.Regexp {
	for i, sub := range re.Sub {
		re.Sub[i] = ungroup(sub)
	}
	if re.Op == syntax.OpCapture {
		return re.Sub[0]
	}
	return re
}
