package contract

import (
	"fmt"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/selection"
)

// Select narrows the contract to the operations that the words select (see package
// selection). Exchanges of other operations are then out of scope, and coverage does not
// count them. Operations that exist only as a preview are omitted and counted, unless a
// word names one or previews is true. A word that selects nothing in any document of the
// contract is an error.
func (c *Contract) Select(words []string, previews bool) error {
	selector, err := selection.Parse(words)
	if err != nil {
		return err
	}
	selected := map[*oas.Operation]bool{}
	missing := map[string]int{}
	for _, listed := range c.operations {
		found, err := selector.Select(listed, selection.Options{Previews: previews})
		if err != nil {
			return err
		}
		for _, m := range found.Missing {
			if missing[m.Word]++; missing[m.Word] == len(c.operations) {
				return m
			}
		}
		for _, i := range found.Selected {
			selected[listed[i]] = true
		}
		c.previewsLeftOut += found.Previews
	}
	if len(selected) == 0 {
		return fmt.Errorf("no operation is left: %d of those selected exist only as a preview, which API version \"preview\" selects", c.previewsLeftOut)
	}
	for _, v := range c.versions {
		for _, i := range v.items {
			for _, d := range i.declared {
				d.leftOut = !selected[d.operation]
			}
		}
	}
	c.narrowed = true
	return nil
}

// PreviewsLeftOut returns the number of operations that Select omitted because they
// exist only as a preview.
func (c *Contract) PreviewsLeftOut() int { return c.previewsLeftOut }

// inScope reports whether exchanges with a method and the paths of a shape are validated:
// those of a selected operation, and those with an undeclared method if one of the path's
// operations is selected.
func (c *Contract) inScope(method, shape string) bool {
	declared, otherSelected := false, false
	for _, v := range c.versions {
		i := v.items[shape]
		if i == nil {
			continue
		}
		for m, d := range i.declared {
			if m == method && !d.leftOut {
				return true
			}
			declared = declared || m == method
			otherSelected = otherSelected || !d.leftOut
		}
	}
	return otherSelected && !declared
}
