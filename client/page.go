package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	gen "github.com/atlas-exportbuckets/exportbuckets/gen/v20240530"
)

// ListOptions select the content of a list. The zero value of a field is its default.
type ListOptions struct {
	// ItemsPerPage is the maximum number of buckets per page, 1 to 500. The default is
	// 500, Atlas's maximum; Atlas's own default is 100.
	ItemsPerPage int
	// PageNum is the first page to return, counted from 1.
	PageNum int
	// OmitCount asks Atlas not to count all buckets: [Page.TotalCount] is then 0.
	OmitCount bool
}

// withDefaults returns o, which may be nil, with its zero fields filled.
func (o *ListOptions) withDefaults() ListOptions {
	var filled ListOptions
	if o != nil {
		filled = *o
	}
	setDefault(&filled.ItemsPerPage, maxItemsPerPage)
	setDefault(&filled.PageNum, 1)
	return filled
}

// ListPage returns one page of a project's export buckets. opts may be nil.
func (c *Client) ListPage(ctx context.Context, projectID string, opts *ListOptions, call ...CallOption) (*Page, error) {
	projectID = c.project(projectID)
	o := opts.withDefaults()
	var args checks
	args.id("projectID", projectID)
	args.listOptions(o)
	if err := args.err(); err != nil {
		return nil, err
	}
	p := &Page{PageNum: o.PageNum, ItemsPerPage: o.ItemsPerPage, counted: !o.OmitCount}
	err := c.do(ctx, newCall(opList, call), func(ctx context.Context) (*http.Response, error) {
		return c.backend.list(ctx, projectID, o)
	}, func(body []byte) error { return decodePage(body, p) })
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Page is one page of a project's export buckets.
type Page struct {
	// Results are the page's buckets, in Atlas's order.
	Results []*ExportBucket
	// TotalCount is the number of buckets in the project. It is 0 if the count was not
	// requested, and Atlas also sends 0 in some other responses.
	TotalCount int
	// PageNum counts from 1; ItemsPerPage is the requested page size.
	PageNum, ItemsPerPage int
	// Links are the relations that Atlas sent. They are data: the client counts
	// pages and never follows a link.
	Links []Link

	hasNext bool // Atlas linked to a next page
	counted bool // Atlas was asked to count
}

// More reports whether another page may follow. This is so if Atlas's response has a larger
// count or a link to the next page, even on an empty page, and for a full page without either;
// the next page may then be empty. No page follows if Atlas was asked for the count and it
// equals the number of buckets up to this page.
func (p *Page) More() bool {
	return p.moreAfter((p.PageNum-1)*p.ItemsPerPage + len(p.Results))
}

// moreAfter is More for a page; seen is the number of buckets read up to its end.
func (p *Page) moreAfter(seen int) bool {
	switch {
	case p.hasNext, p.TotalCount > seen:
		return true
	case len(p.Results) < p.ItemsPerPage:
		return false
	}
	// If Atlas was asked not to count, some responses have a count of 0 and no link.
	complete := p.counted && p.TotalCount == seen
	return !complete
}

// decodePage reads a list response into p. The buckets are allocated separately, so that
// a reference to one does not keep the page in memory.
func decodePage(data []byte, p *Page) error {
	if !readFlatPage(data, p) {
		if err := decodeAnyPage(data, p); err != nil {
			return err
		}
	}
	for i, b := range p.Results {
		if b.ID == "" {
			return fmt.Errorf("results[%d]: _id is missing", i)
		}
	}
	for _, l := range p.Links {
		p.hasNext = p.hasNext || l.Rel == "next"
	}
	return nil
}

// decodeAnyPage decodes the pages that readFlatPage does not accept, with the generated
// models.
func decodeAnyPage(data []byte, p *Page) error {
	var read gen.ExportBucketPage
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if read.Results == nil {
		return errors.New("results is missing")
	}
	p.TotalCount, p.Links = int(valueOf(read.TotalCount)), linksOf(read.Links)
	p.Results = make([]*ExportBucket, len(read.Results))
	for i, result := range read.Results {
		object, err := result.MarshalJSON()
		p.Results[i] = new(ExportBucket)
		if err == nil {
			err = decodeBucket(object, p.Results[i])
		}
		if err != nil {
			return fmt.Errorf("results[%d]: %w", i, err)
		}
	}
	return nil
}
