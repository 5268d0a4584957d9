package contracttest

import (
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
)

// maxPlaces is how many places a finding lists.
const maxPlaces = 5

// groupKey is what makes findings equal.
type groupKey struct {
	rule                     Rule
	keyword, operation, name string
	status                   int
	mediaType, pointer, spec string
	expected, actual         string
}

// maxFindings is how many different findings are kept. Recordings that break the
// contract in more ways are of something else.
const maxFindings = 2000

// groups collects findings, in the order in which they are first seen.
type groups struct {
	byKey map[groupKey]*Finding
	order []*Finding
	// omitted are the errors and warnings beyond maxFindings.
	omittedErrors, omittedWarnings int
}

// telling are the rules and keywords of which different actual values are different
// findings; the others differ in every id.
var telling = map[string]bool{"enum": true, "discriminator": true, string(WrongMediaType): true, string(UnknownOperation): true}

func keyOf(f *Finding) groupKey {
	k := groupKey{
		rule: f.Rule, keyword: f.Keyword, operation: f.Operation, name: f.Name, status: f.Status,
		mediaType: f.MediaType, pointer: generalise(f.Pointer), spec: f.Spec.File + f.Spec.Pointer, expected: f.Expected,
	}
	if telling[f.Keyword] || telling[string(f.Rule)] {
		k.actual = f.Actual
	}
	if f.Rule == Secret {
		k.expected = f.Message
	}
	return k
}

// generalise puts * in the place of array positions.
func generalise(pointer string) string {
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
		if first.Oldest == "" || f.Oldest != "" && f.Oldest < first.Oldest {
			first.Oldest = f.Oldest
		}
		first.addPlace(f)
		return
	}
	if len(g.order) == maxFindings {
		g.omit(f.Severity, 1)
		return
	}
	if g.byKey == nil {
		g.byKey = map[groupKey]*Finding{}
	}
	f.Places = nil
	f.addPlace(f)
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

// addAll takes in what was collected elsewhere.
func (g *groups) addAll(other *groups) {
	for _, f := range other.order {
		g.add(*f)
	}
	g.omittedErrors += other.omittedErrors
	g.omittedWarnings += other.omittedWarnings
}

// addPlace notes where else the finding was made. An exchange is one place, however
// often it stands there.
func (f *Finding) addPlace(other Finding) {
	place := other.Recording
	place.Pointer = other.Pointer
	if n := len(f.Places); n == maxPlaces || (n > 0 && samePlace(f.Places[n-1], place)) {
		return
	}
	f.Places = append(f.Places, place)
}

func samePlace(a, b Recording) bool { return a.File == b.File && a.Entry == b.Entry }

// findings gives the groups, with the lines of their places in the contract.
func (g *groups) findings(c *contract.Contract) []Finding {
	all := make([]Finding, 0, len(g.order))
	for _, f := range g.order {
		f.Spec.Line = c.Line(f.Spec.File, f.Spec.Pointer)
		all = append(all, *f)
	}
	return all
}
