package fakeatlas_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// bearer sends a request with a token, so that one call is one request.
func bearer(t testing.TB, srv *fakeatlas.Server) caller {
	t.Helper()
	return bearerAs(t, srv, srv.ClientID)
}

// bearerAs sends a request with a token of a service account.
func bearerAs(t testing.TB, srv *fakeatlas.Server, clientID string) caller {
	t.Helper()
	token, err := srv.AccessTokenFor(clientID)
	if err != nil {
		t.Fatal(err)
	}
	return caller{t: t, srv: srv, http: &http.Client{Transport: tokenTransport{token, srv.Client().Transport}}}
}

type tokenTransport struct {
	token string
	next  http.RoundTripper
}

func (tt tokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+tt.token)
	return tt.next.RoundTrip(r)
}

// try sends a request like ask, but lets it fail in transit: it returns the text that was
// received, and the error.
func (c caller) try(ctx context.Context, method, path, body string) (reply, error) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, c.srv.URL+c.path(path), strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Accept", v2024)
	req.Header.Set("Content-Type", v2024)
	res, err := c.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return reply{status: res.StatusCode, header: res.Header, body: string(text)}, err
}

const bucketID = "6657c1810000000001000001"

// The test checks the response to a get with each fault that changes the response.
func TestFaultyResponses(t *testing.T) {
	whole := `{"_id":"` + bucketID + `","bucketName":"test-bucket","cloudProvider":"AWS","iamRoleId":"c0fa4ea71a50000000000001","region":"us-east-1","requirePrivateNetworking":false}`
	for _, tt := range []struct {
		fault  string
		status int
		header string // Name: value
		body   string // a part of the body
	}{
		{"status=500", 500, "X-Error-Code: UNEXPECTED_ERROR", `"error":500`},
		{"status=409,code=CONFLICT", 409, "X-Error-Code: CONFLICT", `"errorCode":"CONFLICT"`},
		{"status=403", 403, "Content-Type: application/json", `"reason":"Forbidden"`},
		{"status=401", 401, "X-Error-Code: ", "You are not authorized"},
		{"stale", 401, "Content-Length: 106", "You are not authorized"},
		{"rate-limit=1500ms", 429, "Retry-After: 2", `"errorCode":"RATE_LIMITED"`},
		{"rate-limit=1s", 429, "Ratelimit-Remaining: 0", `,1200,1]`},
		{"rate-limit=0s", 429, "Retry-After: ", `"errorCode":"RATE_LIMITED"`},
		{"rate-limit=0s", 429, "Ratelimit-Limit: ", `"errorCode":"RATE_LIMITED"`},
		{"status=429", 429, "Retry-After: 1", `"errorCode":"RATE_LIMITED"`},
		{"html=502", 502, "Content-Type: text/html", "<h1>502 Bad Gateway</h1>"},
		{"html=503", 503, "Content-Type: text/html", "<h1>503 Service Unavailable</h1>"},
		{"version=2023-01-01", 200, "Content-Type: " + v2023 + ";charset=utf-8", whole},
		{"media-type=text/plain", 200, "Content-Type: text/plain", whole},
		{"provider=IBM", 200, "Content-Length: 176", `"cloudProvider":"IBM"`},
		{"field=color", 200, "Content-Type: " + v2024 + ";charset=utf-8", `"color":"added by a fault"`},
		{"truncate=10", 200, "Content-Length: 10", `{"_id":"66`},
		{"truncate", 200, "Content-Length: 88", whole[:88]},
		{"truncate=0", 200, "Content-Length: 0", ``},
		{"gzip", 200, "Content-Encoding: gzip", "\x1f\x8b"},
		{"latency=1ms", 200, "Content-Length: 176", whole},
		{"slow=1us", 200, "Content-Length: 176", whole},
		{"clock=2h", 401, "X-Error-Code: ", "You are not authorized"}, // the token has expired
	} {
		t.Run(tt.fault, func(t *testing.T) {
			fault, err := fakeatlas.ParseFault(tt.fault)
			if err != nil {
				t.Fatal(err)
			}
			srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Inject(fault.Times(1)))
			c := bearer(t, srv)
			got := c.ask("GET", bucketID, "")
			name, value, _ := strings.Cut(tt.header, ": ")
			if got.status != tt.status || got.header.Get(name) != value || !strings.Contains(got.body, tt.body) {
				t.Errorf("%d, %s: %q\n%s", got.status, name, got.header.Get(name), got.body)
			}
			if requests := srv.Requests(); requests[0].Fault != fault.Times(1).String() {
				t.Errorf("the journal contains %q", requests[0].Fault)
			}
			if after := bearer(t, srv).ask("GET", bucketID, ""); after.body != whole {
				t.Errorf("the next request: %d %s", after.status, after.body)
			}
		})
	}
}

