package selection

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Selector is a parsed list of words. It is safe for concurrent use.
type Selector struct {
	include, exclude []word
}

// Parse parses words as described in the package documentation. An empty list is an error.
func Parse(words []string) (*Selector, error) {
	s := &Selector{}
	for _, text := range words {
		text = strings.TrimSpace(text)
		list := &s.include
		if rest, ok := strings.CutPrefix(text, "-"); ok {
			text, list = strings.TrimSpace(rest), &s.exclude
		}
		w, err := parseWord(text)
		if err != nil {
			return nil, err
		}
		*list = append(*list, w)
	}
	if len(s.include)+len(s.exclude) == 0 {
		return nil, errors.New("no operation was selected")
	}
	if len(s.include) == 0 {
		everything, _ := parseWord(all) // a constant word can always be parsed
		s.include = []word{everything}
	}
	return s, nil
}

// Options adjust a selection.
type Options struct {
	// Previews includes operations that exist only as a preview in patterns, tags and all.
	Previews bool
}

// Choice is the result of a selection.
type Choice struct {
	// Selected are the positions of the selected operations, in ascending order.
	Selected []int
	// Named reports for each selected position whether a word named that operation
	// exactly. The caller should then not skip the operation without an error.
	Named map[int]bool
	// Previews counts operations that were not selected because they exist only as a
	// preview.
	Previews int
	// Missing contains one error for each word that matched nothing.
	Missing []*NotFoundError
}

// Select returns the operations that the selector chooses from all. A word that names more
// than one operation is an error. Words that match nothing are listed in Choice.Missing,
// because a caller with two documents may find them in the other.
func (s *Selector) Select(all []*oas.Operation, o Options) (*Choice, error) {
	c := &Choice{}
	out, _, err := c.find(s.exclude, all)
	if err != nil {
		return nil, err
	}
	for _, m := range c.Missing {
		m.Exclusion = true
	}
	in, named, err := c.find(s.include, all)
	if err != nil {
		return nil, err
	}
	c.Named = named
	for i, op := range all {
		switch {
		case !in[i] || out[i]:
		case op.IsPreview() && !o.Previews && !named[i]:
			c.Previews++
		default:
			c.Selected = append(c.Selected, i)
		}
	}
	return c, nil
}

// find returns the positions that any of the words matches, and those that a word
// names exactly. It records the words that match nothing.
func (c *Choice) find(words []word, all []*oas.Operation) (found, named map[int]bool, err error) {
	found, named = make(map[int]bool), make(map[int]bool)
	for _, w := range words {
		matched, err := w.find(all)
		if err != nil {
			return nil, nil, err
		}
		if len(matched) == 0 {
			c.Missing = append(c.Missing, &NotFoundError{Word: w.text, noun: w.noun, total: w.total(all), suggestion: phrase.Nearest(w.text, w.names(all))})
		}
		for _, i := range matched {
			found[i] = true
			named[i] = named[i] || w.named
		}
	}
	return found, named, nil
}

// find returns the positions that a word matches. An operationId takes precedence over an
// equal short name; a name of several operations is an error.
func (w word) find(all []*oas.Operation) ([]int, error) {
	var found []int
	for i, op := range all {
		if w.matches(op) {
			found = append(found, i)
		}
	}
	if !w.named || len(found) < 2 {
		return found, nil
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(i int) bool { return all[i].ID != w.text })
	if len(exact) == 1 {
		return exact, nil
	}
	return nil, fmt.Errorf("operation %q is ambiguous: name it by method and path, %q or %q", w.text, all[found[0]], all[found[1]])
}

// Err returns the first of the missing words, or nil.
func (c *Choice) Err() error {
	if len(c.Missing) > 0 {
		return c.Missing[0]
	}
	return nil
}

// NotFoundError is the error for a word that matches no operation.
type NotFoundError struct {
	// Word is the word without the - of an exclusion.
	Word string
	// Exclusion reports whether the word is an exclusion.
	Exclusion bool

	noun       string
	total      int
	suggestion string
}

// Error returns the word, the number of operations or tags, and the closest name.
func (e *NotFoundError) Error() string {
	hint := ""
	switch {
	case e.noun == "tag" && e.total == 0:
		hint = "; no operation of the document has a tag, and trim removes them"
	case e.suggestion != "":
		hint = fmt.Sprintf("; did you mean %q?", e.suggestion)
	}
	return fmt.Sprintf("no %s matches %q (of %d)%s", e.noun, e.Word, e.total, hint)
}

// names lists the names that the word could have matched.
func (w word) names(all []*oas.Operation) []string {
	var names []string
	for _, op := range all {
		if w.noun != "tag" {
			names = append(names, op.ShortName, op.ID)
			continue
		}
		for _, t := range op.Tags {
			names = append(names, "tag:"+t)
		}
	}
	return names
}

func (w word) total(all []*oas.Operation) int {
	if w.noun != "tag" {
		return len(all)
	}
	tags := w.names(all)
	slices.Sort(tags)
	return len(slices.Compact(tags))
}
