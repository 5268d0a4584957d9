package recording

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readAhead is the size of the buffer from which the format is determined, in bytes.
const readAhead = 64 << 10

// gzipGrace is the unpacked size of a .gz file above which its ratio is checked, in bytes.
const gzipGrace = 16 << 20

// unpack decompresses gzip, which it recognizes by the first two bytes (RFC 1952 §2.3.1).
func unpack(r io.Reader) (*bufio.Reader, error) {
	packed := &countingReader{r: r}
	plain := bufio.NewReaderSize(packed, readAhead)
	if magic, _ := plain.Peek(2); !bytes.Equal(magic, gzipMagic) {
		return plain, nil
	}
	z, err := gzip.NewReader(plain)
	if err != nil {
		return nil, fmt.Errorf("%w: damaged gzip: %w", errNotRecording, err)
	}
	return bufio.NewReaderSize(&gzipReader{z: z, packed: packed}, readAhead), nil
}

var gzipMagic = []byte{0x1f, 0x8b}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// gzipReader stops at a decompression bomb, and its errors contain the word gzip. Its first
// error is final: later reads return no data.
type gzipReader struct {
	z        *gzip.Reader
	packed   *countingReader
	unpacked int64
	err      error
}

func (g *gzipReader) Read(p []byte) (n int, err error) {
	if g.err != nil {
		return 0, g.err
	}
	n, g.err = g.read(p)
	return n, g.err
}

func (g *gzipReader) read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	g.unpacked += int64(n)
	if g.unpacked > gzipGrace && g.unpacked/MaxGzipRatio > g.packed.n {
		return n, fmt.Errorf("gzip unpacks to more than %d times its size: it may be a decompression bomb; if you trust the file, decompress it and verify the result", MaxGzipRatio)
	}
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, errors.New("the gzip data is cut off")
	}
	return n, fmt.Errorf("damaged gzip: %s", strings.TrimPrefix(err.Error(), "gzip: "))
}
