package fakeatlas_test

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestStateGrowth checks that a state allocates in proportion to its text.
func TestStateGrowth(t *testing.T) {
	list := func(item string) func(n int) string {
		return func(n int) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	}
	buckets, projects := list(`{"bucketName": "snaps"}`), list(`{"buckets": [{}]}`)
	shapes := map[string]func(n int) string{
		"buckets":  func(n int) string { return `{"projects": [{"buckets": [` + buckets(n) + `]}]}` },
		"projects": func(n int) string { return `{"projects": [` + projects(n) + `]}` },
	}
	for shape, text := range limitstest.JSON {
		shapes["unknown, "+shape] = func(n int) string { return `{"projects": [{"buckets": [{"more": ` + text(n) + `}]}]}` }
	}
	for shape, text := range shapes {
		limitstest.MemoryGrowth(t, shape, 500, text, func(text string) {
			// A refused state results in an error, whose cost is bounded as well.
			if srv, err := fakeatlas.Start(fakeatlas.State([]byte(text))); err == nil {
				srv.Close()
			}
		})
	}
}
