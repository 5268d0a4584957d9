package contracttest

import (
	"cmp"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
)

// maxPlaces bounds the number of places that a finding lists.
const maxPlaces = 5

// groupKey contains the fields in which equal findings agree.
type groupKey struct {
	rule                     Rule
	keyword, operation, name string
	status                   int
	mediaType, pointer, spec string
	expected, actual         string
}

// Bounds on the number of different findings of one exchange and of one report. Recordings
// with more are probably of another API.
const (
	maxExchangeFindings = 500
	maxFindings         = 1000
	// maxExchangeText and maxFindingText bound their texts, in bytes. A finding usually has
	// less than 1,000 bytes.
	maxExchangeText = 512 << 10
	maxFindingText  = 1 << 20
)

// groups collects findings, in the order in which they are first seen.
type groups struct {
	byKey map[groupKey]*Finding
	order []*Finding
	// most is the largest number of different findings to keep, room the remaining size of
	// their texts, in bytes.
	most, room int
	// omittedErrors and omittedWarnings count the findings that are not kept.
	omittedErrors, omittedWarnings int
}

// groupedByValue are the rules and keywords for which different actual values are different
// findings. For other rules, the values differ in every exchange, because they contain ids.
var groupedByValue = map[string]bool{"enum": true, "discriminator": true, string(WrongMediaType): true, string(UnknownOperation): true}

func keyOf(f *Finding) groupKey {
	k := groupKey{
		rule: f.Rule, keyword: f.Keyword, operation: f.Operation, name: f.Name, status: f.Status,
		mediaType: f.MediaType, pointer: generalize(f.Pointer), spec: f.Spec.File + f.Spec.Pointer, expected: f.Expected,
	}
	if groupedByValue[f.Keyword] || groupedByValue[string(f.Rule)] {
		k.actual = f.Actual
	}
	if f.Rule == Secret {
		k.expected = f.Message
	}
	return k
}

// generalize replaces array positions with *.
func generalize(pointer string) string {
	if !strings.ContainsAny(pointer, "0123456789") {
		return pointer
	}
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

func (g *groups) add(f Finding) {
	key := keyOf(&f)
	if first := g.byKey[key]; first != nil {
		first.Count += f.Count
		if f.Oldest != "" {
			first.Oldest = min(f.Oldest, cmp.Or(first.Oldest, f.Oldest))
		}
		g.addPlace(first, f)
		return
	}
	if len(g.order) == g.most || f.textSize() > g.room {
		g.omit(f.Severity, 1)
		return
	}
	g.room -= f.textSize()
	if g.byKey == nil {
		g.byKey = map[groupKey]*Finding{}
	}
	f.Places = nil
	g.addPlace(&f, f)
	g.byKey[key] = &f
	g.order = append(g.order, &f)
}

func (g *groups) omit(s Severity, count int) {
	if s == SeverityError {
		g.omittedErrors += count
	} else {
		g.omittedWarnings += count
	}
}

// addAll adds the findings of other groups.
func (g *groups) addAll(other *groups) {
	for _, f := range other.order {
		g.add(*f)
	}
	g.omittedErrors += other.omittedErrors
	g.omittedWarnings += other.omittedWarnings
}

// addPlace adds another place of a finding. An exchange is one place, however often the
// finding occurs in it.
func (g *groups) addPlace(f *Finding, other Finding) {
	place := other.Recording
	place.Pointer = other.Pointer
	if n := len(f.Places); n == maxPlaces || (n > 0 && samePlace(f.Places[n-1], place)) {
		return
	}
	if n := len(place.File) + len(place.Pointer); n <= g.room {
		g.room -= n
		f.Places = append(f.Places, place)
	}
}

// textSize returns the size of the texts that a report shows of the finding, in bytes. The
// size includes Curl for each finding, because a report repeats it.
func (f *Finding) textSize() int {
	size := 0
	for _, text := range []string{
		f.Keyword, f.Operation, f.MediaType, f.Recording.File, f.Name, f.Pointer, f.Spec.File, f.Spec.Pointer,
		f.Expected, f.Actual, f.Message, f.Hint, f.Curl,
	} {
		size += len(text)
	}
	return size
}

func samePlace(a, b Recording) bool { return a.File == b.File && a.Entry == b.Entry }

// findings returns the grouped findings, with line numbers for their places in the
// contract.
func (g *groups) findings(c *contract.Contract) []Finding {
	all := make([]Finding, 0, len(g.order))
	for _, f := range g.order {
		f.Spec.Line = c.Line(f.Spec.File, f.Spec.Pointer)
		all = append(all, *f)
	}
	return all
}
