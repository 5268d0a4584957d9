package source

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
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const spec = "openapi: 3.0.1\npaths: {}\n"

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	plain, zipped := filepath.Join(dir, "spec.yaml"), filepath.Join(dir, "spec.yaml.gz")
	for name, data := range map[string][]byte{plain: []byte(spec), zipped: packed(t, spec)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	encoded := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("gzip was not requested")
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed(t, spec))
	})
	for name, called := range map[string]string{
		plain: plain, zipped: zipped, "-": StandardInput,
		serve(t, answer(spec)) + "/v2.yaml?token=s3cret#x": "/v2.yaml",
		encoded: "http://",
		serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(packed(t, spec)) }) + "/v2.yaml.gz": "/v2.yaml.gz",
	} {
		r := Reader{Stdin: strings.NewReader(spec)}
		data, got, err := r.Read(t.Context(), name)
		if err != nil || string(data) != spec {
			t.Errorf("%s: %q, %v", name, data, err)
		}
		if !strings.Contains(got, called) || strings.Contains(got, "s3cret") {
			t.Errorf("%s is called %s", name, got)
		}
	}
}

func TestUnreadableSources(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.gz")
	if err := os.WriteFile(broken, packed(t, strings.Repeat(spec, 100))[:40], 0o600); err != nil {
		t.Fatal(err)
	}
	noGzip := filepath.Join(dir, "no.gz")
	if err := os.WriteFile(noGzip, []byte("\x1f\x8bthis is none"), 0o600); err != nil {
		t.Fatal(err)
	}
	cutOff := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, spec)
	})
	for name, says := range map[string]string{
		"":                                 "name of the specification is empty",
		filepath.Join(dir, "nowhere.yaml"): "no such file",
		dir:                                "folder",
		broken:                             "cut off",
		noGzip:                             "looks like gzip and cannot be decompressed",
		"http://example.com/v2.yaml":       "use https",
		"http://10.0.0.1/v2.yaml":          "use https",
		"http://localhost.example.com/":    "use https",
		"ftp://example.com/v2.yaml":        "begin with https://",
		"file:///etc/passwd":               "names no host",
		"https:///v2.yaml":                 "names no host",
		"https://user:pa55word@example.com/v2.yaml": "credentials",
		"https://[::1/":              "can't be read",
		"http://127.0.0.1:1/v2.yaml": "refused",
		cutOff:                       "cut off after " + strconv.Itoa(len(spec)) + " bytes",
		serve(t, answer("\n <!DOCTYPE html><html>")): "web page",
		serve(t, http.NotFound):                      "404 Not Found",
		serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 300<<10))
			io.WriteString(w, spec)
		}): "response headers exceeded",
		serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }):   "not public",
		serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }): "304",
		serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+"/other", http.StatusFound)
		}): "not https",
		serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		}): "not https",
	} {
		data, _, err := new(Reader).Read(t.Context(), name)
		if err == nil || !strings.Contains(err.Error(), says) || data != nil {
			t.Errorf("%s: %v, want an error that contains %q", name, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "pa55word") {
			t.Errorf("%s: the error contains the password: %v", name, err)
		}
	}
}

// TestLargestSize checks that a specification of the largest size is read, and that one more
// byte is an error.
func TestLargestSize(t *testing.T) {
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, "-", serve(t, answer(spec))} {
		for _, size := range []int64{int64(len(spec)), int64(len(spec)) - 1} {
			r := Reader{Stdin: strings.NewReader(spec), MaxBytes: size}
			data, _, err := r.Read(t.Context(), name)
			if size < int64(len(spec)) && (err == nil || !strings.Contains(err.Error(), "larger than")) || size == int64(len(spec)) && string(data) != spec {
				t.Errorf("%s, at most %d bytes: %q, %v", name, size, data, err)
			}
		}
	}
}

// TestWebPage checks that the hint about GitHub is given only for its addresses.
func TestWebPage(t *testing.T) {
	for _, test := range []struct {
		address string
		hint    bool
	}{
		{"https://github.com/o/r/blob/main/v2.yaml", true},
		{"https://example.com/v2.yaml", false},
	} {
		r := Reader{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, 200, nil, "<html>"), nil })}
		_, _, err := r.Read(t.Context(), test.address)
		if err == nil || !strings.Contains(err.Error(), "web page") || strings.Contains(err.Error(), "Raw") != test.hint {
			t.Errorf("%s: %v", test.address, err)
		}
	}
}

// packing is a ResponseWriter that compresses the body.
type packing struct {
	http.ResponseWriter
	gzip *gzip.Writer
}

func (p *packing) Write(data []byte) (int, error) { return p.gzip.Write(data) }

