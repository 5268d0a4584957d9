package recording

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

// decodeContent undoes the content coding that header names. Recorders differ in
// whether they stored the body before or after decoding it, so the bytes decide:
// what does not begin as its coding begins is taken as decoded already.
func decodeContent(body []byte, header http.Header) ([]byte, error) {
	codings := strings.FieldsFunc(strings.ToLower(strings.Join(header["Content-Encoding"], ",")), func(r rune) bool { return r == ',' || r == ' ' })
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if body, err = decodeOne(body, codings[i]); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func decodeOne(body []byte, coding string) ([]byte, error) {
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.HasPrefix(body, gzipMagic) {
			return body, nil
		}
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("the gzip body is damaged: %w", err)
		}
		return readBody(z)
	case "deflate":
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, nil //nolint:nilerr // not zlib (RFC 1950), so decoded already
		}
		return readBody(z)
	case "br", "zstd", "compress":
		if utf8.Valid(body) {
			return body, nil
		}
		return nil, fmt.Errorf("the body is still in %q coding, which cannot be undone here: record with \"Accept-Encoding: gzip\" or let the recorder decode", coding)
	}
	return body, nil
}

func readBody(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBodyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("the coded body is damaged: %w", err)
	}
	if len(b) > MaxBodyBytes {
		return nil, fmt.Errorf("the body unpacks to more than %d MiB", MaxBodyBytes>>20)
	}
	return b, nil
}
