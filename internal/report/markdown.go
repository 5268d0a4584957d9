package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	// markdownBytes is the default bound: GitHub refuses bodies of more than
	// 65,536 characters.
	markdownBytes = 65_000
	// leastMarkdown holds the head and the command to run next, however long
	// their texts are.
	leastMarkdown = 32 << 10
	// headText bounds each text of the head, in runes.
	headText = 200
)

// writeMarkdown tells the report for an issue or a pull request: the verdict and
// a table first, each item folded below it. What would not fit is left out,
// gravest last, and counted.
func writeMarkdown(w io.Writer, r *Report, o Options) error {
	limit := markdownBytes
	if o.MaxBytes > 0 {
		limit = max(o.MaxBytes, leastMarkdown)
	}
	m := &markdownWriter{r: r}
	head, tail := m.head(), m.tail()
	body := m.body(limit - len(head) - len(tail))
	_, err := io.WriteString(w, head+body+tail)
	return err
}

type markdownWriter struct{ r *Report }

func (m *markdownWriter) head() string {
	var b strings.Builder
	if title := m.r.Title; title != "" {
		fmt.Fprintf(&b, "## %s\n\n", headline(title))
	}
	fmt.Fprintf(&b, "**%s**: %s\n\n", headline(m.r.verdict()), headline(m.r.summary()))
	return b.String()
}

func headline(s string) string { return mdText(abridge(s, headText)) }

func (m *markdownWriter) subject() string {
	var b strings.Builder
	for _, s := range m.r.Subject {
		fmt.Fprintf(&b, "- %s: %s\n", mdText(s.Name), mdCode(s.Value))
	}
	return section("", b.String())
}

// tail is kept whatever is left out: the command to run next.
func (m *markdownWriter) tail() string {
	var b strings.Builder
	if m.r.First != "" {
		fmt.Fprintf(&b, "First: %s\n\n", mdText(m.r.First))
	}
	if m.r.Next != "" {
		fmt.Fprintf(&b, "Next:\n\n%s\n", mdFence("sh", m.r.Next))
	}
	tool := strings.Join(nonEmpty([]string{m.r.Tool.Name, m.r.Tool.Version}), " ")
	if tool != "" {
		fmt.Fprintf(&b, "<sub>%s</sub>\n", headline(tool))
	}
	return b.String()
}

// body is as much as fits into limit bytes. Each part is whole or not there.
func (m *markdownWriter) body(limit int) string {
	items := gravestFirst(m.r.Items)
	const spare = 200 // for the line that tells what was left out
	var b strings.Builder
	fits := func(part string) bool {
		ok := b.Len()+len(part)+spare <= limit
		if ok {
			b.WriteString(part)
		}
		return ok
	}
	fits(m.subject())
	fits(m.table(items))
	fits(m.unreadable())
	left := 0
	for _, i := range items {
		if left > 0 || !fits(m.details(i)) {
			left++
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "_%s more: this text is bounded; the html and json formats tell all._\n\n", count(left, m.r.Kind.words().item))
	}
	fits(m.coverage())
	fits(m.notes())
	fits(m.accepted())
	return b.String()
}

// table is the overview, of the first items alone: the rest is in the details.
func (m *markdownWriter) table(items []Item) string {
	if len(items) == 0 {
		return ""
	}
	const rows = 50
	var b strings.Builder
	fmt.Fprintf(&b, "| | rule | %s | operations |\n|---|---|---|---|\n", m.r.Kind.words().item)
	for _, i := range items[:min(len(items), rows)] {
		fmt.Fprintf(&b, "| %s | %s | %s%s | %s |\n", mdText(i.mark()), mdCode(i.rule()), mdText(i.Message), times(i), mdCodes(i.Operations))
	}
	if more := len(items) - rows; more > 0 {
		fmt.Fprintf(&b, "| | | %d more below | |\n", more)
	}
	return b.String() + "\n"
}

func times(i Item) string {
	if i.Count <= 1 {
		return ""
	}
	return " (" + count(i.Count, "time") + ")"
}

// details is one item, folded. Within <summary> GitHub reads HTML, below it
// Markdown.
func (m *markdownWriter) details(i Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary><b>%s</b> <code>%s</code> %s%s</summary>\n\n",
		htmlText(i.mark()), codeEscaper.Replace(i.rule()), htmlText(i.Message), times(i))
	words := m.r.Kind.words()
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "- %s: %s\n", mdText(name), value)
		}
	}
	row("at", mdCode(i.Location.String()))
	if i.Related != nil {
		row(words.related, mdCode(i.Related.String()))
	}
	expected, actual := i.values(m.r.Kind)
	row(words.expected, mdCode(expected))
	row(words.actual, mdCode(actual))
	row("operations", mdCodes(i.Operations))
	row("versions", mdCodes(i.Versions))
	row("affects", mdCodes(i.Affects))
	for _, l := range i.Labels {
		row(l.Name, mdCode(l.Value))
	}
	row("hint", mdText(i.Hint))
	row("next", mdText(i.Next))
	row("also at", m.places(i))
	row("id", mdCode(i.ID))
	if i.Curl != "" {
		b.WriteString("\n" + mdFence("sh", i.Curl))
	}
	return b.String() + "\n</details>\n\n"
}

