package oas

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// patternLengths returns the lengths, in characters, of the shortest and longest text that a
// pattern matches. Lookarounds are ignored, because they only exclude more texts.
func patternLengths(pattern string) (shortest, longest int) {
	re := parsePattern(withoutLookarounds(pattern))
	if re == nil {
		return 0, unlimited
	}
	shortest, longest = lengths(re)
	if !begins(re) || !ends(re) {
		longest = unlimited
	}
	return shortest, longest
}

// begins reports whether a match begins where the text begins.
func begins(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText, syntax.OpBeginLine:
		return true
	case syntax.OpCapture, syntax.OpConcat:
		return begins(re.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !begins(sub) })
	}
	return false
}

// ends reports whether a match ends where the text ends.
func ends(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEndText, syntax.OpEndLine:
		return true
	case syntax.OpCapture, syntax.OpConcat:
		return ends(re.Sub[len(re.Sub)-1])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !ends(sub) })
	}
	return false
}

// unlimited is the length of the longest text if a pattern sets no limit, or an unknown one.
// It exceeds the limit of every other pattern, because package regexp limits repetition.
const unlimited = 1 << 29

func lengths(re *syntax.Regexp) (shortest, longest int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return lengths(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			s, l := lengths(sub)
			shortest, longest = shortest+s, min(longest+l, unlimited)
		}
	case syntax.OpAlternate:
		shortest = unlimited
		for _, sub := range re.Sub {
			s, l := lengths(sub)
			shortest, longest = min(shortest, s), max(longest, l)
		}
	case syntax.OpStar:
		return repeated(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		return repeated(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		return repeated(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return repeated(re.Sub[0], re.Min, re.Max)
	}
	return shortest, longest
}

// repeated returns the lengths of a repetition; most is -1 for one without a limit.
func repeated(sub *syntax.Regexp, least, most int) (shortest, longest int) {
	s, l := lengths(sub)
	if l > 0 && (most < 0 || l == unlimited) {
		return s * least, unlimited
	}
	return s * least, l * max(most, 0)
}

// withoutLookarounds removes (?=…), (?!…), (?<=…) and (?<!…) from a pattern.
func withoutLookarounds(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); {
		if n := lookaround(pattern[i:]); n > 0 {
			i += n
			continue
		}
		if pattern[i] == '\\' && i+1 < len(pattern) {
			out.WriteByte(pattern[i])
			i++
		}
		out.WriteByte(pattern[i])
		i++
	}
	return out.String()
}

// lookaround returns the length of the lookaround at the beginning of s, or 0.
func lookaround(s string) int {
	rest, found := strings.CutPrefix(s, "(?")
	rest = strings.TrimPrefix(rest, "<")
	if !found || rest == "" || rest[0] != '=' && rest[0] != '!' {
		return 0
	}
	depth, class := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}
