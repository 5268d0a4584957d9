package fakeatlas_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// In a bubble, over pipes, a nonce ages by the fake's clock: it is refused as stale after a
// minute, and a response to the next challenge is accepted.
func TestNonceGoesStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := newCaller(t, srv)
		for range 2 {
			if got := c.ask("GET", "", ""); got.status != 200 {
				t.Fatal(got.status, got.body)
			}
			srv.Advance(time.Minute)
		}
		var refusals []string
		for _, r := range srv.Requests() {
			refusals = append(refusals, r.Refusal)
		}
		// No credentials, accepted, expired, accepted.
		if diff := cmp.Diff([]string{"", "", "stale nonce", ""}, refusals); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A hundred fakes run at once: each has its own port, state and credentials, and none leaks
// a goroutine.
func TestHundredFakes(t *testing.T) {
	const n = 100
	fakes := make([]*fakeatlas.Server, n)
	each(n, func(i int) {
		var err error
		if fakes[i], err = fakeatlas.Start(fakeatlas.Buckets(i)); err != nil {
			t.Error(err)
		}
	})
	if t.Failed() {
		t.FailNow()
	}
	urls := map[string]bool{}
	for _, srv := range fakes {
		urls[srv.URL] = true
	}
	if len(urls) != n {
		t.Errorf("%d fakes have %d addresses", n, len(urls))
	}
	each(n, func(i int) {
		c := newCaller(t, fakes[i])
		if got, err := c.try(t.Context(), "POST", "", awsBody); err != nil || got.status != 200 {
			t.Errorf("create: %d %v", got.status, err)
		}
		want := fmt.Sprintf(`"totalCount":%d}`, i+1)
		if got, err := c.try(t.Context(), "GET", "", ""); err != nil || !strings.HasSuffix(got.body, want) {
			t.Errorf("list: %v, want %s", err, want)
		}
	})
	each(n, func(i int) {
		if err := fakes[i].Close(); err != nil {
			t.Error(err)
		}
	})
}

