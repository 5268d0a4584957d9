package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/table"
)

// listColumn is a column that list can show, sort and filter by.
type listColumn struct {
	name  string // in --columns, --sort and --filter
	title string
	keep  int // see table.Column
	value func(*client.ExportBucket) string
}

var listColumns = []listColumn{
	{"id", "ID", 6, func(b *client.ExportBucket) string { return b.ID }},
	{"provider", "PROVIDER", 5, func(b *client.ExportBucket) string { return string(b.CloudProvider()) }},
	{"bucket-name", "BUCKET NAME", 4, (*client.ExportBucket).BucketName},
	{"role-id", "ROLE ID", 3, func(b *client.ExportBucket) string { role, _ := roleAndDetails(b); return role }},
	{"details", "DETAILS", 1, func(b *client.ExportBucket) string { _, details := roleAndDetails(b); return details }},
	{"created", "CREATED", 2, createdOf},
}

// defaultColumns are the columns without --columns.
var defaultColumns = []string{"id", "provider", "bucket-name", "role-id", "details"}

func createdOf(b *client.ExportBucket) string {
	at := b.CreatedAt()
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// columnNames returns the names of all columns.
func columnNames() []string {
	var names []string
	for _, c := range listColumns {
		names = append(names, c.name)
	}
	return names
}

// columnOf returns the column with a name. The error mentions flag, the flag whose value
// contains the name.
func columnOf(flag, name string) (listColumn, error) {
	i := slices.IndexFunc(listColumns, func(c listColumn) bool { return c.name == strings.ToLower(name) })
	if i < 0 {
		return listColumn{}, fmt.Errorf("--%s: unknown column %s; must be one of %s", flag, quoteFlag(name), strings.Join(columnNames(), ", "))
	}
	return listColumns[i], nil
}

// columnsOf returns the columns with the names.
func columnsOf(names []string) ([]listColumn, error) {
	if len(names) == 0 {
		return nil, fmt.Errorf("--columns needs at least one of %s", strings.Join(columnNames(), ", "))
	}
	var columns []listColumn
	for _, name := range names {
		c, err := columnOf("columns", name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// completeColumns completes a list of columns.
func completeColumns(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	done := typed[:strings.LastIndexByte(typed, ',')+1]
	var words []cobra.Completion
	for _, name := range columnNames() {
		words = append(words, done+name)
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// tableList writes a list as a table.
type tableList struct {
	columns []listColumn
	table   *table.Writer
}

func newTableList(l *listing) *tableList {
	var columns []table.Column
	for _, c := range l.flags.shown {
		columns = append(columns, table.Column{Title: c.title, Keep: c.keep})
	}
	return &tableList{l.flags.shown, table.New(l.out, table.Options{Width: l.width, NoHeader: l.flags.noHeader}, columns...)}
}

func (l *tableList) add(b *client.ExportBucket) error {
	var cells []string
	for _, c := range l.columns {
		cells = append(cells, c.value(b))
	}
	l.table.Row(cells...)
	return nil
}

func (l *tableList) flush() error  { return l.table.Flush() }
func (l *tableList) end(int) error { return l.table.Flush() }
