package scrub

import (
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestGrowth checks that scrubbing a body allocates in proportion to it.
func TestGrowth(t *testing.T) {
	for name, text := range limitstest.JSON {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) {
			s, err := New(Rules{Secrets: []string{"a-secret"}})
			if err != nil {
				t.Fatal(err)
			}
			s.Body([]byte(text))
			s.URL("https://host.example/" + text)
		})
	}
}
