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

// groups collects findings, in the order in which they are first seen.
type groups struct {
	byKey map[groupKey]*Finding
	order []*Finding
}

// telling are the rules and keywords of which different actual values are different
// findings; the others differ in every id.
var telling = map[string]bool{"enum": true, "discriminator": true, string(WrongMediaType): true, string(UnknownOperation): true, string(BadHeader): false}

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
	first := g.byKey[key]
	if first == nil {
		first = &f
		g.byKey[key] = first
		g.order = append(g.order, first)
	} else {
		first.Count += f.Count
	}
	if len(first.Places) < maxPlaces {
		place := f.Recording
		place.Pointer = f.Pointer
		first.Places = append(first.Places, place)
	}
}

// findings gives the groups, with the lines of their places in the contract.
func (g *groups) findings(c *contract.Contract) []Finding {
	all := make([]Finding, 0, len(g.order))
	for _, f := range g.order {
		f.Spec.Line = c.Line(f.Spec.File, f.Spec.Pointer)
		all = append(all, *f)
	}
	return all
}