func (m *markdownWriter) places(i Item) string {
	places, more := i.elsewhere()
	var names []string
	for _, p := range places {
		names = append(names, placeName(p))
	}
	text := mdCodes(names)
	if text != "" && more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

func (m *markdownWriter) coverage() string {
	c := m.r.Coverage
	if c == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### Coverage\n\n%s\n\n", mdText(c.headline()))
	if len(c.Operations) == 0 {
		return b.String()
	}
	b.WriteString("| operation | version | coverage | answers seen | never seen |\n|---|---|---:|---|---|\n")
	for _, op := range c.Operations {
		var seen, never []string
		for _, r := range op.Responses {
			if r.Exchanges > 0 {
				seen = append(seen, fmt.Sprintf("%s × %d", r.Status, r.Exchanges))
			} else {
				never = append(never, r.Status)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", mdCode(op.Operation), mdText(op.Version), percent(op.Percent),
			mdText(strings.Join(seen, ", ")), mdText(strings.Join(never, ", ")))
	}
	return b.String() + "\n"
}

func (m *markdownWriter) unreadable() string {
	var b strings.Builder
	for _, u := range m.r.Unreadable {
		fmt.Fprintf(&b, "- unreadable: %s %s\n", mdCode(placeName(u.Location)), mdText(u.Reason))
	}
	return section("### Not judged", b.String())
}

func (m *markdownWriter) notes() string {
	var b strings.Builder
	for _, n := range m.r.Notes {
		fmt.Fprintf(&b, "- %s\n", strings.Join(nonEmpty([]string{mdText(n.Message), mdCode(n.Location.position())}), " "))
	}
	return section("### Notes", b.String())
}

func (m *markdownWriter) accepted() string {
	var b strings.Builder
	for _, a := range m.r.Accepted {
		fmt.Fprintf(&b, "- accepted %s %s: %s\n", mdCode(a.Acceptance.ID), mdText(a.Item.Message), mdText(a.Acceptance.why()))
	}
	for _, a := range m.r.UnusedAcceptances {
		fmt.Fprintf(&b, "- **%s** %s: %s\n", a.state(), mdCode(a.ID), mdText(a.why()))
	}
	return section("### Accepted", b.String())
}

func section(head, body string) string {
	if body == "" {
		return ""
	}
	if head != "" {
		head += "\n\n"
	}
	return head + body + "\n"
}

// mdEscaper keeps text from being read as Markdown or HTML, and GitHub from
// acting on it: a zero-width space keeps "@name" from notifying someone, "#12"
// from linking an issue and an address from becoming a link.
var (
	quiet = []string{
		"@", "@&#8203;", "#", "#&#8203;", "://", ":&#8203;//", "www.", "www&#8203;.",
	}
	mdEscaper = strings.NewReplacer(append([]string{
		"&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`, "$", `\$`, "{", `\{`, "}", `\}`,
	}, quiet...)...)
	htmlEscaper = strings.NewReplacer(append([]string{
		"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "[", "&#91;", "]", "&#93;", "`", "&#96;", `\`, "&#92;",
	}, quiet...)...)
)

// codeEscaper is for text within <code>, where GitHub acts on nothing but
// Markdown is still read.
var codeEscaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "|", "&#124;", "*", "&#42;", "_", "&#95;",
	"`", "&#96;", "[", "&#91;", "]", "&#93;", `\`, "&#92;", "~", "&#126;", "$", "&#36;", ":", "&#58;", "@", "&#64;",
)

// mdText is text within a line of Markdown.
func mdText(s string) string { return mdEscaper.Replace(s) }

// htmlText is text within HTML within Markdown.
func htmlText(s string) string { return htmlEscaper.Replace(s) }

// mdCode is a code span, whose fence is longer than any within it; "" stays "".
// It is HTML where the text has a vertical bar, which ends a table's cell even
// within backticks.
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, "|") {
		return "<code>" + codeEscaper.Replace(s) + "</code>"
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return fence + s + fence
}

func mdCodes(values []string) string {
	var out []string
	for _, v := range values {
		out = append(out, mdCode(v))
	}
	return strings.Join(nonEmpty(out), ", ")
}

// mdFence is a code block.
func mdFence(language, s string) string {
	fence := strings.Repeat("`", max(longestRun(s, '`')+1, 3))
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n%s\n%s\n", fence, language, s, fence)
	return b.String()
}

// longestRun is the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
