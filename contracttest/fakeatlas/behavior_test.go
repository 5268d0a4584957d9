package fakeatlas_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

type listAnswer struct {
	Links      []struct{ Href, Rel string }
	Results    []map[string]any
	TotalCount int
}

func (r reply) list(t *testing.T) listAnswer {
	t.Helper()
	var l listAnswer
	if err := json.Unmarshal([]byte(r.body), &l); err != nil || r.status != 200 {
		t.Fatalf("%d %s: %v", r.status, r.body, err)
	}
	return l
}

// The test checks the pages of a project with 2508 buckets, with the links of each page.
func TestPaging(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(2508))
	c := newCaller(t, srv)
	base := srv.URL + c.path("")
	for _, tt := range []struct {
		query string
		n     int
		links []string
		total int
	}{
		{"", 100, []string{
			"self ?includeCount=true&pageNum=1&itemsPerPage=100",
			"next ?includeCount=true&itemsPerPage=100&pageNum=2",
		}, 2508},
		{"?pageNum=2&itemsPerPage=500", 500, []string{
			"self ?includeCount=true&pageNum=2&itemsPerPage=500",
			"previous ?includeCount=true&itemsPerPage=500&pageNum=1",
			"next ?includeCount=true&itemsPerPage=500&pageNum=3",
		}, 2508},
		{"?pageNum=26", 8, []string{
			"self ?includeCount=true&pageNum=26&itemsPerPage=100",
			"previous ?includeCount=true&itemsPerPage=100&pageNum=25",
		}, 2508},
		{"?pageNum=12&itemsPerPage=209", 209, []string{ // the last page, which is full
			"self ?includeCount=true&pageNum=12&itemsPerPage=209",
			"previous ?includeCount=true&itemsPerPage=209&pageNum=11",
		}, 2508},
		{"?pageNum=27", 0, []string{
			"self ?includeCount=true&pageNum=27&itemsPerPage=100",
			"previous ?includeCount=true&itemsPerPage=100&pageNum=26",
		}, 2508},
		// As in testdata/seen/list-without-count.http, a full page has no next link if it
		// has no count.
		{"?includeCount=false", 100, []string{"self ?includeCount=false&pageNum=1&itemsPerPage=100"}, 0},
	} {
		l := c.ask("GET", tt.query, "").list(t)
		links := []string{}
		for _, link := range l.Links {
			links = append(links, link.Rel+" "+strings.TrimPrefix(link.Href, base))
		}
		if len(l.Results) != tt.n || l.TotalCount != tt.total {
			t.Errorf("%q: %d results of %d, want %d of %d", tt.query, len(l.Results), l.TotalCount, tt.n, tt.total)
		}
		if diff := cmp.Diff(tt.links, links); diff != "" {
			t.Errorf("%q: links (-want +got):\n%s", tt.query, diff)
		}
	}
}

