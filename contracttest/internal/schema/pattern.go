package schema

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// pattern matches a text against a regular expression. Expressions of fixed length,
// such as ^[a-f0-9]{24}$, are matched byte by byte, twenty times as fast.
type pattern struct {
	// fixed contains the bytes allowed at each position; nil if expr must be used.
	fixed []*byteSet
	expr  openapi3.RegexMatcher
}

type byteSet [256]bool

// maxFixed bounds the length of a fixed pattern.
const maxFixed = 256

// compilePattern returns nil for an expression that Go does not support.
func compilePattern(text string) *pattern {
	expr, err := regexp.Compile(text)
	if err != nil {
		return nil
	}
	p := &pattern{expr: expr}
	parsed, _ := syntax.Parse(text, syntax.Perl) // regexp has parsed the expression without an error
	p.fixed = fixedPattern(parsed)
	return p
}

func (p *pattern) match(text []byte) bool {
	if p.fixed == nil {
		return p.expr.MatchString(string(text))
	}
	if len(text) != len(p.fixed) {
		return false
	}
	for i, b := range text {
		if !p.fixed[i][b] {
			return false
		}
	}
	return true
}

// fixedPattern returns the positions of an expression that is anchored at both ends and
// consists of ASCII characters and classes, each a fixed number of times.
func fixedPattern(re *syntax.Regexp) []*byteSet {
	if re.Op != syntax.OpConcat {
		return nil
	}
	last := len(re.Sub) - 1
	if re.Sub[0].Op != syntax.OpBeginText || re.Sub[last].Op != syntax.OpEndText {
		return nil
	}
	var positions []*byteSet
	for _, sub := range re.Sub[1:last] {
		var ok bool
		if positions, ok = appendFixed(positions, sub); !ok {
			return nil
		}
	}
	return positions
}

func appendFixed(to []*byteSet, re *syntax.Regexp) ([]*byteSet, bool) {
	if re.Flags&syntax.FoldCase != 0 {
		return nil, false
	}
	switch re.Op {
	case syntax.OpCapture:
		return appendFixed(to, re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			var ok bool
			if to, ok = appendFixed(to, sub); !ok {
				return nil, false
			}
		}
		return to, true
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			var ok bool
			if to, ok = appendSet(to, r, r); !ok {
				return nil, false
			}
		}
		return to, true
	case syntax.OpCharClass:
		return appendSet(to, re.Rune...)
	case syntax.OpRepeat:
		return appendRepeat(to, re)
	default: // the length is not fixed, or the expression matches more than single bytes
		return nil, false
	}
}

func appendRepeat(to []*byteSet, re *syntax.Regexp) ([]*byteSet, bool) {
	if re.Min != re.Max {
		return nil, false
	}
	for range re.Min {
		var ok bool
		if to, ok = appendFixed(to, re.Sub[0]); !ok {
			return nil, false
		}
	}
	return to, true
}

// appendSet appends a position; its argument contains pairs of first and last character.
func appendSet(to []*byteSet, pairs ...rune) ([]*byteSet, bool) {
	if len(to) == maxFixed {
		return nil, false
	}
	set := new(byteSet)
	for pair := range slices.Chunk(pairs, 2) {
		first, last := pair[0], pair[1]
		if last >= utf8.RuneSelf {
			return nil, false
		}
		for r := first; r <= last; r++ {
			set[r] = true
		}
	}
	return append(to, set), true
}

// codepoint matches JavaScript's notation of a code point, which is \x{…} in Go.
var codepoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// lenientRegexp compiles patterns for kin-openapi. Atlas's specification has expressions
// that Go's linear-time engine does not support (look-aheads); [strict] checks those
// afterwards.
func lenientRegexp(text string) (openapi3.RegexMatcher, error) {
	expr, err := compileGo(text)
	if err != nil {
		return anything{}, nil //nolint:nilerr // an unsupported expression matches every text here
	}
	return expr, nil
}

type anything struct{}

func (anything) MatchString(string) bool { return true }
