package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// collect lists ids until the end or an error.
func collect(ctx context.Context, c *client.Client, projectID string, opts *client.ListOptions) ([]string, error) {
	var ids []string
	for b, err := range c.List(ctx, projectID, opts) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, b.ID)
	}
	return ids, nil
}

// TestListCost checks that a list of as many buckets as a real project has takes one request
// for each page of 500, and one for the challenge of an API key.
func TestListCost(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2508, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	tests := []struct {
		name string
		auth client.Auth
		want int
	}{
		{"with an access token", client.AccessToken(accessToken(t, srv)), 6},
		{"with an API key", client.APIKey(srv.PublicKey, srv.PrivateKey), 7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			srv.Forget()
			ids, err := collect(t.Context(), newClient(t, test.auth, srv.URL), srv.ProjectID, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := srv.Buckets(srv.ProjectID)
			if len(ids) != len(want) || len(srv.Requests()) != test.want {
				t.Errorf("%d buckets in %d requests, want %d in %d", len(ids), len(srv.Requests()), len(want), test.want)
			}
			for i, id := range ids {
				if id != want[i].ID {
					t.Fatalf("bucket %d is %s, want %s", i, id, want[i].ID)
				}
			}
		})
	}
}

// TestListOptions checks that a list starts at the requested page, uses the requested page
// size, and contains all buckets even if Atlas sends neither a count nor links.
func TestListOptions(t *testing.T) {
	tests := []struct {
		buckets  int
		options  *client.ListOptions
		want     int
		requests int
	}{
		{0, nil, 0, 1},
		{500, nil, 500, 1},
		{501, nil, 501, 2},
		{25, &client.ListOptions{ItemsPerPage: 10}, 25, 3},
		{25, &client.ListOptions{ItemsPerPage: 10, OmitCount: true}, 25, 3},
		{30, &client.ListOptions{ItemsPerPage: 10, OmitCount: true}, 30, 4},
		{25, &client.ListOptions{ItemsPerPage: 10, PageNum: 3}, 5, 1},
		{25, &client.ListOptions{ItemsPerPage: 10, PageNum: 9}, 0, 1},
		{500, &client.ListOptions{OmitCount: true}, 500, 2},
		{30, &client.ListOptions{ItemsPerPage: 10, PageNum: 3}, 10, 1},
		{3, &client.ListOptions{ItemsPerPage: 1}, 3, 3},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%d %+v", test.buckets, test.options), func(t *testing.T) {
			srv := fakeatlas.New(t, fakeatlas.Buckets(test.buckets))
			c := newClient(t, client.AccessToken(accessToken(t, srv)), srv.URL)
			ids, err := collect(t.Context(), c, srv.ProjectID, test.options)
			if err != nil || len(ids) != test.want || len(srv.Requests()) != test.requests {
				t.Errorf("got %d buckets, %v, in %d requests, want %d in %d", len(ids), err, len(srv.Requests()), test.want, test.requests)
			}
		})
	}
}

// TestFullLastPage checks that no page is requested after a full one if Atlas was asked for
// the count, the count equals the number of buckets read, and the page does not link to a
// next page. Otherwise another page is requested.
func TestFullLastPage(t *testing.T) {
	const size = 10
	next := `,"links":[{"rel":"next","href":"https://cloud.mongodb.com/"}]}`
	tests := []struct {
		name     string
		pages    int // full ones
		total    int
		link     bool
		omit     bool
		requests int
	}{
		{"counted", 1, size, false, false, 1},
		{"counted, the second page", 2, 2 * size, false, false, 2},
		{"counted as 0", 1, 0, false, false, 2},
		{"a count that is too low", 1, size - 1, false, false, 2},
		{"linked", 1, size, true, false, 2},
		{"a count that was not requested", 1, size, false, true, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var n counter
			c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
				n.next()
				page, _ := strconv.Atoi(r.URL.Query().Get("pageNum"))
				if page > test.pages {
					write(w, http.StatusOK, pageOf(0, 1, test.total))
					return
				}
				body := pageOf(size, page*size, test.total)
				if test.link {
					body = strings.TrimSuffix(body, "}") + next
				}
				write(w, http.StatusOK, body)
			})
			ids, err := collect(t.Context(), c, project, &client.ListOptions{ItemsPerPage: size, OmitCount: test.omit})
			if err != nil || len(ids) != test.pages*size || n.count() != test.requests {
				t.Errorf("got %d buckets, %v, in %d requests, want %d in %d", len(ids), err, n.count(), test.pages*size, test.requests)
			}
		})
	}
}

