package drift

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// selected reports whether the operation with a key is compared.
type selected func(key string) bool

// selection returns the operations to compare: those under the contract's paths, or the
// selected ones of the baseline. Words that select several operations, such as "all" and
// "tag:Clusters", also select upstream operations, which may be new. The embedded contract
// covers only a part of Atlas's specification, so operations outside of its paths are not
// new.
func (c *comparison) selection(baseline []*oas.Document, upstream *oas.Document) (selected, error) {
	if len(c.options.Operations) == 0 {
		return c.contract.selects, nil
	}
	words, err := selection.Parse(c.options.Operations)
	if err != nil {
		return nil, fmt.Errorf("operations: %w", err)
	}
	more, err := selectIn(words, upstream, nil)
	if err != nil {
		return nil, err
	}
	keys, err := selectBaseline(words, baseline, more)
	if err != nil && c.options.Baseline == nil {
		return nil, fmt.Errorf("%w; to compare other operations than those of snapshot export buckets, pass a baseline that has them", err)
	}
	if err != nil {
		return nil, err
	}
	if c.options.Baseline == nil {
		selected := len(more.keys)
		maps.DeleteFunc(more.keys, func(key string, _ bool) bool { return !c.contract.selects(key) })
		c.noteOutside(selected - len(more.keys))
	}
	return func(key string) bool { return keys[key] || more.keys[key] }, nil
}

// choice contains the operations that words select in one document.
type choice struct {
	ops     []*oas.Operation // all operations of the document
	keys    map[string]bool  // keys of the selected operations
	missing []*selection.NotFoundError
}

// lacks reports whether a word selects nothing.
func (c *choice) lacks(word string) bool {
	return slices.ContainsFunc(c.missing, func(m *selection.NotFoundError) bool { return m.Word == word })
}

// selectIn returns the operations that the words select in a document. Operations without
// tags have the tags that they have in tagged.
func selectIn(words *selection.Selector, doc *oas.Document, tagged []*oas.Operation) (*choice, error) {
	ops, err := doc.Operations()
	if err != nil {
		return nil, err
	}
	ops = withTags(ops, tagged)
	found, err := words.Select(ops, selection.Options{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doc.Name(), err)
	}
	c := &choice{ops: ops, keys: make(map[string]bool), missing: found.Missing}
	for _, i := range found.Selected {
		c.keys[ops[i].Key()] = true
	}
	return c, nil
}

// selectBaseline returns the keys of the operations that the words select in the baseline's
// documents. A word that selects nothing in any of them is an error. An exclusion may also
// select an upstream operation, because trim has removed the excluded operations from the
// baseline.
func selectBaseline(words *selection.Selector, baseline []*oas.Document, upstream *choice) (map[string]bool, error) {
	keys := make(map[string]bool)
	missing := make(map[string]int)
	for _, doc := range baseline {
		found, err := selectIn(words, doc, upstream.ops)
		if err != nil {
			return nil, err
		}
		maps.Copy(keys, found.keys)
		for _, m := range found.missing {
			missing[m.Word]++
			known := m.Exclusion && !upstream.lacks(m.Word)
			if missing[m.Word] == len(baseline) && !known {
				return nil, fmt.Errorf("%s: %w", doc.Name(), m)
			}
		}
	}
	return keys, nil
}

// withTags returns the operations. Those without tags get the tags that they have in
// tagged: trim removes tags, and the same words must select the same operations in its
// result.
func withTags(ops, tagged []*oas.Operation) []*oas.Operation {
	tags := make(map[string][]string, len(tagged))
	for _, op := range tagged {
		tags[op.Key()] = op.Tags
	}
	out := make([]*oas.Operation, len(ops))
	for i, op := range ops {
		out[i] = op
		if len(op.Tags) == 0 && len(tags[op.Key()]) > 0 {
			retagged := *op
			retagged.Tags = tags[op.Key()]
			out[i] = &retagged
		}
	}
	return out
}
