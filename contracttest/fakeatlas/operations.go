package fakeatlas

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
)

// operate is the last step: the operation itself.
func (s *Server) operate(c *call) *response {
	if operation := relatedOperations[c.op]; operation != nil {
		return operation(s, c)
	}
	if refused := s.checkProject(c); refused != nil {
		return refused
	}
	if c.op == OpList {
		return s.list(c)
	}
	if c.op == OpCreate {
		return s.create(c)
	}
	if !hexID.MatchString(c.bucket) {
		return errBucket(c.bucket)
	}
	switch c.op {
	case OpGet:
		return s.get(c)
	case OpUpdate:
		return s.update(c)
	default:
		return s.remove(c)
	}
}

// checkProject refuses a request to a project that the fake does not have.
func (s *Server) checkProject(c *call) *response {
	switch {
	case !hexID.MatchString(c.project):
		return errGroupID(c.project)
	case !s.store.hasProject(c.project):
		return errGroup(c.project)
	}
	return nil
}

// ok returns a 200 response in the negotiated version.
func (c *call) ok(value any) *response {
	return &response{status: http.StatusOK, mediaType: mediaTypeOf(c.version), value: value}
}

func (s *Server) create(c *call) *response {
	bucket, refused := readBucket(c)
	if refused != nil {
		return refused
	}
	bucket = s.store.add(c.project, bucket)
	body := bucket.body(false)
	if c.legacy {
		body.ProjectID = c.project // documented only for create
	}
	return c.ok(body)
}

func (s *Server) get(c *call) *response {
	bucket, ok := s.store.get(c.project, c.bucket)
	if !ok || !shows(c.version, &bucket) {
		return errBucket(c.bucket)
	}
	return c.ok(bucket.body(true))
}

func (s *Server) update(c *call) *response {
	private, refused := readUpdate(c)
	if refused != nil {
		return refused
	}
	bucket, ok := s.store.change(c.project, c.bucket, func(b *Bucket) {
		if b.Provider == AWS {
			b.RequirePrivateNetworking = private
		}
	})
	switch {
	case !ok:
		return errBucket(c.bucket)
	case bucket.Provider != AWS:
		return errUnknownField("requirePrivateNetworking") // inferred: other providers lack this setting
	}
	return c.ok(bucket.body(true))
}

// remove responds with 204, without a body but with a dated Content-Type.
func (s *Server) remove(c *call) *response {
	found, removed := s.store.remove(c.project, c.bucket, func(b *Bucket) bool { return !b.InUse })
	switch {
	case !found:
		return errBucket(c.bucket)
	case !removed:
		return errInUse(c.bucket)
	}
	return &response{status: http.StatusNoContent, mediaType: mediaTypeOf(c.version)}
}

// listBody is a page of a list. The order of its fields is that of
// contracttest/testdata/seen/list.http.
type listBody[T any] struct {
	Links      []link `json:"links"`
	Results    []T    `json:"results"`
	Status     int    `json:"status,omitempty"` // with envelope=true
	TotalCount int    `json:"totalCount"`
}

// newListBody returns a page with results out of total. url is the list's URL without its
// query.
func newListBody[T any](p page, url string, results []T, total int) listBody[T] {
	body := listBody[T]{Links: p.links(url, total), Results: results}
	if p.count {
		body.TotalCount = total
	}
	return body
}

// withStatus returns the page in the form of envelope=true.
func (l listBody[T]) withStatus(status int) any {
	l.Status = status
	return l
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

func (s *Server) list(c *call) *response {
	p := c.page
	from := p.from()
	show := func(b *Bucket) bool { return shows(c.version, b) }
	buckets, total := s.store.list(c.project, show, from, p.size)
	results := make([]bucketBody, len(buckets))
	for i := range buckets {
		results[i] = buckets[i].body(false)
	}
	return c.ok(newListBody(p, s.origin(c)+c.request.URL.Path, results, total))
}

// lists reports whether the operation has pages.
func (op Operation) lists() bool {
	return op == OpList || op == OpListProjects || op == OpListClusters || op == OpListOrganizations
}

// page is the part of a list that the caller requested.
type page struct {
	number, size int
	count        bool
}

// The bounds of the query parameters. The page number has no bound.
const (
	defaultPageSize = 100
	maxPageSize     = 500
)

// from returns the index of the page's first bucket, which may be beyond the last bucket.
func (p page) from() int {
	if p.number > math.MaxInt/maxPageSize {
		return math.MaxInt
	}
	return (p.number - 1) * p.size
}

// links returns the links of a page as in contracttest/testdata/seen/list.http, where the
// parameters of self and next have different orders. A page without a count has no next
// link, even if it is full (list-without-count.http). The form of previous is inferred.
func (p page) links(base string, total int) []link {
	links := []link{{
		Rel: "self",
		Href: base + "?includeCount=" + strconv.FormatBool(p.count) +
			"&pageNum=" + strconv.Itoa(p.number) + "&itemsPerPage=" + strconv.Itoa(p.size),
	}}
	other := func(rel string, number int) link {
		return link{Rel: rel, Href: base + "?includeCount=" + strconv.FormatBool(p.count) +
			"&itemsPerPage=" + strconv.Itoa(p.size) + "&pageNum=" + strconv.Itoa(number)}
	}
	if p.number > 1 {
		links = append(links, other("previous", p.number-1))
	}
	if p.count && p.from() < total-p.size {
		links = append(links, other("next", p.number+1))
	}
	return links
}

// readQuery is the step that reads the query parameters. Undeclared parameters are ignored,
// as in Atlas (inferred).
func (s *Server) readQuery(c *call) *response {
	query := c.request.URL.Query()
	bad := ""
	envelope := readBool(query, "envelope", false, &bad)
	pretty := readBool(query, "pretty", false, &bad)
	if c.op.lists() {
		c.page = page{
			count:  readBool(query, "includeCount", true, &bad),
			size:   readInt(query, "itemsPerPage", defaultPageSize, maxPageSize, &bad),
			number: readInt(query, "pageNum", 1, math.MaxInt, &bad),
		}
	}
	if bad != "" {
		return errQuery(bad)
	}
	c.envelope, c.pretty = envelope, pretty
	return nil
}

func readBool(query url.Values, name string, value bool, bad *string) bool {
	switch query.Get(name) {
	case "true":
		return true
	case "false":
		return false
	case "":
	default:
		*bad = name
	}
	return value
}

func readInt(query url.Values, name string, value, highest int, bad *string) int {
	text := query.Get(name)
	if text == "" {
		return value
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > highest {
		*bad = name
		return value
	}
	return n
}
