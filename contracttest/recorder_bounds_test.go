package contracttest_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest"
)

// A long session results in several cassettes, so that memory use is bounded.
func TestLongSessionIsSplit(t *testing.T) {
	dir := t.TempDir()
	rec := newRecorder(t, dir, contracttest.RecorderOptions{Name: "long"})
	body := "{" + strings.Repeat(" ", 2_000) + "}"
	rec.SetLimit(2 * (2<<10 + 2*len(body))) // two exchanges
	for range 4 {
		var got http.Request
		if _, err := rec.Middleware(echo(&got)).RoundTrip(post(t, body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "long.yaml"), filepath.Join(dir, "long-2.yaml")}
	if got := rec.Files(); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	for file, text := range disk(t, dir) {
		if n := strings.Count(text, "\n  - id: "); n != 2 {
			t.Errorf("%s contains %d exchanges, want 2", file, n)
		}
	}
}

func TestRecorderRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		dir  string
		opts contracttest.RecorderOptions
		want string
	}{
		"a file":       {file, contracttest.RecorderOptions{}, "not a directory"},
		"the folder":   {t.TempDir(), contracttest.RecorderOptions{Name: "."}, `recorder: the name "." is a folder: use a file name without extension`},
		"its parent":   {t.TempDir(), contracttest.RecorderOptions{Name: ".."}, `recorder: the name ".." is a folder: use a file name without extension`},
		"a root":       {t.TempDir(), contracttest.RecorderOptions{Name: "/"}, `recorder: the name "/" is a path: pass the folder as dir`},
		"a backslash":  {t.TempDir(), contracttest.RecorderOptions{Name: `a\b`}, `recorder: the name "a\\b" is a path: pass the folder as dir`},
		"a path":       {t.TempDir(), contracttest.RecorderOptions{Name: "../x"}, `recorder: the name "../x" is a path: pass the folder as dir`},
		"no room":      {longFolder(t), contracttest.RecorderOptions{}, "file name too long"},
		"short secret": {t.TempDir(), contracttest.RecorderOptions{Secrets: []string{"x"}}, "recorder: secret 0 has fewer than 4 characters"},
	} {
		if _, err := contracttest.NewRecorder(tc.dir, tc.opts); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// longFolder returns a folder with a path so long that it cannot contain a file, or a path that
// is too long for a folder on systems with a lower limit than Linux.
func longFolder(t *testing.T) string {
	t.Helper()
	const longest, each = 4095, 200
	dir := t.TempDir()
	for len(dir)+2*each < longest {
		dir += "/" + strings.Repeat("d", each)
	}
	return dir + "/" + strings.Repeat("d", each/2) + "/" + strings.Repeat("d", longest-len(dir)-each/2-2)
}

// TestRecordedLength checks that a recorded Content-Length is that of the recorded body if the
// original was that of the original body, or of a compressed one.
func TestRecordedLength(t *testing.T) {
	const body = `{"region":"acme-region"}`
	for _, tt := range []struct {
		length int
		coding string
		want   string
	}{
		{len(body), "", strconv.Itoa(len(`{"region":"redacted"}`))},
		{len(body) + 1, "", strconv.Itoa(len(body) + 1)},
		{len(body) + 1, "identity", strconv.Itoa(len(`{"region":"redacted"}`))},
	} {
		dir := t.TempDir()
		rec := newRecorder(t, dir, contracttest.RecorderOptions{})
		resp, err := rec.Middleware(roundTripper(func(req *http.Request) (*http.Response, error) {
			resp := respondWith(req, strings.NewReader(body))
			resp.Header.Set("Content-Length", strconv.Itoa(tt.length))
			if tt.coding != "" {
				resp.Header.Set("Content-Encoding", tt.coding)
			}
			return resp, nil
		})).RoundTrip(post(t, ""))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		for _, text := range disk(t, dir) {
			if !strings.Contains(text, "Content-Length:\n          - \""+tt.want+"\"\n") {
				t.Errorf("length %d, coding %q: want %s in\n%s", tt.length, tt.coding, tt.want, text)
			}
		}
	}
}

// TestLargeRequestIsSent checks that a request body which is too large to record is sent, and
// that the client does not send a part of it again.
func TestLargeRequestIsSent(t *testing.T) {
	rec := newRecorder(t, t.TempDir(), contracttest.RecorderOptions{})
	var got http.Request
	resp, err := rec.Middleware(echo(&got)).RoundTrip(post(t, strings.Repeat("x", 9<<20)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, resp.Body); n != 9<<20 || err != nil || got.GetBody != nil {
		t.Errorf("%d bytes were sent, %v; the body can be sent again: %t", n, err, got.GetBody != nil)
	}
	if err := rec.Close(); err == nil || !strings.Contains(err.Error(), "larger than 8 MiB") {
		t.Errorf("the error is %v", err)
	}
}
