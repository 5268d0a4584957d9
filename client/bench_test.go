package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/icholy/digest"
)

// compare runs both in turn, so that what else the machine does weighs on both, and
// reports how many times the baseline's time ours takes: of medians, which a stall of
// the machine doesn't move.
func compare(b *testing.B, baseline, ours func() error) {
	b.Helper()
	measure := func(f func() error) time.Duration {
		began := time.Now()
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	for range 20 { // connections, pools
		measure(baseline)
		measure(ours)
	}
	var baselineTimes, oursTimes []time.Duration
	for b.Loop() {
		baselineTimes = append(baselineTimes, measure(baseline))
		oursTimes = append(oursTimes, measure(ours))
	}
	was, is := median(baselineTimes), median(oursTimes)
	b.ReportMetric(float64(is)/float64(was), "x-baseline")
	b.ReportMetric(float64(was)/1e3, "baseline-µs")
	b.ReportMetric(float64(is)/1e3, "client-µs")
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// rawBucket and rawPage are what somebody writes who needs no more than this.
type rawBucket struct {
	ID                       string `json:"_id"`
	BucketName               string `json:"bucketName"`
	CloudProvider            string `json:"cloudProvider"`
	IAMRoleID                string `json:"iamRoleId"`
	Region                   string `json:"region"`
	RequirePrivateNetworking bool   `json:"requirePrivateNetworking"`
	RoleID                   string `json:"roleId"`
	ServiceURL               string `json:"serviceUrl"`
	TenantID                 string `json:"tenantId"`
	Links                    []struct {
		Href string `json:"href"`
		Rel  string `json:"rel"`
	} `json:"links"`
}

type rawPage struct {
	Results    []rawBucket `json:"results"`
	TotalCount int         `json:"totalCount"`
}

// rawGet is the baseline: net/http and encoding/json.
func rawGet(ctx context.Context, hc *http.Client, url, token string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", v2024)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := hc.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return json.Unmarshal(body, into)
}

// staticServer has a ready answer for every request.
func staticServer(b *testing.B, body []byte) *httptest.Server {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", v2024+";charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	b.Cleanup(srv.Close)
	return srv
}

// BenchmarkGet compares a Get: at most 1.25 times the baseline.
func BenchmarkGet(b *testing.B) {
	srv := staticServer(b, []byte(oneBucket))
	url := srv.URL + "/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket
	b.Run("token", func(b *testing.B) {
		c := newClient(b, client.AccessToken("token"), srv.URL)
		compare(b,
			func() error { return rawGet(b.Context(), srv.Client(), url, "token", new(rawBucket)) },
			func() error { _, err := c.Get(b.Context(), project, bucket); return err })
	})
	// With keys both sides compute a digest: the baseline with the common transport.
	b.Run("keys", func(b *testing.B) {
		srv := fakeatlas.New(b, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.NoRateLimit(), fakeatlas.NonceLife(24*time.Hour), fakeatlas.KeepRequests(0))
		url := srv.URL + "/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket
		hc := &http.Client{Transport: &digest.Transport{Username: srv.PublicKey, Password: srv.PrivateKey, Transport: srv.Client().Transport}}
		c := keyed(b, srv)
		compare(b,
			func() error { return rawGet(b.Context(), hc, url, "", new(rawBucket)) },
			func() error { _, err := c.Get(b.Context(), project, bucket); return err })
	})
}

// BenchmarkPage compares a page of 500: at most 1.1 times the baseline.
func BenchmarkPage(b *testing.B) {
	fake := fakeatlas.New(b, fakeatlas.Buckets(500, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	var body json.RawMessage
	if err := rawGet(b.Context(), fake.Client(), fake.URL+"/api/atlas/v2/groups/"+fake.ProjectID+"/backup/exportBuckets?itemsPerPage=500", accessToken(b, fake), &body); err != nil {
		b.Fatal(err)
	}
	srv := staticServer(b, body)
	url := srv.URL + "/api/atlas/v2/groups/" + project + "/backup/exportBuckets?itemsPerPage=500&pageNum=1"
	c := newClient(b, client.AccessToken("token"), srv.URL)
	compare(b,
		func() error { return rawGet(b.Context(), srv.Client(), url, "token", new(rawPage)) },
		func() error {
			page, err := c.ListPage(b.Context(), project, nil)
			if err == nil && len(page.Results) != 500 {
				err = fmt.Errorf("%d buckets", len(page.Results))
			}
			return err
		})
}

// BenchmarkListAhead lists 2,508 buckets where a request takes 50 ms and the caller
// works 50 ms on each page: at least 35 % faster than a page after the other, which
// is the baseline here.
func BenchmarkListAhead(b *testing.B) {
	const cost = 50 * time.Millisecond
	srv := fakeatlas.New(b, fakeatlas.Buckets(2508), fakeatlas.NoRateLimit(), fakeatlas.Inject(fakeatlas.Latency(cost)))
	c := newClient(b, client.AccessToken(accessToken(b, srv)), srv.URL)
	work := func(n int) {
		if n%500 == 0 || n == 2508 {
			pass(cost)
		}
	}
	var ahead, plain time.Duration
	for b.Loop() {
		began, n := time.Now(), 0
		for _, err := range c.List(b.Context(), srv.ProjectID, nil) {
			if err != nil {
				b.Fatal(err)
			}
			n++
			work(n)
		}
		ahead += time.Since(began)
		began, n = time.Now(), 0
		for num := 1; num <= 6; num++ {
			page, err := c.ListPage(b.Context(), srv.ProjectID, &client.ListOptions{PageNum: num})
			if err != nil {
				b.Fatal(err)
			}
			for range page.Results {
				n++
				work(n)
			}
		}
		plain += time.Since(began)
	}
	b.ReportMetric(float64(ahead)/float64(plain), "x-baseline")
	b.ReportMetric(100*(1-float64(ahead)/float64(plain)), "%-faster")
}

// BenchmarkKeys counts the requests of 100 Gets with an API key: 101.
func BenchmarkKeys(b *testing.B) {
	requests := 0
	for b.Loop() {
		srv := fakeatlas.New(b, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}))
		c := keyed(b, srv)
		for range 100 {
			if _, err := c.Get(b.Context(), project, bucket); err != nil {
				b.Fatal(err)
			}
		}
		requests += len(srv.Requests())
	}
	b.ReportMetric(float64(requests)/float64(b.N), "requests/100-gets")
}
