package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/google/go-cmp/cmp"
)

// proxyPage is the error page of a proxy.
const proxyPage = "<html>\n<title>502 Bad Gateway</title>\n</html>"

// unexpectedResponses are responses that Atlas would not send, each with the expected
// error.
var unexpectedResponses = []struct {
	name   string
	serve  http.HandlerFunc
	status int
	text   string
	is     error
}{
	{"HTML of a proxy", func(w http.ResponseWriter, _ *http.Request) { raw(w, 502, "text/html", proxyPage) }, 502, "502 Bad Gateway: the response is text/html, so it is probably from a proxy", client.ErrServer},
	{"HTML with 200", func(w http.ResponseWriter, _ *http.Request) { raw(w, 200, "text/html", proxyPage) }, 200, "Content-Type is text/html; expected application/vnd.atlas.2024-05-30+json", nil},
	{"an empty error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, 503, "503 Service Unavailable", client.ErrServer},
	{"an error of another type", func(w http.ResponseWriter, _ *http.Request) { write(w, 500, `["odd"]`) }, 500, "500 Internal Server Error", client.ErrServer},
	{"an incomplete error", func(w http.ResponseWriter, _ *http.Request) { write(w, 403, `{"errorCode":"X","det`) }, 403, "403 Forbidden", client.ErrForbidden},
	{"an error with fields of other types", func(w http.ResponseWriter, _ *http.Request) {
		write(w, 404, `{"error":"404","errorCode":"GROUP_NOT_FOUND","detail":7,"parameters":"x"}`)
	}, 404, "404 Not Found GROUP_NOT_FOUND", client.ErrProjectNotFound},
	{"a code only in the header", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Error-Code", "GROUP_NOT_FOUND")
		w.WriteHeader(http.StatusNotFound)
	}, 404, "GROUP_NOT_FOUND", client.ErrProjectNotFound},
	{"400 with a code only in the header", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Error-Code", "VALIDATION_ERROR")
		w.WriteHeader(http.StatusBadRequest)
	}, 400, "400 Bad Request VALIDATION_ERROR", client.ErrBadRequest},
	{"the highest status of a server error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) }, 599, ": 599", client.ErrServer},
	{"too long", func(w http.ResponseWriter, _ *http.Request) { write(w, 200, strings.Repeat(" ", 2000)) }, 200, "more than 1000 bytes (WithMaxResponseBytes)", client.ErrTooLarge},
	{"an error that is too long", func(w http.ResponseWriter, _ *http.Request) { write(w, 400, strings.Repeat(" ", 2000)) }, 400, "400 Bad Request", client.ErrBadRequest},
	{"broken off", func(w http.ResponseWriter, _ *http.Request) { breakOff(w, 200) }, 200, "unexpected EOF", io.ErrUnexpectedEOF},
	{"an error whose body ends early", func(w http.ResponseWriter, _ *http.Request) { breakOff(w, 500) }, 500, "unexpected EOF", client.ErrServer},
	{"a closed connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "no response", io.EOF},
	{"a reset connection", func(w http.ResponseWriter, _ *http.Request) { reset(w) }, 0, "no response", nil},
	{"a redirect without a target", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, 304, "unexpected, because the request was not conditional", nil},
	{"an unknown status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(799) }, 799, ": 799", nil},
	{"control characters", func(w http.ResponseWriter, _ *http.Request) {
		write(w, 400, `{"errorCode":"A\u001b[31mB","detail":"one\ntwo\u2028three\u009b"}`)
	}, 400, "A [31mB: one two three", client.ErrBadRequest},
}

// TestEveryCallKeepsTheStatus sends each unexpected response to every call. The error must
// have the status for any body, the method and the path, and be one line of text.
func TestEveryCallKeepsTheStatus(t *testing.T) {
	for _, test := range unexpectedResponses {
		t.Run(test.name, func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				if op.name == "Delete" && test.name == "HTML with 200" {
					return // see TestDeleteIsConfirmed
				}
				c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
					test.serve(w, r)
				}, once, client.WithMaxResponseBytes(1000))
				err := op.call(t.Context(), c)
				var e *client.Error
				if !errors.As(err, &e) {
					t.Fatalf("got %v (%T), want an *Error", err, err)
				}
				text := err.Error()
				if e.StatusCode != test.status || !strings.Contains(text, test.text) {
					t.Errorf("got %d, %q, want %d and %q", e.StatusCode, text, test.status, test.text)
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("%v doesn't match %v", err, test.is)
				}
				if e.Method != op.method || !strings.HasPrefix(e.Path, "/api/atlas/v2/groups/"+project+"/backup/exportBuckets") || e.Attempts != 1 {
					t.Errorf("got %s %s after %d attempts", e.Method, e.Path, e.Attempts)
				}
				if strings.ContainsAny(text, "\n\r\x1b\u2028") || strings.Contains(text, "?") || len(text) > 1000 {
					t.Errorf("%q is not one line of text, or contains a query", text)
				}
			})
		})
	}
}

