package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
)

// TestManyValues checks that a response of very many small values, which is within the limit
// on its bytes, does not take many times its size in memory.
func TestManyValues(t *testing.T) {
	const head, bucket = `{"results":[`, `{"_id":"0123456789abcdef01234567","cloudProvider":"AWS","bucketName":"abc","iamRoleId":"0123456789abcdef01234567"`
	for name, tt := range map[string]struct {
		status int
		body   string
		large  bool
	}{
		"empty buckets":        {200, head + strings.Repeat("{},", 1_000_000) + "{}]}", true},
		"new providers":        {200, head + strings.Repeat(`{"cloudProvider":"X"},`, 100_000) + "{}]}", true},
		"fields of a bucket":   {200, head + bucket + strings.Repeat(`,"k":1`, 500_000) + "}]}", true},
		"links":                {200, `{"results":[],"links":[` + strings.Repeat("{},", 1_000_000) + "{}]}", true},
		"nested lists":         {200, `{"results":[],"x":[` + strings.Repeat("[[]],", 500_000) + "[]]}", true},
		"lists of one value":   {200, `{"results":[],"x":[` + strings.Repeat("[1],", 60_000) + "1]}", true},
		"objects of one field": {200, `{"results":[],"x":[` + strings.Repeat(`{"k":1},`, 60_000) + "1]}", true},
		"parameters":           {400, `{"error":400,"errorCode":"X","parameters":[` + strings.Repeat(`"",`, 1_000_000) + `1]}`, false},
		"fields of an error":   {400, `{"badRequestDetail":{"fields":[` + strings.Repeat("{},", 1_000_000) + "{}]}}", false},
		"a text with commas":   {200, head + bucket + `,"region":"` + strings.Repeat(`,[{\"`, 500_000) + `"}]}`, false},
		"commas and spaces":    {200, head + bucket + `,"region":"` + strings.Repeat(`,`, 100_000) + `"}]` + strings.Repeat(" ", 100_000) + "}", false},
		"as many as can be":    {200, head + bucket + `,"k":[` + strings.Repeat("1,", 99_991) + "1]}]}", false},
		"one more than can be": {200, head + bucket + `,"k":[` + strings.Repeat("1,", 99_992) + "1]}]}", true},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/vnd.atlas.2024-05-30+json")
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			var err error
			used := limitstest.Memory(func() { _, err = c.ListPage(t.Context(), project, nil) })
			if errors.Is(err, client.ErrTooLarge) != tt.large {
				t.Errorf("got %.200v", err)
			}
			if tt.status == 200 && !tt.large && err != nil {
				t.Error(err)
			}
			if most := int64(50 << 20); used > most {
				t.Errorf("a response of %d bytes allocates %d", len(tt.body), used)
			}
		})
	}
}

// TestLargeHeader checks that the header of a response is bounded.
func TestLargeHeader(t *testing.T) {
	for size, refused := range map[int]bool{1 << 19: false, 2 << 20: true} {
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.atlas.2024-05-30+json")
			w.Header().Set("X-Large", strings.Repeat("x", size))
			_, _ = w.Write([]byte(`{"results":[]}`))
		}, client.WithRetryPolicy(client.RetryPolicy{MaxAttempts: 1}))
		_, err := c.ListPage(t.Context(), project, nil)
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "response headers exceeded") {
			t.Errorf("a header of %d bytes: %v", size, err)
		}
	}
}
