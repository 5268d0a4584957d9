package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gfm "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

var (
	// gitHubMarkdown parses GitHub's Markdown, which has tables and turns addresses into
	// links.
	gitHubMarkdown = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()

	mdTag     = regexp.MustCompile(`</?[a-zA-Z!?][^>]*>`)
	mdOwnTag  = regexp.MustCompile(`^</?(details|summary|b|code|sub)>$`)
	mdMention = regexp.MustCompile(`@\w`)
)

// checkMarkdown parses the report as GitHub does. Quoted text must not become a link, a
// picture, a mention or an HTML element, and must not break a table.
func checkMarkdown(t *testing.T, out []byte) {
	if len(out) > markdownBytes {
		t.Errorf("%d bytes", len(out))
	}
	details := 0
	err := ast.Walk(gitHubMarkdown.Parse(text.NewReader(out)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink:
			t.Errorf("%s in %q", n.Kind(), abridge(mdSource(n.Parent(), out), 300))
		case *ast.CodeSpan, *ast.FencedCodeBlock, *ast.CodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if s := string(n.Segment.Value(out)); mdMention.MatchString(s) {
				t.Errorf("a mention in %q", abridge(s, 300))
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			details += checkMarkdownTags(t, mdSource(n, out))
		case *gfm.TableRow:
			if bars := countBars(n, out); bars != len(n.Alignments)+1 {
				t.Errorf("a row with %d bars in a table of %d columns", bars, len(n.Alignments))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Error(err)
	}
	if details != 0 {
		t.Errorf("%d more <details> than </details>", details)
	}
}

// checkMarkdownTags returns the number of <details> minus the number of </details>.
func checkMarkdownTags(t *testing.T, html string) int {
	for _, tag := range mdTag.FindAllString(html, -1) {
		if !mdOwnTag.MatchString(tag) {
			t.Errorf("the element %q", abridge(tag, 300))
		}
	}
	return strings.Count(html, "<details>") - strings.Count(html, "</details>")
}

// countBars counts the separators of cells in the line of a row, because the parser drops
// surplus cells.
func countBars(row *gfm.TableRow, source []byte) int {
	at := row.FirstChild().Lines().At(0).Start
	start := bytes.LastIndexByte(source[:at], '\n') + 1
	line, _, _ := strings.Cut(string(source[start:]), "\n")
	return strings.Count(line, "|") - strings.Count(line, `\|`)
}

// mdSource returns the source text of an HTML node, or of the lines of a block.
func mdSource(n ast.Node, source []byte) string {
	if raw, ok := n.(*ast.RawHTML); ok {
		return string(raw.Segments.Value(source))
	}
	if n.Type() != ast.TypeBlock {
		return n.Kind().String()
	}
	html := string(n.Lines().Value(source))
	if block, ok := n.(*ast.HTMLBlock); ok && block.HasClosure() {
		html += string(block.ClosureLine.Value(source))
	}
	return html
}