// TestSlowResponses checks that an attempt is abandoned if its response, or the body of its
// response, takes too long. The error keeps the status if there was one.
func TestSlowResponses(t *testing.T) {
	tests := []struct {
		fault  fakeatlas.Fault
		status int
	}{
		{fakeatlas.Latency(time.Hour), 0},
		{fakeatlas.SlowBody(time.Hour), http.StatusOK},
	}
	for _, test := range tests {
		forEachOperation(t, func(t *testing.T, op operation) {
			if op.name == "Delete" && test.status != 0 {
				t.Skip("the response to a deletion has no body")
			}
			inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
				c := newClient(t, client.AccessToken(accessToken(t, srv)), srv.URL, client.WithHTTPClient(hc), once, client.WithTimeout(2*time.Second))
				began := time.Now()
				err := op.call(t.Context(), c)
				var e *client.Error
				if !errors.As(err, &e) || !errors.Is(err, context.DeadlineExceeded) || e.StatusCode != test.status || time.Since(began) != 2*time.Second {
					t.Errorf("%s: got %v after %s, want a timeout with status %d after 2s", test.fault, err, time.Since(began), test.status)
				}
				if !strings.Contains(err.Error(), "no complete response within 2s (WithTimeout)") {
					t.Errorf("got %q", err)
				}
			}, fakeatlas.Inject(test.fault))
		})
	}
}

func raw(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// breakOff sends an incomplete body: shorter than its Content-Length.
func breakOff(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "100")
	write(w, status, `{"errorCode":`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// reset ends the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// TestErrorFields checks that an *Error has every member of an Atlas error.
func TestErrorFields(t *testing.T) {
	const body = `{"badRequestDetail":{"fields":[{"description":"must not be null","field":"iamRoleId"}]},` +
		`"detail":"Resource x is limited to 10.","error":400,"errorCode":"VALIDATION_ERROR","parameters":["x",10,null],"reason":"Bad Request","new":{}}`
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		raw(w, 400, "application/json", body)
	})
	_, err := c.Create(t.Context(), project, onAWS)
	var e *client.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := &client.Error{
		StatusCode: 400, Code: "VALIDATION_ERROR", Reason: "Bad Request", Detail: "Resource x is limited to 10.",
		Parameters: []any{"x", 10.0, nil}, Fields: []client.FieldViolation{{Field: "iamRoleId", Description: "must not be null"}},
		RetryAfter: 7 * time.Second, Method: "POST", Path: "/api/atlas/v2/groups/" + project + "/backup/exportBuckets",
		Attempts: 1, ContentType: "application/json", Body: []byte(body),
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, want := err.Error(), "exportbuckets: POST /api/atlas/v2/groups/"+project+"/backup/exportBuckets: 400 Bad Request VALIDATION_ERROR: Resource x is limited to 10.; iamRoleId: must not be null"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestErrorBodyIsCut checks that the error keeps the beginning of a long body.
func TestErrorBodyIsCut(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		raw(w, 500, "text/plain", strings.Repeat("x", 100_000))
	})
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.As(err, &e) || !bytes.Equal(e.Body, bytes.Repeat([]byte("x"), 8<<10)) {
		t.Errorf("got %v with %d bytes, want 8192", err, len(e.Body))
	}
}

