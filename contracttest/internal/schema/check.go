package schema

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// Verdict is what a text showed.
type Verdict struct {
	// Faults are sorted by place; none means that the text keeps the schema.
	Faults []Fault
	// Seen are the slots that a text without faults shows.
	Seen Bits
}

// Bounds on hostile texts. A page of 500 buckets has about 130 KB.
const (
	// maxWhole is the longest text, in bytes, of which kin-openapi reports every fault, and
	// maxWholeValues how many values it may have, as a page of 500 buckets has. An error of
	// kin-openapi takes about 5 KB. Of a larger text it reports the first fault.
	maxWhole       = 256 << 10
	maxWholeValues = 5000
	// maxFaults is how many faults of a sort are told of one text.
	maxFaults = 3000
	// maxNested is how deep a text may nest where a union may hold itself: kin-openapi
	// judges what a union holds twice, and what is below that four times.
	maxNested = 16
	// maxComparisons is how often kin-openapi may compare a value of a text with one of an
	// enumeration, which it does one by one, and each time that none is equal it writes all
	// of them.
	maxComparisons = 10_000_000
)

// MaxValues is how many JSON values a text may have that is not valid at first sight: 300,000. A page
// of 500 buckets has about 5,000. Each takes about 150 bytes of memory, so a contract for small
// texts sets a lower bound.
const MaxValues = 300_000

// Check judges a JSON text. It may be called from several goroutines.
func (s *Schema) Check(text []byte) Verdict {
	if seen, ok := s.prove(text); ok {
		return Verdict{Seen: seen}
	}
	return s.judge(text)
}

// judge is Check without the fast path.
func (s *Schema) judge(text []byte) Verdict {
	doc, faults, ok := parse(text, s.index.maxValues)
	if !ok {
		return Verdict{Faults: faults}
	}
	return s.judgeValue(doc, doc.value, "", faults)
}

// nesting is how deep arrays and objects nest in a value.
func nesting(value any) int {
	deepest := 0
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			deepest = max(deepest, 1+nesting(member))
		}
	case []any:
		for _, item := range value {
			deepest = max(deepest, 1+nesting(item))
		}
	}
	return deepest
}

// scalars counts the values that are neither arrays nor objects.
func scalars(value any) int {
	count := 0
	switch value := value.(type) {
	case map[string]any:
		for _, member := range value {
			count += scalars(member)
		}
	case []any:
		for _, item := range value {
			count += scalars(item)
		}
	default:
		return 1
	}
	return count
}

// document is a text that was parsed.
type document struct {
	value  any
	size   int // in bytes
	values int64
}

// isLarge reports whether only the first fault of the text is looked for.
func (d document) isLarge() bool { return d.size > maxWhole || d.values > maxWholeValues }

// judgeValue judges the value that stands at a pointer within all, which has faults
// already.
func (s *Schema) judgeValue(all document, value any, at string, faults []Fault) Verdict {
	if s.recursive && nesting(value) > maxNested {
		return Verdict{Faults: append(faults, Fault{
			Kind: Violation, Keyword: "depth", Pointer: at, Spec: s.Pointer(), Expected: fmt.Sprintf("at most %d levels", maxNested),
			Actual: quote(value), Message: "a union that contains itself nests deeper than is validated",
		})}
	}
	if s.enum*scalars(value) > maxComparisons {
		exceeded := limits.ExceededError{Bound: "comparisons with the values of enumerations", Limit: maxComparisons}
		return Verdict{Faults: append(faults, Fault{Kind: Violation, Keyword: "limit", Pointer: at, Spec: s.Pointer(), Actual: quote(value), Message: exceeded.Error()})}
	}
	faults = append(faults, s.undeclared(value, at)...)
	violations, refused := s.violations(all, value, at)
	faults = append(faults, violations...)
	if s.strict {
		w := strict{schema: s}
		w.walk([]*node{s.root}, value, at)
		faults = append(faults, w.faults...)
	}
	if refused && len(faults) == 0 {
		faults = []Fault{{Kind: Violation, Keyword: "not", Pointer: at, Spec: s.Pointer(), Actual: quote(value), Message: "the value does not match the schema"}}
	}
	if len(faults) > 0 {
		sortFaults(faults)
		return Verdict{Faults: faults}
	}
	seen := newBits(len(s.slots))
	see([]*node{s.root}, value, seen)
	return Verdict{Seen: seen}
}
