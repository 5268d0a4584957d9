package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// List returns an iterator over all export buckets of a project, page by page, in Atlas's
// order. opts may be nil; it is copied. List fetches one page ahead while the caller works
// on the current page. An error ends the list; it is in the last pair. Leaving the loop
// early stops the fetching and waits for its goroutine.
//
// List requests another page if the page was full or Atlas indicates that there are more,
// because Atlas omits the link to the next page in some responses. Buckets that are added
// or deleted during the listing may be missed or returned twice.
//
// A list that fails at page 2 or later ends with a [*ListError], which contains the options to
// resume with.
func (c *Client) List(ctx context.Context, projectID string, opts *ListOptions, call ...CallOption) iter.Seq2[*ExportBucket, error] {
	o := opts.withDefaults()
	return func(yield func(*ExportBucket, error) bool) {
		pages := &pager{client: c, projectID: projectID, options: o, call: call}
		pages.run(ctx, yield)
	}
}

// pager is one iteration over a list.
type pager struct {
	client    *Client
	projectID string
	options   ListOptions
	call      []CallOption      // context of each page's call
	ahead     <-chan pageResult // the page that is being fetched; closed after the last one
	last      *Page
	seen      int // number of buckets up to and including the last page
}

type pageResult struct {
	page *Page
	err  error
}

func (p *pager) run(ctx context.Context, yield func(*ExportBucket, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		cancel()
		for range p.ahead { // drained and closed once the fetching goroutine has ended
		}
	}()
	p.seen = (p.options.PageNum - 1) * p.options.ItemsPerPage
	p.fetch(ctx)
	for more := true; more; {
		next := <-p.ahead
		if next.err == nil {
			next.err = p.checkProgress(next.page)
		}
		if next.err != nil {
			yield(nil, p.failed(next.err))
			return
		}
		if more = p.advance(next.page); more {
			p.options.PageNum++
			p.fetch(ctx)
		}
		for _, b := range next.page.Results {
			if !yield(b, nil) {
				return
			}
		}
	}
}

// fetch starts to fetch the page that the options select.
func (p *pager) fetch(ctx context.Context) {
	options := p.options
	ahead := make(chan pageResult, 1)
	p.ahead = ahead
	go func() {
		defer close(ahead)
		page, err := p.client.ListPage(ctx, p.projectID, &options, p.call...)
		ahead <- pageResult{page, err}
	}()
}

// advance records page as read and reports whether another page follows. It counts the
// buckets received, because Atlas's pages may be shorter than requested. A page may even be
// empty, but after two such pages the list ends: otherwise a wrong count or link would make it
// endless.
func (p *pager) advance(page *Page) bool {
	end := p.last != nil && len(p.last.Results) == 0 && len(page.Results) == 0
	p.seen += len(page.Results)
	p.last = page
	return !end && page.moreAfter(p.seen)
}

// checkProgress returns an error for a page that repeats the page before it. Otherwise a
// server or cache that ignores the page number would make the list endless.
func (p *pager) checkProgress(page *Page) error {
	if p.last == nil || len(page.Results) == 0 || len(page.Results) != len(p.last.Results) {
		return nil
	}
	end := len(page.Results) - 1
	if page.Results[0].ID != p.last.Results[0].ID || page.Results[end].ID != p.last.Results[end].ID {
		return nil
	}
	return fmt.Errorf("exportbuckets: page %d of the list is the same as page %d: a proxy may ignore the page number", page.PageNum, p.last.PageNum)
}

// ListError is the failure of a list at page 2 or later, also of a list that was resumed there.
// All buckets of the pages before it were returned:
//
//	var broken *client.ListError
//	if errors.As(err, &broken) {
//		rest := c.List(ctx, projectID, &broken.Resume)
//	}
type ListError struct {
	// Resume contains the list's options, starting at the page that failed.
	Resume ListOptions
	// Err is the reason, often an [*Error].
	Err error
}

func (e *ListError) Error() string {
	return fmt.Sprintf("%s (page %d of the list)", e.Err, e.Resume.PageNum)
}

// Unwrap returns the reason.
func (e *ListError) Unwrap() error { return e.Err }

// failed returns the error that ends the list.
func (p *pager) failed(err error) error {
	if p.options.PageNum == 1 || errors.Is(err, ErrInvalidArgument) {
		return err
	}
	return &ListError{Resume: p.options, Err: err}
}
