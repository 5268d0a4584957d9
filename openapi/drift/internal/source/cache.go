package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

// DefaultCacheDir returns this program's folder in the user's cache folder.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "exportbuckets", "specifications"), nil
}

const (
	// maxKept is the largest number of cached downloads.
	maxKept = 8
	// maxValidator is the length of the longest ETag or date of a cached download, in bytes;
	// maxHead is longer than the description of any cached download.
	maxValidator = 1 << 10
	maxHead      = 16 << 10
)

// download is a cached download. Its file has one line of JSON, which describes the body,
// and then the body.
type download struct {
	// ETag and LastModified are the validators of the response.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
	// Kept is the time of the download.
	Kept time.Time `json:"kept"`
	// SHA256 is the digest of the address, the fields above, and the body.
	SHA256 string `json:"sha256"`

	body []byte
}

// ask makes a request conditional on a change since the download.
func (d *download) ask(req *http.Request) {
	switch {
	case d == nil:
	case d.ETag != "":
		req.Header.Set("If-None-Match", d.ETag)
	case d.LastModified != "":
		req.Header.Set("If-Modified-Since", d.LastModified)
	}
}

// digest returns the SHA256 that is valid for an address.
func (d *download) digest(u *url.URL) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q %q\n", u, d.ETag, d.LastModified, d.Kept.UTC().Format(time.RFC3339Nano))
	sum.Write(d.body)
	return hex.EncodeToString(sum.Sum(nil))
}

// cacheFile names the file of an address. The name does not contain the address, because
// its query may contain a token.
func (r *Reader) cacheFile(u *url.URL) string {
	sum := sha256.Sum256([]byte(u.String()))
	return filepath.Join(r.CacheDir, hex.EncodeToString(sum[:16])+".spec")
}

// kept returns the cached download of an address, or nil if there is no usable one. A file
// that others can write is not used.
func (r *Reader) kept(u *url.URL) *download {
	if r.CacheDir == "" {
		return nil
	}
	d, err := r.open(u)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.warn("a cached download is not used", err)
	}
	return d
}

func (r *Reader) open(u *url.URL) (*download, error) {
	if err := checkFolder(r.CacheDir); err != nil {
		return nil, err
	}
	f, err := openFile(r.cacheFile(u))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", f.Name())
	case info.Size() > r.maxBytes()+maxHead: // not even read
		return nil, fmt.Errorf("%s is larger than a specification may be", f.Name())
	}
	if err := checkOwner(f.Name(), info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, r.maxBytes()+maxHead))
	if err != nil {
		return nil, err
	}
	head, body, _ := bytes.Cut(data, []byte("\n"))
	d := &download{body: body}
	if json.Unmarshal(head, d) != nil || d.SHA256 != d.digest(u) {
		return nil, fmt.Errorf("%s was changed or damaged", f.Name())
	}
	return d, nil
}

// checkFolder refuses a cache folder that other users may write to.
func checkFolder(dir string) error {
	info, err := os.Lstat(dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	}
	return checkOwner(dir, info)
}

// checkOwner refuses files that belong to another user, and files that other users may
// write to.
func checkOwner(name string, info fs.FileInfo) error {
	switch {
	case info.Mode().Perm()&0o022 != 0:
		return fmt.Errorf("others may write to %s", name)
	case !isOwn(info):
		return fmt.Errorf("%s belongs to another user", name)
	}
	return nil
}

func (r *Reader) warn(what string, err error) {
	if r.Warn != nil {
		r.Warn(fmt.Errorf("%s: %w", what, err))
	}
}

// keep caches a download, unless the server forbids caching or sent neither an ETag nor a
// date, of a usual length, with which to revalidate it.
func (r *Reader) keep(u *url.URL, h http.Header, body []byte) {
	d := &download{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), Kept: time.Now(), body: body}
	longest := max(len(d.ETag), len(d.LastModified))
	if r.CacheDir == "" || longest == 0 || longest > maxValidator || strings.Contains(strings.ToLower(h.Get("Cache-Control")), "no-store") {
		return
	}
	d.SHA256 = d.digest(u)
	if err := r.write(u, d); err != nil {
		r.warn("the download was not cached", err)
	}
}

func (r *Reader) write(u *url.URL, d *download) error {
	if err := os.MkdirAll(r.CacheDir, 0o700); err != nil {
		return err
	}
	if err := checkFolder(r.CacheDir); err != nil {
		return err
	}
	head, err := json.Marshal(d)
	if err != nil {
		return err
	}
	name := r.cacheFile(u)
	// A new file does not have the permissions of the old one, and is not a pipe, which would
	// wait for a reader.
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := atomicfile.Write(name, slices.Concat(head, []byte("\n"), d.body), 0o600); err != nil {
		return err
	}
	return r.prune()
}

// prune removes the oldest downloads from the cache.
func (r *Reader) prune() error {
	files, err := filepath.Glob(filepath.Join(r.CacheDir, "*.spec"))
	if err != nil {
		return err
	}
	modified := make(map[string]time.Time)
	for _, name := range files {
		if info, err := os.Lstat(name); err == nil {
			modified[name] = info.ModTime()
		}
	}
	slices.SortFunc(files, func(a, b string) int { return modified[b].Compare(modified[a]) })
	var errs []error
	for _, name := range files[min(maxKept, len(files)):] {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}
