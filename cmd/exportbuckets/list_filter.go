package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

// bucketFilter is the value of --filter: the patterns for each column. A bucket matches if
// every column of the filter has a matching pattern.
type bucketFilter map[string][]string

// parseFilter reads COLUMN=PATTERN expressions.
func parseFilter(expressions []string) (bucketFilter, error) {
	filter := bucketFilter{}
	for _, expression := range expressions {
		name, pattern, found := strings.Cut(expression, "=")
		if !found {
			return nil, fmt.Errorf("--filter %s: must be COLUMN=PATTERN, such as provider=aws", quoteFlag(expression))
		}
		column, err := columnOf("filter", strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		pattern = strings.ToLower(strings.TrimSpace(pattern))
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("--filter %s: a bracket in the pattern is not closed", quoteFlag(expression))
		}
		filter[column.name] = append(filter[column.name], pattern)
	}
	return filter, nil
}

// matches reports whether the bucket has a matching value in every column of the filter.
// Case does not matter. In a pattern, * matches any text and ? one character; both match
// slashes.
func (f bucketFilter) matches(b *client.ExportBucket) bool {
	for _, column := range listColumns {
		patterns, filtered := f[column.name]
		if !filtered {
			continue
		}
		value := withoutSlashes.Replace(strings.ToLower(column.value(b)))
		if !slices.ContainsFunc(patterns, func(pattern string) bool {
			matched, err := path.Match(withoutSlashes.Replace(pattern), value)
			return err == nil && matched
		}) {
			return false
		}
	}
	return true
}

// withoutSlashes replaces slashes, because a star of path.Match does not match them.
var withoutSlashes = strings.NewReplacer("/", "\x00")

// completeFilter completes the column and, for providers, the value.
func completeFilter(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	if strings.HasPrefix(typed, "provider=") {
		var words []cobra.Completion
		for _, name := range providerNames {
			words = append(words, "provider="+name)
		}
		return words, directive
	}
	var words []cobra.Completion
	for _, name := range columnNames() {
		words = append(words, name+"=")
	}
	return words, directive
}

// sortedList sorts a list before it is written. It keeps the whole list in memory.
type sortedList struct {
	listWriter
	by      listColumn
	reverse bool
	limit   int // number of buckets to write; -1 for no limit
	all     []*client.ExportBucket
}

// newSortedList returns a writer that sorts by a column, in reverse if its name begins
// with a minus.
func newSortedList(w listWriter, by string, limit int) (*sortedList, error) {
	name, reverse := strings.CutPrefix(by, "-")
	column, err := columnOf("sort", name)
	return &sortedList{listWriter: w, by: column, reverse: reverse, limit: limit}, err
}

func (l *sortedList) add(b *client.ExportBucket) error {
	l.all = append(l.all, b)
	return nil
}

func (l *sortedList) flush() error { return nil }

func (l *sortedList) end(total int) error {
	slices.SortStableFunc(l.all, func(a, b *client.ExportBucket) int {
		order := strings.Compare(l.by.value(a), l.by.value(b))
		if l.reverse {
			return -order
		}
		return order
	})
	if l.limit >= 0 {
		l.all = l.all[:min(len(l.all), l.limit)]
	}
	for _, b := range l.all {
		if err := l.listWriter.add(b); err != nil {
			return err
		}
	}
	return l.listWriter.end(total)
}

// idList writes only ids, one per line.
type idList struct{ out stickyWriter }

func (l *idList) add(b *client.ExportBucket) error {
	_, err := fmt.Fprintln(&l.out, b.ID)
	return err
}

func (l *idList) flush() error  { return l.out.err }
func (l *idList) end(int) error { return l.out.err }