// A fault rewrites lists and envelopes completely.
func TestFaultsReachEveryBucket(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(3), fakeatlas.Inject(fakeatlas.UnknownProvider("IBM"), fakeatlas.ExtraField("color")))
	c := bearer(t, srv)
	for _, b := range c.ask("GET", "", "").list(t).Results {
		if b["cloudProvider"] != "IBM" || b["color"] == nil {
			t.Errorf("%v", b)
		}
	}
	var e struct{ Envelope map[string]any }
	if err := json.Unmarshal([]byte(c.ask("GET", bucketID+"?envelope=true", "").body), &e); err != nil || e.Envelope["color"] == nil {
		t.Errorf("%v %v", e, err)
	}
	if got := c.ask("GET", "gone", ""); !strings.Contains(got.body, `"color"`) {
		t.Errorf("error without the field: %s", got.body)
	}
}

// Broken connections: the test checks the error that the caller gets, and whether the
// request was handled.
func TestBrokenConnections(t *testing.T) {
	for _, tt := range []struct {
		fault   fakeatlas.Fault
		want    error
		part    string // the part of the body that still arrived
		created int    // number of buckets afterwards
	}{
		{fakeatlas.Reset(), syscall.ECONNRESET, "", 0},
		{fakeatlas.LostResponse(), syscall.ECONNRESET, "", 1},
		{fakeatlas.ResetBody(20), syscall.ECONNRESET, `{"_id":"6657c1810000`, 1},
		{fakeatlas.CutBody(20), io.ErrUnexpectedEOF, `{"_id":"6657c1810000`, 1},
		{fakeatlas.CutBody(0), io.ErrUnexpectedEOF, ``, 1},
	} {
		t.Run(tt.fault.String(), func(t *testing.T) {
			srv := fakeatlas.New(t, fakeatlas.Inject(tt.fault.On(fakeatlas.OpCreate)))
			got, err := bearer(t, srv).try(t.Context(), "POST", "", awsBody)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			// The client may receive the reset before data that was sent earlier.
			if !strings.HasPrefix(tt.part, got.body) || errors.Is(tt.want, io.ErrUnexpectedEOF) && got.body != tt.part {
				t.Errorf("body %q, want %q", got.body, tt.part)
			}
			if n := len(srv.Buckets(srv.ProjectID)); n != tt.created {
				t.Errorf("%d buckets, want %d", n, tt.created)
			}
		})
	}
}

func TestWhichRequestsAFaultHits(t *testing.T) {
	for _, tt := range []struct {
		fault string
		want  string // the statuses of: list, get, list, get, list, get
	}{
		{"status=500", "500 500 500 500 500 500"},
		{"status=500,on=get", "200 500 200 500 200 500"},
		{"status=500,on=list,times=2", "500 200 500 200 200 200"},
		{"status=500,after=2,times=3", "200 200 500 500 500 200"},
		{"status=500,on=get,after=1,times=1", "200 200 200 500 200 200"},
		{"status=500,on=challenge", "200 200 200 200 200 200"},
		{"status=500,p=0", "200 200 200 200 200 200"},
		{"status=500,p=1", "500 500 500 500 500 500"},
		{"status=500,p=0.5", "200 200 500 500 500 200"}, // the same on every run
	} {
		fault, err := fakeatlas.ParseFault(tt.fault)
		if err != nil {
			t.Fatal(err)
		}
		c := bearer(t, fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Seed(0), fakeatlas.Inject(fault)))
		id := c.srv.Buckets(c.srv.ProjectID)[0].ID
		var got []string
		for range 3 {
			got = append(got, strconv.Itoa(c.ask("GET", "", "").status), strconv.Itoa(c.ask("GET", id, "").status))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.fault, diff)
		}
	}
}

