package fakeatlas

import (
	"bytes"
	"compress/gzip"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// acceptsGzip reports whether the caller asked for a compressed response (RFC 9110,
// 12.5.3). A wildcard does not count.
func acceptsGzip(header http.Header) bool {
	for _, line := range header["Accept-Encoding"] {
		for item := range strings.SplitSeq(line, ",") {
			coding, parameters, err := mime.ParseMediaType(item)
			if err == nil && (coding == "gzip" || coding == "x-gzip") {
				weight, err := strconv.ParseFloat(parameters["q"], 64)
				return err != nil || weight > 0
			}
		}
	}
	return false
}

// gzipWriters are reused because each has 800 KB of buffers.
var gzipWriters = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is valid
	return w
}}

// compress compresses the body, unless it is empty or compressed already.
func (out *wire) compress() {
	if len(out.body) == 0 || out.header["Content-Encoding"] != nil {
		return
	}
	var buf bytes.Buffer
	z, _ := gzipWriters.Get().(*gzip.Writer)
	z.Reset(&buf)
	_, _ = z.Write(out.body) // writing to a bytes.Buffer does not fail
	_ = z.Close()
	gzipWriters.Put(z)
	out.header["Content-Encoding"] = []string{"gzip"}
	out.header["Vary"] = []string{"Accept-Encoding"}
	out.setBody(buf.Bytes())
}
