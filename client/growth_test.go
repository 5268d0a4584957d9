package client_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestGrowth checks that decoding a bucket or a target allocates in proportion to the text,
// even if a newer Atlas or a hostile server sends more than the contract declares.
func TestGrowth(t *testing.T) {
	for shape, text := range limitstest.JSON {
		member := func(n int) string { return `"more": ` + text(n) + `}` }
		limitstest.MemoryGrowth(t, "bucket, "+shape, 1000,
			func(n int) string { return `{"_id": "0123456789abcdef01234567", "cloudProvider": "AWS", ` + member(n) },
			func(text string) {
				var b client.ExportBucket
				// A nesting depth that encoding/json refuses is an error.
				_ = json.Unmarshal([]byte(text), &b)
			})
		for _, provider := range []string{"AWS", "NEW"} {
			limitstest.MemoryGrowth(t, "target of "+provider+", "+shape, 1000,
				func(n int) string { return `{"cloudProvider": "` + provider + `", ` + member(n) },
				func(text string) { _, _ = client.ParseTarget([]byte(text)) })
		}
	}
	limitstest.MemoryGrowth(t, "unknown fields", 1000,
		func(n int) string {
			return `{"cloudProvider": "AWS"` + strings.Repeat(`, "a`+strings.Repeat("b", 9)+`": 1`, n) + `}`
		},
		func(text string) { _, _ = client.ParseTarget([]byte(text)) })
}