// Following the pages returns every bucket once, in the order of the state.
func TestPagesAreComplete(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(250, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	c := newCaller(t, srv)
	var got, want []string
	for page := 1; page <= 3; page++ {
		for _, b := range c.ask("GET", fmt.Sprintf("?pageNum=%d", page), "").list(t).Results {
			got = append(got, b["_id"].(string)+" "+b["cloudProvider"].(string))
		}
	}
	for _, b := range srv.Buckets(srv.ProjectID) {
		want = append(want, b.ID+" "+string(b.Provider))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQueryBounds(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t))
	for _, tt := range []struct{ query, bad string }{
		{"?itemsPerPage=1", ""}, {"?itemsPerPage=500", ""}, {"?pageNum=2147483647&itemsPerPage=500", ""},
		{"?undeclared=1", ""},
		{"?itemsPerPage=0", "itemsPerPage"}, {"?itemsPerPage=501", "itemsPerPage"}, {"?itemsPerPage=ten", "itemsPerPage"},
		{"?pageNum=0", "pageNum"}, {"?pageNum=-1", "pageNum"}, {"?pageNum=99999999999999999999", "pageNum"},
		{"?includeCount=yes", "includeCount"}, {"?pretty=1", "pretty"}, {"?envelope=TRUE", "envelope"},
	} {
		got := c.ask("GET", tt.query, "")
		want := `{"detail":"Invalid query parameter ` + tt.bad + ` specified.","error":400,"errorCode":"INVALID_QUERY_PARAMETER","parameters":["` + tt.bad + `"],"reason":"Bad Request"}`
		if tt.bad == "" && got.status != 200 || tt.bad != "" && got.body != want {
			t.Errorf("%s: %d %s", tt.query, got.status, got.body)
		}
	}
}

func TestEnvelopeAndPretty(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	c := newCaller(t, srv)
	const id = "6657c1810000000001000001"
	one := `{"_id":"` + id + `","bucketName":"test-bucket","cloudProvider":"AWS","iamRoleId":"c0fa4ea71a50000000000001","region":"us-east-1","requirePrivateNetworking":false}`
	for _, tt := range []struct{ method, path, want string }{
		{"GET", id + "?envelope=true", `{"status":200,"envelope":` + one + `}`},
		{"GET", "?envelope=true&pageNum=2", `{"links":[{"href":"` + srv.URL + c.path("") + `?includeCount=true&pageNum=2&itemsPerPage=100","rel":"self"},` +
			`{"href":"` + srv.URL + c.path("") + `?includeCount=true&itemsPerPage=100&pageNum=1","rel":"previous"}],"results":[],"status":200,"totalCount":1}`},
		{"GET", "000000000000000000000000?envelope=true", `{"status":404,"envelope":{"detail":"No export Bucket with ID 000000000000000000000000 does not exist.","error":404,"errorCode":"EXPORT_BUCKET_NOT_FOUND","parameters":["000000000000000000000000"],"reason":"Not Found"}}`},
		{"GET", id + "?pretty=true", "{\n  \"_id\": \"" + id + "\",\n  \"bucketName\": \"test-bucket\",\n  \"cloudProvider\": \"AWS\",\n  \"iamRoleId\": \"c0fa4ea71a50000000000001\",\n  \"region\": \"us-east-1\",\n  \"requirePrivateNetworking\": false\n}"},
		{"DELETE", id + "?envelope=true&pretty=true", ""},
	} {
		if got := c.ask(tt.method, tt.path, ""); got.body != tt.want {
			t.Errorf("%s %s:\n got %s\nwant %s", tt.method, tt.path, got.body, tt.want)
		}
	}
}

// stopped is a clock that only Advance moves.
var stopped = fakeatlas.Clock(func() time.Time { return time.Date(2026, 8, 10, 3, 3, 17, 0, time.UTC) })

// All operations of a project share one rate limit. A refused request succeeds after the
// seconds of Retry-After, and the limit is restored as time passes.
func TestRateLimit(t *testing.T) {
	other := "0123456789abcdef01234567"
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Project(other),
		fakeatlas.RateLimit(fakeatlas.Allowance{Capacity: 3, Refill: 6, Per: time.Minute}), stopped)
	c := newCaller(t, srv)
	id := srv.Buckets(srv.ProjectID)[0].ID
	remaining := []string{}
	for _, ask := range [][3]string{{"GET", "", ""}, {"GET", id, ""}, {"POST", "", awsBody}} {
		remaining = append(remaining, c.ask(ask[0], ask[1], ask[2]).header.Get("Ratelimit-Remaining"))
	}
	if diff := cmp.Diff([]string{"2", "1", "0"}, remaining); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	got := c.ask("DELETE", id, "")
	path := strings.TrimPrefix(c.path(id), "/")
	want := `{"detail":"Rate limit exceeded for ` + path + `. Please retry after 10 seconds. Request capacity: 3. Refill rate: 6 per 60 seconds. ` +
		`For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.","error":429,"errorCode":"RATE_LIMITED_TOKEN_BUCKET",` +
		`"parameters":["` + path + `",10,3,6,60],"reason":"Too Many Requests"}`
	if diff := cmp.Diff(want, got.body); got.status != 429 || diff != "" {
		t.Errorf("the fourth: %d (-want +got):\n%s", got.status, diff)
	}
	for name, value := range map[string]string{"Retry-After": "10", "Ratelimit-Limit": "3", "Ratelimit-Remaining": "0", "X-Error-Code": "RATE_LIMITED_TOKEN_BUCKET"} {
		if got.header.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), value)
		}
	}
	srv.Advance(5 * time.Second)
	if got := c.ask("GET", "", ""); got.status != 429 || got.header.Get("Retry-After") != "5" {
		t.Errorf("5 s later: %d, Retry-After %s, want 429 and 5", got.status, got.header.Get("Retry-After"))
	}
	srv.Advance(-5 * time.Second)
	if got := c.ask("GET", "/api/atlas/v2/groups/"+other+"/backup/exportBuckets", ""); got.status != 200 {
		t.Errorf("another project: %d", got.status)
	}
	for _, later := range []string{"10 s", "20 s"} {
		srv.Advance(10 * time.Second)
		if got := c.ask("GET", "", ""); got.status != 200 || got.header.Get("Ratelimit-Remaining") != "0" {
			t.Errorf("%s later: %d %s, %s left", later, got.status, got.body, got.header.Get("Ratelimit-Remaining"))
		}
	}
}

