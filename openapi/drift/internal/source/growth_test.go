package source

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestGrowth checks that reading a specification allocates in proportion to its size, plain
// and compressed.
func TestGrowth(t *testing.T) {
	text := func(n int) string { return strings.Repeat("a: b\n", 1000*n) }
	packed := func(n int) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(text(n)))
		_ = z.Close()
		return b.String()
	}
	for name, text := range map[string]func(n int) string{"plain": text, "gzip": packed} {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) {
			r := Reader{Stdin: strings.NewReader(text)}
			if _, _, err := r.Read(t.Context(), "-"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
