package schema

import (
	"fmt"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// Verdict is the result of validating a text.
type Verdict struct {
	// Failures are sorted by place. There are none if the text conforms to the schema.
	Failures []Failure
	// Seen are the coverage items that the text shows, if it has no failures.
	Seen Bits
}

// Bounds on hostile texts. A page of 500 buckets has about 130 KB.
const (
	// maxFullBytes is the length of the longest text, in bytes, for which kin-openapi reports
	// every failure. maxFullValues is the largest number of values of such a text, that of
	// a page of 500 buckets. An error of kin-openapi takes about 5 KB. For a larger text,
	// kin-openapi reports only the first failure.
	maxFullBytes  = 256 << 10
	maxFullValues = 5000
	// maxFailures bounds the number of failures of a kind that are reported for one text.
	maxFailures = 3000
	// maxNested bounds the nesting of a text if a union may contain itself: kin-openapi
	// validates the content of a union twice, and the content of a union inside it four
	// times.
	maxNested = 16
	// maxComparisons bounds the number of comparisons of a text's values with values of
	// enumerations. kin-openapi compares them one by one, and writes the whole enumeration
	// for each value that is not in it.
	maxComparisons = 10_000_000
)

// MaxValues bounds the number of JSON values in a text that the fast path does not accept:
// 300,000. A page of 500 buckets has about 5,000. Each value takes about 150 bytes of
// memory, so a contract for small texts sets a lower bound.
const MaxValues = 300_000

// Check validates a JSON text. It is safe for concurrent use.
func (s *Schema) Check(text []byte) Verdict {
	if seen, ok := s.prove(text); ok {
		return Verdict{Seen: seen}
	}
	return s.checkFully(text)
}

// checkFully is Check without the fast path.
func (s *Schema) checkFully(text []byte) Verdict {
	doc, failures, ok := parse(text, s.index.maxValues)
	if !ok {
		return Verdict{Failures: failures}
	}
	return s.checkValue(doc, doc.value, "", failures)
}

// document is a parsed text.
type document struct {
	value any
	// bounded is value with numbers in the range of float64.
	bounded any
	size    int // in bytes
	values  int64
	depth   int // of arrays and objects
}

// isLarge reports whether kin-openapi reports only the first failure of the text.
func (d document) isLarge() bool { return d.size > maxFullBytes || d.values > maxFullValues }

// checkValue validates the value at a pointer within all. failures are those already found.
func (s *Schema) checkValue(all document, value any, at string, failures []Failure) Verdict {
	if s.recursive && all.depth-len(oas.Split(at)) > maxNested {
		return Verdict{Failures: append(failures, Failure{
			Kind: Violation, Keyword: "depth", Pointer: at, Spec: s.Pointer(), Expected: fmt.Sprintf("at most %d levels", maxNested),
			Actual: quote(value), Message: "a union that contains itself nests deeper than is validated",
		})}
	}
	if int64(s.enum)*all.values > maxComparisons {
		exceeded := limits.ExceededError{Bound: "comparisons with the values of enumerations", Limit: maxComparisons}
		return Verdict{Failures: append(failures, Failure{Kind: Violation, Keyword: "limit", Pointer: at, Spec: s.Pointer(), Actual: quote(value), Message: exceeded.Error()})}
	}
	violations, refused, certain := s.violations(all, at)
	failures = append(failures, s.undeclared(value, at, refused)...)
	failures = append(failures, violations...)
	if s.strict {
		w := strict{schema: s}
		w.walk(s.root, value, &location{start: at})
		failures = append(failures, w.failures...)
	}
	if certain && !slices.ContainsFunc(failures, func(f Failure) bool { return f.Kind == Violation }) {
		failures = s.refuse(failures, value, at)
	}
	if len(failures) > 0 {
		sortFailures(failures)
		return Verdict{Failures: failures}
	}
	seen := newBits(len(s.coverageItems))
	seen.see(s.root, value)
	return Verdict{Seen: seen}
}

// refuse adds a violation to the failures of a value that kin-openapi refuses. Undeclared
// members, if there are any, are the cause: the branch of a union that the value is probably
// meant for forbids them.
func (s *Schema) refuse(failures []Failure, value any, at string) []Failure {
	explained := false
	for i := range failures {
		if failures[i].Kind == Undeclared {
			failures[i].Kind, failures[i].Keyword, explained = Violation, "additionalProperties", true
		}
	}
	if !explained {
		failures = append(failures, Failure{Kind: Violation, Keyword: "not", Pointer: at, Spec: s.Pointer(), Actual: quote(value), Message: "the value does not match the schema"})
	}
	return failures
}