// TestListOptionsAreCopied checks that changing the options after the call of List has no
// effect.
func TestListOptionsAreCopied(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(25))
	c := keyed(t, srv)
	options := &client.ListOptions{ItemsPerPage: 10}
	list := c.List(t.Context(), srv.ProjectID, options)
	*options = client.ListOptions{ItemsPerPage: 500, PageNum: 7}
	for range 2 { // an iterator can be used again
		n := 0
		for _, err := range list {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 25 {
			t.Errorf("%d buckets, want 25", n)
		}
	}
}

// TestListPage checks the count and the links of one page.
func TestListPage(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(25))
	c := keyed(t, srv)
	page, err := c.ListPage(t.Context(), srv.ProjectID, &client.ListOptions{ItemsPerPage: 10, PageNum: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Results) != 10 || page.TotalCount != 25 || page.PageNum != 2 || page.ItemsPerPage != 10 || len(page.Links) == 0 {
		t.Errorf("got %d results and %+v", len(page.Results), page)
	}
	if want := srv.Buckets(srv.ProjectID)[10].ID; page.Results[0].ID != want {
		t.Errorf("the page begins with %s, want %s", page.Results[0].ID, want)
	}
}

// TestMorePages checks whether a page reports that another one follows, for a last page that is
// full and for one that is not.
func TestMorePages(t *testing.T) {
	for _, buckets := range []int{21, 25, 30} {
		srv := fakeatlas.New(t, fakeatlas.Buckets(buckets))
		c := keyed(t, srv)
		for num, want := range map[int]bool{1: true, 2: true, 3: false, 4: false} {
			page, err := c.ListPage(t.Context(), srv.ProjectID, &client.ListOptions{ItemsPerPage: 10, PageNum: num})
			if err != nil || page.More() != want {
				t.Errorf("page %d of %d buckets: %v, more: %t, want %t", num, buckets, err, page.More(), want)
			}
		}
	}
}

// TestShortPages checks that a list continues after a page with fewer items than requested, as
// a proxy may return it, if Atlas's count or link shows that there are more.
func TestShortPages(t *testing.T) {
	for _, sign := range []string{"count", "link"} {
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			n := pageNum(r.URL)
			items, total, link := 10, 0, ""
			if n == 3 {
				items = 5
			}
			if sign == "count" {
				total = 25
			} else if n < 3 {
				link = `{"rel":"next","href":"https://elsewhere.test/next"}`
			}
			body := pageOf(items, n*10, total)
			write(w, http.StatusOK, strings.TrimSuffix(body, "}")+`,"links":[`+link+`]}`)
		})
		ids, err := collect(t.Context(), c, project, nil)
		if err != nil || len(ids) != 25 {
			t.Errorf("by %s: got %d buckets, %v, want 25", sign, len(ids), err)
		}
	}
}

func pageNum(u *url.URL) int {
	n, _ := strconv.Atoi(u.Query().Get("pageNum"))
	return n
}

// TestListEndsAtRepeatedPage checks that a list ends if the server returns the same page for
// every page number.
func TestListEndsAtRepeatedPage(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, pageOf(500, 1, 2508)) })
	ids, err := collect(t.Context(), c, project, nil)
	if len(ids) != 500 || err == nil || !strings.Contains(err.Error(), "page 2 of the list is the same as page 1") {
		t.Errorf("got %d buckets and %v, want 500 and an error", len(ids), err)
	}
}

// TestListError checks that a list yields the buckets before an error, and then only the
// error.
func TestListError(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(25), fakeatlas.Inject(fakeatlas.Status(500).On(fakeatlas.OpList).After(2)))
	c := keyed(t, srv, once)
	buckets, errs := 0, 0
	for b, err := range c.List(t.Context(), srv.ProjectID, &client.ListOptions{ItemsPerPage: 10}) {
		switch {
		case err != nil && b == nil && errors.Is(err, client.ErrServer):
			errs++
		case err == nil && b != nil && errs == 0:
			buckets++
		default:
			t.Errorf("got %v, %v", b, err)
		}
	}
	if buckets != 20 || errs != 1 {
		t.Errorf("%d buckets and %d errors, want 20 and 1", buckets, errs)
	}
}

