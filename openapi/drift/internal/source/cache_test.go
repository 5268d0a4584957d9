package source

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		r := Reader{CacheDir: dir, Warn: func(err error) { t.Error(err) }}
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
	if err != nil || len(files) != 2 {
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
			t.Errorf("%s holds the token", name)
		}
	}
	// What was damaged is fetched anew.
	for _, name := range files {
		if strings.HasSuffix(name, ".spec") {
			if err := os.WriteFile(name, []byte("damaged"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	read(body, 3)
	if asked != 5 {
		t.Errorf("asked %d times", asked)
	}
}

// A server that has no tags is asked by the date; what describes a download in the
// cache may be damaged, or tell of one that is gone or grew.
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
	dir := t.TempDir()
	r := Reader{CacheDir: dir, UserAgent: "a test", MaxBytes: 1 << 10}
	damage := map[string]func(meta, body string) error{
		"nothing yet":   func(string, string) error { return nil },
		"not damaged":   nil,
		"meta":          func(meta, _ string) error { return os.WriteFile(meta, []byte("{"), 0o600) },
		"body gone":     func(_, body string) error { return os.Remove(body) },
		"body too long": func(_, body string) error { return os.WriteFile(body, make([]byte, 2<<10), 0o600) },
	}
	for i, what := range []string{"nothing yet", "not damaged", "meta", "body gone", "body too long"} {
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		want := 1
		if breaks := damage[what]; breaks == nil {
			want = 0
		} else if i > 0 {
			if err := breaks(files[0], files[1]); err != nil {
				t.Fatal(err)
			}
		}
		sent = 0
		if data, _, err := r.Read(t.Context(), address); err != nil || string(data) != spec || sent != want {
			t.Errorf("%s: %q, %v; sent %d times, want %d", what, data, err, sent, want)
		}
	}
}

func TestWhatIsNotKept(t *testing.T) {
	for name, header := range map[string]http.Header{
		"no validator": {},
		"no-store":     {"Etag": {`"1"`}, "Cache-Control": {"No-Store"}},
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

// A cache that can't be used is no reason to fail.
func TestCacheInTheWay(t *testing.T) {
	open := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{open, file} {
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

func TestCacheIsBounded(t *testing.T) {
	dir := t.TempDir()
	r := Reader{CacheDir: dir, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return respond(r, 200, http.Header{"Etag": {`"1"`}}, spec), nil
	})}
	for i := range maxKept + 5 {
		if _, _, err := r.Read(t.Context(), fmt.Sprintf("https://example.com/%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(files) != 2*maxKept {
		t.Errorf("%d files, %v", len(files), err)
	}
}
