package atlasprofile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/atlasprofile"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestGrowth checks that a profile file allocates in proportion to its size, whatever it
// contains besides profiles.
func TestGrowth(t *testing.T) {
	for name, text := range map[string]func(n int) string{
		"profiles": func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "[p%d]\npublic_api_key = 'k'\n", i)
			}
			return b.String()
		},
		"settings": func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "s%d = 'v'\n", i)
			}
			return b.String()
		},
		"a long key":   func(n int) string { return strings.Repeat("a.", n) + "a = 1\n" },
		"nested lists": func(n int) string { return "a = " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n" },
		"a long value": func(n int) string { return "a = '" + strings.Repeat("v", 20*n) + "'\n" },
		"not TOML":     func(n int) string { return strings.Repeat("[", n) },
	} {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) { _, _ = atlasprofile.Parse("config.toml", []byte(text)) })
	}
}
