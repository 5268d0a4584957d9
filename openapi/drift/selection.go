package drift

import (
	"fmt"

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
	keys := make(map[string]bool)
	for _, name := range c.options.Operations {
		if err := choose(keys, name, docs); err != nil {
			if c.options.Baseline == nil {
				return nil, fmt.Errorf("%w; to compare operations besides those of snapshot export buckets, give a baseline that has them", err)
			}
			return nil, err
		}
	}
	return func(key string) bool { return keys[key] }, nil
}

// choose adds the keys of an operation in whichever documents have it.
func choose(keys map[string]bool, name string, docs []*trim.Document) error {
	var missing error
	found := false
	for _, doc := range docs {
		ops, err := operationsNamed(doc, name)
		if err != nil {
			missing = err
			continue
		}
		found = true
		for _, op := range ops {
			keys[shape.KeyAt(doc.Root(), op.Path, op.Method)] = true
		}
	}
	if !found {
		return missing
	}
	return nil
}

func operationsNamed(doc *trim.Document, name string) ([]trim.Operation, error) {
	if name == AllOperations {
		return doc.Operations(), nil
	}
	return doc.Select(name)
}
