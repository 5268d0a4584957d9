package drift

import (
	"fmt"
	"maps"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// selected reports whether the operation with a key is compared.
type selected func(key string) bool

// selection returns the operations to compare: those under the contract's paths, or the
// selected ones of the baseline. Words that select several operations, such as "all" and
// "tag:Clusters", also select upstream operations, which may be new. With the embedded
// contract, which covers only a part of Atlas's specification, operations outside of its
// paths are not new.
func (c *comparison) selection(baseline []*oas.Document, upstream *oas.Document) (selected, error) {
	if len(c.options.Operations) == 0 {
		return c.contract.selects, nil
	}
	words, err := selection.Parse(c.options.Operations)
	if err != nil {
		return nil, fmt.Errorf("operations: %w", err)
	}
	keys, err := selectedKeys(words, baseline, true)
	if err != nil && c.options.Baseline == nil {
		return nil, fmt.Errorf("%w; to compare operations besides those of snapshot export buckets, give a baseline that has them", err)
	}
	if err != nil {
		return nil, err
	}
	more, err := selectedKeys(words, []*oas.Document{upstream}, false)
	if c.options.Baseline == nil {
		selected := len(more)
		maps.DeleteFunc(more, func(key string, _ bool) bool { return !c.contract.selects(key) })
		c.noteOutside(selected - len(more))
	}
	return func(key string) bool { return keys[key] || more[key] }, err
}

// selectedKeys returns the keys of the operations that the words select in any of the
// documents. If strict is set, each word must match in at least one document.
func selectedKeys(words *selection.Selector, docs []*oas.Document, strict bool) (map[string]bool, error) {
	keys := make(map[string]bool)
	missing := make(map[string]int)
	for _, doc := range docs {
		ops, err := doc.Operations()
		if err != nil {
			return nil, err
		}
		found, err := words.Select(ops, selection.Options{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doc.Name(), err)
		}
		for _, i := range found.Selected {
			keys[ops[i].Key()] = true
		}
		for _, m := range found.Missing {
			if missing[m.Word]++; strict && missing[m.Word] == len(docs) {
				return nil, fmt.Errorf("%s: %w", doc.Name(), m)
			}
		}
	}
	return keys, nil
}
