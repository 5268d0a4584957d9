package oas

import (
	"regexp/syntax"
	"strings"
)

// patternLengths returns the lengths, in characters, of the shortest and longest text that a
// pattern matches. longest is -1 if it is unlimited or unknown. Lookarounds are ignored,
// because they only exclude more texts.
func patternLengths(pattern string) (shortest, longest int) {
	re := parsePattern(withoutLookarounds(pattern))
	if re == nil {
		return 0, -1
	}
	shortest, longest = lengths(re)
	if !isAnchored(re) {
		longest = -1
	}
	return shortest, longest
}

// isAnchored reports whether the whole text has to match.
func isAnchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCapture:
		return isAnchored(re.Sub[0])
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if !isAnchored(sub) {
				return false
			}
		}
		return true
	case syntax.OpConcat:
		return begins(re.Sub[0]) && ends(re.Sub[len(re.Sub)-1])
	}
	return false
}

func begins(re *syntax.Regexp) bool {
	return re.Op == syntax.OpBeginText || re.Op == syntax.OpBeginLine || re.Op == syntax.OpCapture && begins(first(re.Sub[0]))
}

func ends(re *syntax.Regexp) bool {
	return re.Op == syntax.OpEndText || re.Op == syntax.OpEndLine || re.Op == syntax.OpCapture && ends(last(re.Sub[0]))
}

func first(re *syntax.Regexp) *syntax.Regexp {
	if re.Op == syntax.OpConcat && len(re.Sub) > 0 {
		return re.Sub[0]
	}
	return re
}

func last(re *syntax.Regexp) *syntax.Regexp {
	if re.Op == syntax.OpConcat && len(re.Sub) > 0 {
		return re.Sub[len(re.Sub)-1]
	}
	return re
}

// manyCharacters is a length greater than any in a contract.
const manyCharacters = 1 << 30

func lengths(re *syntax.Regexp) (shortest, longest int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return lengths(re.Sub[0])
	case syntax.OpConcat:
		return sumLengths(re.Sub)
	case syntax.OpAlternate:
		return widestLengths(re.Sub)
	case syntax.OpStar:
		return repeated(re.Sub[0], 0, -1)
	case syntax.OpPlus:
		return repeated(re.Sub[0], 1, -1)
	case syntax.OpQuest:
		return repeated(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		return repeated(re.Sub[0], re.Min, re.Max)
	}
	return 0, 0
}

func sumLengths(subs []*syntax.Regexp) (shortest, longest int) {
	for _, sub := range subs {
		s, l := lengths(sub)
		shortest = min(shortest+s, manyCharacters)
		longest = plus(longest, l)
	}
	return shortest, longest
}

func widestLengths(subs []*syntax.Regexp) (shortest, longest int) {
	shortest = manyCharacters
	for _, sub := range subs {
		s, l := lengths(sub)
		shortest = min(shortest, s)
		if l < 0 || longest < 0 {
			longest = -1
		} else {
			longest = max(longest, l)
		}
	}
	return shortest, longest
}

func repeated(sub *syntax.Regexp, least, most int) (shortest, longest int) {
	s, l := lengths(sub)
	shortest = min(s*least, manyCharacters)
	switch {
	case l == 0:
		return shortest, 0
	case most < 0 || l < 0:
		return shortest, -1
	}
	return shortest, min(l*most, manyCharacters)
}

func plus(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return min(a+b, manyCharacters)
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
