package contracttest

import (
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/scrub"
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
	c := vocabularyCollector{doc: doc, into: v}
	c.walk(doc.Root())
	return v, nil
}

// vocabularyCollector walks the tree of a document.
type vocabularyCollector struct {
	doc  *oas.Document
	into *scrub.Vocabulary
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

// maxNestedValues bounds the depth to which compositions and lists are followed.
const maxNestedValues = 8

// values returns the values of a schema that recordings may contain, including those of the
// members of a composition and of the items of a list.
func (c *vocabularyCollector) values(schema *oas.Node) scrub.Values {
	return c.valuesBelow(schema, maxNestedValues)
}

func (c *vocabularyCollector) valuesBelow(schema *oas.Node, depth int) scrub.Values {
	target, _, err := c.doc.Follow(schema, "")
	if err != nil || depth == 0 {
		return scrub.Values{} // a dangling reference declares nothing
	}
	kind := oas.Text(oas.Get(target, "type"))
	v := scrub.Values{Boolean: kind == "boolean", Integer: kind == "integer", Time: oas.Text(oas.Get(target, "format")) == "date-time"}
	listed := map[string]bool{}
	for _, text := range oas.Texts(oas.Get(target, "enum")) {
		listed[text] = true
	}
	v = v.Add(scrub.Values{Listed: listed})
	parts := slices.Concat(oas.Items(oas.Get(target, "allOf")), oas.Items(oas.Get(target, "oneOf")), oas.Items(oas.Get(target, "anyOf")))
	if items := oas.Get(target, "items"); items != nil {
		parts = append(parts, items)
	}
	for _, part := range parts {
		v = v.Add(c.valuesBelow(part, depth-1))
	}
	return v
}
