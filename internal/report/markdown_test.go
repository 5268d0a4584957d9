package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestMarkdownIsBounded checks that the text is no longer than the limit, that omitted items
// are counted, and that neither the most severe items nor the next command are omitted.
func TestMarkdownIsBounded(t *testing.T) {
	r := driftSample()
	r.Title = strings.Repeat("@", headText)
	for n := range 2000 {
		i := Item{ID: strconv.Itoa(n), Rule: "response-field-added", Level: LevelNote, Verdict: "additive", Message: strings.Repeat("@[x](y)|", 40), Actual: strings.Repeat("`", 100)}
		r.Items = append(r.Items, i)
	}
	last := Item{ID: "last", Rule: "response-field-removed", Level: LevelError, Verdict: "breaking", Message: "the last and most severe"}
	r.Items = append(r.Items, last)
	for limit, bound := range map[int]int{0: 65_000, 40_000: 40_000, 10: 32_768} {
		got := string(written(t, Markdown, r, Options{MaxBytes: limit}))
		if len(got) > bound {
			t.Errorf("limit %d: %d bytes", limit, len(got))
		}
		for _, want := range []string{last.Message, "make openapi UPSTREAM=atlas-v2.yaml"} {
			if !strings.Contains(got, want) {
				t.Errorf("limit %d: no %q", limit, want)
			}
		}
		var left int
		if _, err := fmt.Sscanf(regexp.MustCompile(`_\d+ changes more`).FindString(got), "_%d", &left); err != nil || left+strings.Count(got, "<details>") != len(r.Items) {
			t.Errorf("limit %d: %d omitted and %d listed of %d", limit, left, strings.Count(got, "<details>"), len(r.Items))
		}
	}
}

// TestMarkdownTableKeepsEveryVerdict checks that the table of a shortened report has the most
// severe rows of every verdict, and the version of each change.
func TestMarkdownTableKeepsEveryVerdict(t *testing.T) {
	r := &Report{Kind: Changes}
	levels := map[string]Level{"breaking": LevelError, "tolerate": LevelWarning, "additive": LevelNote, "docs": LevelNone}
	operations := slices.Repeat([]string{"getCluster"}, 400)
	for _, verdict := range []string{"docs", "additive", "tolerate", "breaking"} {
		for n := range 500 {
			r.Items = append(r.Items, Item{
				Rule: "rule", Verdict: verdict, Level: levels[verdict], Message: fmt.Sprintf("%s %d", verdict, n),
				Versions: []string{"2024-05-30"}, Operations: operations,
			})
		}
	}
	got := string(written(t, Markdown, r, Options{}))
	table := between(t, got, "|  | rule | change | version | operations |\n", "\n\n")
	for _, verdict := range []string{"tolerate", "additive", "docs"} {
		for n := range minPerMark {
			row := fmt.Sprintf("| %s | `rule` | %s %d | 2024-05-30 | `getCluster`, `getCluster`, `getCluster` and 397 more |\n", verdict, verdict, n)
			if !strings.Contains(table, row) {
				t.Errorf("no row %q", row)
			}
		}
		if !strings.Contains(got, "<summary><b>"+verdict+"</b>") {
			t.Errorf("no details of %s", verdict)
		}
	}
	if n := strings.Count(table, "| breaking |"); n != tableRows-3*minPerMark {
		t.Errorf("%d breaking rows, want the rest of %d", n, tableRows)
	}
	if want := "not in this table: 465 breaking, 495 tolerate, 495 additive, 495 docs"; !strings.Contains(table, want) {
		t.Errorf("no %q", want)
	}
}

// TestMarkdownWithoutVersions checks that a table without versions has no column for them.
func TestMarkdownWithoutVersions(t *testing.T) {
	r := &Report{Items: []Item{{Rule: "status", Level: LevelError, Message: "m", Operations: []string{"getBucket"}}}}
	if got, want := string(written(t, Markdown, r, Options{})), "|  | rule | finding | operations |\n| --- | --- | --- | --- |\n| error | `status` | m | `getBucket` |\n"; !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestMarkdownPlaces checks that places are counted only if the report omits some.
func TestMarkdownPlaces(t *testing.T) {
	for count, want := range map[int]string{1: "", 2: "- also at: `b.har`\n", 3: "- also at: `b.har` and 1 more\n"} {
		r := &Report{Items: []Item{{Location: Location{File: "a.har"}, Count: count, Places: []Location{{File: "a.har"}, {File: "b.har"}}[:min(count, 2)]}}}
		got := string(written(t, Markdown, r, Options{}))
		if !strings.Contains(got, want) || want == "" && strings.Contains(got, "also at") {
			t.Errorf("%d exchanges: want %q in\n%s", count, want, got)
		}
	}
}

// TestMarkdownFitsExactly checks that a part and an item are written if they are as long as
// the room for them.
func TestMarkdownFitsExactly(t *testing.T) {
	m := &markdownWriter{r: &Report{Subject: []Label{{Name: "spec", Value: "a.yaml"}}}}
	whole := len(m.subject())
	for missing, want := range map[int]string{0: m.subject(), 1: ""} {
		if got := m.body(leftOutLine + whole - missing); got != want {
			t.Errorf("with %d bytes less than the text: %q, want %q", missing, got, want)
		}
	}
	items := []Item{{Message: "aaaa"}, {Message: "bbbb"}}
	for limit, want := range map[int]string{7: "aaaa", 8: "aaaabbbb"} {
		if got, _ := showFirst(items, len(items), limit, func(i Item) string { return i.Message }); got != want {
			t.Errorf("limit %d: %q, want %q", limit, got, want)
		}
	}
}

// TestMarkdownTableFits checks that a table with long rows is shortened, not removed.
func TestMarkdownTableFits(t *testing.T) {
	r := &Report{Kind: Changes}
	for range 100 {
		r.Items = append(r.Items, Item{Rule: strings.Repeat("r", 900), Level: LevelError, Message: strings.Repeat("@", 900)})
	}
	table := between(t, string(written(t, Markdown, r, Options{MaxBytes: 1})), "| --- |", "\n\n")
	if rows := strings.Count(table, "| error |"); rows < 2 || len(table) > leastMarkdown/3 {
		t.Errorf("%d rows in %d bytes", rows, len(table))
	}
}

func TestMarkdownEscapes(t *testing.T) {
	tests := map[string]string{
		"@team see #12":            "@&#8203;team see #&#8203;12",
		"<img src=x onerror=y>":    "&lt;img src=x onerror=y&gt;",
		"a | b":                    `a \| b`,
		"[click](https://evil)":    `\[click\](https:&#8203;//evil)`,
		"`code` *b* _i_ ~s~ $m$ !": "\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\$m\\$ \\!",
		"www.evil.example":         "www&#8203;.evil.example",
		`C:\temp`:                  `C:\\temp`,
	}
	for text, want := range tests {
		if got := mdText(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestMarkdownCodeSpans(t *testing.T) {
	tests := map[string]string{
		"":       "",
		"a":      "`a`",
		"a`b":    "``a`b``",
		"`":      "`` ` ``",
		"``a":    "``` ``a ```",
		" a":     "`  a `",
		"a|b*`_": "<code>a&#124;b&#42;&#96;&#95;</code>",
		"<b>|":   "<code>&lt;b&gt;&#124;</code>",
	}
	for text, want := range tests {
		if got := mdCode(text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
	if got := mdFence("sh", "a\n```\nb"); got != "````sh\na\n```\nb\n````\n" {
		t.Errorf("fence %q", got)
	}
}
