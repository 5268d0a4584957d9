package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	var asked, sent int
	body, tag := spec, `"1"`
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		io.WriteString(w, body)
	})
	read := func(want string, wantSent int) {
		t.Helper()
		r := Reader{CacheDir: dir, MaxBytes: int64(len(body)), Warn: func(err error) { t.Error(err) }}
		data, _, err := r.Read(t.Context(), address+"/?token=s3cret")
		if err != nil || string(data) != want || sent != wantSent {
			t.Errorf("%q, %v; sent %d times, want %q and %d", data, err, sent, want, wantSent)
		}
	}
	read(spec, 1)
	read(spec, 1)
	body, tag = spec+"# new\n", `"2"`
	read(body, 2)
	read(body, 2)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range append(files, dir) {
		info, err := os.Stat(name)
		want := fs.FileMode(0o600)
		if name == dir {
			want = 0o700
		}
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		if data, err := os.ReadFile(name); err == nil && strings.Contains(string(data), "s3cret") {
			t.Errorf("%s contains the token", name)
		}
	}
	if asked != 4 {
		t.Errorf("asked %d times", asked)
	}
}

// TestChangedDownloads changes cached files in several ways. They must not be used: the
// reader warns and downloads the document again.
func TestChangedDownloads(t *testing.T) {
	const poison = "openapi: 3.0.1\ninfo: {title: Poison}\npaths: {}\n"
	rewrite := func(change func(head, body string) string) func(name, other string) error {
		return func(name, _ string) error {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			head, body, _ := strings.Cut(string(data), "\n")
			return os.WriteFile(name, []byte(change(head, body)), 0o600)
		}
	}
	for what, change := range map[string]func(name, other string) error{
		"another body": rewrite(func(head, _ string) string { return head + "\n" + poison }),
		"another validator": rewrite(func(head, body string) string {
			return strings.Replace(head, "etag\":\"", "etag\":\"W/", 1) + "\n" + body
		}),
		"another time": rewrite(func(head, body string) string {
			return strings.Replace(head, "kept\":\"2", "kept\":\"1", 1) + "\n" + body
		}),
		"cut short":             rewrite(func(head, _ string) string { return head[:len(head)/2] }),
		"not JSON":              rewrite(func(_, body string) string { return "{\n" + body }),
		"too large":             func(name, _ string) error { return os.Truncate(name, 64<<10) },
		"of another address":    func(name, other string) error { return os.Rename(other, name) },
		"writable by the group": func(name, _ string) error { return os.Chmod(name, 0o620) },
		"writable by others":    func(name, _ string) error { return os.Chmod(name, 0o602) },
		"a folder":              func(name, _ string) error { return errors.Join(os.Remove(name), os.Mkdir(name, 0o700)) },
		"a link":                func(name, other string) error { return errors.Join(os.Remove(name), os.Symlink(other, name)) },
	} {
		t.Run(what, func(t *testing.T) { checkChanged(t, change) })
	}
}

func checkChanged(t *testing.T, change func(name, other string) error) {
	dir := t.TempDir()
	warnings, conditional := 0, 0
	r := Reader{CacheDir: dir, MaxBytes: 1 << 10, Warn: func(error) { warnings++ }, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("If-None-Match") != "" {
			conditional++
			return respond(r, http.StatusNotModified, nil, ""), nil
		}
		return respond(r, 200, http.Header{"Etag": {`"1"`}}, spec), nil
	})}
	const address, other = "https://example.com/v2.yaml", "https://example.com/other.yaml"
	for _, name := range []string{address, other} {
		if _, _, err := r.Read(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	fileOf := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return r.cacheFile(u)
	}
	if err := change(fileOf(address), fileOf(other)); err != nil {
		t.Fatal(err)
	}
	for uses := range 2 { // the second time, the new download is used
		data, _, err := r.Read(t.Context(), address)
		if err != nil || string(data) != spec || warnings != 1 || conditional != uses {
			t.Errorf("%q, %v; %d warnings, %d requests that rely on the cache, want %d", data, err, warnings, conditional, uses)
		}
	}
}

