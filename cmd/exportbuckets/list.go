package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

const (
	// defaultLimit is the number of buckets to list without --limit: a page of Atlas's
	// default size.
	defaultLimit = 100
	// pageSize is the largest page that Atlas allows.
	pageSize = 500
)

type listFlags struct {
	bucketFlags
	all      bool
	limit    int
	asked    bool // whether --limit was set
	columns  []string
	filters  []string
	sort     string
	noHeader bool
	quiet    bool

	shown  []listColumn // of columns
	filter bucketFilter // of filters
}

func newListCommand() *cobra.Command {
	var flags listFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the export buckets of a project",
		Long: `Lists the export buckets of a project, in Atlas's order: the first 100, the first N
with --limit N, or all of them with --all.

Buckets are printed page by page as they arrive, so that a long list takes no more
memory than a short one. The columns of the table are as wide as the widest cells
of the first page. DETAILS has the URL of an Azure container, and whether an AWS bucket
uses private networking. On a terminal, cells are shortened if a line would not fit,
DETAILS first. JSON and YAML have the form of Atlas's response, with results and
totalCount. If an error ends the list early, the JSON output is incomplete and not valid.

--filter COLUMN=PATTERN lists the buckets with a matching value; * is any text, and
case does not matter. With several filters, a bucket must match every filtered column;
for a column with several filters, one match is enough. --sort COLUMN reads all buckets
first; -COLUMN sorts in reverse. --limit applies last, to the filtered and sorted list.
The columns are id, provider, bucket-name, role-id, details and created (not shown by
default).

With --envelope or --pretty each page of Atlas's response is printed unchanged.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(),
		Example: `  exportbuckets list --project-id fa4ea71a5000000000000001
  exportbuckets list --all --output json | jq -r '.results[]._id'
  exportbuckets list --profile work --limit 10
  exportbuckets list --filter provider=aws --filter 'bucket-name=prod-*' --sort -created
  exportbuckets list --all --no-header --columns id,created
  exportbuckets list --quiet --filter provider=aws | xargs -n 1 exportbuckets get`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.runList(cmd) },
	}
	cmd.Flags().BoolVar(&flags.all, "all", false, "list all export buckets")
	cmd.Flags().IntVar(&flags.limit, "limit", defaultLimit, "maximum number of buckets to list")
	cmd.Flags().StringSliceVar(&flags.columns, "columns", defaultColumns, "columns of the table: "+strings.Join(columnNames(), ", "))
	cmd.Flags().StringArrayVar(&flags.filters, "filter", nil, "list only buckets that match, such as provider=aws")
	cmd.Flags().StringVar(&flags.sort, "sort", "", "column to sort by; -COLUMN sorts in reverse (default Atlas's order)")
	cmd.Flags().BoolVar(&flags.noHeader, "no-header", false, "print the table without its header")
	cmd.Flags().BoolVarP(&flags.quiet, "quiet", "q", false, "print only the ids, one per line")
	cmd.MarkFlagsMutuallyExclusive("all", "limit")
	flags.register(cmd)
	for _, name := range []string{"output", "columns", "no-header"} {
		cmd.MarkFlagsMutuallyExclusive("quiet", name)
	}
	completeFlag(cmd, "limit", cobra.NoFileCompletions)
	completeFlag(cmd, "columns", completeColumns)
	completeFlag(cmd, "sort", completeColumns)
	completeFlag(cmd, "filter", completeFilter)
	return cmd
}

func (f *listFlags) runList(cmd *cobra.Command) (err error) {
	if f.limit < 1 {
		return errors.New("--limit must be 1 or more; --all lists all")
	}
	if f.raw() && f.limit > pageSize {
		return errors.New("--envelope and --pretty print whole pages: --limit must be at most 500, or pass --all")
	}
	if f.raw() && (f.quiet || f.sort != "" || len(f.filters) > 0) {
		return errors.New("--envelope and --pretty print Atlas's own JSON: do not pass --quiet, --sort or --filter")
	}
	if f.output != formatTable && (f.noHeader || cmd.Flags().Changed("columns")) {
		return errors.New("--columns and --no-header are for tables: do not pass --output")
	}
	if f.shown, err = columnsOf(f.columns); err != nil {
		return err
	}
	if f.filter, err = parseFilter(f.filters); err != nil {
		return err
	}
	if _, err := newSortedList(nil, f.sort, 0); f.sort != "" && err != nil {
		return err
	}
	f.asked = cmd.Flags().Changed("limit")
	return f.run(cmd, operation{
		doing: "list the export buckets", method: http.MethodGet, run: f.list,
		check: func(ctx context.Context, c *client.Client) error {
			_, err := c.ListPage(ctx, "", nil)
			return err
		},
	})
}

// list prints the first page as soon as it arrives, then the others.
func (f *listFlags) list(ctx context.Context, s *session) error {
	l, err := f.begin(s)
	if err != nil {
		return err
	}
	first, err := s.client.ListPage(ctx, "", &l.options)
	if err != nil {
		return err
	}
	l.total = first.TotalCount
	more, err := l.firstPage(first)
	if err == nil && more {
		err = l.otherPages(ctx)
	}
	if err != nil {
		_ = l.writer.flush() // print the buckets that arrived; err is the reason why there are no more
		return err
	}
	total := max(l.total, l.read)
	if len(f.filter) > 0 {
		total = l.matched
	}
	if err := l.writer.end(total); err != nil {
		return err
	}
	if !f.asked {
		l.noteRest(len(first.Results) == l.options.ItemsPerPage)
	}
	return nil
}

// begin returns the listing to print. Filtering and sorting need whole pages.
func (f *listFlags) begin(s *session) (*listing, error) {
	l := &listing{session: s, flags: f, limit: f.limit, options: client.ListOptions{ItemsPerPage: min(f.limit, pageSize)}}
	if f.all || f.sort != "" {
		l.limit = -1
	}
	if l.limit < 0 || len(f.filter) > 0 {
		l.options.ItemsPerPage = pageSize
	}
	switch {
	case s.raw != nil:
		l.writer = discardList{}
	case f.quiet:
		l.writer = &idList{stickyWriter{out: s.out}}
	default:
		l.writer = newListWriter(l)
	}
	if f.sort == "" {
		return l, nil
	}
	limit := f.limit
	if f.all {
		limit = -1
	}
	var err error
	l.writer, err = newSortedList(l.writer, f.sort, limit)
	return l, err
}

// listing is a list that is being printed.
type listing struct {
	*session
	flags   *listFlags
	writer  listWriter
	options client.ListOptions
	limit   int // -1 for no limit
	// read is the number of buckets received, matched the number of these that match the
	// filter, and total Atlas's count.
	read, matched, total int
}

// firstPage prints the first page and reports whether there may be more to print.
func (l *listing) firstPage(page *client.Page) (bool, error) {
	for _, b := range page.Results {
		if err := l.print(b); err != nil {
			return false, err
		}
	}
	if err := l.flush(); err != nil {
		return false, err
	}
	full := len(page.Results) == l.options.ItemsPerPage
	left := l.read > 0 && (full || page.TotalCount > l.read)
	return left && !l.done(), nil
}

// otherPages prints the pages after the first one. The client fetches one page ahead.
func (l *listing) otherPages(ctx context.Context) error {
	l.options.PageNum = 2
	for b, err := range l.client.List(ctx, "", &l.options) {
		if err != nil {
			return err
		}
		if err := l.print(b); err != nil {
			return err
		}
		if l.read%l.options.ItemsPerPage == 0 {
			if err := l.flush(); err != nil {
				return err
			}
		}
		if l.done() {
			break
		}
	}
	return nil
}

// done reports whether the limit is reached.
func (l *listing) done() bool { return l.limit >= 0 && l.matched >= l.limit }

func (l *listing) print(b *client.ExportBucket) error {
	l.read++
	if l.done() || !l.flags.filter.matches(b) {
		return nil
	}
	l.matched++
	return l.writer.add(b)
}

// flush writes what was printed so far.
func (l *listing) flush() error {
	l.progress.advance(l.read, l.expected())
	if err := l.writer.flush(); err != nil {
		return err
	}
	if l.raw != nil {
		return l.raw.failed()
	}
	return nil
}

// expected returns the number of buckets that will be read, 0 if Atlas does not count them.
func (l *listing) expected() int {
	if l.limit > 0 && l.total > l.limit && len(l.flags.filter) == 0 {
		return l.limit
	}
	return l.total
}

// noteRest prints a note about buckets that the list does not show. full is true if the
// first page was full.
func (l *listing) noteRest(full bool) {
	shown := l.matched
	if !l.flags.all {
		shown = min(shown, l.flags.limit)
	}
	switch {
	case l.read == 0:
		l.note("project %s has no export buckets", l.client.ProjectID())
	case l.matched == 0:
		l.note("no export bucket of project %s matches the filter", l.client.ProjectID())
	case len(l.flags.filter) > 0:
		if l.done() || shown < l.matched {
			l.note("%d export buckets; there may be more that match, --all lists all", shown)
		}
	case l.total > shown:
		l.note("%d of %d export buckets; --all lists all", shown, l.total)
	case l.total == 0 && l.done() && full:
		l.note("%d export buckets; there may be more, --all lists all", shown)
	}
}

// discardList is the writer when Atlas's own responses are printed.
type discardList struct{}

func (discardList) add(*client.ExportBucket) error { return nil }
func (discardList) flush() error                   { return nil }
func (discardList) end(int) error                  { return nil }