// TestSentinels checks that Atlas's errors, produced by the fake, match their sentinels and
// no others.
func TestSentinels(t *testing.T) {
	sentinels := []error{
		client.ErrBadRequest, client.ErrUnauthorized, client.ErrForbidden, client.ErrNotFound, client.ErrProjectNotFound,
		client.ErrBucketNotFound, client.ErrBucketInUse, client.ErrRateLimited, client.ErrServer, client.ErrInvalidVersion,
		client.ErrTooLarge, client.ErrClosed, client.ErrInvalidArgument,
	}
	srv := fakeatlas.New(t, fakeatlas.Buckets(1))
	c := keyed(t, srv, once)
	id := srv.Buckets(srv.ProjectID)[0].ID
	srv.SetInUse(srv.ProjectID, id, true)
	tests := []struct {
		name  string
		fault *fakeatlas.Fault
		call  func() error
		want  []error
		text  string
	}{
		{"unknown project", nil, func() error { _, err := c.Get(t.Context(), project, id); return err }, []error{client.ErrNotFound, client.ErrProjectNotFound}, "check the project id"},
		{"unknown bucket", nil, func() error { _, err := c.Get(t.Context(), srv.ProjectID, bucket); return err }, []error{client.ErrNotFound, client.ErrBucketNotFound}, ""},
		{"deleting it", nil, func() error { return c.Delete(t.Context(), srv.ProjectID, bucket) }, []error{client.ErrNotFound, client.ErrBucketNotFound}, ""},
		{"in use", nil, func() error { return c.Delete(t.Context(), srv.ProjectID, id) }, []error{client.ErrBadRequest, client.ErrBucketInUse}, "disable auto export on every cluster"},
		{"rate limited", fault(fakeatlas.RateLimited(30 * time.Second)), func() error { _, err := c.Get(t.Context(), srv.ProjectID, id); return err }, []error{client.ErrRateLimited}, "try again in 30s"},
		{"forbidden read", fault(fakeatlas.Status(403)), func() error { _, err := c.Get(t.Context(), srv.ProjectID, id); return err }, []error{client.ErrForbidden}, "Project Read Only"},
		{"forbidden change", fault(fakeatlas.Status(403)), func() error { _, err := c.Create(t.Context(), srv.ProjectID, onGCP); return err }, []error{client.ErrForbidden}, "Project Backup Manager"},
		{"invalid version", fault(fakeatlas.Status(406).Code("INVALID_VERSION_DATE")), func() error { _, err := c.Get(t.Context(), srv.ProjectID, id); return err }, []error{client.ErrInvalidVersion}, "WithAPIVersion"},
		{"a proxy's 406", fault(fakeatlas.HTML(406)), func() error { _, err := c.Get(t.Context(), srv.ProjectID, id); return err }, []error{client.ErrInvalidVersion}, "WithAPIVersion"},
		{"server error", fault(fakeatlas.Status(500)), func() error { _, err := c.Get(t.Context(), srv.ProjectID, id); return err }, []error{client.ErrServer}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			srv.ClearFaults()
			if test.fault != nil {
				srv.Inject(*test.fault)
			}
			err := test.call()
			wrapped := fmt.Errorf("nightly run: %w", err)
			for _, s := range sentinels {
				want := slices.Contains(test.want, s)
				if errors.Is(wrapped, s) != want {
					t.Errorf("%v matches %v: %t, want %t", err, s, !want, want)
				}
			}
			if !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %q, want a text that contains %q", err, test.text)
			}
		})
	}
}

func fault(f fakeatlas.Fault) *fakeatlas.Fault { return &f }

// TestNoConnection checks that the error of a failed connection has the method, the path
// and the number of attempts.
func TestNoConnection(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := newClient(t, client.APIKey("public", "private"), gone.URL, promptly)
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	var op *net.OpError
	if !errors.As(err, &e) || !errors.As(err, &op) || e.StatusCode != 0 || e.Attempts != 4 || e.Method != http.MethodGet || e.Path == "" {
		t.Errorf("got %#v (%v), want a refused connection after 4 attempts", e, err)
	}
}

// TestCancelCauseInError checks that the error matches both the context's error and the
// caller's cause.
func TestCancelCauseInError(t *testing.T) {
	shutdown := errors.New("shutting down")
	c := clientOf(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(0, func() { cancel(shutdown) })
	_, err := c.Get(ctx, project, bucket)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, shutdown) {
		t.Errorf("got %v, want the cancellation with its cause", err)
	}
}

// TestCompressedResponse checks that the size limit applies to the decompressed response.
func TestCompressedResponse(t *testing.T) {
	c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", v2024)
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, oneBucket)
		_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
		_ = z.Close()
	}, client.WithMaxResponseBytes(1<<20))
	_, err := c.Get(t.Context(), project, bucket)
	var e *client.Error
	if !errors.As(err, &e) || !errors.Is(err, client.ErrTooLarge) || e.StatusCode != http.StatusOK || e.Attempts != 1 {
		t.Errorf("got %v, want ErrTooLarge with status 200, at once", err)
	}
}

