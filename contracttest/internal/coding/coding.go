// Package coding decodes the content codings of HTTP bodies (RFC 9110 §8.4).
package coding

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxCodings bounds the number of codings of one body. Servers apply one coding.
const maxCodings = 4

// Decode decodes the content codings that header names, each to at most limit bytes. Some
// recorders store encoded bodies and others decoded ones. Therefore the bytes decide: a
// body that does not begin as its coding requires is treated as decoded.
func Decode(body []byte, header http.Header, limit int) ([]byte, error) {
	codings := strings.FieldsFunc(strings.ToLower(strings.Join(header["Content-Encoding"], ",")), func(r rune) bool { return r == ',' || r == ' ' })
	if len(codings) > maxCodings {
		return nil, fmt.Errorf("the body has %d content codings; at most %d are decoded", len(codings), maxCodings)
	}
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if body, err = decode(body, codings[i], limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func decode(body []byte, coding string, limit int) ([]byte, error) {
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
			return body, nil
		}
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("the gzip body is damaged: %w", err)
		}
		return read(z, limit)
	case "deflate":
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, nil //nolint:nilerr // not zlib (RFC 1950), so decoded already
		}
		return read(z, limit)
	case "br", "zstd", "compress", "x-compress":
		if utf8.Valid(body) {
			return body, nil
		}
		return nil, fmt.Errorf("the body has the content coding %q, which is not supported: record with \"Accept-Encoding: gzip\" or let the recorder decode", coding)
	}
	return body, nil
}

func read(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("the coded body is damaged: %w", err)
	}
	if len(b) > limit {
		return nil, fmt.Errorf("the decoded body is larger than %d MiB", limit>>20)
	}
	return b, nil
}
