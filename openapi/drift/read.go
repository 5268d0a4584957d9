package drift

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/source"
)

// Source reads specifications from files, standard input and the web, within bounds
// of size and time. The zero value is ready to use and keeps no downloads.
type Source struct {
	// Stdin is read for "-"; nil means os.Stdin.
	Stdin io.Reader
	// Transport sends requests; nil is a copy of http.DefaultTransport.
	Transport http.RoundTripper
	// CacheDir is where downloads are kept; "" keeps none. See CacheDir.
	CacheDir string
	// Timeout is for a whole download, retries included; 0 is one minute.
	Timeout time.Duration
	// MaxBytes is the largest specification that is read, unpacked; 0 is 64 MiB.
	MaxBytes int64
	// UserAgent is sent with requests.
	UserAgent string
	// Warn is called with errors that do not stop the read, such as a cache that can't be
	// written; nil ignores them.
	Warn func(error)
}

// Read returns the content of name: "-" for standard input, an https address (http for this
// machine only), or a file. gzip is unpacked. A web page, a response that is cut off and
// anything larger than MaxBytes are errors.
func (s *Source) Read(ctx context.Context, name string) (Input, error) {
	data, called, err := (*source.Reader)(s).Read(ctx, name)
	if err != nil {
		return Input{}, err
	}
	return Input{Name: called, Data: data, Piped: name == "-"}, nil
}

// CacheDir is the folder, of this program's own, where downloads are kept.
func CacheDir() (string, error) { return source.DefaultCacheDir() }
