package compare

import (
	"fmt"
	"os"
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