// TestSizeIsBounded checks that a body that does not end, or that is longer than announced,
// takes no more memory than the limit.
func TestSizeIsBounded(t *testing.T) {
	slowtest.Skip(t)
	endless := func(w http.ResponseWriter, _ *http.Request) {
		block := bytes.Repeat([]byte("# nothing\n"), 10_000)
		for range 1 << 30 / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	bomb := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		endless(&packing{w, gzip.NewWriter(w)}, r)
	})
	for name, address := range map[string]string{
		"a gigabyte": serve(t, endless),
		"a gigabyte, announced": serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000000000")
			endless(w, r)
		}),
		"a gigabyte, packed": bomb,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := new(Reader).Read(t.Context(), address)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 200<<20 {
			t.Errorf("%s: %d MB were allocated", name, used>>20)
		}
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	f, err := os.Create(big)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(1 << 30); err != nil {
		t.Fatal(err)
	}
	if _, _, err := new(Reader).Read(t.Context(), big); err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
		t.Errorf("a file of a gigabyte: %v", err)
	}
}

// roundTrip is a function that implements http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func respond(r *http.Request, status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

func TestTimeIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := Reader{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		start := time.Now()
		_, _, err := r.Read(t.Context(), "https://example.com/v2.yaml")
		if err == nil || !strings.Contains(err.Error(), "did not end within 1m0s") || time.Since(start) != DefaultTimeout {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestRetries checks that a request that may succeed later is retried twice, with growing
// pauses.
func TestRetries(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(n int, r *http.Request) (*http.Response, error)
		asked  int
		took   time.Duration
		good   bool
	}{
		{"503, then there", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return respond(r, 503, nil, ""), nil
			}
			return respond(r, 200, nil, spec), nil
		}, 2, time.Second, true},
		{"429 with a time", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return respond(r, 429, http.Header{"Retry-After": {"7"}}, ""), nil
			}
			return respond(r, 200, nil, spec), nil
		}, 2, 7 * time.Second, true},
		{"502 each time", func(_ int, r *http.Request) (*http.Response, error) { return respond(r, 502, nil, ""), nil }, 3, 3 * time.Second, false},
		{"a time beyond the limit", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"3000"}}, ""), nil
		}, 1, 0, false},
		{"a time that a Duration cannot hold", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"18446744074"}}, ""), nil
		}, 1, 0, false},
		{"a time that ends with the limit", func(_ int, r *http.Request) (*http.Response, error) {
			return respond(r, 429, http.Header{"Retry-After": {"60"}}, ""), nil
		}, 1, 0, false},
		{"a time of zero", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return respond(r, 429, http.Header{"Retry-After": {"0"}}, ""), nil
			}
			return respond(r, 200, nil, spec), nil
		}, 2, time.Second, true},
		{"404", func(_ int, r *http.Request) (*http.Response, error) { return respond(r, 404, nil, ""), nil }, 1, 0, false},
		{"a connection that broke", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return nil, io.ErrUnexpectedEOF
			}
			return respond(r, 200, nil, spec), nil
		}, 2, time.Second, true},
		{"a connection that was reset", func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return nil, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
			}
			return respond(r, 200, nil, spec), nil
		}, 2, time.Second, true},
		{"a connection that was refused", func(int, *http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		}, 1, 0, false},
		{"an unknown host", func(int, *http.Request) (*http.Response, error) { return nil, errors.New("no such host") }, 1, 0, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			r := Reader{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				n++
				return test.answer(n, r)
			})}
			start := time.Now()
			data, _, err := r.Read(t.Context(), "https://example.com/v2.yaml")
			if n != test.asked || time.Since(start) != test.took || (err == nil) != test.good || test.good && string(data) != spec {
				t.Errorf("%s: %d requests in %s, %v", test.name, n, time.Since(start), err)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := new(Reader).Read(ctx, "https://example.com/v2.yaml"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestRedirects(t *testing.T) {
	redirecting := func(steps int, last string) Reader {
		n := 0
		return Reader{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Referer") != "" {
				t.Errorf("Referer %q was sent to %s", r.Header.Get("Referer"), r.URL)
			}
			if n++; n <= steps {
				return respond(r, 302, http.Header{"Location": {fmt.Sprintf(last, n)}}, ""), nil
			}
			return respond(r, 200, nil, spec), nil
		})}
	}
	for _, test := range []struct {
		steps int
		to    string
		says  string
	}{
		{5, "https://other.example.com/%d", ""},
		{6, "https://other.example.com/%d", "more than 5 redirects"},
		{1, "http://other.example.com/%d", "not https"},
		{1, "http://127.0.0.1/%d", "not https"},
	} {
		r := redirecting(test.steps, test.to)
		_, _, err := r.Read(t.Context(), "https://example.com/v2.yaml?token=s3cret")
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%d to %s: %v, want %q", test.steps, test.to, err, test.says)
		}
	}
}
