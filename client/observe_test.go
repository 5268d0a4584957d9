package client_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// logBuffer keeps the log output.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *logBuffer) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// TestCallHook checks that the hook receives every call: its attempts, its outcome and the
// rate limit.
func TestCallHook(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpGet).Times(1)))
	type key struct{}
	var got []client.Call
	c := keyed(t, srv, promptly, client.WithCallHook(func(ctx context.Context, call client.Call) {
		if ctx.Value(key{}) != "mine" {
			t.Error("the hook was not called with the call's context")
		}
		got = append(got, call)
	}))
	ctx := context.WithValue(t.Context(), key{}, "mine")
	_, _ = c.Get(ctx, project, bucket)
	_, missing := c.Get(ctx, project, project)
	_, _ = c.Get(ctx, "no id", bucket) // no call
	_ = c.Delete(ctx, project, bucket)
	if len(got) != 3 {
		t.Fatalf("%d calls, want 3: %+v", len(got), got)
	}
	first, second, third := got[0], got[1], got[2]
	path := "/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket
	if first.Operation != "getExportBucket" || first.Method != http.MethodGet || first.Path != path || first.Err != nil ||
		first.StatusCode != http.StatusOK || first.Attempts != 2 || first.Duration <= 0 || first.RateLimit.Limit != 1200 || first.RateLimit.Remaining == 0 {
		t.Errorf("first: %+v", first)
	}
	if second.StatusCode != http.StatusNotFound || second.Attempts != 1 || !errors.Is(second.Err, missing) {
		t.Errorf("second: %+v", second)
	}
	if third.Operation != "deleteExportBucket" || third.StatusCode != http.StatusNoContent {
		t.Errorf("third: %+v", third)
	}
}

// TestLog checks that every call and retry is logged, and that no log entry contains
// secrets, headers, queries or bodies.
func TestLog(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.Inject(fakeatlas.Status(503).On(fakeatlas.OpList).Times(1)))
	for _, auth := range []client.Auth{client.APIKey(srv.PublicKey, srv.PrivateKey), client.ServiceAccount(srv.ClientID, srv.ClientSecret)} {
		logged := &logBuffer{}
		c := newClient(t, auth, srv.URL, promptly, client.WithLogger(logged.logger()))
		if _, err := c.ListPage(t.Context(), project, nil); err != nil {
			t.Fatal(err)
		}
		_, _ = c.Get(t.Context(), project, project)
		text := logged.String()
		for _, word := range []string{"operation=listExportBuckets", "status=200", "status=404", "EXPORT_BUCKET_NOT_FOUND"} {
			if !strings.Contains(text, word) {
				t.Errorf("the log lacks %s:\n%s", word, text)
			}
		}
		for _, word := range []string{srv.PrivateKey, srv.ClientSecret, lastToken(srv), "Authorization", "itemsPerPage", "nonce", "iamRoleId"} {
			if word != "" && strings.Contains(text, word) {
				t.Errorf("the log contains %q: %s", word, text)
			}
		}
	}
	if !slices.ContainsFunc(srv.Requests(), func(r fakeatlas.Request) bool { return r.Status == 503 }) {
		t.Error("no retry was made")
	}
}

