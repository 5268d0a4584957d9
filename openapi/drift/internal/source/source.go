package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// Reader reads specifications. The zero value is ready to use.
type Reader struct {
	// Stdin is read for "-"; nil means os.Stdin.
	Stdin io.Reader
	// Transport sends requests; nil means a copy of http.DefaultTransport.
	Transport http.RoundTripper
	// CacheDir is the folder of cached downloads; "" disables the cache. See
	// DefaultCacheDir.
	CacheDir string
	// Timeout limits a whole download, including retries; 0 means DefaultTimeout.
	Timeout time.Duration
	// MaxBytes is the largest decompressed size of a specification; 0 means oas.MaxBytes.
	MaxBytes int64
	// UserAgent is sent with requests.
	UserAgent string
	// Warn is called with errors that do not stop the reading, such as a cache that cannot
	// be written; nil ignores them.
	Warn func(error)
}

// DefaultTimeout limits a whole download. The download of the Atlas specification takes
// seconds.
const DefaultTimeout = time.Minute

// StandardInput is the name of standard input in reports.
const StandardInput = "standard input"

// Read returns the content of name: "-" for standard input, an http(s) address, or a file.
// It returns when ctx ends, even if it waits for the writer of a named pipe. called is its
// name in reports. For a URL, it omits the query, which may contain a token.
func (r *Reader) Read(ctx context.Context, name string) (data []byte, called string, err error) {
	switch {
	case name == "":
		return nil, "", errors.New("the name of the specification is empty: expected a file, an https address, or - for standard input")
	case name == "-":
		data, err = await(ctx, func() ([]byte, error) { return r.bounded(r.stdin(), -1) })
		called = StandardInput
	case isAddress(name):
		return r.download(ctx, name)
	default:
		data, err = await(ctx, func() ([]byte, error) { return r.file(name) })
		called = name
	}
	if err != nil {
		return nil, called, fmt.Errorf("%s: %w", called, err)
	}
	return data, called, nil
}

// await returns the result of a read, or the cause of the end of ctx. In the latter case
// the read continues, and its result is dropped, because the opening of a named pipe
// without a writer cannot be interrupted.
func await(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := read()
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func isAddress(name string) bool { return strings.Contains(name, "://") }

func (r *Reader) stdin() io.Reader {
	if r.Stdin == nil {
		return os.Stdin
	}
	return r.Stdin
}

func (r *Reader) file(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, phrase.WithoutPath(err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder; name a file in it")
	}
	return r.bounded(f, info.Size()) // 0 for a pipe
}

func (r *Reader) maxBytes() int64 {
	if r.MaxBytes > 0 {
		return r.MaxBytes
	}
	return oas.MaxBytes
}

func (r *Reader) tooLarge() error {
	return fmt.Errorf("it is larger than %d MB; that is the limit", r.maxBytes()>>20)
}

// bounded reads all of from, up to the limit, and decompresses gzip. size is the length of
// from if known, or -1.
func (r *Reader) bounded(from io.Reader, size int64) ([]byte, error) {
	if size > r.maxBytes() {
		return nil, r.tooLarge()
	}
	buffered := bufio.NewReader(from)
	var plain io.Reader = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("it looks like gzip and cannot be decompressed: %w", err)
		}
		plain = unpacked
	}
	data, err := collect(io.LimitReader(plain, r.maxBytes()+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("it was cut off after %d bytes", len(data))
	case err != nil:
		return nil, err
	case int64(len(data)) > r.maxBytes():
		return nil, r.tooLarge()
	}
	return data, nil
}

// collect reads all of from in pieces, which allocates twice its length; a buffer that
// doubles would allocate four times its length.
func collect(from io.Reader) ([]byte, error) {
	const piece = 1 << 20
	var pieces [][]byte
	for {
		p, err := fill(from, make([]byte, 0, piece))
		pieces = append(pieces, p)
		switch {
		case errors.Is(err, io.EOF):
			return bytes.Join(pieces, nil), nil
		case err != nil:
			return bytes.Join(pieces, nil), err
		}
	}
}

// fill reads until p is full.
func fill(from io.Reader, p []byte) ([]byte, error) {
	for len(p) < cap(p) {
		n, err := from.Read(p[len(p):cap(p)])
		p = p[:len(p)+n]
		if err != nil {
			return p, err
		}
	}
	return p, nil
}
