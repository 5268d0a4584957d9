package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

const (
	// markdownBytes is the default limit, because GitHub refuses bodies of more than 65,536
	// characters.
	markdownBytes = 65_000
	// leastMarkdown is large enough for the heading and the next command, regardless of the
	// length of their texts.
	leastMarkdown = 32 << 10
	// headText is the largest number of runes of each text in the heading and in the table.
	headText = 200
	// tableRows and tableOperations limit the tables, listNames limits each list in the
	// details.
	tableRows       = 50
	tableOperations = 3
	listNames       = 20
	// leftOutLine is reserved for the line that counts the omitted items.
	leftOutLine = 2_000
)

// writeMarkdown writes the report for an issue or a pull request: the verdict and a table,
// then the folded details of each item. Items that do not fit are counted; the most severe of
// every verdict are kept.
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

// tail is the command to run next. It is never omitted.
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

// body returns at most limit bytes. Each part is written completely or omitted.
func (m *markdownWriter) body(limit int) string {
	items := mostSevereFirst(m.r.Items)
	var b strings.Builder
	room := func() int { return limit - leftOutLine - b.Len() }
	add := func(part string) {
		if len(part) <= room() {
			b.WriteString(part)
		}
	}
	add(m.subject())
	add(m.table(items, room()/3))
	add(m.unreadable())
	details, left := showFirst(items, len(items), room(), m.details)
	b.WriteString(details)
	if len(left) > 0 {
		fmt.Fprintf(&b, "_%s more (%s): the size of this text is limited; the html and json formats list all._\n\n",
			phrase.Count(len(left), m.r.Kind.words().item), headline(countMarks(left)))
	}
	add(m.coverage())
	add(m.notes())
	add(m.accepted())
	return b.String()
}

// table returns the overview: as many rows as fit into limit bytes, and at most tableRows.
func (m *markdownWriter) table(items []Item, limit int) string {
	if len(items) == 0 {
		return ""
	}
	row := func(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
	versioned := slices.ContainsFunc(items, func(i Item) bool { return len(i.Versions) > 0 })
	cells := func(mark, rule, message, versions, operations string) string {
		if !versioned {
			return row(mark, rule, message, operations)
		}
		return row(mark, rule, message, versions, operations)
	}
	rows, left := showFirst(items, tableRows, limit, func(i Item) string {
		return cells(mdText(i.mark()), mdCode(i.rule()), headline(i.Message)+times(i),
			mdText(strings.Join(i.Versions, ", ")), mdFirstCodes(i.Operations, tableOperations))
	})
	if len(left) > 0 {
		rows += cells("", "", "not in this table: "+headline(countMarks(left)), "", "")
	}
	head := cells("", "rule", m.r.Kind.words().item, "version", "operations")
	return head + cells("---", "---", "---", "---", "---") + rows + "\n"
}

func times(i Item) string {
	if i.Count <= 1 {
		return ""
	}
	return " (" + phrase.Count(i.Count, "time") + ")"
}

// details returns the folded details of one item. GitHub reads the <summary> as HTML and the
// text below it as Markdown.
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
	row("operations", mdFirstCodes(i.Operations, listNames))
	row("versions", mdFirstCodes(i.Versions, listNames))
	row("affects", mdFirstCodes(i.Affects, listNames))
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
	places, more := i.otherPlaces()
	if len(places) == 0 {
		return ""
	}
	shown := places[:min(len(places), listNames)]
	var names []string
	for _, p := range shown {
		names = append(names, placeName(p))
	}
	text := mdCodes(names)
	if more += len(places) - len(shown); more > 0 {
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
	b.WriteString("| operation | version | coverage | responses seen | never seen |\n|---|---|---:|---|---|\n")
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
	return section("### Not checked", b.String())
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
