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
// consists of ASCII characters and classes, each a fixed number of times. It returns nil for
// any other expression.
func fixedPattern(re *syntax.Regexp) []*byteSet {
	if re.Op != syntax.OpConcat {
		return nil
	}
	last := len(re.Sub) - 1
	if re.Sub[0].Op != syntax.OpBeginText || re.Sub[last].Op != syntax.OpEndText {
		return nil
	}
	var f fixed
	for _, sub := range re.Sub[1:last] {
		f.add(sub)
	}
	if f.varies {
		return nil
	}
	return f.positions
}

// fixed collects the positions of an expression.
type fixed struct {
	positions []*byteSet
	// varies is true if the length is not fixed, if a position allows more than single bytes,
	// or if there are more than maxFixed positions.
	varies bool
}

func (f *fixed) add(re *syntax.Regexp) {
	if f.varies = f.varies || re.Flags&syntax.FoldCase != 0; f.varies {
		return
	}
	switch re.Op {
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			f.add(sub)
		}
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			f.position(r, r)
		}
	case syntax.OpCharClass:
		f.position(re.Rune...)
	case syntax.OpRepeat:
		f.varies = re.Min != re.Max
		for range re.Min {
			f.add(re.Sub[0])
		}
	default:
		f.varies = true
	}
}

// position adds a position; its argument contains pairs of first and last character.
func (f *fixed) position(pairs ...rune) {
	if len(f.positions) == maxFixed {
		f.varies = true
		return
	}
	set := new(byteSet)
	for pair := range slices.Chunk(pairs, 2) {
		for r := pair[0]; r <= pair[1]; r++ {
			if r >= utf8.RuneSelf {
				f.varies = true
				return
			}
			set[r] = true
		}
	}
	f.positions = append(f.positions, set)
}

// codepoint matches JavaScript's notation of a code point, which is \x{…} in Go.
var codepoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// lenientRegexp compiles patterns for kin-openapi. Atlas's specification has expressions
// that Go's linear-time engine does not support (look-aheads); [strict] checks those
// afterwards.
func lenientRegexp(text string) (openapi3.RegexMatcher, error) {
	expr, err := compileGo(text)
	if err != nil {
		return matchesAll{}, nil //nolint:nilerr // an unsupported expression matches every text here
	}
	return expr, nil
}

type matchesAll struct{}

func (matchesAll) MatchString(string) bool { return true }