// TestLogAttributes checks the names and values of the attributes of each log entry, because
// programs that read logs depend on them.
func TestLogAttributes(t *testing.T) {
	const path = "/api/atlas/v2/groups/" + project + "/backup/exportBuckets/" + bucket
	var n counter
	var logged bytes.Buffer
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.next() == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		panic(http.ErrAbortHandler)
	}, client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Microsecond}),
		client.WithLogger(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if _, err := c.Get(t.Context(), project, bucket); err == nil || !strings.HasSuffix(err.Error(), " (after 3 attempts)") {
		t.Errorf("got %v, want an error that ends with the number of attempts", err)
	}
	want := []map[string]any{
		{"level": "INFO", "msg": "trying again", "method": "GET", "path": path, "attempt": 1.0, "status": 503.0},
		{"level": "INFO", "msg": "trying again", "method": "GET", "path": path, "attempt": 2.0, "status": 0.0, "error": "EOF"},
		{"level": "DEBUG", "msg": "Atlas call", "operation": "getExportBucket", "method": "GET", "path": path, "status": 0.0, "attempts": 3.0, "error": "EOF"},
	}
	for entry := range strings.Lines(logged.String()) {
		var got map[string]any
		if err := json.Unmarshal([]byte(entry), &got); err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			t.Fatalf("one entry too many: %s", entry)
		}
		if span, ok := cmp.Or(got["wait"], got["duration"]).(float64); !ok || span <= 0 || got["time"] == nil {
			t.Errorf("no wait or duration, or no time: %s", entry)
		}
		for _, varies := range []string{"time", "wait", "duration"} {
			delete(got, varies)
		}
		if text, ok := got["error"].(string); ok && strings.Contains(text, "EOF") {
			got["error"] = "EOF"
		}
		if !maps.Equal(got, want[0]) {
			t.Errorf("got  %v\nwant %v", got, want[0])
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Errorf("missing entries: %v", want)
	}
}

// TestUserAgent checks that every request names the program and the client, including
// requests for tokens.
func TestUserAgent(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	for _, auth := range []client.Auth{client.APIKey(srv.PublicKey, srv.PrivateKey), client.ServiceAccount(srv.ClientID, srv.ClientSecret)} {
		c := newClient(t, auth, srv.URL, client.WithUserAgent("nightly/1.2"))
		if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if countOf(srv, fakeatlas.OpToken) != 1 || countOf(srv, fakeatlas.OpRevoke) != 1 {
		t.Error("want a token request and a revocation among the requests")
	}
	for _, r := range srv.Requests() {
		if got := r.Header.Get("User-Agent"); got != "nightly/1.2 exportbuckets" {
			t.Errorf("User-Agent of %s is %q", r.Operation, got)
		}
	}
}

// TestOptionsDoNotChangeCallersValues checks that two clients with one http.Client of the
// caller do not change it, nor the defaults of net/http.
func TestOptionsDoNotChangeCallersValues(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	hc := &http.Client{Transport: transport}
	global := http.DefaultTransport
	for _, auth := range []client.Auth{client.APIKey(srv.PublicKey, srv.PrivateKey), client.AccessToken(accessToken(t, srv))} {
		c := newClient(t, auth, srv.URL, client.WithHTTPClient(hc), client.WithTimeout(client.DefaultTimeout))
		if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if hc.Transport != transport || hc.CheckRedirect != nil || hc.Timeout != 0 ||
		http.DefaultClient.Transport != nil || http.DefaultClient.CheckRedirect != nil || http.DefaultTransport != global {
		t.Errorf("the caller's client became %+v, or net/http's own changed", hc)
	}
}

// TestCallersTimeout checks that the Timeout of the caller's http.Client covers a whole
// call with its retries.
func TestCallersTimeout(t *testing.T) {
	inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
		hc.Timeout = 5e9
		defer func() { hc.Timeout = 0 }()
		_, err := keyed(t, srv, client.WithHTTPClient(hc)).Get(t.Context(), project, bucket)
		if !errors.Is(err, client.ErrRateLimited) {
			t.Errorf("got %v, want the last response, 429", err)
		}
	}, fakeatlas.Inject(fakeatlas.RateLimited(30e9)))
}

// TestCallersRedirectPolicy checks that the caller can forbid redirects that the client
// would follow.
func TestCallersRedirectPolicy(t *testing.T) {
	forbidden := errors.New("no redirects here")
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		client.WithHTTPClient(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return forbidden }}))
	if _, err := c.Get(t.Context(), project, bucket); !errors.Is(err, forbidden) {
		t.Errorf("got %v, want the caller's error", err)
	}
}

// TestRedirectLoop checks that a loop of redirects ends with an error.
func TestRedirectLoop(t *testing.T) {
	var n counter
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		n.next()
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusFound || n.count() != 6 {
		t.Errorf("got %v after %d requests, want the redirect after 6", err, n.count())
	}
}