// A Digest call has a first request without credentials. Only faults on the challenge apply
// to it, so faults count calls.
func TestFaultsAndDigestChallenge(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Inject(fakeatlas.Status(503).Times(1)))
	c := newCaller(t, srv)
	if got := c.ask("GET", "", ""); got.status != 503 {
		t.Errorf("the first call: %d", got.status)
	}
	if got := c.ask("GET", "", ""); got.status != 200 {
		t.Errorf("the second call: %d", got.status)
	}
	srv.ClearFaults()
	srv.Inject(fakeatlas.Status(500).On(fakeatlas.OpChallenge))
	if got := plain(t, srv).ask("GET", "", ""); got.status != 500 {
		t.Errorf("the challenge: %d", got.status)
	}
	if got := bearer(t, srv).ask("GET", "", ""); got.status != 200 {
		t.Errorf("with credentials: %d", got.status)
	}
}

// A stale nonce costs one more round trip: the caller responds to the new challenge.
func TestStaleNonce(t *testing.T) {
	srv := fakeatlas.New(t)
	c := newCaller(t, srv)
	c.ask("GET", "", "")
	srv.Inject(fakeatlas.StaleNonce().Times(1))
	if got := c.ask("GET", "", ""); got.status != 200 {
		t.Errorf("%d %s", got.status, got.body)
	}
	var statuses []int
	for _, r := range srv.Requests() {
		statuses = append(statuses, r.Status)
	}
	if diff := cmp.Diff([]int{401, 200, 401, 200}, statuses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In a bubble, a latency of a minute takes only fake time.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, fakeatlas.InMemory(), fakeatlas.Buckets(1), fakeatlas.Inject(
			fakeatlas.Latency(time.Minute).On(fakeatlas.OpList), fakeatlas.SlowBody(time.Second).On(fakeatlas.OpGet)))
		c := bearer(t, srv)
		for _, tt := range []struct {
			path string
			want time.Duration
		}{{"", time.Minute}, {bucketID, 16 * time.Second}} {
			begin := time.Now()
			if got := c.ask("GET", tt.path, ""); got.status != 200 || time.Since(begin) != tt.want {
				t.Errorf("GET %q: %d after %v, want 200 after %v", tt.path, got.status, time.Since(begin), tt.want)
			}
		}
	})
}

// A delayed response ends early if the caller gives up or the fake is closed.
func TestLatencyEnds(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Inject(fakeatlas.Latency(time.Hour)))
	c := bearer(t, srv)
	ctx, giveUp := context.WithCancel(t.Context())
	arrived := make(chan error, 1)
	go func() {
		arrived <- srv.Wait(t.Context(), func(r []fakeatlas.Request) bool { return len(r) > 0 })
		giveUp()
	}()
	if _, err := c.try(ctx, "GET", "", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller gave up: %v", err)
	}
	if err := <-arrived; err != nil {
		t.Error(err)
	}
	go func() {
		_ = srv.Wait(t.Context(), func(r []fakeatlas.Request) bool { return len(r) > 1 })
		arrived <- srv.Close()
	}()
	if _, err := c.try(t.Context(), "GET", "", ""); err == nil {
		t.Error("the fake was closed and still responded")
	}
	if err := <-arrived; err != nil {
		t.Error(err)
	}
}