// TestCanceled checks that a canceled call returns the context's error immediately.
func TestCanceled(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		arrived := make(chan struct{}, 1)
		c := clientOf(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			arrived <- struct{}{}
			<-r.Context().Done()
		})
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		err := op.call(ctx, c)
		var e *client.Error
		if !errors.Is(err, context.Canceled) || !errors.As(err, &e) || e.Attempts != 1 {
			t.Errorf("got %v, want the canceled context in an *Error of one attempt", err)
		}
	})
}

// TestCodesNeedTheirStatus checks that the error codes for a missing project or bucket count
// only with status 404.
func TestCodesNeedTheirStatus(t *testing.T) {
	for code, sentinel := range map[string]error{"GROUP_NOT_FOUND": client.ErrProjectNotFound, "EXPORT_BUCKET_NOT_FOUND": client.ErrBucketNotFound} {
		for _, status := range []int{400, 401, 403, 404, 409, 500} {
			c := clientOf(t, respond(status, plainJSON, fmt.Sprintf(`{"error":%d,"errorCode":%q}`, status, code)), once)
			_, err := c.Get(t.Context(), project, bucket)
			if got, want := errors.Is(err, sentinel), status == http.StatusNotFound; got != want {
				t.Errorf("%d %s: matches %v: %t, want %t", status, code, sentinel, got, want)
			}
		}
	}
}

// TestRateLimitAdvice checks that the text of a 429 has a time to wait only if Atlas sent one.
func TestRateLimitAdvice(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "429 Too Many Requests", 7 * time.Second: "429 Too Many Requests: try again in 7s"} {
		e := &client.Error{StatusCode: http.StatusTooManyRequests, RetryAfter: wait}
		if !strings.HasSuffix(e.Error(), want) {
			t.Errorf("%q, want %q at the end", e, want)
		}
	}
}

// TestMaxResponseBytes checks that a response may have as many bytes as the option allows, and
// not one more.
func TestMaxResponseBytes(t *testing.T) {
	for limit, want := range map[int]error{len(oneBucket): nil, len(oneBucket) - 1: client.ErrTooLarge} {
		c := clientOf(t, respond(http.StatusOK, v2024, oneBucket), client.WithMaxResponseBytes(int64(limit)))
		if _, err := c.Get(t.Context(), project, bucket); !errors.Is(err, want) {
			t.Errorf("with a limit of %d for %d bytes: %v, want %v", limit, len(oneBucket), err, want)
		}
	}
}

// TestErrorText checks that the text of an error is one line without control characters. It
// mentions a proxy only for a response that is not JSON and has no error details.
func TestErrorText(t *testing.T) {
	const proxy = "probably from a proxy"
	for _, test := range []struct {
		err   client.Error
		want  string
		proxy bool
	}{
		{client.Error{StatusCode: 404, Detail: "caf\u00e9\u009b\u0085\x1b\x7f\u2028\u2029end"}, "caf\u00e9      end", false},
		{client.Error{StatusCode: 404, Detail: "1\u00a0000 buckets"}, "1\u00a0000 buckets", false},
		{client.Error{StatusCode: 404, Code: "NONE", Detail: strings.Repeat("\u00e9", 500)}, " NONE: " + strings.Repeat("\u00e9", 500), false},
		{client.Error{StatusCode: 404, Code: "NONE", Detail: strings.Repeat("\u00e9", 501)}, " NONE: " + strings.Repeat("\u00e9", 500) + "…", false},
		{client.Error{StatusCode: 502, ContentType: "text/html"}, "text/html", true},
		{client.Error{StatusCode: 502, ContentType: "application/json"}, "502 Bad Gateway", false},
		{client.Error{StatusCode: 502, ContentType: "application/vnd.atlas.2024-05-30+json; charset=utf-8"}, "502 Bad Gateway", false},
		{client.Error{StatusCode: 502}, "502 Bad Gateway", false},
		{client.Error{StatusCode: 502, ContentType: "text/html", Code: "CODE"}, "502 Bad Gateway CODE", false},
		{client.Error{StatusCode: 502, ContentType: "text/html", Cause: io.ErrUnexpectedEOF}, io.ErrUnexpectedEOF.Error(), false},
	} {
		if text := test.err.Error(); !strings.Contains(text, test.want) || strings.Contains(text, proxy) != test.proxy {
			t.Errorf("got %q, want a text that contains %q and mentions a proxy: %t", text, test.want, test.proxy)
		}
	}
}
