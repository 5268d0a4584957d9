package drift

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/shape"
	"github.com/atlas-exportbuckets/exportbuckets/openapi/trim"
)

// selected tells whether an operation is one to compare, by its key.
type selected func(key string) bool

// selection gives the operations to compare: those under the contract's paths, or
// the named ones out of the baseline's documents.
func (c *comparison) selection(docs ...*trim.Document) (selected, error) {
	if len(c.options.Operations) == 0 {
		return c.contract.selects, nil
	}
	words, err := selection.Parse(c.options.Operations)
	if err != nil {
		return nil, fmt.Errorf("operations: %w", err)
	}
	keys, err := selectedKeys(words, docs)
	if err != nil && c.options.Baseline == nil {
		return nil, fmt.Errorf("%w; to compare operations besides those of snapshot export buckets, give a baseline that has them", err)
	}
	return func(key string) bool { return keys[key] }, err
}

// selectedKeys returns the keys of the operations that the words select in any of the
// documents. A word has to match in one of them.
func selectedKeys(words *selection.Selector, docs []*trim.Document) (map[string]bool, error) {
	keys := make(map[string]bool)
	missing := make(map[string]int)
	for _, doc := range docs {
		ops := doc.Operations()
		found, err := words.Select(trim.Selectable(ops), selection.Options{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doc.Name(), err)
		}
		for _, i := range found.Selected {
			keys[shape.KeyAt(doc.Root(), ops[i].Path, ops[i].Method)] = true
		}
		for _, m := range found.Missing {
			if missing[m.Word]++; missing[m.Word] == len(docs) {
				return nil, fmt.Errorf("%s: %w", doc.Name(), m)
			}
		}
	}
	return keys, nil
}
