package scrub

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled at first use. The command imports this
// package, most of its runs scrub nothing, and compiling all expressions would take longer
// than the rest of its startup.
type pattern struct {
	expr     string
	compiled func() *regexp.Regexp
}

func newPattern(expr string) pattern {
	return pattern{expr, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

func (p pattern) MatchString(s string) bool { return p.compiled().MatchString(s) }

// String returns the expression.
func (p pattern) String() string { return p.expr }
