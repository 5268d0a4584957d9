package client_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// batch is the number of calls measured together, because the clock is coarse.
const batch = 50

// compare runs batches of the client and of the baseline alternately, so that other load on
// the machine affects both. It reports the median ratio of their CPU times, and the
// allocations of a call. No other work may run in the process.
func compare(b *testing.B, baseline, ours func() error) {
	b.Helper()
	for range 2 { // connections, pools
		measure(b, baseline)
		measure(b, ours)
	}
	var ratios []float64
	var was, is cost
	for b.Loop() {
		one, other := measure(b, baseline), measure(b, ours)
		ratios = append(ratios, float64(other.cpu)/float64(one.cpu))
		was, is = was.plus(one), is.plus(other)
	}
	slices.Sort(ratios)
	calls := float64(len(ratios) * batch)
	b.ReportMetric(ratios[len(ratios)/2], "x-baseline")
	b.ReportMetric(float64(was.cpu)/calls/1e3, "baseline-cpu-µs")
	b.ReportMetric(float64(is.cpu)/calls/1e3, "client-cpu-µs")
	b.ReportMetric(float64(was.allocations)/calls, "baseline-allocs")
	b.ReportMetric(float64(is.allocations)/calls, "client-allocs")
}

// cost returns the CPU time and the allocations of the process for a batch of calls.
type cost struct {
	cpu         time.Duration
	allocations uint64
}

func (c cost) plus(other cost) cost {
	return cost{c.cpu + other.cpu, c.allocations + other.allocations}
}

func measure(b *testing.B, call func() error) cost {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := cpuTime(b)
	for range batch {
		if err := call(); err != nil {
			b.Fatal(err)
		}
	}
	took := cpuTime(b) - began
	runtime.ReadMemStats(&after)
	return cost{took, after.Mallocs - before.Mallocs}
}

// rawBucket and rawPage are the minimal types that a program without the client declares.
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

// plainClient returns an http.Client like http.DefaultClient, with connections of its own.
func plainClient(b *testing.B) *http.Client {
	b.Helper()
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		b.Fatal("net/http's default transport is not an *http.Transport")
	}
	own := transport.Clone()
	b.Cleanup(own.CloseIdleConnections)
	return &http.Client{Transport: own}
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

// benchBody is the environment variable that turns the test binary into a server of the
// file that it names.
const benchBody = "EXPORTBUCKETS_BENCH_BODY"

// serveBench serves the file that benchBody names in response to every request, until
// standard input ends. It prints its URL.
func serveBench() error {
	body, err := os.ReadFile(os.Getenv(benchBody))
	if err != nil {
		return err
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", v2024+";charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	defer srv.Close()
	fmt.Println(srv.URL)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// staticServer starts a server in a separate process, so that only the client is measured,
// and returns its URL.
func staticServer(b *testing.B, body []byte) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "body")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), benchBody+"="+file)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(url)
}

// BenchmarkGet compares a Get with a token: at most 1.1 times the baseline, and 92
// allocations.
func BenchmarkGet(b *testing.B) {
	url := staticServer(b, []byte(oneBucket))
	target := url + "/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket
	c := newClient(b, client.AccessToken("token"), url)
	hc := plainClient(b)
	compare(b,
		func() error { return rawGet(b.Context(), hc, target, "token", new(rawBucket)) },
		func() error { _, err := c.Get(b.Context(), project, bucket); return err })
}

// BenchmarkPage compares a page of 500: at most 0.9 times the baseline, and 2,400
// allocations.
func BenchmarkPage(b *testing.B) {
	url := staticServer(b, fullPage(b))
	target := url + "/api/atlas/v2/groups/" + project + "/backup/exportBuckets?itemsPerPage=500&pageNum=1"
	c := newClient(b, client.AccessToken("token"), url)
	hc := plainClient(b)
	compare(b,
		func() error { return rawGet(b.Context(), hc, target, "token", new(rawPage)) },
		func() error {
			page, err := c.ListPage(b.Context(), project, nil)
			if err == nil && len(page.Results) != 500 {
				err = fmt.Errorf("%d buckets", len(page.Results))
			}
			return err
		})
}

// fullPage is a page of 500 buckets of all providers, as the fake sends it.
func fullPage(b *testing.B) []byte {
	b.Helper()
	fake := fakeatlas.New(b, fakeatlas.Buckets(500, fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP))
	var body json.RawMessage
	url := fake.URL + "/api/atlas/v2/groups/" + fake.ProjectID + "/backup/exportBuckets?itemsPerPage=500"
	if err := rawGet(b.Context(), fake.Client(), url, accessToken(b, fake), &body); err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkListAhead lists 2,508 buckets; a request takes 50 ms and the caller works 50 ms
// on each page. It must be at least 35 % faster than the baseline, which reads one page
// after the other.
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
