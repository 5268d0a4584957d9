package coding_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/coding"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// maxBytes is the limit used in the tests.
const maxBytes = 16 << 20

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

func deflated(text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.String()
}

func TestDecode(t *testing.T) {
	for name, tc := range map[string]struct {
		body, want, err string
		codings         []string
	}{
		"none":                             {body: "{}", want: "{}"},
		"identity":                         {body: "{}", want: "{}", codings: []string{"identity"}},
		"gzip":                             {body: gzipped("{}"), want: "{}", codings: []string{"gzip"}},
		"x-gzip, cased":                    {body: gzipped("{}"), want: "{}", codings: []string{"X-GZIP"}},
		"gzip, decoded by the recorder":    {body: "{}", want: "{}", codings: []string{"gzip"}},
		"deflate":                          {body: deflated("{}"), want: "{}", codings: []string{"deflate"}},
		"deflate, decoded by the recorder": {body: "{}", want: "{}", codings: []string{"deflate"}},
		"two in one header":                {body: gzipped(deflated("{}")), want: "{}", codings: []string{"deflate, gzip"}},
		"two headers":                      {body: gzipped(deflated("{}")), want: "{}", codings: []string{"deflate", "gzip"}},
		"four":                             {body: gzipped(gzipped(gzipped(gzipped("{}")))), want: "{}", codings: []string{"gzip, gzip, gzip, gzip"}},
		"five":                             {body: "{}", err: "the body has 5 content codings", codings: []string{"gzip, gzip, gzip, gzip, gzip"}},
		"of the limit":                     {body: gzipped(strings.Repeat("x", maxBytes)), want: strings.Repeat("x", maxBytes), codings: []string{"gzip"}},
		"br, decoded by the recorder":      {body: "{}", want: "{}", codings: []string{"br"}},
		"br":                               {body: "\xff", err: `the body has the content coding "br"`, codings: []string{"br"}},
		"damaged":                          {body: gzipped("{}")[:12], err: "the coded body is damaged", codings: []string{"gzip"}},
		"damaged head":                     {body: "\x1f\x8b", err: "the gzip body is damaged", codings: []string{"gzip"}},
		"bomb":                             {body: gzipped(strings.Repeat("x", maxBytes+1)), err: "the decoded body is larger than 16 MiB", codings: []string{"gzip"}},
		"nothing":                          {codings: []string{"gzip"}},
	} {
		got, err := coding.Decode([]byte(tc.body), http.Header{"Content-Encoding": tc.codings}, maxBytes)
		if string(got) != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.HasPrefix(err.Error(), tc.err) {
			t.Errorf("%s: got %.100q, %v", name, got, err)
		}
	}
}

// TestBound checks the limits on the decompressed size and on the number of codings.
func TestBound(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	block := make([]byte, 1<<20)
	for range 64 {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if used := limitstest.Memory(func() { _, err = coding.Decode(packed.Bytes(), http.Header{"Content-Encoding": {"gzip"}}, maxBytes) }); used > 6*maxBytes {
		t.Errorf("decoding took %d bytes", used)
	}
	if err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("a bomb: %v", err)
	}
	codings := strings.Repeat("gzip, ", 100_000) + "gzip"
	if _, err := coding.Decode(packed.Bytes(), http.Header{"Content-Encoding": {codings}}, maxBytes); err == nil || !strings.Contains(err.Error(), "at most 4") {
		t.Errorf("many codings: %v", err)
	}
}
