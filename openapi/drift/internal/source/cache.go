package source

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

// DefaultCacheDir is a folder of this program's own below the user's cache folder.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "exportbuckets", "specifications"), nil
}

// maxKept bounds how many downloads are kept.
const maxKept = 8

// download is what is kept of an address: the body, and by what the server tells
// whether it has changed.
type download struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
	// SHA256 is the body's; a body that does not have it was damaged.
	SHA256 string `json:"sha256"`

	body []byte
}

// ask makes a request conditional.
func (d *download) ask(req *http.Request) {
	switch {
	case d == nil:
	case d.ETag != "":
		req.Header.Set("If-None-Match", d.ETag)
	case d.LastModified != "":
		req.Header.Set("If-Modified-Since", d.LastModified)
	}
}

// files names the two files of an address. The address itself is not in them: its
// query may hold a token.
func (r *Reader) files(u *url.URL) (meta, body string) {
	sum := sha256.Sum256([]byte(u.String()))
	base := filepath.Join(r.CacheDir, hex.EncodeToString(sum[:16]))
	return base + ".json", base + ".spec"
}

// kept gives what is kept of an address, nil when that is nothing of use.
func (r *Reader) kept(u *url.URL) *download {
	if r.CacheDir == "" {
		return nil
	}
	metaFile, bodyFile := r.files(u)
	meta, err := os.ReadFile(metaFile)
	if err != nil {
		r.warnUnlessMissing(err)
		return nil
	}
	d := new(download)
	if json.Unmarshal(meta, d) != nil {
		return nil
	}
	if info, err := os.Stat(bodyFile); err != nil || info.Size() > r.maxBytes() {
		return nil
	}
	if d.body, err = os.ReadFile(bodyFile); err != nil || digest(d.body) != d.SHA256 {
		return nil
	}
	return d
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (r *Reader) warnUnlessMissing(err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		r.warn(err)
	}
}

func (r *Reader) warn(err error) {
	if r.Warn != nil {
		r.Warn(fmt.Errorf("downloads are not kept: %w", err))
	}
}

// keep keeps a download, unless the server forbids it or could not tell later
// whether it has changed.
func (r *Reader) keep(u *url.URL, h http.Header, body []byte) {
	d := download{ETag: h.Get("ETag"), LastModified: h.Get("Last-Modified"), SHA256: digest(body)}
	if r.CacheDir == "" || d.ETag == "" && d.LastModified == "" || strings.Contains(strings.ToLower(h.Get("Cache-Control")), "no-store") {
		return
	}
	if err := r.write(u, d, body); err != nil {
		r.warn(err)
	}
}

func (r *Reader) write(u *url.URL, d download, body []byte) error {
	if err := os.MkdirAll(r.CacheDir, 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(r.CacheDir); err != nil || info.Mode().Perm()&0o022 != 0 {
		return errors.Join(err, fmt.Errorf("others may write to %s", r.CacheDir))
	}
	meta, err := json.Marshal(d)
	if err != nil {
		return err
	}
	metaFile, bodyFile := r.files(u)
	// The body first: without its description nobody reads it.
	if err := atomicfile.Write(bodyFile, body, 0o600); err != nil {
		return err
	}
	if err := atomicfile.Write(metaFile, meta, 0o600); err != nil {
		return err
	}
	return r.prune()
}

// prune drops the downloads that were kept longest ago.
func (r *Reader) prune() error {
	metas, err := filepath.Glob(filepath.Join(r.CacheDir, "*.json"))
	if err != nil || len(metas) <= maxKept {
		return err
	}
	age := func(name string) int64 {
		info, err := os.Stat(name)
		if err != nil {
			return 0
		}
		return info.ModTime().UnixNano()
	}
	slices.SortFunc(metas, func(a, b string) int { return int(min(max(age(b)-age(a), -1), 1)) })
	var errs []error
	for _, meta := range metas[maxKept:] {
		errs = append(errs, os.Remove(meta), os.Remove(strings.TrimSuffix(meta, ".json")+".spec"))
	}
	return errors.Join(errs...)
}
