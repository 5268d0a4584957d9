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
	// 8-4-4-4-12 match.
	all, uuid bool
	// shortest and longest are the lengths of the texts that match. longest is -1 if it is
	// unlimited or unknown.
	shortest, longest int
}

func (p patterns) of(pattern string) *patternFacts {
	facts := p[pattern]
	if facts == nil {
		facts = &patternFacts{canonical: Quote(canonicalPattern(pattern)), all: matchesAll(pattern), uuid: isUUIDPattern(pattern)}
		facts.shortest, facts.longest = patternLengths(pattern)
		p[pattern] = facts
	}
	return facts
}

// matchesAll reports whether every text matches a pattern. Line breaks, which "." does not
// match, are ignored.
func matchesAll(pattern string) bool {
	re := parsePattern(pattern)
	if re == nil {
		return false
	}
	units := []*syntax.Regexp{ungroup(re)}
	if units[0].Op == syntax.OpConcat {
		units = units[0].Sub
	}
	for _, unit := range units {
		switch unit.Op {
		case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine:
			if len(units) > 1 && !hasStar(units) && bothEnds(units) {
				return false // "^$"
			}
		case syntax.OpStar:
			if op := unit.Sub[0].Op; op != syntax.OpAnyChar && op != syntax.OpAnyCharNotNL && !isAnyClass(unit.Sub[0]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func hasStar(units []*syntax.Regexp) bool {
	return slices.ContainsFunc(units, func(u *syntax.Regexp) bool { return u.Op == syntax.OpStar })
}

func bothEnds(units []*syntax.Regexp) bool {
	return begins(units[0]) && ends(units[len(units)-1])
}

// isAnyClass reports whether a class admits every character, such as [\s\S].
func isAnyClass(re *syntax.Regexp) bool {
	return re.Op == syntax.OpCharClass && len(re.Rune) == 2 && re.Rune[0] == 0 && re.Rune[1] == unicode.MaxRune
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

// hexGroups are the lengths of a UUID's groups.
var hexGroups = []int{8, 4, 4, 4, 12}

// isUUIDPattern reports whether a pattern requires the 8-4-4-4-12 form in upper or lower
// case, with or without groups, word boundaries and a case flag.
func isUUIDPattern(pattern string) bool {
	re := parsePattern(strings.ReplaceAll(pattern, `\b`, ""))
	if re == nil || !isAnchored(re) {
		return false
	}
	var units []unit
	if !flatten(re, &units) {
		return false
	}
	i := 0
	for group, length := range hexGroups {
		if group > 0 {
			if i >= len(units) || units[i].hex || units[i].r != '-' {
				return false
			}
			i++
		}
		for range length {
			if i >= len(units) || !units[i].hex {
				return false
			}
			i++
		}
	}
	return i == len(units)
}

// unit is one character of a pattern of fixed length: a hexadecimal digit in either
// case, or the character r.
type unit struct {
	hex bool
	r   rune
}

// flatten lists the characters of a pattern of fixed length. It returns false for any other
// pattern.
func flatten(re *syntax.Regexp, units *[]unit) bool {
	if len(*units) > uuidLength {
		return false
	}
	switch re.Op {
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpEmptyMatch:
		return true
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			if !flatten(sub, units) {
				return false
			}
		}
		return true
	case syntax.OpRepeat:
		if re.Min != re.Max || re.Min > uuidLength {
			return false
		}
		for range re.Min {
			if !flatten(re.Sub[0], units) {
				return false
			}
		}
		return true
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			*units = append(*units, unit{r: r})
		}
		return true
	case syntax.OpCharClass:
		*units = append(*units, unit{hex: isHexClass(re.Rune)})
		return (*units)[len(*units)-1].hex
	}
	return false
}

func isHexClass(ranges []rune) bool {
	want := []rune{'0', '9', 'A', 'F', 'a', 'f'}
	if len(ranges) != len(want) {
		return false
	}
	for i := range want {
		if ranges[i] != want[i] {
			return false
		}
	}
	return true
}