func TestNoRateLimit(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t, fakeatlas.NoRateLimit()))
	for range 2 {
		got := c.ask("GET", "", "")
		if got.header.Get("Ratelimit-Limit") != "1200" || got.header.Get("Ratelimit-Remaining") != "1199" {
			t.Errorf("%s of %s", got.header.Get("Ratelimit-Remaining"), got.header.Get("Ratelimit-Limit"))
		}
	}
}

func TestUnknownPaths(t *testing.T) {
	c := newCaller(t, fakeatlas.New(t, fakeatlas.AllowUnknown()))
	group := c.srv.ProjectID
	for _, tt := range []struct {
		method, path string
		status       int
		code, allow  string
	}{
		{"GET", "/", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/users", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v3/groups/" + group + "/backup/exportBuckets", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/groups/" + group + "/backup/exportBuckets/a/b", 404, "RESOURCE_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets", 404, "GROUP_NOT_FOUND", ""},
		{"GET", "/api/atlas/v2/groups/short/backup/exportBuckets", 404, "INVALID_GROUP_ID", ""},
		{"GET", "/api/atlas/v2/groups/" + strings.ToUpper(group) + "/backup/exportBuckets", 404, "INVALID_GROUP_ID", ""},
		{"GET", "short", 404, "EXPORT_BUCKET_NOT_FOUND", ""},
		{"GET", "a%2Fb", 404, "EXPORT_BUCKET_NOT_FOUND", ""},
		{"PUT", "", 405, "METHOD_NOT_ALLOWED", "GET, POST"},
		{"POST", "0123456789abcdef01234567", 405, "METHOD_NOT_ALLOWED", "DELETE, GET, PATCH"},
		{"PATCH", "/api/atlas/v1.0/groups/" + group + "/backup/exportBuckets/0123456789abcdef01234567", 405, "METHOD_NOT_ALLOWED", "DELETE, GET"},
	} {
		got := c.ask(tt.method, tt.path, "")
		if got.status != tt.status || got.header.Get("X-Error-Code") != tt.code || got.header.Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d %s, Allow %q, want %d %s, Allow %q", tt.method, tt.path,
				got.status, got.header.Get("X-Error-Code"), got.header.Get("Allow"), tt.status, tt.code, tt.allow)
		}
	}
}

func TestInUse(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(fakeatlas.DefaultProjectID, fakeatlas.Bucket{InUse: true}))
	c := newCaller(t, srv)
	id := srv.Buckets(srv.ProjectID)[0].ID
	if got := c.ask("DELETE", id, ""); got.status != 400 || got.header.Get("X-Error-Code") != "EXPORT_BUCKET_DELETE_FAILED_BUCKET_IN_USE" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if !srv.SetInUse(srv.ProjectID, id, false) || srv.SetInUse(srv.ProjectID, "gone", false) {
		t.Error("SetInUse does not report which buckets exist")
	}
	if got := c.ask("DELETE", id, ""); got.status != 204 {
		t.Errorf("no longer in use: %d %s", got.status, got.body)
	}
}
