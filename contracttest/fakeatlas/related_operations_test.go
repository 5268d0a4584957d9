package fakeatlas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// Tools request projects, organizations and clusters before and after they work on export
// buckets. Each response is an object that fits the fake's state, or an empty list.
func TestRelatedOperations(t *testing.T) {
	const (
		other = "0123456789abcdef01234567"
		org   = "fa4ea71a5000000000000003"
	)
	srv := fakeatlas.New(t, fakeatlas.Project(other), fakeatlas.Accounts(fakeatlas.Account{ClientID: "foreign", OtherOrganization: true}))
	here := srv.ProjectID
	project := func(id string) string {
		return `{"clusterCount":0,"created":"2024-05-30T00:00:00Z","id":"` + id + `","links":[{"href":"` + srv.URL + `/api/atlas/v2/groups/` + id +
			`","rel":"self"}],"name":"fakeatlas-` + id + `","orgId":"` + org + `","withDefaultAlertsSettings":true}`
	}
	organization := `{"id":"` + org + `","isDeleted":false,"links":[{"href":"` + srv.URL + `/api/atlas/v2/orgs/` + org +
		`","rel":"self"}],"name":"fakeatlas","skipDefaultAlertsSettings":false}`
	list := func(path, results string, total int) string {
		return `{"links":[{"href":"` + srv.URL + `/api/atlas/v2/` + path + `?includeCount=true&pageNum=1&itemsPerPage=100","rel":"self"}],"results":[` +
			results + `],"totalCount":` + string(rune('0'+total)) + `}`
	}
	for _, tt := range []struct {
		client, path string
		status       int
		body         string // the complete body, or a part of it
	}{
		{"", "groups", 200, list("groups", project(other)+","+project(here), 2)},
		{"", "groups?itemsPerPage=1&pageNum=2", 200, `"results":[` + project(here) + `],"totalCount":2}`},
		{"", "groups?pageNum=9", 200, `"results":[],"totalCount":2}`},
		{"", "groups?envelope=true&includeCount=false", 200, `"status":200,"totalCount":0}`},
		{"", "groups/" + here, 200, project(here)},
		{"", "groups/byName/fakeatlas-" + here, 200, project(here)},
		{"", "groups/byName/nobody", 404, `"errorCode":"GROUP_NAME_NOT_FOUND"`},
		{"", "groups/ffffffffffffffffffffffff", 404, `"errorCode":"GROUP_NOT_FOUND"`},
		{"", "groups/x", 404, `"errorCode":"INVALID_GROUP_ID"`},
		{"", "groups/" + here + "/clusters", 200, list("groups/"+here+"/clusters", "", 0)},
		{"", "groups/ffffffffffffffffffffffff/clusters", 404, `"errorCode":"GROUP_NOT_FOUND"`},
		{"", "groups/" + here + "/clusters/c0", 404, `"detail":"No cluster named c0 exists in group ` + here + `."`},
		{"", "orgs", 200, list("orgs", organization, 1)},
		{"", "orgs/" + org, 200, organization},
		{"", "orgs/" + other, 404, `"errorCode":"ORG_NOT_FOUND"`},
		{"foreign", "groups", 200, list("groups", "", 0)},
		{"foreign", "orgs", 200, list("orgs", "", 0)},
		{"foreign", "orgs/" + org, 404, `"errorCode":"ORG_NOT_FOUND"`},
		{"foreign", "groups/" + here, 401, `"errorCode":"NOT_IN_GROUP"`},
		{"foreign", "groups/" + here + "/clusters", 401, `"errorCode":"NOT_IN_GROUP"`},
	} {
		c := bearer(t, srv)
		if tt.client != "" {
			c = bearerAs(t, srv, tt.client)
		}
		got := c.ask("GET", "/api/atlas/v2/"+tt.path, "", "Accept: application/vnd.atlas.2024-10-23+json")
		if strings.HasPrefix(tt.body, "{") && got.body != tt.body || !strings.Contains(got.body, tt.body) || got.status != tt.status {
			t.Errorf("%s %s: %d\n%s\nwant %d\n%s", tt.client, tt.path, got.status, got.body, tt.status, tt.body)
		}
		if got.status == 200 && got.header.Get("Ratelimit-Limit") != "" {
			t.Errorf("%s counts against the rate limit", tt.path)
		}
	}
}

func TestRelatedOperationVersions(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.AllowUnknown())
	c := bearer(t, srv)
	clusters := "groups/" + srv.ProjectID + "/clusters"
	var got []string
	for _, tt := range [][3]string{
		{"GET", "v2/groups", "application/vnd.atlas.2025-03-12+json"},
		{"GET", "v2/" + clusters, "application/vnd.atlas.2023-01-01+json"},
		{"GET", "v2/" + clusters, "application/vnd.atlas.2024-10-23+json"},
		{"GET", "v2/" + clusters, "application/json"},
		{"GET", "v1.0/groups", "application/json"},
		{"POST", "v2/groups", "application/vnd.atlas.2025-03-12+json"},
		{"GET", "v3/groups", "application/vnd.atlas.2025-03-12+json"},
		{"GET", "v2/groups/" + srv.ProjectID + "/peers", "application/vnd.atlas.2025-03-12+json"},
	} {
		response := c.ask(tt[0], "/api/atlas/"+tt[1], "", "Accept: "+tt[2])
		got = append(got, response.header.Get("Content-Type")+response.header.Get("X-Error-Code")+response.header.Get("Allow"))
	}
	want := []string{
		"application/vnd.atlas.2023-01-01+json;charset=utf-8",
		"application/vnd.atlas.2023-01-01+json;charset=utf-8",
		"application/vnd.atlas.2024-08-05+json;charset=utf-8",
		"application/jsonINVALID_VERSION_DATE",
		"application/json",
		"application/jsonMETHOD_NOT_ALLOWEDGET",
		"application/jsonRESOURCE_NOT_FOUND",
		"application/jsonRESOURCE_NOT_FOUND",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Without a rate limit, the token endpoint has no limit either, unless one was set.
func TestNoRateLimitFreesTheTokenEndpoint(t *testing.T) {
	for _, tt := range []struct {
		opts []fakeatlas.Option
		want int // number of requests that get a token
	}{
		{[]fakeatlas.Option{fakeatlas.NoRateLimit()}, 150},
		{[]fakeatlas.Option{fakeatlas.NoRateLimit(), fakeatlas.TokenLimits(3, 100)}, 3},
		{[]fakeatlas.Option{fakeatlas.TokenLimits(3, 100), fakeatlas.NoRateLimit()}, 3},
		{nil, 10},
	} {
		srv := fakeatlas.New(t, tt.opts...)
		c, got := plain(t, srv), 0
		for range 150 {
			if c.oauth("token", "grant_type=client_credentials", srv.ClientID, srv.ClientSecret).status == 200 {
				got++
			}
		}
		if got != tt.want {
			t.Errorf("%d tokens, want %d", got, tt.want)
		}
	}
}
