package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

const (
	// defaultLimit is how many buckets are listed unless told: a page of Atlas's own
	// default size.
	defaultLimit = 100
	// pageSize is the most that Atlas allows for a page.
	pageSize = 500
)

type listFlags struct {
	bucketFlags
	all   bool
	limit int
	asked bool // for that limit
}

func newListCommand() *cobra.Command {
	var flags listFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the export buckets of a project",
		Long: `Lists the export buckets of a project, in Atlas's order: the first 100, the first N
with --limit N, or all of them with --all.

Buckets are printed as they come, page by page, so that a long list takes no more
memory than a short one. The columns of the table are as wide as the widest cells
of the first page; a wider one later widens its column from there on. JSON and YAML
have Atlas's shape, results and totalCount; output that breaks off is not valid
JSON.

With --envelope or --pretty each page of Atlas's answer is printed as it came.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(),
		Example: `  exportbuckets list --project-id fa4ea71a5000000000000001
  exportbuckets list --all --output json | jq -r '.results[]._id'
  exportbuckets list --profile work --limit 10`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.runList(cmd) },
	}
	cmd.Flags().BoolVar(&flags.all, "all", false, "list all export buckets")
	cmd.Flags().IntVar(&flags.limit, "limit", defaultLimit, "list as many at most")
	cmd.MarkFlagsMutuallyExclusive("all", "limit")
	flags.register(cmd)
	return cmd
}

func (f *listFlags) runList(cmd *cobra.Command) error {
	if f.limit < 1 {
		return errors.New("--limit must be 1 or more; --all lists all")
	}
	if f.raw() && f.limit > pageSize {
		return errors.New("--envelope and --pretty print whole pages: --limit can be 500 at most with them, or pass --all")
	}
	f.asked = cmd.Flags().Changed("limit")
	return f.run(cmd, operation{doing: "list the export buckets", method: http.MethodGet, run: f.list})
}

// list prints the first page as soon as it is there, and then the others.
func (f *listFlags) list(ctx context.Context, s *session) error {
	l := listing{session: s, limit: f.limit, options: client.ListOptions{ItemsPerPage: min(f.limit, pageSize)}}
	if f.all {
		l.limit, l.options.ItemsPerPage = -1, pageSize
	}
	l.writer = newListWriter(f.output, s.out, s.edge)
	if s.raw != nil {
		l.writer = noList{}
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
		_ = l.writer.flush() // what came is worth seeing; err is what is worth telling
		return err
	}
	if err := l.writer.end(max(l.total, l.shown)); err != nil {
		return err
	}
	if !f.asked {
		l.tellRest(len(first.Results) == l.options.ItemsPerPage)
	}
	return nil
}

// listing is a list that is being printed.
type listing struct {
	*session
	writer       listWriter
	options      client.ListOptions
	limit        int // -1 for none
	shown, total int
}

// firstPage prints the page that Atlas answered first, and tells whether to go on.
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
	left := l.shown > 0 && (full || page.TotalCount > l.shown)
	return left && l.shown != l.limit, nil
}

// otherPages prints the pages after the first one. The client fetches one ahead.
func (l *listing) otherPages(ctx context.Context) error {
	l.options.PageNum = 2
	for b, err := range l.client.List(ctx, "", &l.options) {
		if err != nil {
			return err
		}
		if err := l.print(b); err != nil {
			return err
		}
		if l.shown%l.options.ItemsPerPage == 0 {
			if err := l.flush(); err != nil {
				return err
			}
		}
		if l.shown == l.limit {
			break
		}
	}
	return nil
}

func (l *listing) print(b *client.ExportBucket) error {
	l.shown++
	return l.writer.add(b)
}

// flush has what is printed so far be seen.
func (l *listing) flush() error {
	l.progress.advance(l.shown, l.expected())
	if err := l.writer.flush(); err != nil {
		return err
	}
	if l.raw != nil {
		return l.raw.failed()
	}
	return nil
}

// expected is how many buckets will be shown, 0 if Atlas doesn't tell.
func (l *listing) expected() int {
	if l.limit > 0 && l.total > l.limit {
		return l.limit
	}
	return l.total
}

// tellRest tells what the list leaves out. Full says that the first page was full.
func (l *listing) tellRest(full bool) {
	switch {
	case l.shown == 0:
		l.note("project %s has no export buckets", l.client.ProjectID())
	case l.total > l.shown:
		l.note("%d of %d export buckets; --all lists all", l.shown, l.total)
	case l.total == 0 && l.shown == l.limit && full:
		l.note("%d export buckets; there may be more, --all lists all", l.shown)
	}
}

// noList is the writer when Atlas's own answers are printed.
type noList struct{}

func (noList) add(*client.ExportBucket) error { return nil }
func (noList) flush() error                   { return nil }
func (noList) end(int) error                  { return nil }
