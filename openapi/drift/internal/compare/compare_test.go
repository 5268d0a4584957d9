package compare

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/golden"
	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// TestDifferences compares the pairs of testdata/differences.txt. A block has a comment, a
// line "was", a line "is" and the expected differences. The two lines contain a schema,
// which is that of a request and its response, or "op" and an operation, which may have
// securitySchemes. A difference has the form
//
//	rule @ path (keyword) [item]: old -> new; lost|found|both: base place | revision place; family
//
// The common prefix of all places is omitted.
func TestDifferences(t *testing.T) {
	const file = "testdata/differences.txt"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(string(source)), "\n\n") {
		lines := strings.SplitN(block, "\n", 4)
		if i > 0 {
			out.WriteString("\n")
		}
		base, hasBase := strings.CutPrefix(lines[1], "was ")
		revision, hasRevision := strings.CutPrefix(lines[2], "is  ")
		if !strings.HasPrefix(lines[0], "# ") || !hasBase || !hasRevision {
			t.Fatalf("a pair begins with #, was and is:\n%s", block)
		}
		out.WriteString(strings.Join(lines[:3], "\n") + "\n")
		for _, d := range compare(operation(t, base), operation(t, revision)) {
			out.WriteString(line(d) + "\n")
		}
	}
	golden.Check(t, file, []byte(out.String()))
}

// operation parses the operation in a line of the test's file.
func operation(t *testing.T, source string) *oas.Effective {
	t.Helper()
	node, isOperation := strings.CutPrefix(source, "op ")
	if !isOperation {
		return build(t, source)
	}
	var doc, op yaml.Node
	for text, into := range map[string]*yaml.Node{around: &doc, node: &op} {
		if err := yaml.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%s: %v", source, err)
		}
	}
	oas.Set(oas.At(doc.Content[0], "paths", "/a"), "post", op.Content[0])
	if own := oas.Get(op.Content[0], "securitySchemes"); own != nil {
		oas.Set(oas.Get(doc.Content[0], "components"), "securitySchemes", own)
	}
	made, err := effective(doc.Content[0], "2024-05-30")
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return made
}

var shorter = strings.NewReplacer("/paths/~1a/post", "", "/requestBody/content/application~1json/schema", "<", "/responses/200/content/application~1json/schema", ">", "/components/schemas", "#")

func line(d Difference) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s @ %s", d.Rule.ID, strings.TrimSpace(string(d.Subject)+" "+d.Path))
	for _, extra := range []struct{ format, value string }{{" (%s)", d.Keyword}, {" [%s]", d.Item}} {
		if extra.value != "" {
			fmt.Fprintf(&out, extra.format, extra.value)
		}
	}
	presence := map[[2]bool]string{{true, false}: "lost", {false, true}: "found", {true, true}: "both", {false, false}: "neither"}[[2]bool{d.Lost, d.Found}]
	fmt.Fprintf(&out, ": %s -> %s; %s: %s | %s; %s", d.Old, d.New, presence, shorter.Replace(d.Base.Declared()), shorter.Replace(d.Revision.Declared()), d.Family)
	return out.String()
}

// TestDocuments compares the parts of documents that belong to no operation.
func TestDocuments(t *testing.T) {
	const hook = "webhooks: {a: {post: {responses: {'200': {description: %s}}}}}"
	for _, test := range []struct {
		name, base, revision string
		webhooks             bool
		want                 []string
	}{
		{"a webhook is added", "", fmt.Sprintf(hook, "x"), true, []string{"not-judged @ the document (webhook a):  -> ; found: /webhook a | /webhooks/a; not-judged webhook a"}},
		{"a webhook is removed", fmt.Sprintf(hook, "x"), "", true, []string{"not-judged @ the document (webhook a):  -> ; lost: /webhooks/a | /webhook a; not-judged webhook a"}},
		{"the description of a webhook", fmt.Sprintf(hook, "x"), fmt.Sprintf(hook, "y"), true, []string{"prose-changed @ the document (webhook a):  -> ; both: /webhooks/a | /webhooks/a; prose-changed webhook a"}},
		{"webhooks that are not compared", fmt.Sprintf(hook, "x"), "", false, nil},
		{"the dialect", "", "jsonSchemaDialect: https://example.com/dialect", false, []string{"not-judged @ the document (jsonSchemaDialect):  -> ; found: /jsonSchemaDialect | /jsonSchemaDialect; not-judged jsonSchemaDialect"}},
	} {
		var got []string
		for _, d := range Documents(document(t, test.base), document(t, test.revision), test.webhooks, true) {
			got = append(got, line(d))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func document(t *testing.T, parts string) *oas.Document {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte("openapi: 3.1.0\npaths: {}\n"+parts), &root); err != nil {
		t.Fatal(err)
	}
	doc, err := oas.New("doc", root.Content[0])
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
