package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/testenv"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(benchBody) == "" {
		testenv.UnsetAtlas()
		goleak.VerifyTestMain(m)
		return
	}
	if err := serveBench(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Ids and targets that are valid.
const (
	project = "b0123456789abcdef012345b"
	bucket  = "6a793f752c88faeba59bba56"
	role    = "c0123456789abcdef012345c"
)

var (
	onAWS   = client.AWS{BucketName: "snapshots", IAMRoleID: role, RequirePrivateNetworking: true}
	onAzure = client.Azure{BucketName: "snapshots", RoleID: role, ServiceURL: "https://someaccount.blob.core.windows.net/snapshots"}
	onGCP   = client.GCP{BucketName: "snapshots", RoleID: role}
)

// once turns retries off.
var once = client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: 1})

// promptly retries with almost no wait.
var promptly = client.WithRetryPolicy(client.RetryPolicy{BaseDelay: time.Microsecond, RateLimitDelay: time.Microsecond, MaxDelay: time.Millisecond})

// newClient returns a client of a URL, closed at the test's end.
func newClient(t testing.TB, auth client.Auth, url string, opts ...client.Option) *client.Client {
	t.Helper()
	c, err := client.New(auth, append([]client.Option{client.WithBaseURL(url)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

// keyed returns a client of a fake, with its API key.
func keyed(t testing.TB, srv *fakeatlas.Server, opts ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, client.APIKey(srv.PublicKey, srv.PrivateKey), srv.URL, opts...)
}

// clientOf returns a client of a server that handles every request with h, for responses
// that Atlas would not send.
func clientOf(t testing.TB, h http.HandlerFunc, opts ...client.Option) *client.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return newClient(t, client.AccessToken("token"), srv.URL, opts...)
}

// v2024 is the media type of the default version.
const v2024 = "application/vnd.atlas.2024-05-30+json"

// write responds with a body of the default version.
func write(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", v2024)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// oneBucket is a response to get, create and update.
const oneBucket = `{"_id":"` + bucket + `","bucketName":"snapshots","cloudProvider":"AWS","iamRoleId":"` + role + `","region":"us-east-1","requirePrivateNetworking":true}`

// pageOf is a response to list, with buckets numbered from first.
func pageOf(n, first, total int) string {
	type item map[string]any
	items := make([]item, n)
	for i := range items {
		items[i] = item{"_id": fmt.Sprintf("%024x", first+i), "bucketName": "b", "cloudProvider": "GCP", "roleId": role}
	}
	body, _ := json.Marshal(item{"results": items, "totalCount": total})
	return string(body)
}

// operation is one of the client's calls, for tests of all calls.
type operation struct {
	name   string
	method string
	call   func(ctx context.Context, c *client.Client) error
}

var operations = []operation{
	{"List", http.MethodGet, func(ctx context.Context, c *client.Client) error {
		for _, err := range c.List(ctx, project, nil) {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"ListPage", http.MethodGet, func(ctx context.Context, c *client.Client) error {
		_, err := c.ListPage(ctx, project, nil)
		return err
	}},
	{"Get", http.MethodGet, func(ctx context.Context, c *client.Client) error {
		_, err := c.Get(ctx, project, bucket)
		return err
	}},
	{"Create", http.MethodPost, func(ctx context.Context, c *client.Client) error {
		_, err := c.Create(ctx, project, onAWS)
		return err
	}},
	{"Update", http.MethodPatch, func(ctx context.Context, c *client.Client) error {
		_, err := c.Update(ctx, project, bucket, client.Update{RequirePrivateNetworking: client.Ptr(true)})
		return err
	}},
	{"Delete", http.MethodDelete, func(ctx context.Context, c *client.Client) error {
		return c.Delete(ctx, project, bucket)
	}},
}

// forEachOperation runs f as a subtest for every call.
func forEachOperation(t *testing.T, f func(t *testing.T, op operation)) {
	t.Helper()
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) { f(t, op) })
	}
}

// counter counts requests.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// pass lets fake time pass.
func pass(d time.Duration) { <-time.After(d) }

// recorded is a successful response, for transports without a network.
func recorded(body string) *http.Response {
	w := httptest.NewRecorder()
	write(w, http.StatusOK, body)
	return w.Result()
}
