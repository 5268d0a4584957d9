package schema

import (
	"fmt"
	"regexp"
	"time"

	"github.com/dlclark/regexp2/v2"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// ecmaPattern is a pattern with look-around or back references, which OpenAPI allows
// (ECMA-262) and Go's linear-time engine does not support. Matching it may take exponential
// time, so each match has a time limit.
type ecmaPattern struct{ expr *regexp2.Regexp }

// matchLimit bounds the time of one match. A pattern of Atlas takes microseconds. A match
// that exceeds the limit is reported as not validated.
const matchLimit = 250 * time.Millisecond

// maxMatchBytes is the length of the longest text to which a backtracking pattern is
// applied.
const maxMatchBytes = 64 << 10

// compileECMA returns nil for a pattern that Go's engine supports, and for one that neither
// engine supports.
func compileECMA(text string) *ecmaPattern {
	if text == "" {
		return nil
	}
	if _, err := compileGo(text); err == nil {
		return nil
	}
	expr, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil
	}
	expr.MatchTimeout = matchLimit
	return &ecmaPattern{expr}
}

// compileGo compiles a pattern for Go's engine, in which JavaScript's \uXXXX is \x{XXXX}.
func compileGo(text string) (*regexp.Regexp, error) {
	return regexp.Compile(codepoint.ReplaceAllString(text, `\x{$1}`))
}

// match reports whether the pattern matches. It returns an error for a text that is too long,
// or if matching takes too long.
func (p *ecmaPattern) match(text string) (bool, error) {
	if len(text) > maxMatchBytes {
		return false, &limits.ExceededError{Bound: "bytes for a pattern that may backtrack", Limit: maxMatchBytes}
	}
	matched, err := p.expr.MatchString(text)
	if err != nil {
		return false, fmt.Errorf("the pattern took longer than %v", matchLimit)
	}
	return matched, nil
}

// patternCache keeps compiled patterns, because a document repeats few patterns in many
// places.
type patternCache struct{ known map[string]compiledPattern }

// compiledPattern is a pattern for the fast path, or for the strict walk if Go's engine does
// not support it. Both are nil for a pattern that neither engine supports.
type compiledPattern struct {
	fast *pattern
	ecma *ecmaPattern
}

func (c *patternCache) of(text string) compiledPattern {
	p, ok := c.known[text]
	if ok || text == "" {
		return p
	}
	if p.fast = compilePattern(text); p.fast == nil {
		p.ecma = compileECMA(text)
	}
	if c.known == nil {
		c.known = map[string]compiledPattern{}
	}
	c.known[text] = p
	return p
}