// Faults can be limited by the properties of a request.
func TestLimitedFaults(t *testing.T) {
	const otherProject, otherBucket = "0123456789abcdef01234567", "6657c1820000000001000002"
	for _, tt := range []struct {
		limit string
		want  string // the statuses of the requests below
	}{
		{"project=" + otherProject, "200 200 200 200 200 500 200"},
		{"project=" + fakeatlas.DefaultProjectID, "500 500 500 500 500 200 500"},
		{"bucket=" + otherBucket, "200 200 200 200 500 200 200"},
		{"page=1", "500 500 200 200 200 500 500"},
		{"page=2", "200 200 500 200 200 200 200"},
		{"page=2,project=" + otherProject, "200 200 200 200 200 200 200"},
		{"account=second", "200 200 200 200 200 200 500"},
		{"account=" + fakeatlas.DefaultPublicKey, "500 200 200 200 200 200 200"},
		{"account=" + fakeatlas.DefaultClientID + ",on=list", "200 500 500 200 200 500 200"},
		{"account=nobody", "200 200 200 200 200 200 200"},
	} {
		fault, err := fakeatlas.ParseFault("status=500," + tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		srv := fakeatlas.New(t, fakeatlas.Buckets(2), fakeatlas.Project(otherProject), fakeatlas.Inject(fault),
			fakeatlas.Accounts(fakeatlas.Account{ClientID: "second"}))
		c := bearer(t, srv)
		var got []string
		for _, r := range []struct {
			caller
			path string
		}{
			{newCaller(t, srv), ""}, {c, "?pageNum=1"}, {c, "?pageNum=2"}, {c, bucketID}, {c, otherBucket},
			{c, "/api/atlas/v2/groups/" + otherProject + "/backup/exportBuckets"}, {bearerAs(t, srv, "second"), ""},
		} {
			got = append(got, strconv.Itoa(r.ask("GET", r.path, "").status))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.limit, diff)
		}
	}
}

// An error that a fault injects has the values that the fault sets. Without a detail, it has
// the documented detail of its code.
func TestErrorsOfFaults(t *testing.T) {
	for _, tt := range []struct {
		fault fakeatlas.Fault
		want  string
	}{
		{fakeatlas.Status(400).Code("EXPORT_BUCKET_DELETE_FAILED"), `{"detail":"Failed to delete export Bucket with ID ` + bucketID + `.","error":400,` +
			`"errorCode":"EXPORT_BUCKET_DELETE_FAILED","parameters":["` + bucketID + `"],"reason":"Bad Request"}`},
		{fakeatlas.Status(404).Code("EXPORT_BUCKET_NOT_FOUND").NullParameters(), `{"detail":"No export Bucket with ID ` + bucketID + ` does not exist.","error":404,` +
			`"errorCode":"EXPORT_BUCKET_NOT_FOUND","parameters":null,"reason":"Not Found"}`},
		{fakeatlas.Status(500).Detail("Gone.").Parameters(), `{"detail":"Gone.","error":500,"errorCode":"UNEXPECTED_ERROR","parameters":[],"reason":"Internal Server Error"}`},
		{fakeatlas.Status(401).Code("NOT_ORG_GROUP_CREATOR").Detail("No."), `{"detail":"No.","error":401,"errorCode":"NOT_ORG_GROUP_CREATOR",` +
			`"parameters":["status=401,code=NOT_ORG_GROUP_CREATOR,detail=No."],"reason":"Unauthorized"}`},
		{fakeatlas.RateLimited(time.Second).Code("RATE_LIMITED_TOKEN_BUCKET").Parameters("x", 1), `{"detail":"Resource ` + "/api/atlas/v2/groups/" +
			fakeatlas.DefaultProjectID + "/backup/exportBuckets/" + bucketID + ` is limited to 1200 requests every 1 minutes.","error":429,` +
			`"errorCode":"RATE_LIMITED_TOKEN_BUCKET","parameters":["x",1],"reason":"Too Many Requests"}`},
	} {
		got := bearer(t, fakeatlas.New(t, fakeatlas.Buckets(1), fakeatlas.Inject(tt.fault))).ask("GET", bucketID, "")
		if got.body != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.fault, got.body, tt.want)
		}
	}
	if _, err := fakeatlas.Start(fakeatlas.Inject(fakeatlas.Status(400).Parameters(func() {}))); err == nil {
		t.Error("parameters that are not JSON were accepted")
	}
}
