package contracttest

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/scrub"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// vocabularyOf returns the names and enum values of a specification. Recordings may contain
// them, because the specification is public. It returns nil for a nil specification.
func vocabularyOf(spec []byte) (*scrub.Vocabulary, error) {
	if spec == nil {
		return nil, nil
	}
	doc, err := oas.ParseBytes("specification", spec)
	if err != nil {
		return nil, err
	}
	operations, err := doc.Operations()
	if err != nil {
		return nil, err
	}
	v := &scrub.Vocabulary{PathWords: map[string]bool{}, Query: map[string]scrub.Values{}, Fields: map[string]scrub.Values{}}
	for _, op := range operations {
		_, path, _ := strings.Cut(op.Key(), " ")
		v.AddPath(path)
	}
	c := vocabularyCollector{doc: doc, into: v, budget: limits.New(limits.Limits{Work: maxVocabularyWork})}
	c.walk(doc.Root())
	return v, c.err
}

// maxVocabularyWork bounds the schemas and enum values that are visited for the properties
// and query parameters of a specification: 2,000,000. Shared schemas count once for each
// property that refers to them. Atlas's specification of 2026-08 needs 19,000.
const maxVocabularyWork = 2_000_000

// vocabularyCollector walks the tree of a document.
type vocabularyCollector struct {
	doc    *oas.Document
	into   *scrub.Vocabulary
	budget *limits.Budget
	err    error // of the budget
}

func (c *vocabularyCollector) walk(n *oas.Node) {
	if oas.Text(oas.Get(n, "in")) == "query" {
		name := oas.Text(oas.Get(n, "name"))
		c.into.Query[name] = c.into.Query[name].Add(c.values(oas.Get(n, "schema")))
	}
	for name, property := range oas.Pairs(oas.Get(n, "properties")) {
		c.into.Fields[name] = c.into.Fields[name].Add(c.values(property))
	}
	for _, child := range n.Content {
		c.walk(child)
	}
}

// values returns the values of a schema that recordings may contain, including those of the
// members of a composition and of the items of a list.
func (c *vocabularyCollector) values(schema *oas.Node) scrub.Values {
	return c.valuesBelow(schema, map[*oas.Node]bool{})
}

// valuesBelow is values without the schemas that were seen.
func (c *vocabularyCollector) valuesBelow(schema *oas.Node, seen map[*oas.Node]bool) scrub.Values {
	target, _, err := c.doc.Follow(schema, "")
	if err != nil || seen[target] || c.err != nil {
		return scrub.Values{} // a dangling reference declares nothing
	}
	seen[target] = true
	kind := oas.Text(oas.Get(target, "type"))
	v := scrub.Values{Boolean: kind == "boolean", Integer: kind == "integer", Time: oas.Text(oas.Get(target, "format")) == "date-time"}
	enum := oas.Texts(oas.Get(target, "enum"))
	c.err = c.budget.Work(int64(1 + len(enum)))
	if c.err != nil {
		return scrub.Values{}
	}
	listed := make(map[string]bool, len(enum))
	for _, text := range enum {
		listed[text] = true
	}
	v = v.Add(scrub.Values{Listed: listed})
	parts := slices.Concat(oas.Items(oas.Get(target, "allOf")), oas.Items(oas.Get(target, "oneOf")), oas.Items(oas.Get(target, "anyOf")))
	if items := oas.Get(target, "items"); items != nil {
		parts = append(parts, items)
	}
	for _, part := range parts {
		v = v.Add(c.valuesBelow(part, seen))
	}
	return v
}
