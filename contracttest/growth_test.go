package contracttest

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestVerifyGrowth checks that a whole verification allocates in proportion to the
// recordings and to the specification.
func TestVerifyGrowth(t *testing.T) {
	slowtest.Skip(t)
	const head = "GET /api/atlas/v2/groups/0123456789abcdef01234567/backup/exportBuckets"
	const response = "HTTP/1.1 200 OK\nContent-Type: " + atlas2024 + "\n"
	request := head + " HTTP/1.1\nHost: cloud.mongodb.com\nAccept: " + atlas2024 + "\n\n"
	for name, text := range map[string]func(n int) string{
		"exchanges": func(n int) string { return limitstest.Numbered(n/10, request+response+"\n{\"results\":[]}\n") },
		"findings": func(n int) string {
			return request + response + "\n{\"results\":[]," + limitstest.Numbered(n, `"m%d":1,`) + "\"totalCount\":0}\n"
		},
		"headers": func(n int) string {
			return request + response + limitstest.Numbered(n/3, "X-%d: v\n") + "\n{\"results\":[]}\n"
		},
		"parameters": func(n int) string {
			return head + "?" + limitstest.Numbered(n, "p%d=1&") + " HTTP/1.1\nHost: h\n\n" + response + "\n{\"results\":[]}\n"
		},
		"statuses": func(n int) string { return limitstest.Numbered(n/10, request+"HTTP/1.1 418 No\n\n\n") },
	} {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) {
			if _, err := Verify(fstest.MapFS{"a.http": {Data: []byte(text)}}, Options{Workers: 1}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	const exchange = "GET /a HTTP/1.1\nHost: h\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{}\n"
	specHead := "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {operationId: a, responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}\n"
	for name, spec := range map[string]func(n int) string{
		"properties": func(n int) string {
			return "components: {schemas: {S0: {properties: {" + limitstest.Numbered(n, "p%d: {type: string},") + "}}}}"
		},
		"values": func(n int) string {
			return "components: {schemas: {S0: {properties: {p: {enum: [" + limitstest.Numbered(n, "v%d,") + "]}}}}}"
		},
		"references": func(n int) string {
			chain := "components:\n  schemas:\n    S0: {$ref: '#/components/schemas/S1'}\n"
			for i := 1; i < n/10; i++ {
				chain += fmt.Sprintf("    S%d: {$ref: '#/components/schemas/S%d'}\n", i, i+1)
			}
			return chain + fmt.Sprintf("    S%d: {type: object}\n", max(1, n/10))
		},
		"operations": func(n int) string {
			return limitstest.Numbered(n, "  /p%d: {get: {operationId: o%d, responses: {'200': {description: OK}}}}\n") + "components: {schemas: {S0: {type: object}}}\n"
		},
	} {
		limitstest.MemoryGrowth(t, name, 1000, func(n int) string { return specHead + spec(n) }, func(text string) {
			_, err := Verify(fstest.MapFS{"a.http": {Data: []byte(exchange)}}, Options{Spec: []byte(text), Workers: 1})
			if err != nil && name != "references" {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