// TestListFetchesAhead checks that the next page is fetched while the caller works. With 50
// ms per request and 50 ms of work per page, 6 pages take 350 ms rather than 600.
func TestListFetchesAhead(t *testing.T) {
	const cost = 50 * time.Millisecond
	inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
		c := newClient(t, client.AccessToken(accessToken(t, srv)), srv.URL, client.WithHTTPClient(hc))
		work := func(n int) {
			if n%500 == 0 || n == 2508 {
				pass(cost)
			}
		}
		began, n := time.Now(), 0
		for _, err := range c.List(t.Context(), srv.ProjectID, nil) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			work(n)
		}
		ahead := time.Since(began)

		began, n = time.Now(), 0
		for num := 1; num <= 6; num++ {
			page, err := c.ListPage(t.Context(), srv.ProjectID, &client.ListOptions{PageNum: num})
			if err != nil {
				t.Fatal(err)
			}
			for range page.Results {
				n++
				work(n)
			}
		}
		plain := time.Since(began)
		t.Logf("%s ahead, %s without: %.1f %% faster", ahead, plain, 100*(1-float64(ahead)/float64(plain)))
		if ahead != 7*cost || plain != 12*cost {
			t.Errorf("took %s and %s, want %s and %s", ahead, plain, 7*cost, 12*cost)
		}
	}, fakeatlas.Buckets(2508), fakeatlas.Inject(fakeatlas.Latency(cost)))
}

// TestListIsBounded checks that at most one page is fetched ahead of the caller.
func TestListIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests counter
		hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			requests.next()
			return recorded(pageOf(10, pageNum(r.URL)*10, 1000)), nil
		})}
		c := newClient(t, client.AccessToken("token"), client.DefaultBaseURL, client.WithHTTPClient(hc))
		n := 0
		for _, err := range c.List(t.Context(), project, &client.ListOptions{ItemsPerPage: 10}) {
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if want := n/10 + 2; requests.count() != want {
				t.Fatalf("%d requests when the caller is at bucket %d, want %d", requests.count(), n, want)
			}
			if n++; n == 100 {
				break
			}
		}
	})
}

// TestEarlyBreak checks that leaving the loop stops the fetching. Otherwise closing the
// server, which waits for its requests, would hang, and a leaked goroutine would fail
// TestMain.
func TestEarlyBreak(t *testing.T) {
	for _, end := range []string{"break", "panic"} {
		t.Run(end, func(t *testing.T) {
			c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
				if pageNum(r.URL) > 1 {
					<-r.Context().Done() // hangs until the client goes away
					return
				}
				write(w, http.StatusOK, pageOf(500, 1, 0))
			})
			func() {
				defer func() { _ = recover() }()
				for _, err := range c.List(t.Context(), project, nil) {
					if err != nil {
						t.Fatal(err)
					}
					if end == "panic" {
						panic(end)
					}
					break
				}
			}()
		})
	}
}

// TestListCanceled checks that the list ends with the context's error.
func TestListCanceled(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(25))
	c := keyed(t, srv)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for _, err := range c.List(ctx, srv.ProjectID, &client.ListOptions{ItemsPerPage: 1}) {
		if last = err; err == nil {
			n++
		}
		cancel()
	}
	if !errors.Is(last, context.Canceled) || n == 0 || n > 2 {
		t.Errorf("got %d buckets and %v, want the canceled context after the fetched pages", n, last)
	}
}

// TestLinksAreNotFollowed checks that no link is followed, although every response contains
// many.
func TestLinksAreNotFollowed(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/atlas/v2/groups/"+project+"/backup/exportBuckets" {
			t.Errorf("a link was followed to %s", r.URL)
		}
		items, link := 500, fmt.Sprintf(`"links":[{"rel":"next","href":"http://%s/stolen"}]`, r.Host)
		if pageNum(r.URL) == 2 {
			items, link = 1, `"links":[]`
		}
		write(w, http.StatusOK, strings.TrimSuffix(pageOf(items, pageNum(r.URL)*1000, 501), "}")+","+link+"}")
	})
	if ids, err := collect(t.Context(), c, project, nil); err != nil || len(ids) != 501 {
		t.Errorf("got %d buckets, %v, want 501", len(ids), err)
	}
}