// each calls f n times at once and waits for all of them.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// After a malformed request the fake still responds, and net/http has recovered no panic.
func TestOddRequests(t *testing.T) {
	var out bytes.Buffer
	srv := fakeatlas.New(t, fakeatlas.AllowUnknown(), fakeatlas.Logger(slog.New(slog.NewTextHandler(&out, nil))))
	c := bearer(t, srv)
	for _, text := range []string{
		"", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://elsewhere" + c.path("") + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET //\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST " + c.path("") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{",
		"POST " + c.path("") + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET " + c.path("") + " HTTP/1.1\r\nHost: x\r\nAuthorization: Digest \"\r\nAccept: ;;;,\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 1<<17) + "\r\n\r\n",
		"\x16\x03\x01\x00\xa5\x01\x00", // the beginning of a TLS handshake
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, text) // the fake may have closed the connection already
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
		if got := c.ask("GET", "", ""); got.status != 200 {
			t.Errorf("after %.40q: %d %s", text, got.status, got.body)
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if strings.Contains(out.String(), "panic") {
		t.Errorf("%s", out.String())
	}
}

func TestOptionsInAnyOrder(t *testing.T) {
	opts := []fakeatlas.Option{
		fakeatlas.Buckets(2, fakeatlas.GCP), fakeatlas.Seed(7), fakeatlas.ProjectID("0123456789abcdef01234567"),
		fakeatlas.Project("0123456789abcdef01234567", fakeatlas.Bucket{BucketName: "first"}),
		fakeatlas.APIKey("public", "private"), fakeatlas.ServiceAccount("id", "secret"), fakeatlas.NoRateLimit(),
	}
	state := func(opts []fakeatlas.Option) string {
		srv := fakeatlas.New(t, opts...)
		return fmt.Sprint(srv.ProjectID, srv.PublicKey, srv.ClientID, srv.Buckets(srv.ProjectID))
	}
	want := state(opts)
	for i := range opts {
		if diff := cmp.Diff(want, state(append(opts[i:len(opts):len(opts)], opts[:i]...))); diff != "" {
			t.Errorf("%d options moved to the end (-want +got):\n%s", i, diff)
		}
	}
	if !strings.Contains(want, "first") {
		t.Errorf("the bucket with explicit values is missing: %s", want)
	}
}

func TestInvalidOptions(t *testing.T) {
	for _, tt := range []struct {
		opt  fakeatlas.Option
		want string
	}{
		{fakeatlas.Buckets(-1), "Buckets(-1): give a number from 0 to 1000000"},
		{fakeatlas.ProjectID("short"), `ProjectID("short"): an id has 24 digits from 0-9 and a-f`},
		{fakeatlas.Project("short"), `Project("short")`},
		{fakeatlas.Project(fakeatlas.DefaultProjectID, fakeatlas.Bucket{ID: "x"}), `Project: bucket("x")`},
		{fakeatlas.RateLimit(fakeatlas.Allowance{}), "every field must be above 0"},
		{fakeatlas.TokenLimits(0, 1), "both must be at least 1"},
		{fakeatlas.Inject(fakeatlas.HTML(200)), "the status must be from 400 to 599"},
		{fakeatlas.Address("nowhere"), `cannot listen on "nowhere"`},
	} {
		srv, err := fakeatlas.Start(tt.opt)
		if err == nil {
			_ = srv.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

// Add refuses invalid ids, as the options do.
func TestAddRefusesIDs(t *testing.T) {
	srv := fakeatlas.New(t)
	const id = "0123456789abcdef01234567"
	for _, tt := range []struct {
		project string
		bucket  fakeatlas.Bucket
		want    string // part of the panic message; empty if the bucket is added
	}{
		{id, fakeatlas.Bucket{ID: id}, ""},
		{id, fakeatlas.Bucket{}, ""},
		{"", fakeatlas.Bucket{}, `Add("")`},
		{"project", fakeatlas.Bucket{}, `Add("project")`},
		{strings.ToUpper(id), fakeatlas.Bucket{}, "24 digits from 0-9 and a-f"},
		{id + "0", fakeatlas.Bucket{}, "24 digits from 0-9 and a-f"},
		{id + "\n", fakeatlas.Bucket{}, "24 digits from 0-9 and a-f"},
		{id, fakeatlas.Bucket{ID: "x"}, `bucket("x")`},
		{id, fakeatlas.Bucket{IAMRoleID: "arn:aws:iam::123456789012:role/x"}, "IAMRoleID"},
		{id, fakeatlas.Bucket{Provider: fakeatlas.GCP, RoleID: "x"}, "RoleID"},
	} {
		got := panicOf(func() { srv.Add(tt.project, tt.bucket) })
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("Add(%q, %+v): %q, want %q", tt.project, tt.bucket, got, tt.want)
		}
	}
	if n := len(srv.Buckets(id)); n != 2 {
		t.Errorf("%d buckets, want 2", n)
	}
}

// panicOf returns the value that f panics with, or "" if it does not panic.
func panicOf(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := fakeatlas.Start(fakeatlas.Address(taken.Addr().String())); err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("%v, want an error that names %s", err, taken.Addr())
	}
}

func TestAllInterfaces(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Address(":0"))
	if !strings.HasPrefix(srv.URL, "http://127.0.0.1:") {
		t.Errorf("URL %s", srv.URL)
	}
	if got := bearer(t, srv).ask("GET", "", ""); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// recorder is a test that may fail without failing this one.
type recorder struct {
	cleanups []func()
	errs     []string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(s string, a ...any) { r.errs = append(r.errs, fmt.Sprintf(s, a...)) }
func (r *recorder) Fatalf(s string, a ...any) { r.Errorf(s, a...); panic("fatal") }
func (r *recorder) end() {
	for _, f := range r.cleanups {
		f()
	}
}

func TestRequestsWithoutARuleFailTheTest(t *testing.T) {
	for _, tt := range []struct {
		opts []fakeatlas.Option
		want []string
	}{
		{nil, []string{
			"fakeatlas: no rule allows GET /api/atlas/v2/users; allow such requests with fakeatlas.AllowUnknown",
			"fakeatlas: no rule allows PUT /api/oauth/token; allow such requests with fakeatlas.AllowUnknown",
		}},
		{[]fakeatlas.Option{fakeatlas.AllowUnknown()}, nil},
	} {
		var r recorder
		c := newCaller(t, fakeatlas.New(&r, tt.opts...))
		c.ask("GET", "/api/atlas/v2/users", "")
		c.ask("PUT", "/api/oauth/token", "")
		c.ask("GET", "gone", "") // the fake has no rule for these requests
		r.end()
		if diff := cmp.Diff(tt.want, r.errs); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	func() {
		var r recorder
		defer func() {
			if recover() == nil || len(r.errs) != 1 {
				t.Errorf("an invalid option did not end the test: %v", r.errs)
			}
		}()
		fakeatlas.New(&r, fakeatlas.Buckets(-1))
	}()
}

func TestCloseTwice(t *testing.T) {
	srv := fakeatlas.New(t)
	for range 2 {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A connection that was opened and never used does not delay Close.
func TestCloseWithAnIdleConnection(t *testing.T) {
	srv, err := fakeatlas.Start()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	bearer(t, srv).ask("GET", "", "") // the server has accepted the other connection before this one
	begin := time.Now()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("closing took %v", took)
	}
}

func TestJournal(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.KeepRequests(3))
	c := newCaller(t, srv)
	c.ask("POST", "", awsBody)
	requests := srv.Requests()
	type line struct {
		Operation fakeatlas.Operation
		Auth      fakeatlas.AuthMethod
		Account   string
		Version   string
		Status    int
		Body      string
	}
	var got []line
	for _, r := range requests {
		got = append(got, line{r.Operation, r.Auth, r.Account, r.Version, r.Status, string(r.Body)})
	}
	want := []line{
		{fakeatlas.OpCreate, fakeatlas.AuthNone, "", "", 401, awsBody},
		{fakeatlas.OpCreate, fakeatlas.AuthDigest, srv.PublicKey, "2024-05-30", 200, awsBody},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	requests[0].Header.Set("Accept", "changed") // a copy: the original does not change
	for range 3 {
		c.ask("GET", "?pageNum=2", "")
	}
	requests = srv.Requests()
	if len(requests) != 3 || requests[2].Query != "pageNum=2" || requests[0].Header.Get("Accept") == "changed" {
		t.Errorf("%d requests kept, the last is %+v", len(requests), requests[len(requests)-1])
	}
	srv.Forget()
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests after Forget", n)
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory())
		c := bearer(t, srv)
		done := make(chan error, 1)
		go func() { done <- srv.WaitFor(t.Context(), fakeatlas.OpList, 2) }()
		synctest.Wait()
		c.ask("GET", "", "")
		synctest.Wait()
		if len(done) > 0 {
			t.Errorf("the wait for two requests ended after one: %v", <-done)
		}
		c.ask("GET", "", "")
		if err := <-done; err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("enough"))
		if err := srv.WaitFor(ctx, fakeatlas.OpDelete, 1); err == nil || err.Error() != "fakeatlas: still waiting after 2 requests: enough" {
			t.Error(err)
		}
	})
}

// The log has a line for each request, without the credentials.
func TestLog(t *testing.T) {
	var out bytes.Buffer
	srv := fakeatlas.New(t, fakeatlas.Logger(slog.New(slog.NewTextHandler(&out, nil))))
	token, err := srv.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	plain(t, srv).ask("GET", "", "", "Authorization: Bearer "+token)
	newCaller(t, srv).ask("GET", "", "")
	if err := srv.Close(); err != nil { // no more lines are written
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, token) || strings.Contains(text, srv.PrivateKey) || strings.Contains(text, "response=") ||
		strings.Count(text, "operation=list") != 3 || !strings.Contains(text, "account="+srv.ClientID) {
		t.Errorf("%s", text)
	}
}