// TestHugeFileInTheCache checks that a cached file that is far too large is not read.
func TestHugeFileInTheCache(t *testing.T) {
	r := Reader{CacheDir: t.TempDir(), Warn: func(error) {}, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return respond(r, 200, http.Header{"Etag": {`"1"`}}, spec), nil
	})}
	read := func() {
		if _, _, err := r.Read(t.Context(), "https://example.com/v2.yaml"); err != nil {
			t.Error(err)
		}
	}
	read()
	names, err := filepath.Glob(filepath.Join(r.CacheDir, "*.spec"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	if err := os.Truncate(names[0], 1<<30); err != nil {
		t.Fatal(err)
	}
	if used := limitstest.Memory(read); used > 4<<20 {
		t.Errorf("it allocates %d bytes", used)
	}
}

// TestPipeInTheCache checks that the reader does not wait if a cached file is a named pipe.
func TestPipeInTheCache(t *testing.T) {
	checkChanged(t, func(name, _ string) error { return errors.Join(os.Remove(name), makePipe(name)) })
}

// TestLongestValidators checks that a download with the longest validators is used.
func TestLongestValidators(t *testing.T) {
	longest := `"` + strings.Repeat("\x01", maxValidator-2) + `"`
	sent := 0
	r := Reader{CacheDir: t.TempDir(), MaxBytes: int64(len(spec)), Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("If-None-Match") == longest {
			return respond(r, http.StatusNotModified, nil, ""), nil
		}
		sent++
		return respond(r, 200, http.Header{"Etag": {longest}, "Last-Modified": {longest}}, spec), nil
	})}
	for range 2 {
		if data, _, err := r.Read(t.Context(), "https://example.com/v2.yaml"); err != nil || string(data) != spec || sent != 1 {
			t.Errorf("%q, %v; sent %d times", data, err, sent)
		}
	}
}

func TestDefaultCacheDir(t *testing.T) {
	home := t.TempDir()
	variables := []string{"HOME", "XDG_CACHE_HOME", "LocalAppData", "home"} // of all systems
	for _, name := range variables {
		t.Setenv(name, home)
	}
	if dir, err := DefaultCacheDir(); err != nil || !strings.HasPrefix(dir, home) || !strings.HasSuffix(dir, filepath.Join("exportbuckets", "specifications")) {
		t.Errorf("%s, %v", dir, err)
	}
	for _, name := range variables {
		t.Setenv(name, "")
	}
	if dir, err := DefaultCacheDir(); err == nil {
		t.Errorf("without a home: %s", dir)
	}
}

// TestCacheByDate checks that a download without an ETag is revalidated by its date.
func TestCacheByDate(t *testing.T) {
	const date = "Tue, 02 Jun 2026 09:14:05 GMT"
	sent := 0
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Last-Modified", date)
		if r.Header.Get("If-Modified-Since") == date {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if got := r.Header.Get("User-Agent"); got != "a test" {
			t.Errorf("asked as %q", got)
		}
		sent++
		io.WriteString(w, spec)
	})
	r := Reader{CacheDir: t.TempDir(), UserAgent: "a test"}
	for range 3 {
		if data, _, err := r.Read(t.Context(), address); err != nil || string(data) != spec || sent != 1 {
			t.Errorf("%q, %v; sent %d times", data, err, sent)
		}
	}
}

func TestUncachedResponses(t *testing.T) {
	for name, header := range map[string]http.Header{
		"no validator":     {},
		"no-store":         {"Etag": {`"1"`}, "Cache-Control": {"No-Store"}},
		"a long validator": {"Etag": {`"` + strings.Repeat("a", maxValidator-1) + `"`}},
	} {
		dir := filepath.Join(t.TempDir(), "cache")
		r := Reader{CacheDir: dir, Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, 200, header, spec), nil })}
		if _, _, err := r.Read(t.Context(), "https://example.com/v2.yaml"); err != nil {
			t.Fatal(err)
		}
		if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) > 0 {
			t.Errorf("%s: kept %v", name, files)
		}
	}
}

// TestUnusableCacheWarns checks that an unusable cache results only in a warning.
func TestUnusableCacheWarns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dirs := []string{file}
	for _, mode := range []fs.FileMode{0o720, 0o702} {
		open := filepath.Join(t.TempDir(), "open")
		if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, mode)); err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, open)
	}
	for _, dir := range dirs {
		var warned error
		r := Reader{CacheDir: dir, Warn: func(err error) { warned = err }, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			return respond(r, 200, http.Header{"Etag": {`"1"`}}, spec), nil
		})}
		data, _, err := r.Read(t.Context(), "https://example.com/v2.yaml")
		if err != nil || string(data) != spec || warned == nil {
			t.Errorf("%s: %q, %v, warned %v", dir, data, err, warned)
		}
	}
}

// TestCacheIsBounded checks that the latest downloads are kept.
func TestCacheIsBounded(t *testing.T) {
	const downloads = maxKept + 5
	r := Reader{CacheDir: t.TempDir(), Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return respond(r, 200, http.Header{"Etag": {`"1"`}}, spec), nil
	})}
	var names []string
	past := time.Now().Add(-time.Hour)
	for i := range downloads {
		u := &url.URL{Scheme: "https", Host: "example.com", Path: fmt.Sprint("/", i)}
		if _, _, err := r.Read(t.Context(), u.String()); err != nil {
			t.Fatal(err)
		}
		names = append(names, r.cacheFile(u))
		at := past.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(names[i], at, at); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Sorted(slices.Values(names[downloads-maxKept:]))
	if files, err := filepath.Glob(filepath.Join(r.CacheDir, "*")); err != nil || !slices.Equal(files, want) {
		t.Errorf("cached: %v, %v; want the latest %d downloads", files, err, maxKept)
	}
}
