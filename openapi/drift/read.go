package drift

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/source"
)

// Source reads specifications from files, standard input and the web, with limits on size
// and time. The zero value is ready to use and does not cache downloads.
type Source struct {
	// Stdin is read for "-"; nil means os.Stdin.
	Stdin io.Reader
	// Transport sends requests; nil is a copy of http.DefaultTransport.
	Transport http.RoundTripper
	// CacheDir is the folder of cached downloads; "" disables the cache. See the function
	// CacheDir.
	CacheDir string
	// Timeout limits a whole download, including retries; 0 means one minute.
	Timeout time.Duration
	// MaxBytes is the largest decompressed size of a specification; 0 means 64 MiB.
	MaxBytes int64
	// UserAgent is sent with requests.
	UserAgent string
	// Warn is called with errors that do not stop the read, such as a cache that can't be
	// written; nil ignores them.
	Warn func(error)
}

// Read returns the content of name: "-" for standard input, an https URL (http only for
// this machine), or a file. gzip is decompressed. A web page, a truncated response and
// anything larger than MaxBytes are errors.
func (s *Source) Read(ctx context.Context, name string) (Input, error) {
	data, called, err := (*source.Reader)(s).Read(ctx, name)
	if err != nil {
		return Input{}, err
	}
	return Input{Name: called, Data: data, Piped: name == "-"}, nil
}

// CacheDir returns the default folder for cached downloads, which only this program uses.
func CacheDir() (string, error) { return source.DefaultCacheDir() }
