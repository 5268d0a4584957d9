package drift

import (
	"context"

	"github.com/atlas-exportbuckets/exportbuckets/openapi/drift/internal/source"
)

// Source reads specifications from files, standard input and the web, within bounds
// of size and time. The zero value is ready to use and keeps no downloads.
type Source source.Reader

// Read gives what is at name: "-" for standard input, an https address (http on the
// own machine only), or a file. gzip is unpacked. A web page, an answer that is cut
// off and anything larger than 64 MB are errors.
func (s *Source) Read(ctx context.Context, name string) (Input, error) {
	data, called, err := (*source.Reader)(s).Read(ctx, name)
	if err != nil {
		return Input{}, err
	}
	return Input{Name: called, Data: data, Piped: name == "-"}, nil
}

// CacheDir is the folder, of this program's own, where downloads are kept.
func CacheDir() (string, error) { return source.DefaultCacheDir() }
