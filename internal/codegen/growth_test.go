package codegen

import (
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits/limitstest"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// TestGrowth checks that preparing a specification for the generator allocates in proportion
// to the specification.
func TestGrowth(t *testing.T) {
	slowtest.Skip(t)
	const head = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {operationId: a, responses: {'200': {description: OK}}}}\n"
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(format, "%d", strconv.Itoa(i)))
		}
		return b.String()
	}
	schema := func(text string) string { return head + "components: {schemas: {S: " + text + "}}\n" }
	for name, text := range map[string]func(n int) string{
		"operations": func(n int) string {
			return head + numbered(n, "  /p%d: {get: {operationId: o%d, responses: {'200': {description: OK}}}}\n")
		},
		"properties": func(n int) string { return schema("{properties: {" + numbered(n, "_p%d: {type: string},") + "}}") },
		"values":     func(n int) string { return schema("{enum: [" + numbered(n, "v-%d,") + "]}") },
		"parts":      func(n int) string { return schema("{allOf: [" + numbered(n, "{title: t%d},") + "]}") },
		"a nest": func(n int) string {
			return schema(strings.Repeat("{items: ", n/40) + "{}" + strings.Repeat("}", n/40))
		},
		"a chain": func(n int) string {
			return head + "components:\n  schemas:\n" + numbered(n, "    S%d: {$ref: '#/components/schemas/T%d'}\n    T%d: {$ref: '#/components/schemas/S%d'}\n")
		},
		"an alias":  func(n int) string { return schema("{a: &a {type: string}, b: [" + strings.Repeat("*a,", n) + "*a]}") },
		"a comment": func(n int) string { return head + "# " + strings.Repeat("x", 50*n) + "\n" },
	} {
		limitstest.MemoryGrowth(t, name, 1000, text, func(text string) {
			doc, err := oas.ParseBytes("a.yaml", []byte(text))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			Prepare(doc.Root())
			LargeEnums([]byte(text))
			if _, err := oas.Encode(doc.Root()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
