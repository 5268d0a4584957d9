package contracttest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

const roleID = "60113b99ce5a6a3d72ea7454"

// session makes the calls of a typical user.
func session(t *testing.T, c *client.Client, project string) {
	t.Helper()
	ctx := t.Context()
	for _, target := range []client.Target{
		client.AWS{BucketName: "acme-snapshots", IAMRoleID: roleID, RequirePrivateNetworking: true},
		client.Azure{BucketName: "acme-container", RoleID: roleID, ServiceURL: "https://acmestorage.blob.core.windows.net/acme-container"},
		client.GCP{BucketName: "acme-archive", RoleID: roleID},
	} {
		b, err := c.Create(ctx, project, target)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Get(ctx, project, b.ID); err != nil {
			t.Fatal(err)
		}
		if _, isAWS := target.(client.AWS); isAWS {
			if _, err := c.Update(ctx, project, b.ID, client.Update{RequirePrivateNetworking: client.Ptr(false)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Delete(ctx, project, b.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Get(ctx, project, b.ID); !errors.Is(err, client.ErrNotFound) {
			t.Fatalf("after the delete: %v", err)
		}
	}
	n := 0
	for _, err := range c.List(ctx, project, &client.ListOptions{ItemsPerPage: 100}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 250 {
		t.Fatalf("%d buckets listed, want 250", n)
	}
}

// names matches ids and names of the recorded project, and credentials.
func names(srv *fakeatlas.Server) *regexp.Regexp {
	list := []string{srv.ProjectID, srv.PublicKey, srv.PrivateKey, srv.ClientID, srv.ClientSecret, roleID, "acme", "Bearer", "username=", "cnonce"}
	for i, name := range list {
		list[i] = regexp.QuoteMeta(name)
	}
	return regexp.MustCompile(strings.Join(list, "|"))
}

// TestRecordedSession checks that a recording contains no real name, if the recorder is at its
// normal position and if it is below authentication, where it sees handshakes and tokens.
func TestRecordedSession(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Buckets(250))
	for name, auth := range map[string]client.Auth{
		"API key": client.APIKey(srv.PublicKey, srv.PrivateKey), "service account": client.ServiceAccount(srv.ClientID, srv.ClientSecret),
	} {
		t.Run(name, func(t *testing.T) {
			above, below := filepath.Join(t.TempDir(), "above"), filepath.Join(t.TempDir(), "below")
			upper, lower := newRecorder(t, above, contracttest.RecorderOptions{}), newRecorder(t, below, contracttest.RecorderOptions{})
			c, err := client.New(auth, client.WithBaseURL(srv.URL), client.WithMiddleware(upper.Middleware), client.WithHTTPClient(&http.Client{Transport: lower}))
			if err != nil {
				t.Fatal(err)
			}
			session(t, c, srv.ProjectID)
			if err := errors.Join(upper.Close(), lower.Close()); err != nil {
				t.Fatal(err)
			}
			for dir, least := range map[string]int{above: 16, below: 17} {
				if n := interactions(t, dir); n < least {
					t.Errorf("%s contains %d exchanges, want %d or more", dir, n, least)
				}
				for file, text := range disk(t, dir) {
					if found := names(srv).FindString(text); found != "" {
						t.Errorf("%s contains %q", file, found)
					}
				}
				checkConforms(t, dir)
			}
		})
	}
}

func newRecorder(t *testing.T, dir string, opts contracttest.RecorderOptions) *contracttest.Recorder {
	t.Helper()
	rec, err := contracttest.NewRecorder(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// checkConforms verifies the recordings in dir.
func checkConforms(t *testing.T, dir string) {
	t.Helper()
	report, err := contracttest.VerifyPaths(t.Context(), contracttest.Options{}, dir)
	if err != nil || !report.Holds() || len(report.Findings) > 0 || report.Summary.Checked < 16 {
		t.Errorf("verify returned %+v, %v", report, err)
	}
}

// TestReplay checks that the client accepts the responses of a cassette that go-vcr replays.
func TestReplay(t *testing.T) {
	srv := fakeatlas.New(t)
	dir := t.TempDir()
	rec := newRecorder(t, dir, contracttest.RecorderOptions{Name: "session"})
	c, err := client.New(client.APIKey(srv.PublicKey, srv.PrivateKey), client.WithBaseURL(srv.URL), client.WithMiddleware(rec.Middleware))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Create(t.Context(), srv.ProjectID, client.AWS{BucketName: "acme-snapshots", IAMRoleID: roleID}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ListPage(t.Context(), srv.ProjectID, nil); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	player, err := recorder.New(filepath.Join(dir, "session"), recorder.WithMode(recorder.ModeReplayOnly), recorder.WithSkipRequestLatency(true),
		recorder.WithMatcher(cassette.NewDefaultMatcher(cassette.WithIgnoreUserAgent(), cassette.WithIgnoreAuthorization())))
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.New(client.AccessToken("any"), client.WithBaseURL(srv.URL), client.WithHTTPClient(&http.Client{Transport: player}))
	if err != nil {
		t.Fatal(err)
	}
	const project, role = "a00000000000000000000001", "c00000000000000000000001"
	b, err := again.Create(t.Context(), project, client.AWS{BucketName: "bucket-000001", IAMRoleID: role})
	if err != nil || b.ID != "b00000000000000000000001" || b.BucketName() != "bucket-000001" {
		t.Fatalf("replayed create: %+v, %v", b, err)
	}
	page, err := again.ListPage(t.Context(), project, nil)
	if err != nil || len(page.Results) != 1 || page.Results[0].ID != b.ID {
		t.Fatalf("replayed list: %+v, %v", page, err)
	}
}

// echo responds with the body of the request, and keeps the request.
func echo(got *http.Request) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		*got = *req
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		return respondWith(req, bytes.NewReader(body)), req.Body.Close()
	})
}

func respondWith(req *http.Request, body io.Reader) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body), Request: req}
}

func post(t *testing.T, body string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://cloud.mongodb.com/api/atlas/v2/groups/"+roleID+"/backup/exportBuckets", strings.NewReader(body))
}

// The recorder changes neither requests nor responses.
func TestRecorderPassesExchangesUnchanged(t *testing.T) {
	rec := newRecorder(t, t.TempDir(), contracttest.RecorderOptions{})
	req := post(t, `{"bucketName":"acme"}`)
	req.Header.Set("Authorization", "Bearer x")
	var got http.Request
	resp, err := rec.Middleware(echo(&got)).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != `{"bucketName":"acme"}` || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	if got.URL.String() != req.URL.String() || got.Header.Get("Authorization") != "Bearer x" || got.ContentLength != req.ContentLength {
		t.Errorf("sent %+v", got)
	}
	again, err := got.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(again); string(body) != `{"bucketName":"acme"}` || err != nil {
		t.Errorf("the body cannot be sent again: %q, %v", body, err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
}

// An exchange that cannot be recorded is still passed on; Close reports the omitted ones.
func TestUnrecordedExchangesArePassedOn(t *testing.T) {
	broken := errors.New("connection reset")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(`{"_id":"` + roleID + `"}`))
	_ = z.Close()
	for name, tc := range map[string]struct {
		body     io.Reader
		coding   string
		want     string
		err      error
		received int
	}{
		"broken off":   {io.MultiReader(strings.NewReader(`{"a":`), iotest.ErrReader(broken)), "", "its body is incomplete: connection reset", broken, 5},
		"too large":    {strings.NewReader(strings.Repeat("x", 9<<20)), "", "its body is larger than 8 MiB", nil, 9 << 20},
		"largest":      {strings.NewReader(strings.Repeat("x", 8<<20)), "", "", nil, 8 << 20},
		"other coding": {strings.NewReader("\xff\xff"), "br", `the body has the content coding "br"`, nil, 2},
		"a rule":       {strings.NewReader(`{"region":"us-east-1"}`), "", "a match of the caller's rule 0 is left after scrubbing", nil, 22},
		"nothing":      {bytes.NewReader(packed.Bytes()), "gzip", "", nil, packed.Len()},
	} {
		t.Run(name, func(t *testing.T) {
			opts := contracttest.RecorderOptions{}
			if name == "a rule" {
				opts.Patterns = []*regexp.Regexp{regexp.MustCompile(`"region":"(?:us|eu)`)}
			}
			rec := newRecorder(t, t.TempDir(), opts)
			resp, err := rec.Middleware(roundTripper(func(req *http.Request) (*http.Response, error) {
				resp := respondWith(req, tc.body)
				if tc.coding != "" {
					resp.Header.Set("Content-Encoding", tc.coding)
				}
				return resp, nil
			})).RoundTrip(post(t, "{}"))
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(resp.Body); len(body) != tc.received || !errors.Is(err, tc.err) {
				t.Errorf("the caller got %d bytes and %v", len(body), err)
			}
			err = rec.Close()
			if tc.want == "" {
				if err != nil || len(rec.Files()) != 1 {
					t.Errorf("files %v, error %v", rec.Files(), err)
				}
				return
			}
			prefix := "recorder: POST https://cloud.mongodb.com/api/atlas/v2/groups/a00000000000000000000001/backup/exportBuckets was not recorded: "
			if err == nil || !strings.HasPrefix(err.Error(), prefix+tc.want) || len(rec.Files()) > 0 {
				t.Errorf("files %v, error %v", rec.Files(), err)
			}
		})
	}
}

func TestRecorderPassesErrors(t *testing.T) {
	dir := t.TempDir()
	rec := newRecorder(t, dir, contracttest.RecorderOptions{})
	if _, err := rec.Middleware(roundTripper(func(*http.Request) (*http.Response, error) { return nil, context.Canceled })).RoundTrip(post(t, "{}")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	req := post(t, "")
	body := &closer{Reader: iotest.ErrReader(io.ErrClosedPipe)}
	req.Body = body
	if _, err := rec.RoundTrip(req); !errors.Is(err, io.ErrClosedPipe) || !body.closed {
		t.Errorf("got %v, and the body is closed: %t", err, body.closed)
	}
	if err := rec.Close(); err != nil || len(rec.Files()) > 0 {
		t.Errorf("files %v, error %v", rec.Files(), err)
	}
}

// closer is a body that records whether it was closed.
type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}

// TestRecorderCannotWrite puts a folder in the place of the cassette. Close must return the
// error and leave no other file behind.
func TestRecorderCannotWrite(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "one.yaml", "other"), 0o700); err != nil {
		t.Fatal(err)
	}
	rec := newRecorder(t, dir, contracttest.RecorderOptions{Name: "one"})
	var got http.Request
	if _, err := rec.Middleware(echo(&got)).RoundTrip(post(t, "{}")); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err == nil || !strings.Contains(err.Error(), "was not written") || len(rec.Files()) > 0 {
		t.Errorf("files %v, error %v", rec.Files(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestRecorderFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	record := func(name string, n int) *contracttest.Recorder {
		rec := newRecorder(t, dir, contracttest.RecorderOptions{Name: name})
		for range n {
			var got http.Request
			if _, err := rec.Middleware(echo(&got)).RoundTrip(post(t, "{}")); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := rec.Close(); err != nil {
				t.Fatal(err)
			}
		}
		return rec
	}
	record("one", 3)
	record("one", 1) // in place of the first
	unnamed := record("", 1)
	after := record("", 0)
	if len(after.Files()) != 0 || len(unnamed.Files()) != 1 || filepath.Dir(unnamed.Files()[0]) != dir {
		t.Errorf("files %v and %v", unnamed.Files(), after.Files())
	}
	if n := interactions(t, dir); n != 2 {
		t.Errorf("%d exchanges on the disk, want 2", n)
	}
	for name := range disk(t, dir) {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 || filepath.Ext(name) != ".yaml" {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
}
